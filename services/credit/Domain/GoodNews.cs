using System.Runtime.InteropServices;

namespace Sandan.Credit.Domain;

/// <summary>
/// What went well, which is nearly all: counted by company, kind and day while a set is worked in, and not kept by
/// consignment.
/// </summary>
internal sealed class GoodNews
{
    private readonly Dictionary<(string Company, string Kind, DateOnly Day), (int Count, DateTimeOffset Latest)> counts = [];

    /// <summary>Counts a consignment for a company. Who is not named cannot be credited.</summary>
    public void Add(string? company, string kind, DateTimeOffset at, DateOnly day)
    {
        if (string.IsNullOrWhiteSpace(company))
        {
            return;
        }

        ref var one = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, (company, kind, day), out _);
        one = (one.Count + 1, at > one.Latest ? at : one.Latest);
    }

    /// <summary>One entry for each company, kind and day.</summary>
    public IEnumerable<Entry> Entries() => counts.Select(one => new Entry(
        one.Key.Company, one.Key.Kind, "", "", one.Value.Latest, one.Value.Count, null));
}
