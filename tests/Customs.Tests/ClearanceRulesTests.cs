using Sandan.Contracts.Events;
using Sandan.Customs.Domain;

namespace Sandan.Customs.Tests;

/// <summary>The decision table: every rule, what goes before what, and the edges between revisions.</summary>
public sealed class ClearanceRulesTests
{
    [Theory] // verdict: state, mismatch code, risk → tax: revision, route, reason → decided
    // Every rule by itself, nothing decided before. The verdict is of revision 2 throughout.
    [InlineData("Mismatched", "1332", null, 0, null, null, "100 1332 mismatched")]
    [InlineData("Mismatched", null, null, 0, null, null, "100 S6002 mismatched")]
    [InlineData("Waiting", null, null, 0, null, null, null)]
    [InlineData("Ambiguous", null, null, 0, null, null, null)]
    [InlineData("Matched", null, "Block R06", 0, null, null, "100 R06 risk-block")]
    [InlineData("Matched", null, null, 0, null, null, "120 1800 tax-awaited")]
    [InlineData("Matched", null, null, 2, "Reject", "S5003", "100 S5003 tax-reject")]
    [InlineData("Matched", null, null, 2, "Reject", null, "100 S6005 tax-reject")]
    [InlineData("Matched", null, null, 2, "GeneralTrade", "1313", "100 1313 general-trade")]
    [InlineData("Matched", null, null, 2, "GeneralTrade", "-621018", "100 1313 general-trade")]
    [InlineData("Matched", null, null, 2, "Held", "S5001", "300 S5001 tax-held")]
    [InlineData("Matched", null, null, 2, "Held", null, "300 1200 tax-held")]
    [InlineData("Matched", null, "Hold R05", 2, "Preferential", null, "300 R05 risk-hold")]
    [InlineData("Matched", null, null, 2, "Preferential", null, "800 2600 release")]
    [InlineData("Matched", null, null, 2, "FullRate", null, "800 2600 release")]
    [InlineData("Matched", null, "Watch R09", 2, "Preferential", null, "800 2600 release")]
    // Tax of another revision counts as none, older or newer.
    [InlineData("Matched", null, null, 1, "Preferential", null, "120 1800 tax-awaited")]
    [InlineData("Matched", null, null, 3, "Preferential", null, "120 1800 tax-awaited")]
    [InlineData("Matched", null, null, 1, "Reject", "S5003", "120 1800 tax-awaited")]
    // Precedence.
    [InlineData("Mismatched", "1327", "Block R06", 2, "Reject", "S5003", "100 1327 mismatched")]
    [InlineData("Ambiguous", null, "Block R06", 2, "Reject", "S5003", null)]
    [InlineData("Matched", null, "Block R06", 2, "Reject", "S5003", "100 R06 risk-block")]
    [InlineData("Matched", null, "Block R06", 2, "Preferential", null, "100 R06 risk-block")]
    [InlineData("Matched", null, "Hold R05", 0, null, null, "120 1800 tax-awaited")]
    [InlineData("Matched", null, "Hold R05", 2, "Reject", "S5003", "100 S5003 tax-reject")]
    [InlineData("Matched", null, "Hold R05", 2, "GeneralTrade", "1313", "100 1313 general-trade")]
    [InlineData("Matched", null, "Hold R05", 2, "Held", "S5001", "300 S5001 tax-held")]
    public void The_first_rule_that_applies_decides(
        string state, string? mismatch, string? risk, int taxRevision, string? route, string? reason, string? decided) =>
        Assert.Equal(decided, Say(ClearanceRules.Decide(Verdict(2, state, mismatch, risk), Tax(taxRevision, route, reason), null)));

    [Theory] // standing: revision, status, code, by officer → verdict: revision, state → tax route of that revision → decided
    // Released: a repeat says nothing, a newer verdict of any kind is recorded and the release stands.
    [InlineData(1, 800, "2600", false, 1, "Matched", "Preferential", null)]
    [InlineData(1, 800, "2600", true, 1, "Matched", "Reject", null)]
    [InlineData(1, 800, "2600", false, 2, "Matched", "Preferential", "800 S6003 released-stays")]
    [InlineData(1, 800, "2600", false, 2, "Mismatched", null, "800 S6003 released-stays")]
    [InlineData(1, 800, "2600", false, 2, "Waiting", null, "800 S6003 released-stays")]
    [InlineData(1, 800, "2600", true, 2, "Matched", null, "800 S6003 released-stays")]
    [InlineData(2, 800, "S6003", false, 2, "Matched", "Preferential", null)]
    [InlineData(2, 800, "S6003", false, 3, "Matched", null, "800 S6003 released-stays")]
    // An officer's decision beats the rules until the documents change.
    [InlineData(1, 300, "1200", true, 1, "Matched", "Preferential", null)]
    [InlineData(1, 500, "S6004", true, 1, "Matched", "Reject", null)]
    [InlineData(1, 100, "1300", true, 1, "Matched", "Preferential", null)]
    [InlineData(1, 300, "1200", true, 2, "Matched", null, "120 1800 tax-awaited")]
    [InlineData(1, 500, "S6004", true, 2, "Matched", "Preferential", "800 2600 release")]
    [InlineData(1, 500, "S6004", true, 2, "Mismatched", null, "100 1332 mismatched")]
    [InlineData(1, 100, "1300", true, 2, "Matched", "Preferential", "800 2600 release")]
    [InlineData(1, 500, "S6004", true, 2, "Waiting", null, "120 S6001 incomplete")]
    // Rejected: stands within its revision, is opened again by a later Matched, said again by a later Mismatched.
    [InlineData(1, 100, "S5003", false, 1, "Matched", "Preferential", null)]
    [InlineData(1, 100, "1332", false, 2, "Matched", null, "120 1800 tax-awaited")]
    [InlineData(1, 100, "1332", false, 2, "Matched", "Preferential", "800 2600 release")]
    [InlineData(1, 100, "1332", false, 2, "Mismatched", null, "100 1332 mismatched")]
    [InlineData(1, 100, "1332", false, 2, "Waiting", null, null)]
    [InlineData(1, 100, "1332", false, 2, "Ambiguous", null, null)]
    // Not settled and no longer complete: withdrawn, once.
    [InlineData(1, 120, "1800", false, 2, "Waiting", null, "120 S6001 incomplete")]
    [InlineData(1, 300, "S5001", false, 2, "Ambiguous", null, "120 S6001 incomplete")]
    [InlineData(2, 120, "S6001", false, 3, "Waiting", null, null)]
    [InlineData(2, 120, "S6001", false, 3, "Ambiguous", null, null)]
    [InlineData(2, 120, "S6001", false, 3, "Matched", null, "120 1800 tax-awaited")]
    // Stored, then the tax comes; a repeat of the verdict says nothing.
    [InlineData(1, 120, "1800", false, 1, "Matched", null, null)]
    [InlineData(1, 120, "1800", false, 1, "Matched", "Preferential", "800 2600 release")]
    [InlineData(1, 120, "1800", false, 2, "Matched", null, "120 1800 tax-awaited")]
    // Held: a later attempt decides again, the same one says nothing.
    [InlineData(1, 300, "S5001", false, 1, "Matched", "Held", null)]
    [InlineData(1, 300, "S5002", false, 1, "Matched", "Held", "300 S5001 tax-held")]
    [InlineData(1, 300, "S5001", false, 1, "Matched", "Preferential", "800 2600 release")]
    [InlineData(1, 300, "S5001", false, 1, "Matched", "Reject", "100 S5001 tax-reject")]
    public void What_stands_counts(
        int standingRevision, int status, string code, bool byOfficer, int revision, string state, string? route, string? decided) =>
        Assert.Equal(
            decided,
            Say(ClearanceRules.Decide(
                Verdict(revision, state, state == "Mismatched" ? "1332" : null, null),
                Tax(route is null ? 0 : revision, route, "S5001"),
                new(standingRevision, (ReturnStatus)status, code, byOfficer))));

    [Fact]
    public void The_order_of_the_rules_is_what_the_documents_say() => Assert.Equal(
        [
            "released-stays", "officer-decided", "rejected-stays", "mismatched", "incomplete", "risk-block", "tax-awaited",
            "tax-reject", "general-trade", "tax-held", "risk-hold", "sandbox-hold", "sandbox-inspect", "release",
        ],
        ClearanceRules.Ordered.Select(rule => rule.Name));

    [Fact]
    public void The_worst_risk_counts_and_of_equals_the_first()
    {
        var judged = new Clearance { Key = new("P", "O") }.Judge(Samples.Verdict(risks:
            [Samples.Risk("R09", RiskSeverity.Watch), Samples.Risk("R15", RiskSeverity.Hold), Samples.Risk("R05", RiskSeverity.Hold)]))!;
        Assert.Equal((RiskSeverity.Hold, "R15"), (judged.RiskSeverity, judged.RiskRule));
    }

    private static Verdict Verdict(int revision, string state, string? mismatch, string? risk) => new(
        revision,
        Enum.Parse<ConsignmentState>(state),
        mismatch,
        risk is null ? null : Enum.Parse<RiskSeverity>(risk.Split(' ')[0]),
        risk?.Split(' ')[1]);

    private static Assessment? Tax(int revision, string? route, string? reason) =>
        route is null ? null : new(revision, Enum.Parse<TaxRoute>(route), reason);

    private static string? Say(Ruling? ruling) =>
        ruling is null ? null : $"{(int)ruling.Status} {ruling.Code} {ruling.Rule}";
}
