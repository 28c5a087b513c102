using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Shared.Messaging;
using Sandan.Statistics.Storage;

namespace Sandan.Statistics.Consumers;

/// <summary>Counts what customs released, and what it did not.</summary>
internal sealed class ClearancesDecidedConsumer(Inbox inbox) : IConsumer<ClearancesDecided>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<ClearancesDecided> context) => inbox.OnceAsync(
        context,
        context.Message.Decisions,
        (unit, decisions, ct) => FactStore.WorkInAsync(
            unit, decisions, one => (one.PlatformCode, one.OrderNo), (fact, decision) => fact.With(decision), ct));
}
