using System.Globalization;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>An inventory and the three documents that it declares.</summary>
internal sealed record FourDocuments(InventoryAccepted Inventory, OrderAccepted Order, WaybillAccepted Waybill);

/// <summary>
/// What an inventory must agree in with order and waybill. Codes 1320, 1322, 13127 and 130126 are those of real receipts; customs
/// publishes no list of its rules, and which members of a line 1322 compares is not known: all that both documents have are.
/// </summary>
internal static class InventoryRules
{
    /// <summary>The rules, in order.</summary>
    public static readonly IReadOnlyList<Rule<FourDocuments>> All =
    [
        new("InventorySeller", RuleWeight.Mismatch, Seller),
        new("InventoryWaybill", RuleWeight.Mismatch, Waybill),
        new("InventoryLineCount", RuleWeight.Mismatch, LineCount),
        new("InventoryLines", RuleWeight.Mismatch, Lines),
        new("InventoryBuyerName", RuleWeight.Mismatch, (four, _) => Compare(
            OfficialCodes.CustomsBuyerNameDiffers, "buyerName", four.Order.BuyerName, four.Inventory.BuyerName)),
        new("InventoryBuyerTelephone", RuleWeight.Mismatch, (four, _) => four.Order.BuyerTelephone is { } ordered
            ? Compare(OfficialCodes.CustomsBuyerTelephoneDiffers, "buyerTelephone", ordered, four.Inventory.BuyerTelephone)
            : null),
        new("InventoryBuyerId", RuleWeight.Mismatch, (four, _) => Compare(
            MatchCodes.InventoryBuyerIdDiffers, "buyerIdNumber", four.Order.BuyerId, four.Inventory.BuyerId)),
        new("InventoryAddress", RuleWeight.Mismatch, (four, _) => Compare(
            MatchCodes.InventoryAddressDiffers, "consigneeAddress", four.Order.ConsigneeAddress, four.Inventory.ConsigneeAddress)),

        // Both are what the logistics company charges; that customs refuse it where they differ was never seen.
        new("InventoryFreight", RuleWeight.Warning, (four, tolerance) => Compare(
            "freight", four.Waybill.Freight, four.Inventory.Freight, tolerance)),
        new("InventoryInsuredFee", RuleWeight.Warning, (four, tolerance) => Compare(
            "insuredFee", four.Waybill.InsuredFee, four.Inventory.InsuredFee, tolerance)),
    ];

    /// <summary>All discrepancies, in the order of the rules.</summary>
    public static IReadOnlyList<Discrepancy> Compare(FourDocuments documents, MatcherOptions options) =>
        Rule<FourDocuments>.Compare(All, documents, options);

    private static Finding? Seller(FourDocuments four, decimal tolerance) => four.Order.SellerCode == four.Inventory.SellerCode
        ? null
        : Differs(MatchCodes.InventorySellerDiffers, "ebcCode", DocumentKind.Order, four.Order.SellerCode, four.Inventory.SellerCode);

    private static Finding? Waybill(FourDocuments four, decimal tolerance) =>
        (four.Waybill.LogisticsCompanyCode, four.Waybill.WaybillNo) == (four.Inventory.LogisticsCompanyCode, four.Inventory.WaybillNo)
            ? null
            : Differs(
                MatchCodes.InventoryWaybillDiffers, "logisticsNo", DocumentKind.Waybill,
                $"{four.Waybill.LogisticsCompanyCode}/{four.Waybill.WaybillNo}",
                $"{four.Inventory.LogisticsCompanyCode}/{four.Inventory.WaybillNo}");

    private static Finding? LineCount(FourDocuments four, decimal tolerance) => four.Order.Items.Count == four.Inventory.Lines.Count
        ? null
        : Differs(
            OfficialCodes.CustomsLineCountDiffers, "gnum", DocumentKind.Order,
            four.Order.Items.Count.ToString(CultureInfo.InvariantCulture), four.Inventory.Lines.Count.ToString(CultureInfo.InvariantCulture));

    /// <summary>Line by line of the same gnum; the first difference is told.</summary>
    private static Finding? Lines(FourDocuments four, decimal tolerance)
    {
        var ordered = four.Order.Items.ToDictionary(one => one.LineNo);
        foreach (var line in four.Inventory.Lines)
        {
            if (!ordered.TryGetValue(line.LineNo, out var item))
            {
                return four.Order.Items.Count == four.Inventory.Lines.Count
                    ? Differs(OfficialCodes.CustomsLinesDiffer, $"{line.LineNo}/gnum", DocumentKind.Order, null, Text(line.LineNo))
                    : null; // told by their count
            }

            var (name, was, declared) =
                item.ItemName != line.Name ? ("gname", item.ItemName, line.Name)
                : item.Quantity != line.Quantity ? ("qty", Text(item.Quantity), Text(line.Quantity))
                : item.Unit != line.Unit ? ("unit", item.Unit, line.Unit)
                : Math.Abs(item.Price - line.Price) > tolerance ? ("price", Text(item.Price), Text(line.Price))
                : Math.Abs(item.TotalPrice - line.TotalPrice) > tolerance ? ("totalPrice", Text(item.TotalPrice), Text(line.TotalPrice))
                : item.Country != line.Country ? ("country", item.Country, line.Country)
                : ("", "", "");
            if (name.Length > 0)
            {
                return Differs(OfficialCodes.CustomsLinesDiffer, $"{line.LineNo}/{name}", DocumentKind.Order, was, declared);
            }
        }

        return null;
    }

    private static string Text(decimal number) => number.ToString("0.#####", CultureInfo.InvariantCulture);

    private static Finding? Compare(string code, string field, Personal ordered, Personal declared) =>
        ordered.Index == declared.Index ? null : Differs(code, field, DocumentKind.Order, ordered.Mask, declared.Mask);

    private static Finding? Compare(string field, decimal shipped, decimal declared, decimal tolerance) => Math.Abs(declared - shipped) <= tolerance
        ? null
        : new(
            MatchCodes.InventoryChargeDiffers,
            [new(DocumentKind.Waybill, field, Text(shipped)), new(DocumentKind.Inventory, field, Text(declared))],
            DocumentKind.Inventory,
            declared - shipped);

    private static Finding Differs(string code, string field, DocumentKind other, string? there, string declared) => new(
        code, [new(DocumentKind.Inventory, field, declared), new(other, field, there)], DocumentKind.Inventory);
}
