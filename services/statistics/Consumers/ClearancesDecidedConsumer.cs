using MassTransit;
using Sandan.Contracts.Events;

namespace Sandan.Statistics.Consumers;

/// <summary>Counts what customs released, and what it did not.</summary>
internal sealed class ClearancesDecidedConsumer(FactLine facts) : IConsumer<ClearancesDecided>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<ClearancesDecided> context) => facts.WorkInAsync(context, context.Message.Decisions);
}
