using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Matcher.Storage;
using Sandan.Shared.Messaging;

namespace Sandan.Matcher.Consumers;

/// <summary>
/// Orders come into the match. Orders, payments and waybills are one line: those of a consignment often come close
/// together, and what is worked in together is judged once.
/// </summary>
internal sealed class OrdersAcceptedConsumer(Inbox inbox, Matching matching) : IConsumer<OrdersAccepted>
{
    /// <summary>The line of the documents.</summary>
    public static readonly InboxLine Documents = new("documents", ItemsMax: 6_000);

    public Task Consume(ConsumeContext<OrdersAccepted> context) =>
        inbox.OnceAsync<OrdersAccepted, object>(context, context.Message.Orders, matching.TakeAsync, Documents);
}

/// <summary>Payments come into the match.</summary>
internal sealed class PaymentsAcceptedConsumer(Inbox inbox, Matching matching) : IConsumer<PaymentsAccepted>
{
    public Task Consume(ConsumeContext<PaymentsAccepted> context) => inbox.OnceAsync<PaymentsAccepted, object>(
        context, context.Message.Payments, matching.TakeAsync, OrdersAcceptedConsumer.Documents);
}

/// <summary>Waybills come into the match.</summary>
internal sealed class WaybillsAcceptedConsumer(Inbox inbox, Matching matching) : IConsumer<WaybillsAccepted>
{
    public Task Consume(ConsumeContext<WaybillsAccepted> context) => inbox.OnceAsync<WaybillsAccepted, object>(
        context, context.Message.Waybills, matching.TakeAsync, OrdersAcceptedConsumer.Documents);
}

/// <summary>Inventories come into the match.</summary>
internal sealed class InventoriesAcceptedConsumer(Inbox inbox, Matching matching) : IConsumer<InventoriesAccepted>
{
    public Task Consume(ConsumeContext<InventoriesAccepted> context) => inbox.OnceAsync<InventoriesAccepted, object>(
        context, context.Message.Inventories, matching.TakeAsync, OrdersAcceptedConsumer.Documents);
}

/// <summary>Delivery states are kept beside the waybill; they decide nothing.</summary>
internal sealed class WaybillStatusesAcceptedConsumer(Inbox inbox) : IConsumer<WaybillStatusesAccepted>
{
    public Task Consume(ConsumeContext<WaybillStatusesAccepted> context) =>
        inbox.OnceAsync(context, context.Message.Statuses, DeliveryStore.PutAsync);
}

/// <summary>From the release on a parcel is to be delivered.</summary>
internal sealed class ClearancesDecidedConsumer(Inbox inbox) : IConsumer<ClearancesDecided>
{
    public Task Consume(ConsumeContext<ClearancesDecided> context) =>
        inbox.OnceAsync(context, context.Message.Decisions, ReleasedStore.PutAsync);
}

/// <summary>Sellers file their supervision mode.</summary>
internal sealed class CompaniesRegisteredConsumer(Inbox inbox, Matching matching) : IConsumer<CompaniesRegistered>
{
    public Task Consume(ConsumeContext<CompaniesRegistered> context) =>
        inbox.OnceAsync(context, context.Message.Companies, matching.TakeAsync);
}
