using Sandan.Contracts.Codes;
using Sandan.Credit.Domain;

namespace Sandan.Credit.Tests;

public sealed class CreditScoreTests
{
    private static readonly CreditOptions Options = new();

    [Fact]
    public void Nothing_known_is_the_start_in_band_B()
    {
        var score = CreditScore.Of([], Options);
        Assert.Equal((80m, 'B', 0L, false), (score.Score, score.Band, score.Volume, score.Rated));
        Assert.Empty(score.Steps);
    }

    [Theory] // matched, mismatched → score: at 49 nothing counts, at 50 everything does.
    [InlineData(0, 49, 80, 'B', false)]
    [InlineData(49, 0, 80, 'B', false)]
    [InlineData(50, 0, 100, 'A', true)]
    [InlineData(0, 50, 20, 'D', true)]
    public void A_rate_counts_from_the_minimum_volume_on(
        int matched, int mismatched, int expected, char band, bool rated)
    {
        var score = Score(("matched", "", matched), ("mismatched", "", mismatched));
        Assert.Equal((expected, band, rated), (score.Score, score.Band, score.Rated));
    }

    [Theory] // kind, rule, count in a volume of 1,000 → points, code
    [InlineData("mismatched", "", 10, -4.0, CreditCodes.Mismatches)]
    [InlineData("mismatched", "", 1, -0.4, CreditCodes.Mismatches)]
    [InlineData("mismatched", "", 150, -60, CreditCodes.Mismatches)]
    [InlineData("mismatched", "", 151, -60, CreditCodes.Mismatches)]
    [InlineData("mismatched", "", 149, -59.6, CreditCodes.Mismatches)]
    [InlineData("late", "payment", 10, -2.0, CreditCodes.LateDocuments)]
    [InlineData("late", "order", 150, -30, CreditCodes.LateDocuments)]
    [InlineData("late", "order", 151, -30, CreditCodes.LateDocuments)]
    [InlineData("late", "order", 149, -29.8, CreditCodes.LateDocuments)]
    [InlineData("risk-watch", "R09", 10, -1.0, CreditCodes.RisksToWatch)]
    [InlineData("risk-watch", "R09", 101, -10, CreditCodes.RisksToWatch)]
    [InlineData("risk-hold", "R15", 10, -4.0, CreditCodes.RisksThatHold)]
    [InlineData("risk-hold", "R15", 101, -40, CreditCodes.RisksThatHold)]
    [InlineData("risk-block", "R06", 10, -10.0, CreditCodes.RisksThatBlock)]
    [InlineData("risk-block", "R06", 81, -80, CreditCodes.RisksThatBlock)]
    public void Each_fault_takes_its_points_up_to_its_maximum(
        string kind, string rule, int count, double points, string code)
    {
        var inVolume = kind is "mismatched" or "late";
        var score = Score(("matched", "", inVolume ? 1000 - count : 1000), (kind, rule, count));
        var step = Assert.Single(score.Steps, one => one.Kind == kind);
        Assert.Equal(((decimal)points, code, (long)count, 1000L), (step.Points, step.Code, step.Count, step.Of));
    }

    [Theory] // kind, decider, count of 1,000 decisions → points, null where it does not count.
    [InlineData("held", "officer", 10, -1.0)]
    [InlineData("held", "officer", 101, -10.0)]
    [InlineData("held", "rules", 10, null)]
    [InlineData("rejected", "officer", 10, -4.0)]
    [InlineData("rejected", "officer", 101, -40.0)]
    [InlineData("rejected", "rules", 500, null)]
    [InlineData("inspected", "officer", 10, null)]
    public void Only_an_officers_decision_counts(string kind, string decider, int count, double? points)
    {
        var score = Score(("matched", "", 1000), ("released", "", 1000 - count), (kind, decider, count));
        Assert.Equal((decimal?)points, score.Steps.SingleOrDefault(one => one.Kind == kind)?.Points);
    }

    [Fact]
    public void Decisions_have_their_own_minimum_volume()
    {
        var below = Score(("matched", "", 1000), ("released", "", 48), ("rejected", "officer", 1));
        Assert.DoesNotContain(below.Steps, one => one.Kind == "rejected");
        var from = Score(("matched", "", 1000), ("released", "", 49), ("rejected", "officer", 1));
        Assert.Equal(-8m, Assert.Single(from.Steps, one => one.Kind == "rejected").Points);
    }

    [Theory] // corrected of 20 mismatched in 1,000 (−8 points) → given back.
    [InlineData(0, null)]
    [InlineData(1, 0.2)]
    [InlineData(10, 2.0)]
    [InlineData(20, 4.0)]
    [InlineData(21, 4.0)]
    public void A_correction_gives_half_of_its_points_back(int corrected, double? points)
    {
        var score = Score(("matched", "", 980), ("mismatched", "", 20), ("corrected", "", corrected));
        Assert.Equal((decimal?)points, score.Steps.SingleOrDefault(one => one.Kind == "corrected")?.Points);
    }

    [Theory] // matched of 1,000, the rest late → bonus. It begins above 98 %.
    [InlineData(980, null)]
    [InlineData(981, 1.0)]
    [InlineData(990, 10.0)]
    [InlineData(999, 19.0)]
    [InlineData(1000, 20.0)]
    public void A_clean_record_lifts_the_score(int matched, double? points)
    {
        var score = Score(("matched", "", matched), ("late", "order", 1000 - matched));
        Assert.Equal((decimal?)points, score.Steps.SingleOrDefault(one => one.Kind == "matched")?.Points);
    }

    [Theory] // mismatched of 1,000 → score and band on each side of each border.
    [InlineData(0, 100.0, 'A')]
    [InlineData(7, 90.2, 'A')]
    [InlineData(8, 88.8, 'B')]
    [InlineData(20, 72.0, 'B')]
    [InlineData(25, 70.0, 'B')]
    [InlineData(26, 69.6, 'C')]
    [InlineData(75, 50.0, 'C')]
    [InlineData(76, 49.6, 'D')]
    [InlineData(1000, 20.0, 'D')]
    public void Bands_include_their_lower_border(int mismatched, double expected, char band)
    {
        var score = Score(("matched", "", 1000 - mismatched), ("mismatched", "", mismatched));
        Assert.Equal(((decimal)expected, band), (score.Score, score.Band));
    }

    [Fact]
    public void The_score_stops_at_0_and_at_100()
    {
        Assert.Equal(0m, Score(("mismatched", "", 1000), ("risk-block", "R06", 1000),
            ("risk-hold", "R15", 1000)).Score);
        Assert.Equal(100m, CreditScore.Of([new("matched", "", 1000)], new() { StartScore = 95 }).Score);
    }

    [Fact]
    public void The_steps_add_up_to_the_score()
    {
        var score = Score(
            ("matched", "", 995), ("mismatched", "", 3), ("mismatched", "AmountPaid", 3), ("corrected", "", 1),
            ("late", "order", 2), ("risk-watch", "R09", 7), ("released", "", 900), ("held", "officer", 4));
        Assert.Equal(score.Score, 80 + score.Steps.Sum(step => step.Points));
        Assert.Equal(1000, score.Volume);
    }

    [Fact]
    public void Counts_by_rule_are_shown_and_do_not_count_twice()
    {
        var score = Score(("matched", "", 990), ("mismatched", "", 10), ("mismatched", "A", 10),
            ("mismatched", "B", 10));
        Assert.Equal(10, Assert.Single(score.Steps, one => one.Kind == "mismatched").Count);
        Assert.Equal(1000, score.Volume);
    }

    [Fact]
    public void Every_step_is_in_the_dictionary()
    {
        foreach (var code in typeof(CreditCodes).GetFields().Select(field => (string)field.GetValue(null)!))
        {
            Assert.NotEmpty(CodeDictionary.Get(code).Fix.Zh);
        }
    }

    [Theory]
    [InlineData(90, 90)]
    [InlineData(89, 90)]
    public void Bands_that_do_not_descend_are_refused(int a, int b) =>
        Assert.NotEmpty(new CreditOptions { BandAMin = a, BandBMin = b }.Validate(new(new object())));

    private static CreditScore Score(params (string Kind, string Rule, int Count)[] tallies) =>
        CreditScore.Of([.. tallies.Where(one => one.Count > 0)
            .Select(one => new Tally(one.Kind, one.Rule, one.Count))], Options);
}
