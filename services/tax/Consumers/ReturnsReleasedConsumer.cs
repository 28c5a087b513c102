using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Shared.Messaging;

namespace Sandan.Tax.Consumers;

/// <summary>Gives the annual limit back for goods that came back.</summary>
internal sealed class ReturnsReleasedConsumer(Inbox inbox, Assessor assessor) : IConsumer<ReturnsReleased>
{
    public Task Consume(ConsumeContext<ReturnsReleased> context) =>
        inbox.OnceAsync(context, context.Message.Returns, assessor.ReturnAsync);
}
