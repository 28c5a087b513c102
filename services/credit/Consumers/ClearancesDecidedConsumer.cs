using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Credit.Domain;
using Sandan.Credit.Storage;
using Sandan.Shared.Messaging;

namespace Sandan.Credit.Consumers;

/// <summary>Records what customs decided, for or against those who declare.</summary>
internal sealed class ClearancesDecidedConsumer(Inbox inbox) : IConsumer<ClearancesDecided>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<ClearancesDecided> context) => inbox.OnceAsync(
        context,
        context.Message.Decisions,
        (unit, decisions, ct) => CreditStore.AddAsync(
            unit, context.MessageId!.Value, [.. decisions.SelectMany(Attribution.OfDecision)], ct));
}
