using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Shared.Messaging;

namespace Sandan.Tax.Consumers;

/// <summary>Keeps the filings of sellers and frees what was held for them.</summary>
internal sealed class GoodsFiledConsumer(Inbox inbox, Reassessment reassessment) : IConsumer<GoodsFiled>
{
    public async Task Consume(ConsumeContext<GoodsFiled> context)
    {
        var due = false;
        await inbox.OnceAsync(
            context, context.Message.Filings, async (unit, items, ct) => due |= await Assessor.FileAsync(unit, items, ct));
        if (due)
        {
            reassessment.Wake();
        }
    }
}
