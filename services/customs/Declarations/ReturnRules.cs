using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using static Sandan.Customs.Declarations.ReasonedResult;
using static Sandan.Customs.Declarations.ReturnResults;

namespace Sandan.Customs.Declarations;

/// <summary>Decides on a return: pure, so that every replica and every repeat decides the same.</summary>
/// <remarks>
/// Source: CEB specification (2022-05) §3.13 (line and quantity), §7 (numbers); GACC 2020-45 (days from the release). What passes is
/// held: an officer sees the goods in the supervised place before the amount goes back.
/// </remarks>
internal static class ReturnRules
{
    /// <summary>What follows, in order; null while the inventory has no result that lasts: the return waits for it.</summary>
    /// <param name="inventory">The inventory of the number that it names; null where there is none.</param>
    /// <param name="returned">By gnum, the quantities of its other returns that are held or released.</param>
    /// <param name="daysMax">Days of Asia/Shanghai behind that of the release on which a return may still come.</param>
    public static IReadOnlyList<ReasonedResult>? Decide(
        ReturnAccepted asked, InventoryRow? inventory, IReadOnlyDictionary<int, decimal> returned, int daysMax)
    {
        if (asked.Document.Deleted)
        {
            return [Withdrawn];
        }

        if (inventory is { IsSettled: false })
        {
            return null;
        }

        return FaultOf(asked, inventory, returned, daysMax) is { } fault
            ? [fault]
            : [Fits, Held];
    }

    /// <summary>
    /// When goods of an inventory that is released now can come back no more: a day behind the last one on which a return may come, for
    /// what was taken in on that day and is still under way.
    /// </summary>
    /// <param name="daysMax">As of <see cref="Decide"/>.</param>
    public static DateTimeOffset OverAt(DateTimeOffset releasedAt, int daysMax) =>
        new DateTimeOffset(DayOf(releasedAt).AddDays(daysMax + 2).ToDateTime(default), ShanghaiTime.Offset).ToUniversalTime();

    private static ReasonedResult? FaultOf(
        ReturnAccepted asked, InventoryRow? row, IReadOnlyDictionary<int, decimal> returned, int daysMax)
    {
        if (row is not { Inventory: var declared })
        {
            return Refuse(ReturnCodes.InventoryUnknown, ("InvtRefundHead.invtNo", asked.InventoryNo));
        }

        if (asked.DeclarantCode != declared.DeclarantCode && asked.DeclarantCode != declared.SellerCode)
        {
            return Refuse(ReturnCodes.NoRight, ("InvtRefundHead.agentCode", asked.DeclarantCode));
        }

        if (row.Last!.Status != OfficialCodes.Released)
        {
            return Refuse(OfficialCodes.ReturnStateForbids, ("InventoryReturn.returnStatus", row.Last.Status));
        }

        (string Field, string Asked, string Declared)[] names =
        [
            ("orderNo", asked.OrderNo, declared.OrderNo), ("ebpCode", asked.PlatformCode, declared.PlatformCode),
            ("ebcCode", asked.SellerCode, declared.SellerCode),
        ];
        if (Array.Find(names, one => one.Asked != one.Declared) is { Field: { } field } other)
        {
            return Refuse(ReturnCodes.DiffersFromInventory, ($"InvtRefundHead.{field}", other.Asked), ($"InventoryHead.{field}", other.Declared));
        }

        if (asked.BuyerId.Index != declared.BuyerId.Index)
        {
            return Refuse(ReturnCodes.BuyerDiffers);
        }

        foreach (var line in asked.Lines)
        {
            if (LineFault(line, declared.Lines, returned.GetValueOrDefault(line.LineNo)) is { } fault)
            {
                return fault;
            }
        }

        var (day, lastDay) = (DayOf(asked.Document.ReceivedAt), DayOf(row.DecidedAt!.Value).AddDays(daysMax));
        return day > lastDay
            ? Overdue(lastDay)
            : null;
    }

    private static ReasonedResult? LineFault(ReturnLine line, IReadOnlyList<InventoryLine> declared, decimal returned)
    {
        if (declared.FirstOrDefault(one => one.LineNo == line.LineNo && one.HsCode == line.HsCode) is not { } known)
        {
            return Refuse(OfficialCodes.ReturnLineUnknown, ("InvtRefundList.gnum", Number(line.LineNo)), ("InvtRefundList.gcode", line.HsCode));
        }

        return returned + line.Quantity > known.Quantity
            ? Refuse(
                ReturnCodes.QuantityAboveInventory, ("InvtRefundList.gnum", Number(line.LineNo)), ("InvtRefundList.qty", Number(line.Quantity)),
                ("InventoryList.qty", Number(known.Quantity)), ("returned", Number(returned)))
            : null;
    }
}
