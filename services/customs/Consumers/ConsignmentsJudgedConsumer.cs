using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Customs.Feed;
using Sandan.Shared.Messaging;

namespace Sandan.Customs.Consumers;

/// <summary>Verdicts of the matcher. Safe to repeat and in any order: inbox and revision absorb it.</summary>
internal sealed class ConsignmentsJudgedConsumer(Inbox inbox, ClearanceDesk desk, FeedSignal signal)
    : IConsumer<ConsignmentsJudged>
{
    public async Task Consume(ConsumeContext<ConsignmentsJudged> context)
    {
        await inbox.OnceAsync(context, context.Message.Consignments, desk.JudgeAsync);
        signal.Set();
    }
}
