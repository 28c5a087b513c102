using MassTransit;
using Sandan.Contracts.Events;

namespace Sandan.Credit.Consumers;

/// <summary>Records what verdicts and risks say of the companies.</summary>
internal sealed class ConsignmentsJudgedConsumer(RecordLine record) : IConsumer<ConsignmentsJudged>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<ConsignmentsJudged> context) => record.WorkInAsync(context, context.Message.Consignments);
}
