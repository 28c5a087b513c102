using Sandan.Contracts.Codes;
using Sandan.Customs.Declarations;

namespace Sandan.Customs.Stock;

/// <summary>What an inventory holds of an article.</summary>
internal sealed record HeldNote(string ItemRecordNo, decimal Reserved, decimal Released, decimal Returned);

/// <summary>What an inventory holds of its account, as its parties may see it.</summary>
/// <param name="Warnings">What decides nothing: that nothing was taken, another company or HS code than the account has.</param>
internal sealed record StockNote(string EmsNo, IReadOnlyList<HeldNote> Held, IReadOnlyList<Difference> Warnings)
{
    /// <summary>Null of direct purchase.</summary>
    /// <param name="held">What it holds.</param>
    public static StockNote? Of(InventoryRow row, IReadOnlyList<HeldItem> held) => StockRules.AccountOf(row.Inventory) is not { } account
        ? null
        : new(
            account,
            [.. held.Select(one => new HeldNote(one.Key.RecordNo, one.Amounts.Reserved, one.Amounts.Released, one.Amounts.Returned))],
            [.. StockRules.IsHeld(row.Last) && held.Count == 0 ? [Difference.Of(StockCodes.AccountNotKept, "emsNo", account)] : WarningsOf(row, held)]);

    private static IEnumerable<Difference> WarningsOf(InventoryRow row, IReadOnlyList<HeldItem> held)
    {
        var inventory = row.Inventory;
        foreach (var areaCode in held.Select(one => one.AreaCode).Distinct().Where(one => one != inventory.AreaCode))
        {
            yield return Difference.Of(StockCodes.KeeperDiffers, "areaCode", inventory.AreaCode, areaCode);
        }

        foreach (var (item, line) in held.SelectMany(item => inventory.Lines.Where(line => line.RecordNo == item.Key.RecordNo), (item, line) => (item, line)))
        {
            if (line.HsCode != item.HsCode)
            {
                yield return Difference.Of(StockCodes.GoodsDiffer, "gcode", line.HsCode, item.HsCode);
            }
        }
    }
}
