using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Customs.Feed;
using Sandan.Shared.Messaging;

namespace Sandan.Customs.Consumers;

/// <summary>
/// Assessments of tax, the first one with the verdict that it is of. Safe to repeat and in any order: inbox, revision
/// and attempt absorb it.
/// </summary>
internal sealed class TaxesAssessedConsumer(Inbox inbox, ClearanceDesk desk, FeedSignal signal)
    : IConsumer<TaxesAssessed>
{
    public async Task Consume(ConsumeContext<TaxesAssessed> context)
    {
        await inbox.OnceAsync<TaxesAssessed, object>(
            context, context.Message.Assessments, desk.WorkInAsync, ClearanceDesk.Arrivals);
        signal.Set();
    }
}
