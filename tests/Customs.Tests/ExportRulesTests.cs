using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
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
        Assert.Equal(expected, string.Join(", ", ExportRules.Decide(Judged(judged), Result(last)).Select(one => $"{one.Status} {one.Code}")));

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
