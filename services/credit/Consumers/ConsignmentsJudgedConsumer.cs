using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Credit.Domain;
using Sandan.Credit.Storage;
using Sandan.Shared.Messaging;

namespace Sandan.Credit.Consumers;

/// <summary>Records what verdicts and risks say of the companies.</summary>
internal sealed class ConsignmentsJudgedConsumer(Inbox inbox) : IConsumer<ConsignmentsJudged>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<ConsignmentsJudged> context) => inbox.OnceAsync(
        context,
        context.Message.Consignments,
        (unit, verdicts, ct) => CreditStore.AddAsync(
            unit, context.MessageId!.Value, [.. verdicts.SelectMany(Attribution.OfVerdict)], ct));
}
