using Sandan.Credit.Domain;

namespace Sandan.Credit.Tests;

public sealed class CorrectionsTests
{
    [Theory] // revisions by number: - none, m matched, x mismatched → what is left in sum
    [InlineData("xm", "x1 c2")]
    [InlineData("-m", "m2")]
    [InlineData("xmm", "x1 c2 m3")]
    [InlineData("xxm", "x1 c3 x2")]
    [InlineData("-mxm", "c4 m2 x3")]
    [InlineData("x-m", "x1 c3")]
    [InlineData("xmxm", "x1 c2 x3 c4")]
    public void Any_order_of_arrival_ends_the_same(string revisions, string expected)
    {
        var entries = revisions
            .Select((letter, at) => (letter, revision: at + 1))
            .Where(one => one.letter != '-')
            .Select(one => Given.Entry(one.letter == 'm' ? EntryKind.Matched : EntryKind.Mismatched, one.revision))
            .ToList();
        foreach (var order in Permutations(entries))
        {
            var record = new List<Entry>();
            foreach (var entry in order)
            {
                record.AddRange(Corrections.Settle(Net(record), [entry]));
            }

            Assert.Equal(Sorted(expected), Said(Net(record)));
            Assert.Equal(Sorted(expected), Said(Corrections.Settle([], entries)));
        }
    }

    [Fact]
    public void Another_companys_mismatch_makes_no_correction()
    {
        var entries = Corrections.Settle(
            [],
            [
                Given.Entry(EntryKind.Mismatched, 1, Given.Payment),
                Given.Entry(EntryKind.Matched, 2, Given.Payment),
                Given.Entry(EntryKind.Matched, 2, Given.Logistics),
            ]);
        Assert.Equal(
            [(Given.Payment, "mismatched"), (Given.Payment, "corrected"), (Given.Logistics, "matched")],
            entries.Select(one => (one.Company, one.Kind)));
    }

    [Fact]
    public void Two_rules_broken_are_one_consignment()
    {
        var tallies = Tallies.Of(
        [
            Given.Entry(EntryKind.Mismatched, 1, rule: "A"), Given.Entry(EntryKind.Mismatched, 1, rule: "B"),
        ]);
        Assert.Equal([("", 1L), ("A", 1L), ("B", 1L)], tallies.Select(one => (one.Key.Rule, one.Value)));
    }

    private static List<Entry> Net(IEnumerable<Entry> record) =>
    [
        .. record.GroupBy(one => (one.Kind, one.Of))
            .Where(group => group.Sum(one => one.Count) > 0)
            .Select(group => group.First() with { Count = group.Sum(one => one.Count) }),
    ];

    private static string Said(IEnumerable<Entry> entries) => string.Join(' ', entries
        .Select(one => $"{(one.Kind == EntryKind.Mismatched ? 'x' : one.Kind[0])}{one.Of!.Value.Revision}"
            + (one.Count == 1 ? "" : $"*{one.Count}"))
        .Order(StringComparer.Ordinal));

    private static string Sorted(string words) => string.Join(' ', words.Split(' ').Order(StringComparer.Ordinal));

    private static IEnumerable<IEnumerable<Entry>> Permutations(List<Entry> entries) => entries.Count <= 1
        ? [entries]
        : entries.SelectMany((first, at) => Permutations([.. entries[..at], .. entries[(at + 1)..]])
            .Select(rest => rest.Prepend(first)));
}
