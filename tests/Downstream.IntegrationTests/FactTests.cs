using Sandan.Contracts.Events;
using Sandan.Statistics.Domain;

namespace Sandan.Downstream.IntegrationTests;

/// <summary>The pure part of statistics; needs no servers.</summary>
public sealed class FactTests
{
    private static readonly Fact Empty = new(new FactKey(Given.Platform, "T1"));

    [Fact]
    public void Closing_counts_at_the_hour_of_release()
    {
        var release = Given.Decision("T1", 800);
        var closed = Given.Decision("T1", 899, decision: 2) with
        {
            DecidedAt = Given.Noon.AddHours(9),
            Lines = [],
            Mode = null,
        };
        foreach (var fact in new[] { Empty.With(release).With(closed), Empty.With(closed).With(release) })
        {
            Assert.Equal(new Amounts(1, 1, 100m, 9.1m), Counted(fact)[new(Dimension.Mode, Given.Noon, "1210")]);
            Assert.Equal(new Amounts(1, 0, 0, 0), Counted(fact)[new(Dimension.State, Given.Noon, "released")]);
        }
    }

    [Fact]
    public void A_rejection_after_a_release_takes_the_release_back()
    {
        var fact = Empty.With(Given.Decision("T1", 100, decision: 2)).With(Given.Decision("T1", 800));
        var (key, amounts) = Assert.Single(Counted(fact).NotZero());
        Assert.Equal((new CounterKey(Dimension.State, Given.Noon, "rejected"), 1), (key, amounts.Consignments));
    }

    [Fact]
    public void An_older_or_repeated_event_is_the_same_fact()
    {
        var fact = Empty.With(Given.Verdict("T1", 2, ConsignmentState.Matched))
            .With(Given.Decision("T1", 800, decision: 2));
        Assert.Same(fact, fact.With(Given.Verdict("T1", 2, ConsignmentState.Matched)));
        Assert.Same(fact, fact.With(Given.Verdict("T1", 1, ConsignmentState.Mismatched)));
        Assert.Same(fact, fact.With(Given.Decision("T1", 800, decision: 2)));
        Assert.Same(fact, fact.With(Given.Decision("T1", 800)));
    }

    [Fact]
    public void What_comes_together_is_what_comes_one_by_one()
    {
        Func<Fact, Fact>[] events =
        [
            fact => fact.With(Given.Verdict("T1", 1, ConsignmentState.Mismatched)),
            fact => fact.With(Given.Verdict("T1", 2, ConsignmentState.Matched)),
            fact => fact.With(Given.Decision("T1", 300)),
            fact => fact.With(Given.Decision("T1", 800, decision: 2)),
            fact => fact.With(Given.Decision("T1", 899, decision: 3)),
            fact => fact.With(Given.Decision("T1", 100, decision: 4)),
        ];
        var all = 1 << events.Length;
        for (var before = 0; before < all; before++)
        {
            for (var now = 0; now < all; now++)
            {
                var merged = Said(before).With(Said(now));
                Assert.Equal(Counted(Said(before | now)).NotZero(), Counted(merged).NotZero());
            }
        }

        Fact Said(int some) => events.Where((_, at) => (some & (1 << at)) != 0).Aggregate(Empty, (fact, one) => one(fact));
    }

    [Fact]
    public void A_fact_less_itself_is_nothing()
    {
        var fact = Empty.With(Given.Verdict("T1", 1, ConsignmentState.Ambiguous)).With(Given.Decision("T1", 800));
        var counters = Counted(fact);
        fact.AddTo(counters, -1);
        Assert.Empty(counters.NotZero());
    }

    [Fact]
    public void Lines_are_summed_by_country_and_chapter_and_unknown_where_nobody_said()
    {
        var decision = Given.Decision("T1", 800) with
        {
            Lines =
            [
                new(1, "3304990031", "502", 1.000005m, 0, 1, 1), new(2, "3304990039", "502", 2, 1, 0, 0),
                new(3, null, " ", 4, 0, 0, 0), new(4, "x", "us", 8, 0, 0, 0),
            ],
        };
        Assert.Equal(
            [new("502", "33", 2, 3.00001m, 3), new("US", "unknown", 1, 8, 0), new("unknown", "unknown", 1, 4, 0)],
            Empty.With(decision).Release!.Lines);
    }

    [Theory]
    [InlineData(-0.00001)]
    [InlineData(100_000_000.00001)]
    public void An_amount_that_cannot_be_is_refused(decimal amount) => Assert.Throws<ArgumentOutOfRangeException>(
        () => Empty.With(Given.Decision("T1", 800) with { Lines = [new(1, null, "502", amount, 0, 0, 0)] }));

    [Theory] // text → UTC; null where it is refused
    [InlineData("2026-11-21", "2026-11-20T16:00Z")]
    [InlineData("2026-11-21T09:00", "2026-11-21T01:00Z")]
    [InlineData("2026-11-21T09:00:00+08:00", "2026-11-21T01:00Z")]
    [InlineData("2026-11-21T09:00:00 08:00", "2026-11-21T01:00Z")]
    [InlineData("2026-11-21T01:00:00Z", "2026-11-21T01:00Z")]
    [InlineData("2026-11-21T01:00:00.000Z", "2026-11-21T01:00Z")]
    [InlineData("2026-11-21T09:30", null)]
    [InlineData("2026-11-21T09:00:00.001Z", null)]
    [InlineData("2026-02-29", null)]
    [InlineData("1990-01-01", null)]
    [InlineData("", null)]
    [InlineData("21.11.2026", null)]
    public void Ranges_are_whole_hours_of_Shanghai(string text, string? utc)
    {
        Assert.Equal(utc is not null, ShanghaiHour.TryParse(text, default, out var hour));
        if (utc is not null)
        {
            Assert.Equal(DateTimeOffset.Parse(utc, null), hour);
        }
    }

    private static Counters Counted(Fact fact)
    {
        var counters = new Counters();
        fact.AddTo(counters, 1);
        return counters;
    }
}
