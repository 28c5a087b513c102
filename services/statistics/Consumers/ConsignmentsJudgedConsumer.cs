using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Shared.Messaging;
using Sandan.Statistics.Storage;

namespace Sandan.Statistics.Consumers;

/// <summary>Counts where consignments stand after the comparison.</summary>
internal sealed class ConsignmentsJudgedConsumer(Inbox inbox) : IConsumer<ConsignmentsJudged>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<ConsignmentsJudged> context) => inbox.OnceAsync(
        context,
        context.Message.Consignments,
        (unit, verdicts, ct) => FactStore.WorkInAsync(
            unit, verdicts, one => (one.PlatformCode, one.OrderNo), (fact, verdict) => fact.With(verdict), ct));
}
