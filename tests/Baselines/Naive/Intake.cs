using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Sandan.Naive;

/// <summary>
/// Takes documents in, one JSON document a line: stores those that are new, then publishes each. A request that failed
/// may be sent again as it is.
/// </summary>
internal static class Intake
{
    public static void MapIntake(this WebApplication app)
    {
        app.MapPost("/v1/orders", SubmitOrders);
        app.MapPost("/v1/payments", SubmitPayments);
        app.MapPost("/v1/waybills", SubmitWaybills);
    }

    private static async Task<Ok> SubmitOrders(
        HttpRequest request, BaselineContext database, IPublishEndpoint bus, CancellationToken ct)
    {
        var orders = await ReadAsync<Order>(request, ct);
        foreach (var order in orders)
        {
            if (await database.Orders.FindAsync([order.EbpCode, order.OrderNo], ct) is null)
            {
                database.Orders.Add(order);
            }
        }

        await database.SaveChangesAsync(ct);
        await bus.PublishBatch(
            orders.Select(order => new OrderReceived(
                order.OrderNo,
                order.EbpCode,
                order.EbpName,
                order.ActuralPaid,
                order.BuyerName,
                order.BuyerIdNumber,
                order.PayCode,
                order.PayTransactionId,
                order.Consignee,
                order.ConsigneeTelephone,
                order.ConsigneeAddress)),
            ct);
        return TypedResults.Ok();
    }

    private static async Task<Ok> SubmitPayments(
        HttpRequest request, BaselineContext database, IPublishEndpoint bus, CancellationToken ct)
    {
        var payments = await ReadAsync<Payment>(request, ct);
        foreach (var payment in payments)
        {
            if (await database.Payments.FindAsync([payment.PayCode, payment.PayTransactionId], ct) is null)
            {
                database.Payments.Add(payment);
            }
        }

        await database.SaveChangesAsync(ct);
        await bus.PublishBatch(
            payments.Select(payment => new PaymentReceived(
                payment.OrderNo,
                payment.EbpName,
                payment.AmountPaid,
                payment.PayerName,
                payment.PayerIdNumber,
                payment.PayCode,
                payment.PayTransactionId)),
            ct);
        return TypedResults.Ok();
    }

    private static async Task<Ok> SubmitWaybills(
        HttpRequest request, BaselineContext database, IPublishEndpoint bus, CancellationToken ct)
    {
        var waybills = await ReadAsync<Waybill>(request, ct);
        foreach (var waybill in waybills)
        {
            if (await database.Waybills.FindAsync([waybill.LogisticsCode, waybill.LogisticsNo], ct) is null)
            {
                database.Waybills.Add(waybill);
            }
        }

        await database.SaveChangesAsync(ct);
        await bus.PublishBatch(
            waybills.Select(waybill => new WaybillReceived(
                waybill.OrderNo, waybill.Consignee, waybill.ConsigneeTelephone, waybill.ConsigneeAddress)),
            ct);
        return TypedResults.Ok();
    }

    /// <summary>Amounts may be numbers or strings: the options of the web take both.</summary>
    private static async Task<List<T>> ReadAsync<T>(HttpRequest request, CancellationToken ct)
        where T : class
    {
        List<T> documents = [];
        await foreach (var document in JsonSerializer.DeserializeAsyncEnumerable<T>(
            request.Body, topLevelValues: true, JsonSerializerOptions.Web, ct))
        {
            documents.Add(document ?? throw new BadHttpRequestException("A line is null."));
        }

        return documents;
    }
}
