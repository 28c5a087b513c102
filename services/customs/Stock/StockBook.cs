using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Intake.Domain;
using static Sandan.Customs.Declarations.ReasonedResult;

namespace Sandan.Customs.Stock;

/// <summary>What inventories have taken of an article.</summary>
/// <param name="PreNo">Names the inventory, whatever its version.</param>
internal sealed record StockHolding(string PreNo, StockKey Key, StockAmounts Amounts);

/// <summary>
/// The stock book (账册) as far as one transaction works on it, pure: what an inventory must hold in its state, less what it holds, is
/// what moves. So a repeat moves nothing, and whatever comes in whatever order, the sums are those of the states.
/// </summary>
/// <remarks>
/// The CEB messages say what leaves an account (emsNo, itemRecordNo; specification 2022-05 §3.9) and never what enters it. That qty in
/// unit is what the account counts, not the legal quantities, is inferred.
/// </remarks>
/// <param name="keepers">Of accounts that are kept here, the company.</param>
/// <param name="isRequired">True where an inventory of an account that is not kept is refused.</param>
internal sealed class StockBook(
    IReadOnlyDictionary<string, string> keepers, IEnumerable<StockItem> items, IEnumerable<StockHolding> holdings, bool isRequired)
{
    private readonly Dictionary<StockKey, StockItem> items = items.ToDictionary(one => one.Key);
    private readonly Dictionary<string, Dictionary<StockKey, StockAmounts>> held = holdings.GroupBy(one => one.PreNo)
        .ToDictionary(some => some.Key, some => some.ToDictionary(one => one.Key, one => one.Amounts));

    private readonly Dictionary<string, StockMovement> entries = [];
    private readonly List<StockMovement> movements = [];

    /// <summary>A book to enter goods into.</summary>
    /// <param name="entries">Those that are there of the numbers that come.</param>
    public StockBook(IEnumerable<StockItem> items, IEnumerable<StockMovement> entries) : this(new Dictionary<string, string>(), items, [], false) =>
        this.entries = entries.ToDictionary(one => one.DocumentNo);

    /// <summary>What moved.</summary>
    public IReadOnlyList<StockMovement> Movements => movements;

    /// <summary>The articles as they are now.</summary>
    public IReadOnlyDictionary<StockKey, StockItem> Items => items;

    /// <summary>Lets an inventory hold what it must in the state that it has now.</summary>
    /// <returns>Null where it does; else why it is to be rejected, and nothing moved.</returns>
    public ReasonedResult? Hold(InventoryRow row, DateTimeOffset now)
    {
        var inventory = row.Inventory;
        var account = StockRules.AccountOf(inventory);
        var wanted = StockRules.WantedOf(row);
        if (wanted.Count > 0 && !keepers.ContainsKey(account!))
        {
            if (isRequired)
            {
                return Refuse(StockCodes.AccountNotKept, ("InventoryHead.emsNo", account!));
            }

            wanted = [];
        }

        var present = held.GetValueOrDefault(inventory.PreNo, []);
        foreach (var (key, has) in present)
        {
            wanted[key] = wanted.GetValueOrDefault(key) with { Returned = has.Returned }; // what came back is a matter of returns
        }

        var changes = wanted.Select(one => (one.Key, Wanted: one.Value, Change: one.Value - present.GetValueOrDefault(one.Key)))
            .Where(one => one.Change != default).ToArray();
        foreach (var (key, asked, change) in changes)
        {
            if (asked != default && RefusalOf(inventory, key, change, asked, present.GetValueOrDefault(key)) is { } refusal)
            {
                return refusal;
            }
        }

        held[inventory.PreNo] = wanted;
        foreach (var (key, _, change) in changes)
        {
            Move(new(key, StockKinds.Of(change), change, inventory.InventoryNo, inventory.PreNo, null, null, now));
        }

        return null;
    }

    /// <summary>Goods of a released inventory are back; where it holds nothing, it was released outside of the book, and so they are.</summary>
    /// <param name="returned">By gnum, all that came back of it.</param>
    /// <param name="returnNo">preNo of the return that brings the last of them.</param>
    public void Return(InventoryAccepted inventory, IReadOnlyDictionary<int, decimal> returned, string returnNo, DateTimeOffset now)
    {
        var present = held.GetValueOrDefault(inventory.PreNo, []);
        foreach (var (key, has) in present.ToArray())
        {
            var back = inventory.Lines.Where(line => line.RecordNo == key.RecordNo).Sum(line => returned.GetValueOrDefault(line.LineNo));
            if (back != has.Returned)
            {
                present[key] = has with { Returned = back };
                Move(new(key, StockKinds.Returned, new(0, 0, 0, back - has.Returned), returnNo, inventory.PreNo, null, null, now));
            }
        }
    }

    /// <summary>Enters goods, or what was counted more or less than the book has.</summary>
    /// <returns>Created, exists, conflict or rejected; and why, where it is one of the last two.</returns>
    public (IntakeOutcome Outcome, FieldError? Error) Enter(string account, StockEntry entry, DateTimeOffset now)
    {
        var key = new StockKey(account, entry.RecordNo);
        var item = items.GetValueOrDefault(key) ?? new(key, entry.HsCode, entry.Name, entry.Unit, default);
        if (entries.TryGetValue(entry.EntryNo, out var there))
        {
            return entry.IsSame(there, item) ? (IntakeOutcome.Exists, null) : (IntakeOutcome.Conflict, new("/entryNo", StockCodes.EntryDiffers, null, entry.EntryNo));
        }

        FieldError? fault =
            item.Unit != entry.Unit ? new("/unit", StockCodes.UnitDiffers, item.Unit, entry.Unit)
            : item.HsCode != entry.HsCode ? new("/gcode", StockCodes.GoodsDiffer, item.HsCode, entry.HsCode)
            : item.Amounts.Balance + entry.Change.Balance < 0
                ? new("/qty", StockCodes.ShortageBeyondBalance, $"<= {Number(item.Amounts.Balance)}", Number(entry.Quantity))
            : null;
        if (fault is not null)
        {
            return (IntakeOutcome.Rejected, fault);
        }

        items[key] = item;
        Move(new(key, entry.Kind, entry.Change, entry.EntryNo, null, entry.SourceNo, entry.Reason, now));
        entries.Add(entry.EntryNo, movements[^1]);
        return (IntakeOutcome.Created, null);
    }

    private void Move(StockMovement movement)
    {
        var item = items[movement.Key];
        items[movement.Key] = item with { Amounts = item.Amounts + movement.Change };
        movements.Add(movement);
    }

    private ReasonedResult? RefusalOf(InventoryAccepted inventory, StockKey key, StockAmounts change, StockAmounts wanted, StockAmounts present)
    {
        var item = items.GetValueOrDefault(key);
        if (item is not null && inventory.Lines.FirstOrDefault(line => line.RecordNo == key.RecordNo && line.Unit != item.Unit) is { } other)
        {
            return Refuse(
                StockCodes.UnitDiffers, ("InventoryHead.emsNo", key.Account), ("InventoryList.itemRecordNo", key.RecordNo),
                ("InventoryList.unit", other.Unit), ("account.unit", item.Unit));
        }

        // What it holds already is its own to use.
        var balance = item?.Amounts.Balance ?? 0;
        return balance + change.Balance < 0
            ? Refuse(
                StockCodes.BeyondBalance, ("InventoryHead.emsNo", key.Account), ("InventoryList.itemRecordNo", key.RecordNo),
                ("InventoryList.qty", Number(-wanted.Balance)), ("account.balance", Number(balance - present.Balance)), ("account.areaCode", keepers[key.Account]))
            : null;
    }
}
