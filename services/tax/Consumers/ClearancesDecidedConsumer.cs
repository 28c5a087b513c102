using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Shared.Messaging;

namespace Sandan.Tax.Consumers;

/// <summary>Gives the annual limit back where customs rejects, keeps for good what it releases.</summary>
internal sealed class ClearancesDecidedConsumer(Inbox inbox, Assessor assessor, Reassessment reassessment)
    : IConsumer<ClearancesDecided>
{
    public async Task Consume(ConsumeContext<ClearancesDecided> context)
    {
        var due = false;
        await inbox.OnceAsync(
            context, context.Message.Decisions, async (unit, items, ct) => due |= await assessor.DecideAsync(unit, items, ct));
        if (due)
        {
            reassessment.Wake();
        }
    }
}
