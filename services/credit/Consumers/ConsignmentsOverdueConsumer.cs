using MassTransit;
using Sandan.Contracts.Events;

namespace Sandan.Credit.Consumers;

/// <summary>Records late documents against those who were to send them.</summary>
internal sealed class ConsignmentsOverdueConsumer(RecordLine record) : IConsumer<ConsignmentsOverdue>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<ConsignmentsOverdue> context) => record.WorkInAsync(context, context.Message.Consignments);
}
