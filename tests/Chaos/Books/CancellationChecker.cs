namespace Sandan.Chaos.Books;

/// <summary>Holds requests to cancel against the inventories of which they ask it.</summary>
internal static class CancellationChecker
{
    private const string Cancelled = "399 2300";
    private const string TooLate = "100 22007";

    /// <summary>The result of each request, by the inventory that it names.</summary>
    /// <param name="documents">The stored versions of each document by the answers, oldest first.</param>
    /// <param name="declared">The declarations that customs have.</param>
    /// <param name="receipts">All that there are.</param>
    public static Dictionary<PaperName, (Kind Kind, string Result)> Check(
        IReadOnlyDictionary<PaperName, SortedList<int, Version>> documents, IReadOnlyDictionary<PaperName, Declaration> declared,
        ILookup<Guid, Receipt> receipts, Faults faults)
    {
        var results = new Dictionary<PaperName, (Kind, string)>();
        foreach (var (name, versions) in documents.Where(one => one.Key.Kind is Kind.Cancellation or Kind.ExportCancellation))
        {
            var asked = versions.Values[^1];
            var given = receipts[asked.Id!.Value].Select(one => one.Result).ToArray();
            if (given.Length != 1)
            {
                faults.Add(given.Length == 0 ? "lost" : "doubled", $"{name} has {given.Length} results: {string.Join(", ", given)}.");
                continue;
            }

            var inventory = InventoryOf(asked.Paper);
            results.Add(inventory, (name.Kind, given[0]));
            var stands = declared.GetValueOrDefault(inventory)?.Result ?? Declaration.Nothing;
            if (!IsRight(given[0], stands))
            {
                faults.Add("wrong", $"{inventory} has {stands}, and a request to cancel it {given[0]}.");
            }
        }

        foreach (var (name, row) in declared.Where(one => one.Value.Result == Cancelled && one.Key.Kind != Kind.Return))
        {
            if (!results.ContainsKey(name) && documents[name].Values[^1].Paper.AppType != '3')
            {
                faults.Add("wrong", $"{name} has {row.Result}, and nobody asked for that.");
            }
        }

        return results;
    }

    /// <summary>True where a request with this result leaves nothing of the inventory to be decided.</summary>
    public static bool IsGranted(string result) => result == Cancelled;

    /// <summary>Before the release it is cancelled for good, behind it never.</summary>
    private static bool IsRight(string result, string inventory) => result switch
    {
        Cancelled => inventory == Cancelled,
        TooLate => inventory.Split(' ')[0] is "800" or "899",
        _ => false,
    };

    private static PaperName InventoryOf(Paper asked) => asked.Name.Kind == Kind.Cancellation
        ? new(Kind.Inventory, asked.Facts["ebcCode"], asked.OrderNo)
        : new(Kind.ExportInventory, asked.Name.Company, asked.Facts["copNo"]);
}
