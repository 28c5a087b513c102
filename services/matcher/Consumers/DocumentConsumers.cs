using System.Text.Json;
using MassTransit;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Matcher.Storage;
using Sandan.Shared.Messaging;

namespace Sandan.Matcher.Consumers;

/// <summary>Orders come into the match.</summary>
internal sealed class OrdersAcceptedConsumer(Inbox inbox, Matching matching) : IConsumer<OrdersAccepted>
{
    public Task Consume(ConsumeContext<OrdersAccepted> context) =>
        inbox.OnceAsync(context, context.Message.Orders, (unit, orders, ct) => matching.TakeAsync(
            unit,
            orders.Select(order => new IncomingDocument(
                DocumentKind.Order,
                order.PlatformCode,
                order.OrderNo,
                order.Document,
                order.PlatformCode,
                order.OrderNo,
                JsonSerializer.SerializeToUtf8Bytes(order, EventJson.Default.OrderAccepted))),
            ct));
}

/// <summary>Payments come into the match.</summary>
internal sealed class PaymentsAcceptedConsumer(Inbox inbox, Matching matching) : IConsumer<PaymentsAccepted>
{
    public Task Consume(ConsumeContext<PaymentsAccepted> context) =>
        inbox.OnceAsync(context, context.Message.Payments, (unit, payments, ct) => matching.TakeAsync(
            unit,
            payments.Select(payment => new IncomingDocument(
                DocumentKind.Payment,
                payment.PaymentCompanyCode,
                payment.PaymentNo,
                payment.Document,
                payment.PlatformCode,
                payment.OrderNo,
                JsonSerializer.SerializeToUtf8Bytes(payment, EventJson.Default.PaymentAccepted))),
            ct));
}

/// <summary>Waybills come into the match.</summary>
internal sealed class WaybillsAcceptedConsumer(Inbox inbox, Matching matching) : IConsumer<WaybillsAccepted>
{
    public Task Consume(ConsumeContext<WaybillsAccepted> context) =>
        inbox.OnceAsync(context, context.Message.Waybills, (unit, waybills, ct) => matching.TakeAsync(
            unit,
            waybills.Select(waybill => new IncomingDocument(
                DocumentKind.Waybill,
                waybill.LogisticsCompanyCode,
                waybill.WaybillNo,
                waybill.Document,
                waybill.PlatformCode,
                waybill.OrderNo,
                JsonSerializer.SerializeToUtf8Bytes(waybill, EventJson.Default.WaybillAccepted))),
            ct));
}

/// <summary>Delivery states are kept beside the waybill; they decide nothing.</summary>
internal sealed class WaybillStatusesAcceptedConsumer(Inbox inbox) : IConsumer<WaybillStatusesAccepted>
{
    public Task Consume(ConsumeContext<WaybillStatusesAccepted> context) =>
        inbox.OnceAsync(context, context.Message.Statuses, MatchStore.PutDeliveriesAsync);
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
