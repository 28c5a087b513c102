using MassTransit;
using Sandan.Contracts.Events;

namespace Sandan.Credit.Consumers;

/// <summary>Records parcels that were released and not delivered in time, against who carries them.</summary>
internal sealed class DeliveriesOverdueConsumer(RecordLine record) : IConsumer<DeliveriesOverdue>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<DeliveriesOverdue> context) => record.WorkInAsync(context, context.Message.Deliveries);
}
