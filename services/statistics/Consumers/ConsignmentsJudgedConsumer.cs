using MassTransit;
using Sandan.Contracts.Events;

namespace Sandan.Statistics.Consumers;

/// <summary>Counts where consignments stand after the comparison.</summary>
internal sealed class ConsignmentsJudgedConsumer(FactLine facts) : IConsumer<ConsignmentsJudged>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<ConsignmentsJudged> context) =>
        facts.WorkInAsync(context, context.Message.Consignments);
}
