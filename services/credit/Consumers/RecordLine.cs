using MassTransit;
using Microsoft.Extensions.Options;
using Sandan.Credit.Storage;
using Sandan.Shared.Messaging;

namespace Sandan.Credit.Consumers;

/// <summary>
/// All events wait for each other: good news of many messages is then one row for a company, and a counter is raised once.
/// </summary>
internal sealed class RecordLine(Inbox inbox, IOptions<CreditOptions> options)
{
    private const int ItemsMax = 10_000;

    private readonly InboxLine line = new("record", ItemsMax, options.Value.Gather);

    public Task WorkInAsync<TMessage>(ConsumeContext<TMessage> context, IReadOnlyList<object> items)
        where TMessage : class => inbox.OnceAsync<TMessage, object>(
        context, items, (unit, some, ct) => CreditStore.AddAsync(unit, context.MessageId!.Value, some, ct), line);
}
