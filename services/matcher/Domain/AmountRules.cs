using System.Globalization;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>Amounts, CNY with five decimals.</summary>
internal static class AmountRules
{
    private static readonly string[] Yuan = ["142", "CNY"];

    /// <summary>What the buyer paid is goods, freight and tax less the discount.</summary>
    /// <remarks>
    /// Source: CEB specification (2022-05) §3.1 acturalPaid [sic]. A filling rule: real orders break it (tax contained
    /// in the price and named again) and no reject of customs for it was found, so by default it only warns.
    /// </remarks>
    public static Finding? OrderAddsUp(ThreeDocuments documents, decimal tolerance)
    {
        var order = documents.Order;
        var sum = order.GoodsValue + order.Freight + order.TaxTotal - order.Discount;
        return Agree(sum, order.ActualPaid, tolerance)
            ? null
            : new(
                MatchCodes.OrderDoesNotAddUp,
                [
                    new(DocumentKind.Order, "goodsValue + freight + taxTotal - discount", Text(sum)),
                    new(DocumentKind.Order, "acturalPaid", Text(order.ActualPaid)),
                ],
                DocumentKind.Order,
                order.ActualPaid - sum);
    }

    /// <summary>The goods value is the sum of the lines, on which tax is assessed.</summary>
    /// <remarks>
    /// Source: CEB specification §3.1 goodsValue, totalPrice; that they agree is inferred. Some real orders break it, so by
    /// default it only warns.
    /// </remarks>
    public static Finding? LinesAddUp(ThreeDocuments documents, decimal tolerance)
    {
        var order = documents.Order;
        var sum = order.Items.Sum(line => line.TotalPrice);
        return Agree(order.GoodsValue, sum, tolerance)
            ? null
            : new(
                MatchCodes.LinesDoNotAddUp,
                [
                    new(DocumentKind.Order, "goodsValue", Text(order.GoodsValue)),
                    new(DocumentKind.Order, "orderList/totalPrice", Text(sum)),
                ],
                DocumentKind.Order,
                sum - order.GoodsValue);
    }

    /// <summary>The payment shows what the order says was paid.</summary>
    /// <remarks>Source: CEB specification §3.1 acturalPaid, §3.3 amountPaid; enforced: reject 1332.</remarks>
    public static Finding? PaidAmount(ThreeDocuments documents, decimal tolerance)
    {
        var (order, payment) = (documents.Order, documents.Payment);
        return Agree(order.ActualPaid, payment.AmountPaid, tolerance)
            ? null
            : new(
                OfficialCodes.CustomsAmountDiffers,
                [
                    new(DocumentKind.Order, "acturalPaid", Text(order.ActualPaid)),
                    new(DocumentKind.Payment, "amountPaid", Text(payment.AmountPaid)),
                ],
                // An order that does not even add up in itself is the likelier culprit.
                OrderAddsUp(documents, tolerance) is null ? DocumentKind.Payment : DocumentKind.Order,
                payment.AmountPaid - order.ActualPaid);
    }

    /// <summary>All three documents are in CNY; 142 and CNY are the same.</summary>
    /// <remarks>Source: CEB specification, every currency of the import messages: 142 only.</remarks>
    public static Finding? Currency(ThreeDocuments documents, decimal tolerance)
    {
        ComparedField[] all =
        [
            new(DocumentKind.Order, "currency", documents.Order.Currency),
            new(DocumentKind.Payment, "currency", documents.Payment.Currency),
            new(DocumentKind.Waybill, "currency", documents.Waybill.Currency),
        ];
        var odd = Array.Find(all, one => !Yuan.Contains(one.Value));
        return odd is null ? null : new(MatchCodes.CurrencyDiffers, all, odd.Document);
    }

    private static bool Agree(decimal one, decimal other, decimal tolerance) => Math.Abs(one - other) <= tolerance;

    private static string Text(decimal amount) => amount.ToString("0.#####", CultureInfo.InvariantCulture);
}
