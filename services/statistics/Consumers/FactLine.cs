using MassTransit;
using Microsoft.Extensions.Options;
using Sandan.Shared.Messaging;
using Sandan.Statistics.Storage;

namespace Sandan.Statistics.Consumers;

/// <summary>
/// Verdicts and decisions wait for each other: those of a consignment that come close together are one fact, written once.
/// </summary>
internal sealed class FactLine(Inbox inbox, IOptions<StatisticsOptions> options)
{
    private const int ItemsMax = 10_000;

    private readonly InboxLine line = new("facts", ItemsMax, options.Value.Gather);

    public Task WorkInAsync<TMessage>(ConsumeContext<TMessage> context, IReadOnlyList<object> items)
        where TMessage : class => inbox.OnceAsync<TMessage, object>(context, items, FactStore.WorkInAsync, line);
}
