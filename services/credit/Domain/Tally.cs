namespace Sandan.Credit.Domain;

/// <summary>What a count is of. The order is the one in which rows are locked.</summary>
/// <param name="Rule">
/// As in <see cref="Entry"/>; for mismatches also empty, which counts consignments, one however many rules it broke.
/// </param>
internal readonly record struct TallyKey(string Company, DateOnly Day, string Kind, string Rule) : IComparable<TallyKey>
{
    /// <inheritdoc />
    public int CompareTo(TallyKey other)
    {
        var order = string.CompareOrdinal(Company, other.Company);
        order = order != 0 ? order : Day.CompareTo(other.Day);
        order = order != 0 ? order : string.CompareOrdinal(Kind, other.Kind);
        return order != 0 ? order : string.CompareOrdinal(Rule, other.Rule);
    }
}

/// <summary>Consignments of a kind, and of a rule where one is named, in the window.</summary>
internal readonly record struct Tally(string Kind, string Rule, long Count);

/// <summary>Entries to daily counts.</summary>
internal static class Tallies
{
    /// <summary>Sum of <paramref name="entries"/>, sorted by key; what cancels out is left out.</summary>
    public static List<KeyValuePair<TallyKey, long>> Of(IReadOnlyCollection<Entry> entries)
    {
        var counts = new SortedDictionary<TallyKey, long>();
        foreach (var entry in entries)
        {
            Add(new(entry.Company, entry.Day, entry.Kind, entry.Rule), entry.Count);
        }

        var mismatched = entries.Where(entry => entry.Kind == EntryKind.Mismatched)
            .DistinctBy(entry => (entry.Company, entry.Of));
        foreach (var entry in mismatched)
        {
            Add(new(entry.Company, entry.Day, EntryKind.Mismatched, ""), entry.Count);
        }

        return [.. counts.Where(one => one.Value != 0)];

        void Add(TallyKey key, long count) => counts[key] = counts.GetValueOrDefault(key) + count;
    }
}
