using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Shared.Messaging;

namespace Sandan.Matcher.Consumers;

/// <summary>Export orders come into the match. All documents of exports are one line.</summary>
internal sealed class ExportOrdersAcceptedConsumer(Inbox inbox, ExportMatching matching) : IConsumer<ExportOrdersAccepted>
{
    /// <summary>The line of the documents of exports.</summary>
    public static readonly InboxLine Exports = new("exports");

    public Task Consume(ConsumeContext<ExportOrdersAccepted> context) =>
        inbox.OnceAsync<ExportOrdersAccepted, object>(context, context.Message.Orders, matching.TakeAsync, Exports);
}

/// <summary>Receipts of payment come into the match.</summary>
internal sealed class ExportPaymentsAcceptedConsumer(Inbox inbox, ExportMatching matching) : IConsumer<ExportPaymentsAccepted>
{
    public Task Consume(ConsumeContext<ExportPaymentsAccepted> context) => inbox.OnceAsync<ExportPaymentsAccepted, object>(
        context, context.Message.Payments, matching.TakeAsync, ExportOrdersAcceptedConsumer.Exports);
}

/// <summary>Export waybills come into the match.</summary>
internal sealed class ExportWaybillsAcceptedConsumer(Inbox inbox, ExportMatching matching) : IConsumer<ExportWaybillsAccepted>
{
    public Task Consume(ConsumeContext<ExportWaybillsAccepted> context) => inbox.OnceAsync<ExportWaybillsAccepted, object>(
        context, context.Message.Waybills, matching.TakeAsync, ExportOrdersAcceptedConsumer.Exports);
}

/// <summary>Export inventories come into the match.</summary>
internal sealed class ExportInventoriesAcceptedConsumer(Inbox inbox, ExportMatching matching) : IConsumer<ExportInventoriesAccepted>
{
    public Task Consume(ConsumeContext<ExportInventoriesAccepted> context) => inbox.OnceAsync<ExportInventoriesAccepted, object>(
        context, context.Message.Inventories, matching.TakeAsync, ExportOrdersAcceptedConsumer.Exports);
}
