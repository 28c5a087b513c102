using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Shared.Messaging;

namespace Sandan.Tax.Consumers;

/// <summary>Assesses matched consignments, takes back the assessments of those that no longer are.</summary>
internal sealed class ConsignmentsJudgedConsumer(Inbox inbox, Assessor assessor) : IConsumer<ConsignmentsJudged>
{
    public Task Consume(ConsumeContext<ConsignmentsJudged> context) =>
        inbox.OnceAsync(context, context.Message.Consignments, assessor.JudgeAsync);
}
