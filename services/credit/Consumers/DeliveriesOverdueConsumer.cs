using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Credit.Domain;
using Sandan.Credit.Storage;
using Sandan.Shared.Messaging;

namespace Sandan.Credit.Consumers;

/// <summary>Records parcels that were released and not delivered in time, against who carries them.</summary>
internal sealed class DeliveriesOverdueConsumer(Inbox inbox) : IConsumer<DeliveriesOverdue>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<DeliveriesOverdue> context) => inbox.OnceAsync(
        context,
        context.Message.Deliveries,
        (unit, deliveries, ct) => CreditStore.AddAsync(
            unit, context.MessageId!.Value, [.. deliveries.Select(Attribution.OfDelivery)], ct));
}
