using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Credit.Domain;
using Sandan.Credit.Storage;
using Sandan.Shared.Messaging;

namespace Sandan.Credit.Consumers;

/// <summary>Records late documents against those who were to send them.</summary>
internal sealed class ConsignmentsOverdueConsumer(Inbox inbox) : IConsumer<ConsignmentsOverdue>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<ConsignmentsOverdue> context) => inbox.OnceAsync(
        context,
        context.Message.Consignments,
        (unit, consignments, ct) =>
        {
            CreditMetrics.Unattributed(consignments.Sum(Attribution.Unattributed));
            return CreditStore.AddAsync(
                unit, context.MessageId!.Value, [.. consignments.SelectMany(Attribution.OfOverdue)], ct);
        });
}
