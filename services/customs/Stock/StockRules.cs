using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;

namespace Sandan.Customs.Stock;

/// <summary>What an inventory takes from its account, by its state.</summary>
internal static class StockRules
{
    private static readonly string[] BondedModes = [$"{SupervisionMode.B2CBonded:D}", $"{SupervisionMode.B2CBondedA:D}"];

    /// <summary>The account that a bonded inventory names; null of direct purchase.</summary>
    public static string? AccountOf(InventoryAccepted inventory) => BondedModes.Contains(inventory.Mode) ? inventory.Account?.ToUpperInvariant() : null;

    /// <summary>
    /// What it must hold: its lines, reserved from 120 on, released with 800; nothing before it has a result, nor when it is rejected or withdrawn.
    /// </summary>
    public static Dictionary<StockKey, StockAmounts> WantedOf(InventoryRow row) => AccountOf(row.Inventory) is not { } account || !IsHeld(row.Last)
        ? []
        : row.Inventory.Lines.GroupBy(line => new StockKey(account, line.RecordNo!)).ToDictionary(
            lines => lines.Key,
            lines => Held(lines.Sum(line => line.Quantity), row.Last!.Status == OfficialCodes.Released));

    /// <summary>The articles that it names.</summary>
    public static IEnumerable<StockKey> KeysOf(InventoryAccepted inventory) => AccountOf(inventory) is { } account
        ? inventory.Lines.Select(line => new StockKey(account, line.RecordNo!)).Distinct()
        : [];

    /// <summary>True in a state in which an inventory has its goods.</summary>
    public static bool IsHeld(DeclarationResult? last) =>
        last?.Status is OfficialCodes.StoredByCustoms or OfficialCodes.ManualReview or OfficialCodes.Inspection or OfficialCodes.Released;

    private static StockAmounts Held(decimal quantity, bool isReleased) => isReleased ? new(0, 0, quantity, 0) : new(0, quantity, 0, 0);

    /// <summary>True of a rejection by the book, which stands until the inventory is sent again: goods that come in later are for whoever asks next.</summary>
    public static bool IsRefusal(DeclarationResult? last) => last is
    {
        Status: OfficialCodes.Rejected, Code: StockCodes.BeyondBalance or StockCodes.UnitDiffers or StockCodes.AccountNotKept,
    };
}
