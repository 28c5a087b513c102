using System.Globalization;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>An export inventory and what it declares.</summary>
/// <param name="Payments">Receipts of payment of the order; empty where none were sent.</param>
internal sealed record ExportDocuments(
    ExportInventoryAccepted Inventory, ExportOrderAccepted Order, ExportWaybillAccepted Waybill, IReadOnlyList<ExportPaymentAccepted> Payments);

/// <summary>
/// What an export inventory must agree in with its order, its waybill and the receipts of payment. Customs publishes no list of its
/// rules and no reject code of exports was seen: what the specification states is a mismatch, what is inferred from it a warning.
/// </summary>
internal static class ExportRules
{
    /// <summary>orderType of the modes. Source: CEB specification (2022-05) §2.1, orderType; announcement 2020-75.</summary>
    private static readonly Dictionary<string, string> TypeOfMode = new()
    {
        ["9610"] = "E",
        ["1210"] = "E",
        ["1239"] = "E",
        ["9710"] = "B",
        ["9810"] = "W",
    };

    /// <summary>The rules, in order.</summary>
    public static readonly IReadOnlyList<Rule<ExportDocuments>> All =
    [
        new("ExportSeller", RuleWeight.Mismatch, Seller),
        new("ExportOrderType", RuleWeight.Mismatch, OrderType),
        new("ExportLines", RuleWeight.Mismatch, Lines),
        new("ExportLinesAddUp", RuleWeight.Warning, LinesAddUp),
        new("ExportWaybill", RuleWeight.Warning, Waybill),
        new("ExportCharge", RuleWeight.Warning, Charge),
    ];

    /// <summary>All discrepancies, in the order of the rules.</summary>
    public static IReadOnlyList<Discrepancy> Compare(ExportDocuments documents, MatcherOptions options) =>
        Rule<ExportDocuments>.Compare(All, documents, options);

    /// <summary>Who sells is who declares to send. Source: §2.1 ebcCode; 收发货人.</summary>
    private static Finding? Seller(ExportDocuments export, decimal tolerance) =>
        export.Inventory.SellerCode is not { } seller || seller == export.Order.SellerCode
            ? null
            : Differs(MatchCodes.ExportSellerDiffers, "ebcCode", DocumentKind.Order, export.Order.SellerCode, seller);

    private static Finding? OrderType(ExportDocuments export, decimal tolerance) => TypeOfMode.GetValueOrDefault(export.Inventory.Mode) == export.Order.Type
        ? null
        : new(
            MatchCodes.ExportTypeDiffers,
            [new(DocumentKind.Inventory, "tradeMode", export.Inventory.Mode), new(DocumentKind.Order, "orderType", export.Order.Type)],
            DocumentKind.Inventory);

    /// <summary>
    /// Each line is a line of the order, or a part of it: an order to companies may leave in several parcels. Source: §2.11 gnum, price.
    /// The first difference is told.
    /// </summary>
    private static Finding? Lines(ExportDocuments export, decimal tolerance)
    {
        var ordered = export.Order.Lines.ToDictionary(one => one.LineNo);
        foreach (var line in export.Inventory.Lines)
        {
            if (!ordered.TryGetValue(line.LineNo, out var item))
            {
                return Differs(OfficialCodes.CustomsLinesDiffer, $"{line.LineNo}/gnum", DocumentKind.Order, null, Text(line.LineNo));
            }

            var (name, was, declared) =
                item.ItemNo != line.ItemNo ? ("itemNo", item.ItemNo, line.ItemNo)
                : item.Unit != line.Unit ? ("unit", item.Unit, line.Unit)
                : item.Currency != line.Currency ? ("currency", item.Currency, line.Currency)
                : line.Quantity > item.Quantity ? ("qty", Text(item.Quantity), Text(line.Quantity))
                : Math.Abs(item.Price - line.Price) > tolerance ? ("price", Text(item.Price), Text(line.Price))
                : ("", "", "");
            if (name.Length > 0)
            {
                return Differs(OfficialCodes.CustomsLinesDiffer, $"{line.LineNo}/{name}", DocumentKind.Order, was, declared);
            }
        }

        return null;
    }

    /// <summary>totalPrice is qty times price. Source: §2.11. The official sample breaks it, so by default it only warns.</summary>
    private static Finding? LinesAddUp(ExportDocuments export, decimal tolerance)
    {
        foreach (var line in export.Inventory.Lines)
        {
            var product = line.Quantity * line.Price;
            if (Math.Abs(product - line.TotalPrice) > Math.Max(tolerance, Rounding))
            {
                return new(
                    MatchCodes.ExportLineDoesNotAddUp,
                    [
                        new(DocumentKind.Inventory, $"{line.LineNo}/qty * price", Text(product)),
                        new(DocumentKind.Inventory, $"{line.LineNo}/totalPrice", Text(line.TotalPrice)),
                    ],
                    DocumentKind.Inventory,
                    line.TotalPrice - product);
            }
        }

        return null;
    }

    /// <summary>Seller, parcels and weight of waybill and inventory [inferred].</summary>
    private static Finding? Waybill(ExportDocuments export, decimal tolerance)
    {
        var (inventory, waybill) = (export.Inventory, export.Waybill);
        return inventory.SellerCode is { } seller && waybill.SellerCode is { } shipper && seller != shipper
                ? Differs(MatchCodes.ExportWaybillDiffers, "ebcCode", DocumentKind.Waybill, shipper, seller)
            : inventory.Parcels != waybill.Parcels
                ? Differs(MatchCodes.ExportWaybillDiffers, "packNo", DocumentKind.Waybill, Text(waybill.Parcels), Text(inventory.Parcels))
            : inventory.GrossWeightKg != waybill.GrossWeightKg
                ? Differs(MatchCodes.ExportWaybillDiffers, "grossWeight", DocumentKind.Waybill, Text(waybill.GrossWeightKg), Text(inventory.GrossWeightKg))
            : null;
    }

    /// <summary>What was received for the order is its goods and freight, where anything was told to be received [inferred].</summary>
    private static Finding? Charge(ExportDocuments export, decimal tolerance)
    {
        var (order, payments) = (export.Order, export.Payments);
        if (payments.FirstOrDefault(one => one.Currency != order.Currency) is { } other)
        {
            return new(
                MatchCodes.ExportChargeDiffers,
                [new(DocumentKind.Order, "currency", order.Currency), new(DocumentKind.Payment, "currency", other.Currency)],
                DocumentKind.Payment);
        }

        var (asked, received) = (order.GoodsValue + order.Freight, payments.Sum(one => one.Charge));
        return payments.Count == 0 || Math.Abs(received - asked) <= tolerance
            ? null
            : new(
                MatchCodes.ExportChargeDiffers,
                [new(DocumentKind.Order, "goodsValue + freight", Text(asked)), new(DocumentKind.Payment, "charge", Text(received))],
                DocumentKind.Payment,
                received - asked);
    }

    /// <summary>Half of the smallest amount that is invoiced: a unit price may be rounded.</summary>
    private const decimal Rounding = 0.005m;

    private static string Text(decimal number) => number.ToString("0.#####", CultureInfo.InvariantCulture);

    private static Finding Differs(string code, string field, DocumentKind other, string? there, string declared) => new(
        code, [new(DocumentKind.Inventory, field, declared), new(other, field, there)], DocumentKind.Inventory);
}
