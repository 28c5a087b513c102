using Sandan.Contracts.Events;
using Sandan.Customs.Domain;

namespace Sandan.Customs.Tests;

/// <summary>What comes together for one consignment.</summary>
public sealed class ArrivalTests
{
    private static readonly Clearance Empty = new() { Key = new("P", "O") };

    [Theory]
    [InlineData(1, "Matched", false)]
    [InlineData(2, "Matched", true)]
    [InlineData(1, "Mismatched", true)]
    [InlineData(1, "Ambiguous", true)]
    [InlineData(1, "Waiting", true)]
    public void Only_a_first_match_waits_for_its_tax(int revision, string state, bool alone) =>
        Assert.Equal(alone, Arrival.ComesAlone(Samples.Verdict(revision, Enum.Parse<ConsignmentState>(state))));

    [Fact]
    public void Consignments_are_sorted_by_key()
    {
        var arrivals = Arrival.Gather(
            [Samples.Verdict() with { OrderNo = "b" }, Samples.Tax() with { OrderNo = "a" }, Samples.Verdict() with { OrderNo = "B" }]);
        Assert.Equal(["B", "a", "b"], arrivals.Select(one => one.Key.OrderNo));
    }

    [Theory] // v: verdict, t: tax, w: tax with its verdict, each with revision and attempt → revision and tax worked in
    [InlineData("v11 v21", 2, "0 0")]
    [InlineData("v21 v11", 2, "0 0")]
    [InlineData("w11", 1, "1 1")]
    [InlineData("t12 w11", 1, "1 2")]
    [InlineData("w11 t12", 1, "1 2")]
    [InlineData("w11 v21", 2, "1 1")]
    [InlineData("v21 w11 t21", 2, "2 1")]
    [InlineData("t21 w11", 1, "2 1")]
    [InlineData("t11", 0, "1 1")]
    public void The_newest_of_each_is_worked_in(string came, int revision, string tax)
    {
        var arrival = Assert.Single(Arrival.Gather([.. came.Split(' ').Select(Item)]));
        var after = arrival.WorkInto(Empty)!.After;
        Assert.Equal((revision, tax), (after.Revision, $"{after.TaxRevision} {after.TaxAttempt}"));

        static object Item(string one)
        {
            var (revision, attempt) = (one[1] - '0', one[2] - '0');
            return one[0] switch
            {
                'v' => Samples.Verdict(revision),
                't' => Samples.Tax(revision, attempt),
                _ => Samples.Tax(revision, attempt) with { Verdict = Samples.Verdict(revision) },
            };
        }
    }

    [Fact]
    public void What_is_not_new_has_no_effect()
    {
        var arrival = Assert.Single(Arrival.Gather([Samples.Tax() with { Verdict = Samples.Verdict() }]));
        var known = arrival.WorkInto(Empty)!;
        Assert.True(known.IsJudged);
        Assert.Null(arrival.WorkInto(known.After));
        var later = Assert.Single(Arrival.Gather([Samples.Tax(attempt: 2)]));
        Assert.False(later.WorkInto(known.After)!.IsJudged);
    }
}
