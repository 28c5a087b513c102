using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Customs.Feed;
using Sandan.Shared.Messaging;

namespace Sandan.Customs.Consumers;

/// <summary>Released parcels that nobody signed for (R08). Safe to repeat: the inbox absorbs it.</summary>
internal sealed class DeliveriesOverdueConsumer(Inbox inbox, FeedSignal signal) : IConsumer<DeliveriesOverdue>
{
    public async Task Consume(ConsumeContext<DeliveriesOverdue> context)
    {
        await inbox.OnceAsync(context, context.Message.Deliveries, ClearanceDesk.NoteAsync);
        signal.Set();
    }
}
