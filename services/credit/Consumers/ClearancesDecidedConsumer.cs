using MassTransit;
using Sandan.Contracts.Events;

namespace Sandan.Credit.Consumers;

/// <summary>Records what customs decided, for or against those who declare.</summary>
internal sealed class ClearancesDecidedConsumer(RecordLine record) : IConsumer<ClearancesDecided>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<ClearancesDecided> context) => record.WorkInAsync(context, context.Message.Decisions);
}
