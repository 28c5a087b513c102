using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Customs.Domain;
using Sandan.Customs.Feed;
using Sandan.Shared.Messaging;

namespace Sandan.Customs.Consumers;

/// <summary>
/// Verdicts of the matcher, but for the first one that says Matched, which comes with its tax. Safe to repeat and in any
/// order: inbox and revision absorb it.
/// </summary>
internal sealed class ConsignmentsJudgedConsumer(Inbox inbox, ClearanceDesk desk, FeedSignal signal)
    : IConsumer<ConsignmentsJudged>
{
    public async Task Consume(ConsumeContext<ConsignmentsJudged> context)
    {
        object[] verdicts = context.Message.Consignments?.Where(Arrival.ComesAlone).ToArray()!; // null: the inbox refuses it
        await inbox.OnceAsync<ConsignmentsJudged, object>(context, verdicts, desk.WorkInAsync, ClearanceDesk.Arrivals);
        if (verdicts.Length > 0)
        {
            signal.Set();
        }
    }
}
