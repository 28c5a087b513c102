using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Customs.Feed;
using Sandan.Shared.Messaging;

namespace Sandan.Customs.Consumers;

/// <summary>Consignments that wait too long for a document. Safe to repeat: the inbox absorbs it.</summary>
internal sealed class ConsignmentsOverdueConsumer(Inbox inbox, FeedSignal signal) : IConsumer<ConsignmentsOverdue>
{
    public async Task Consume(ConsumeContext<ConsignmentsOverdue> context)
    {
        await inbox.OnceAsync(context, context.Message.Consignments, ClearanceDesk.NoteAsync);
        signal.Set();
    }
}
