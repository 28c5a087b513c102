using MassTransit;

namespace Sandan.Naive;

/// <summary>
/// Joins the documents of an order number; whoever brings the last one says what came of it. A repeated message is
/// harmless: it publishes again, and downstream knows the consignment already.
/// </summary>
internal sealed class MatcherConsumer(BaselineContext database) :
    IConsumer<OrderReceived>, IConsumer<PaymentReceived>, IConsumer<WaybillReceived>
{
    public async Task Consume(ConsumeContext<OrderReceived> context)
    {
        var order = context.Message;
        var consignment = await LoadAsync(order.OrderNo, context.CancellationToken);
        consignment.HasOrder = true;
        consignment.PlatformCode = order.EbpCode;
        consignment.PlatformName = order.EbpName;
        consignment.ActuralPaid = order.ActuralPaid;
        consignment.BuyerName = order.BuyerName;
        consignment.BuyerIdNumber = order.BuyerIdNumber;
        consignment.PayCode = order.PayCode;
        consignment.PayTransactionId = order.PayTransactionId;
        consignment.Consignee = order.Consignee;
        consignment.ConsigneeTelephone = order.ConsigneeTelephone;
        consignment.ConsigneeAddress = order.ConsigneeAddress;
        await SaveAsync(consignment, context);
    }

    public async Task Consume(ConsumeContext<PaymentReceived> context)
    {
        var payment = context.Message;
        var consignment = await LoadAsync(payment.OrderNo, context.CancellationToken);
        consignment.HasPayment = true;
        consignment.PaymentPlatformName = payment.EbpName;
        consignment.AmountPaid = payment.AmountPaid;
        consignment.PayerName = payment.PayerName;
        consignment.PayerIdNumber = payment.PayerIdNumber;
        consignment.PaymentPayCode = payment.PayCode;
        consignment.PaymentTransactionId = payment.PayTransactionId;
        await SaveAsync(consignment, context);
    }

    public async Task Consume(ConsumeContext<WaybillReceived> context)
    {
        var waybill = context.Message;
        var consignment = await LoadAsync(waybill.OrderNo, context.CancellationToken);
        consignment.HasWaybill = true;
        consignment.WaybillConsignee = waybill.Consignee;
        consignment.WaybillTelephone = waybill.ConsigneeTelephone;
        consignment.WaybillAddress = waybill.ConsigneeAddress;
        await SaveAsync(consignment, context);
    }

    private async Task<Consignment> LoadAsync(string orderNo, CancellationToken ct)
    {
        var consignment = await database.Consignments.FindAsync([orderNo], ct);
        if (consignment is null)
        {
            consignment = new() { OrderNo = orderNo };
            database.Consignments.Add(consignment);
        }

        return consignment;
    }

    /// <summary>
    /// Fails if another document of this consignment was saved since it was loaded; the retry loads it anew.
    /// </summary>
    private async Task SaveAsync(Consignment consignment, ConsumeContext context)
    {
        await database.SaveChangesAsync(context.CancellationToken);
        if (consignment is { IsComplete: true, PlatformCode: { } platformCode })
        {
            var code = consignment.Compare();
            await context.Publish(
                new ConsignmentJudged(platformCode, consignment.OrderNo, code.Length == 0 ? 800 : 100, code),
                context.CancellationToken);
        }
    }
}
