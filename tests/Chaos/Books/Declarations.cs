using Sandan.Chaos.Load;

namespace Sandan.Chaos.Books;

/// <summary>A declaration as customs have it.</summary>
/// <param name="Document">Id of the version that the rest speaks of.</param>
/// <param name="Receipts">How many results this version has.</param>
/// <param name="Status">Of the last of them; null where there is none, as the next.</param>
internal sealed record Declaration(Guid Document, int Receipts, string? Status, string? Code)
{
    public const string Nothing = "nothing";

    /// <summary>Status and code, as the oracles say them.</summary>
    public string Result => Status is null ? Nothing : $"{Status} {Code}";
}

/// <summary>A result of a version of a declaration.</summary>
/// <param name="No">Counts the results of the version, from 1.</param>
internal sealed record Receipt(Guid Document, int No, string Status, string Code)
{
    public string Result => $"{Status} {Code}";
}

/// <summary>
/// Holds the declarations that customs have against those that were acknowledged, against their receipts, and these against the feed.
/// What a result must be, the oracles know.
/// </summary>
internal static class Declarations
{
    /// <summary>A change, or a withdrawal, of what is released (receipt 22007).</summary>
    private const string TooLate = "100 22007";

    /// <summary>120, stored: the one result that the feed does not tell.</summary>
    private const string Untold = "120";

    private static readonly Kind[] Kinds = [Kind.Inventory, Kind.Return, Kind.ExportInventory];

    /// <summary>The declaration of each name.</summary>
    /// <param name="documents">The stored versions of each document by the answers, oldest first.</param>
    /// <param name="receipts">All that there are.</param>
    public static Dictionary<PaperName, Declaration> Check(
        IReadOnlyDictionary<PaperName, SortedList<int, Version>> documents,
        IEnumerable<Declaration> rows,
        ILookup<Guid, Receipt> receipts,
        IEnumerable<FeedEvent> feed,
        Faults faults)
    {
        var declared = documents.Where(one => Kinds.Contains(one.Key.Kind)).ToDictionary(one => one.Key, one => one.Value.Values);
        var versions = declared.SelectMany(one => one.Value).ToDictionary(one => one.Id!.Value);
        var standing = new Dictionary<PaperName, Declaration>();
        foreach (var row in rows)
        {
            if (!versions.TryGetValue(row.Document, out var version))
            {
                faults.Add("doubled", $"Customs have {row.Document}, of which no answer told.");
            }
            else if (!standing.TryAdd(version.Paper.Name, row))
            {
                faults.Add("doubled", $"{version.Paper.Name} is two declarations.");
            }
        }

        foreach (var (name, all) in declared)
        {
            if (standing.TryGetValue(name, out var row))
            {
                CheckReceipts(name, all[^1].Id!.Value, row, receipts, faults);
            }
            else
            {
                faults.Add("lost", $"{name} was accepted, and customs never heard of it.");
            }
        }

        CheckFeed(versions, receipts, feed, faults);
        return standing;
    }

    private static void CheckReceipts(PaperName name, Guid last, Declaration row, ILookup<Guid, Receipt> receipts, Faults faults)
    {
        var own = receipts[row.Document].ToArray();
        if (!own.Select(one => one.No).SequenceEqual(Enumerable.Range(1, row.Receipts)))
        {
            faults.Add("lost", $"{name} has {row.Receipts} receipts, of which are kept: {string.Join(", ", own.Select(one => one.No))}.");
        }
        else if ((own.LastOrDefault()?.Result ?? Declaration.Nothing) != row.Result)
        {
            faults.Add("wrong", $"{name} has {row.Result}, and its last receipt says {own.LastOrDefault()?.Result ?? Declaration.Nothing}.");
        }

        if (own.Zip(own.Skip(1)).Any(one => one.First.Result == one.Second.Result))
        {
            faults.Add("doubled", $"{name} got the same result again: {string.Join(", ", own.Select(one => one.Result))}.");
        }

        // What is released stays as it was released; a later version of it is refused, once.
        if (row.Document != last
            && (row.Status is not ("800" or "899") || !receipts[last].Select(one => one.Result).SequenceEqual([TooLate])))
        {
            faults.Add("lost", $"{name}: customs have another version than the last, which was not refused.");
        }
    }

    /// <summary>The feed tells every result of every version once, in their order.</summary>
    private static void CheckFeed(Dictionary<Guid, Version> versions, ILookup<Guid, Receipt> receipts, IEnumerable<FeedEvent> feed, Faults faults)
    {
        var told = feed.Where(one => one.Document is not null).ToLookup(one => one.Document!.Value, one => $"{one.Status} {one.Code}");
        foreach (var (id, version) in versions)
        {
            string[] given = [.. receipts[id].Where(one => one.Status != Untold).Select(one => one.Result)];
            string[] heard = [.. told[id]];
            if (!given.SequenceEqual(heard))
            {
                var of = heard.Length < given.Length ? "lost" : heard.Length > given.Length ? "doubled" : "out of order";
                faults.Add(of, $"{version.Paper.Name} got {string.Join(", ", given)}; the feed tells {string.Join(", ", heard)}.");
            }
        }

        foreach (var unknown in told.Where(one => !versions.ContainsKey(one.Key)))
        {
            faults.Add("doubled", $"The feed tells of {unknown.Key}, of which no answer told.");
        }
    }
}
