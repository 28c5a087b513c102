using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using static Sandan.Customs.Declarations.ReasonedResult;
using static Sandan.Customs.Declarations.ReturnResults;

namespace Sandan.Customs.Exports;

/// <summary>An export inventory whose goods come back.</summary>
/// <param name="ReleasedAt">When it was released; null where it never was.</param>
internal sealed record Exported(ExportRow Row, DateTimeOffset? ReleasedAt);

/// <summary>Decides on a return of exported goods: pure, so that every replica and every repeat decides the same.</summary>
/// <remarks>
/// Source: CEB specification (2022-05) §2.17 and §2.19 with the comments of their schemas (what is as in the inventory, how much may come
/// back, which waybill a tally names), §7 (numbers of returns of imports); GACC 2020-44 (within a year of the release). What fits is
/// stored, and held as soon as its goods are back: an officer sees them.
/// </remarks>
internal static class ExportReturnRules
{
    /// <summary>What follows, in order; empty where what stands, stands: it waits for the result of its inventory, or for its goods.</summary>
    /// <param name="row">Without a result, or stored (120).</param>
    /// <param name="exported">The inventory of the number that it names; null where there is none.</param>
    /// <param name="others">Other returns of this inventory whose goods count.</param>
    /// <param name="tallies">Of what came back to supervised sites.</param>
    /// <param name="monthsMax">Months behind the release within which the goods may still come back.</param>
    public static IReadOnlyList<ReasonedResult> Decide(
        ReturnRow<ExportReturnAccepted> row, Exported? exported, IEnumerable<ExportReturnAccepted> others, IEnumerable<TransportPart> tallies, int monthsMax)
    {
        if (row.Asked.Document.Deleted)
        {
            return [Withdrawn];
        }

        if (exported is { Row.IsSettled: false })
        {
            return [];
        }

        if (row.Last is null && FaultOf(row.Asked, exported, others, monthsMax) is { } fault)
        {
            return [fault];
        }

        IReadOnlyList<ReasonedResult> stored = row.Last is null ? [Fits] : [];
        var of = tallies.Where(one => IsOf(one, row.Asked, exported!.Row.Parcel)).ToArray();
        return of.Length == 0
            ? stored
            : [.. stored, Late(of.Min(one => one.Document.ReceivedAt), exported!.ReleasedAt!.Value, monthsMax) ?? Held];
    }

    /// <summary>
    /// True where a tally is of this return's goods: it names their inventory or, where it names none, the waybill by which they left or
    /// that by which they come back.
    /// </summary>
    /// <param name="left">The waybill by which they left.</param>
    public static bool IsOf(TransportPart tally, ExportReturnAccepted asked, Parcel left)
    {
        if (tally.InventoryNo is { } number)
        {
            return number == asked.InventoryNo;
        }

        var parcel = new Parcel(tally.LogisticsCompanyCode, tally.WaybillNos[0]);
        return parcel == left || parcel == new Parcel(asked.LogisticsCompanyCode, asked.WaybillNo);
    }

    private static ReasonedResult? FaultOf(ExportReturnAccepted asked, Exported? exported, IEnumerable<ExportReturnAccepted> others, int monthsMax)
    {
        if (exported is not { Row: { Inventory: var declared } row })
        {
            return Refuse(ReturnCodes.InventoryUnknown, ("InvtRefundHead.invtNo", asked.InventoryNo));
        }

        if (!ExportRules.IsReleased(row.Last))
        {
            return Refuse(OfficialCodes.ReturnStateForbids, ("InventoryReturn.returnStatus", row.Last!.Status));
        }

        (string Field, string Asked, string Declared)[] names =
            [("ebpCode", asked.PlatformCode, declared.PlatformCode), ("ebcCode", asked.SellerCode, declared.SellerCode ?? "")];
        if (Array.Find(names, one => one.Asked != one.Declared) is { Field: { } field } other)
        {
            return Refuse(ReturnCodes.DiffersFromInventory, ($"InvtRefundHead.{field}", other.Asked), ($"InventoryHead.{field}", other.Declared));
        }

        var returned = others.SelectMany(one => one.Lines).ToLookup(line => line.LineNo);
        foreach (var line in asked.Lines)
        {
            if (LineFault(line, declared.Lines, [.. returned[line.LineNo]]) is { } fault)
            {
                return fault;
            }
        }

        return Late(asked.Document.ReceivedAt, exported.ReleasedAt!.Value, monthsMax);
    }

    private static ReasonedResult? LineFault(ExportReturnLine line, IReadOnlyList<ExportLine> declared, ExportReturnLine[] returned)
    {
        var gnum = ("InvtRefundList.gnum", Number(line.LineNo));
        if (declared.FirstOrDefault(one => one.LineNo == line.LineNo && one.Goods?.HsCode == line.Goods.HsCode) is not { Goods: { } goods } known)
        {
            return Refuse(OfficialCodes.ReturnLineUnknown, gnum, ("InvtRefundList.gcode", line.Goods.HsCode));
        }

        (string Field, string? Asked, string? Declared)[] texts =
        [
            ("gname", line.Goods.Name, goods.Name), ("gmodel", line.Goods.Model, goods.Model), ("unit", line.Unit, known.Unit),
            ("unit1", line.Goods.FirstUnit, goods.FirstUnit), ("unit2", line.Goods.SecondUnit, goods.SecondUnit),
        ];
        if (Array.Find(texts, one => Words(one.Asked) != Words(one.Declared)) is { Field: { } field } other)
        {
            return Refuse(
                ReturnCodes.DiffersFromInventory, gnum, ($"InvtRefundList.{field}", other.Asked ?? ""), ($"InventoryList.{field}", other.Declared ?? ""));
        }

        (string Field, decimal Asked, decimal Declared, decimal Returned)[] quantities =
        [
            ("qty", line.Quantity, known.Quantity, returned.Sum(one => one.Quantity)),
            ("qty1", line.Goods.FirstQuantity, goods.FirstQuantity, returned.Sum(one => one.Goods.FirstQuantity)),
            ("qty2", line.Goods.SecondQuantity ?? 0, goods.SecondQuantity ?? 0, returned.Sum(one => one.Goods.SecondQuantity ?? 0)),
        ];
        return Array.Find(quantities, one => one.Returned + one.Asked > one.Declared) is { Field: { } quantity } above
            ? Refuse(
                ReturnCodes.QuantityAboveInventory, gnum, ($"InvtRefundList.{quantity}", Number(above.Asked)),
                ($"InventoryList.{quantity}", Number(above.Declared)), ("returned", Number(above.Returned)))
            : null;
    }

    /// <summary>Null where a time is not behind the last day.</summary>
    private static ReasonedResult? Late(DateTimeOffset time, DateTimeOffset releasedAt, int monthsMax)
    {
        var lastDay = DayOf(releasedAt).AddMonths(monthsMax);
        return DayOf(time) > lastDay ? Overdue(lastDay) : null;
    }

    /// <summary>The inventory's schema collapses blanks, that of the return does not.</summary>
    private static string? Words(string? text) => text is null ? null : string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
