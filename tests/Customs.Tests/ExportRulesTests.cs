using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Customs.Domain;
using Sandan.Customs.Exports;

namespace Sandan.Customs.Tests;

/// <summary>What customs say of an export inventory, step by step.</summary>
public sealed class ExportRulesTests
{
    [Theory]
    [InlineData("waiting", null, "")]
    [InlineData("waiting", "100 S4502", "")]
    [InlineData("matched", null, "120 1800, 800 2600")]
    [InlineData("matched", "100 S4502", "120 1800, 800 2600")]
    [InlineData("matched", "800 2600", "")]
    [InlineData("mismatched", null, "100 S4502")]
    [InlineData("mismatched", "100 S4502", "")]
    [InlineData("mismatched", "100 1322", "100 S4502")]
    [InlineData("mismatched", "800 2600", "")]
    [InlineData("deleted", null, "399 2300")]
    [InlineData("deleted", "100 S4502", "399 2300")]
    [InlineData("deleted", "399 2300", "")]
    [InlineData("deleted", "800 2600", "")]
    [InlineData("matched", "399 2300", "")]
    public void The_results_follow_from_comparison_and_what_was_said(string judged, string? last, string expected) =>
        Assert.Equal(expected, Told(ExportRules.Decide(Judged(judged), Result(last), Result(last), ForcedDecision.None)));

    [Theory]
    [InlineData("matched", "300 1200", "300 1200", "")]
    [InlineData("waiting", "500 S6004", "500 S6004", "")]
    [InlineData("mismatched", "300 1200", "300 1200", "")]
    [InlineData("matched", null, "300 1200", "120 1800, 300 1200")]
    [InlineData("waiting", null, "500 S6004", "500 S6004")]
    [InlineData("mismatched", null, "300 1200", "300 1200")]
    [InlineData("deleted", null, "300 1200", "399 2300")]
    [InlineData("matched", "100 1300", "100 1300", "")]
    [InlineData("mismatched", "100 1300", "100 1300", "")]
    [InlineData("matched", null, "100 1300", "120 1800, 800 2600")]
    public void What_an_officer_ordered_stands_whatever_is_changed_and_a_rejection_until_it_is(string judged, string? last, string before, string expected) =>
        Assert.Equal(expected, Told(ExportRules.Decide(Judged(judged), Result(last), Result(before), ForcedDecision.None)));

    [Theory]
    [InlineData("matched", null, ForcedDecision.Hold, "120 1800, 300 1200")]
    [InlineData("matched", null, ForcedDecision.Inspect, "120 1800, 500 S6004")]
    [InlineData("waiting", null, ForcedDecision.Hold, "")]
    [InlineData("matched", "500 S6004", ForcedDecision.Hold, "")]
    [InlineData("matched", "800 2600", ForcedDecision.Hold, "")]
    [InlineData("matched", null, ForcedDecision.Accept, "120 1800, 800 2600")]
    public void A_sandbox_holds_what_it_is_asked_to(string judged, string? last, ForcedDecision forced, string expected) =>
        Assert.Equal(expected, Told(ExportRules.Decide(Judged(judged), Result(last), Result(last), forced)));

    [Theory]
    [InlineData(null, ConsignmentState.Waiting, "hold 300, inspect 500, reject 100")]
    [InlineData("300 1200", ConsignmentState.Waiting, "inspect 500, reject 100")]
    [InlineData("300 1200", ConsignmentState.Matched, "release 800, inspect 500, reject 100")]
    [InlineData("500 S6004", ConsignmentState.Matched, "release 800, reject 100")]
    [InlineData("500 S6004", ConsignmentState.Mismatched, "reject 100")]
    [InlineData("100 S4502", ConsignmentState.Mismatched, "")]
    [InlineData("399 2300", ConsignmentState.Matched, "")]
    [InlineData("800 2600", ConsignmentState.Matched, "")]
    [InlineData("899 S6021", ConsignmentState.Matched, "")]
    public void An_officer_can_do_what_the_state_allows(string? last, ConsignmentState state, string expected) => Assert.Equal(
        expected,
        string.Join(", ", Enum.GetValues<OfficerAction>()
            .Select(action => (action, Result: ExportRules.Of(action, Result(last), state))).Where(one => one.Result is not null)
            .Select(one => $"{one.action.ToString().ToLowerInvariant()} {one.Result!.Status}")));

    private static string Told(IEnumerable<DeclarationResult> results) => string.Join(", ", results.Select(one => $"{one.Status} {one.Code}"));

    private static DeclarationResult? Result(string? text) => text?.Split(' ') is [var status, var code] ? new(status, code) : null;

    private static ExportInventoryJudged Judged(string what) => new(
        Samples.ExportInventory(new(Guid.CreateVersion7(), 1, DateTimeOffset.UnixEpoch, true, DateTimeOffset.UnixEpoch, Deleted: what == "deleted")),
        1,
        what switch { "matched" => ConsignmentState.Matched, "mismatched" => ConsignmentState.Mismatched, _ => ConsignmentState.Waiting },
        DateTimeOffset.UnixEpoch,
        what is "waiting" or "deleted" ? [DocumentKind.Order] : [],
        what == "mismatched"
            ?
            [
                new("ExportCharge", "S4505", DiscrepancySeverity.Warning, [], null, null, DocumentKind.Payment),
                new("ExportOrderType", "S4502", DiscrepancySeverity.Mismatch, [], null, null, DocumentKind.Inventory),
            ]
            : []);
}
