using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Customs.Domain;

namespace Sandan.Customs.Tests;

/// <summary>A consignment through its events, without a database.</summary>
public sealed class ClearanceTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 11, 2, 0, 0, TimeSpan.Zero);
    private static readonly Clearance Empty = new() { Key = new("P", "O") };

    [Fact]
    public void Verdict_and_tax_in_either_order_end_in_the_same_release()
    {
        var straight = Decide(Decide(Empty.Judge(Samples.Verdict())!).Assess(Samples.Tax())!);
        var reversed = Decide(Decide(Empty.Assess(Samples.Tax())!).Judge(Samples.Verdict())!);

        Assert.Equal((ReturnStatus.Released, "2600", Now), (straight.Status, straight.Code, straight.ReleasedAt));
        Assert.Equal((ReturnStatus.Released, "2600", Now), (reversed.Status, reversed.Code, reversed.ReleasedAt));
    }

    [Theory] // revision of verdict kept, revision and attempt of tax kept → revision and attempt that come → taken
    [InlineData(1, 1, 1, 1, false)]
    [InlineData(1, 2, 1, 1, false)]
    [InlineData(1, 1, 1, 2, true)]
    [InlineData(1, 9, 2, 1, true)]
    [InlineData(2, 1, 1, 9, false)]
    public void Only_a_newer_assessment_is_taken(int revision, int attempt, int nextRevision, int nextAttempt, bool taken) =>
        Assert.Equal(taken, Empty.Assess(Samples.Tax(revision, attempt))!.Assess(Samples.Tax(nextRevision, nextAttempt)) is not null);

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(2, 1, false)]
    [InlineData(1, 2, true)]
    public void Only_a_newer_verdict_is_taken(int revision, int next, bool taken) =>
        Assert.Equal(taken, Empty.Judge(Samples.Verdict(revision))!.Judge(Samples.Verdict(next)) is not null);

    [Fact]
    public void What_is_released_keeps_the_tax_it_was_released_with()
    {
        var released = Decide(Decide(Empty.Judge(Samples.Verdict())!).Assess(Samples.Tax())!);
        Assert.Null(released.Assess(Samples.Tax(attempt: 2, route: TaxRoute.Reject)));
        Assert.Null(released.Assess(Samples.Tax(revision: 2)));
    }

    [Fact]
    public void A_change_after_the_release_keeps_the_time_of_the_release()
    {
        var released = Decide(Decide(Empty.Judge(Samples.Verdict())!).Assess(Samples.Tax())!);
        var changed = released.Judge(Samples.Verdict(2, ConsignmentState.Waiting))!;
        var decision = changed.DecideByRules(ForcedOutcome.None, Now.AddDays(1))!;
        Assert.Equal(("S6003", 3, 2), (decision.Code, decision.Number, decision.Revision));
        Assert.Equal(Now, changed.With(decision).ReleasedAt);
    }

    [Fact]
    public void Tax_alone_decides_nothing() => Assert.Null(Empty.Assess(Samples.Tax())!.DecideByRules(ForcedOutcome.None, Now));

    [Fact]
    public void A_warning_is_not_the_reason_of_a_rejection()
    {
        var rejected = Decide(Empty.Judge(Samples.Verdict(
            state: ConsignmentState.Mismatched,
            discrepancies: [Samples.Discrepancy("S4001", DiscrepancySeverity.Warning), Samples.Discrepancy("1332")]))!);
        Assert.Equal("1332", rejected.Code);
    }

    [Fact]
    public void An_officers_hold_outlives_the_tax_and_ends_with_a_release()
    {
        var stored = Decide(Empty.Judge(Samples.Verdict())!);
        var held = stored.With(stored.DecideByOfficer(OfficerAction.Hold, "officer-7", "see invoice", Now));
        var assessed = held.Assess(Samples.Tax())!;
        Assert.Null(assessed.DecideByRules(ForcedOutcome.None, Now));

        var released = assessed.With(assessed.DecideByOfficer(OfficerAction.Release, "officer-7", "fine", Now));
        Assert.Equal((ReturnStatus.Released, 3, "officer-7", "fine"), (released.Status, released.Decision, released.DecidedBy, released.Reason));
    }

    [Fact]
    public void Parties_are_named_once_and_blanks_not_at_all() =>
        Assert.Equal(["P", "PAY"], Clearance.PartiesOf("P", "P", "PAY", null, ""));

    [Fact]
    public void Keys_sort_as_bytes()
    {
        ClearanceKey[] keys = [new("b", "1"), new("B", "2"), new("B", "10"), new("B", "1")];
        Assert.Equal([new("B", "1"), new("B", "10"), new("B", "2"), new("b", "1")], keys.Order());
    }

    private static Clearance Decide(Clearance clearance) =>
        clearance.DecideByRules(ForcedOutcome.None, Now) is { } decision ? clearance.With(decision) : clearance;
}
