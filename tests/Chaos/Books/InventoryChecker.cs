namespace Sandan.Chaos.Books;

/// <summary>Holds the inventories of imports and their returns against what follows from their consignments.</summary>
internal sealed class InventoryChecker(Databases databases, Faults faults)
{
    /// <param name="documents">The stored versions of each document by the answers, oldest first.</param>
    /// <param name="decisions">What stands on the consignments, by <c>ebpCode/orderNo</c>.</param>
    /// <param name="declared">The declarations that customs have, without what was cancelled.</param>
    public async Task CheckAsync(
        IReadOnlyDictionary<PaperName, SortedList<int, Version>> documents,
        IReadOnlyDictionary<string, Outcome?> outcomes,
        IReadOnlyDictionary<string, (int Status, string Code, int Count)> decisions,
        IReadOnlyDictionary<PaperName, Declaration> declared,
        CancellationToken ct)
    {
        var returns = declared.Where(one => one.Key.Kind == Kind.Return)
            .Select(one => (documents[one.Key].Values[^1].Paper, one.Value.Result))
            .ToLookup(one => InventoryOf(one.Paper), one => (one.Paper.Pieces, one.Result));
        foreach (var (name, row) in declared.Where(one => one.Key.Kind == Kind.Inventory))
        {
            var versions = documents[name].Values;
            var paper = versions[^1].Paper;
            var order = documents.GetValueOrDefault(new(Kind.Order, paper.Platform!, paper.OrderNo))?.Values[^1].Paper;
            var outcome = outcomes.GetValueOrDefault(paper.OrderNo);
            (int, string, int)? stands = decisions.TryGetValue($"{paper.Platform}/{paper.OrderNo}", out var decision) ? decision : null;
            if (AllowedOf(paper, order, outcome, stands) is { } allowed && !allowed.Contains(row.Result))
            {
                faults.Add("wrong", $"{name} has {row.Result}; allowed: {string.Join(" or ", allowed)}.");
            }

            var isChanged = versions.Count > 1 || outcome is { IsChanged: true };
            foreach (var wrong in ReturnOracle.Check(row.Result, isChanged, paper.Pieces, [.. returns[name]]))
            {
                faults.Add("wrong", $"{name}: {wrong}.");
            }
        }

        await databases.HoldAsync(
            "lost", "released inventories without a tax bill, or such that are not released", "customs",
            "SELECT count(*) FROM inventory i WHERE (coalesce(status, '') = '800') <> EXISTS (SELECT FROM tax_bill b WHERE b.invt_no = i.invt_no)", 0, ct);
    }

    private static PaperName InventoryOf(Paper asked) => new(Kind.Inventory, asked.Facts["ebcCode"], asked.OrderNo);

    /// <summary>What the last result of an inventory may be; null where a change, or the other before it, may have come first.</summary>
    private static string[]? AllowedOf(Paper inventory, Paper? order, Outcome? outcome, (int Status, string Code, int Count)? decision) => outcome switch
    {
        null or { State: "Waiting" } => outcome is { IsChanged: true } ? null : [Declaration.Nothing],
        _ when inventory.Quantity != order?.Quantity => ["100 1322"],
        _ when inventory.RecordNo is not null => AllowedOf(inventory with { RecordNo = null }, order, outcome, decision) is { } unbonded
            ? [.. unbonded, StockOracle.Refused] // that it was to be refused, the stock book must show
            : null,
        _ when decision is { Status: 800 } => ["800 2600"],
        _ when decision is { Status: 100, Code: var code } => outcome.IsChanged ? [$"100 {code}", "800 2600"] : [$"100 {code}"],
        _ => outcome.IsChanged ? null : ["120 1800"],
    };
}
