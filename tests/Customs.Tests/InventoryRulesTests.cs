using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;

namespace Sandan.Customs.Tests;

/// <summary>What customs say of an inventory, step by step.</summary>
public sealed class InventoryRulesTests
{
    private static readonly DeclarationResult Passed = new("120", "1800");
    private static readonly DeclarationResult Released = new("800", "2600");

    [Theory]
    // The three documents are not all there: nothing, whatever stands on the consignment.
    [InlineData("waiting", null, null, "")]
    [InlineData("waiting", "800 2600", null, "")]
    // The four agree: 120, and then what was decided on the consignment.
    [InlineData("matched", null, null, "120 1800")]
    [InlineData("matched", "120 1800", "120 1800", "")]
    [InlineData("matched", "800 2600", null, "120 1800, 800 2600")]
    [InlineData("matched", "800 2600", "120 1800", "800 2600")]
    [InlineData("matched", "300 R05", "120 1800", "300 R05")]
    [InlineData("matched", "300 R05", null, "120 1800, 300 R05")]
    [InlineData("matched", "500 S6004", "300 R05", "500 S6004")]
    [InlineData("matched", "800 S6002", "500 S6004", "800 2600")]
    [InlineData("matched", "100 1332", null, "100 1332")]
    [InlineData("matched", "100 1332", "100 1332", "")]
    // A rejected one that fits after all passes the check again.
    [InlineData("matched", "800 2600", "100 1320", "120 1800, 800 2600")]
    [InlineData("matched", null, "100 1320", "120 1800")]
    // One that its account has not enough for stands until it is sent again.
    [InlineData("matched", "800 2600", "100 S6301", "")]
    [InlineData("matched", null, "100 S6302", "")]
    [InlineData("mismatched", "800 2600", "100 S6303", "")]
    // The four do not agree: 100, though the three do.
    [InlineData("mismatched", "800 2600", null, "100 1320")]
    [InlineData("mismatched", null, "100 1320", "")]
    [InlineData("mismatched", null, "120 1800", "100 1320")]
    // Withdrawn.
    [InlineData("deleted", null, "120 1800", "399 2300")]
    [InlineData("deleted", "100 1332", null, "399 2300")]
    [InlineData("deleted", null, "399 2300", "")]
    // Released is released.
    [InlineData("mismatched", "100 1332", "800 2600", "")]
    [InlineData("deleted", null, "800 2600", "")]
    [InlineData("waiting", null, "800 2600", "")]
    public void The_results_follow_from_comparison_consignment_and_what_was_said(string judged, string? consignment, string? last, string expected) =>
        Assert.Equal(expected, string.Join(", ", InventoryRules.Decide(Judged(judged), Result(consignment), Result(last)).Select(one => $"{one.Status} {one.Code}")));

    [Fact]
    public void Whatever_comes_in_whatever_order_the_last_result_is_the_same()
    {
        var random = new Random(5);
        for (var run = 0; run < 1_000; run++)
        {
            // Comparison and decisions come as they like; the last of each are the same.
            DeclarationResult?[] decisions = [null, Passed, new("300", "R05"), Released];
            string[] states = ["waiting", "mismatched", "matched"];
            var (at, state, last) = (0, 0, (DeclarationResult?)null);
            while (at < decisions.Length - 1 || state < states.Length - 1)
            {
                if (state == states.Length - 1 || (at < decisions.Length - 1 && random.Next(2) == 0))
                {
                    at++;
                }
                else
                {
                    state++;
                }

                last = InventoryRules.Decide(Judged(states[state]), decisions[at], last) is [.., var result] ? result : last;
            }

            Assert.Equal(Released, last);
        }
    }

    private static DeclarationResult? Result(string? text) => text?.Split(' ') is [var status, var code] ? new(status, code) : null;

    private static InventoryJudged Judged(string how)
    {
        var inventory = Samples.Inventory();
        return new(
            how == "deleted" ? inventory with { Document = inventory.Document with { Deleted = true } } : inventory,
            1,
            how switch { "matched" => ConsignmentState.Matched, "mismatched" => ConsignmentState.Mismatched, _ => ConsignmentState.Waiting },
            DateTimeOffset.UnixEpoch,
            how == "mismatched"
                ? [new("InventoryFreight", "S4205", DiscrepancySeverity.Warning, [], 1, 0, DocumentKind.Inventory), new("InventoryLineCount", "1320", DiscrepancySeverity.Mismatch, [], null, null, DocumentKind.Inventory)]
                : []);
    }
}
