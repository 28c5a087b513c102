using Sandan.Contracts.Events;
using Sandan.Credit.Domain;

namespace Sandan.Credit.Tests;

public sealed class AttributionTests
{
    [Fact]
    public void A_match_counts_for_all_four()
    {
        var entries = Attribution.OfVerdict(Given.Verdict(ConsignmentState.Matched)).ToList();
        Assert.Equal([Given.Platform, Given.Seller, Given.Payment, Given.Logistics],
            entries.Select(one => one.Company));
        Assert.All(entries, one => Assert.Equal((EntryKind.Matched, 1), (one.Kind, one.Count)));
    }

    [Theory]
    [InlineData(DocumentKind.Order, Given.Platform, Given.Seller)]
    [InlineData(DocumentKind.Payment, Given.Payment, null)]
    [InlineData(DocumentKind.Waybill, Given.Logistics, null)]
    public void A_mismatch_counts_against_whose_turn_it_is(DocumentKind turn, string first, string? second)
    {
        var verdict = Given.Verdict(ConsignmentState.Mismatched) with { Discrepancies = [Given.Fault(turn)] };
        var entries = Attribution.OfVerdict(verdict).ToList();
        Assert.Equal(second is null ? [first] : [first, second], entries.Select(one => one.Company));
        Assert.All(entries, one => Assert.Equal(
            (EntryKind.Mismatched, "AmountPaid", "1332", new Reference(Given.Platform, "T1", 1)),
            (one.Kind, one.Rule, one.Code, one.Of)));
    }

    [Fact]
    public void A_warning_is_nobodys_fault()
    {
        var warning = Given.Fault(DocumentKind.Waybill, "Freight", DiscrepancySeverity.Warning);
        var verdict = Given.Verdict(ConsignmentState.Mismatched) with
        {
            Discrepancies = [Given.Fault(DocumentKind.Payment), warning],
        };
        Assert.Equal([Given.Payment], Attribution.OfVerdict(verdict).Select(one => one.Company));
        var matched = Given.Verdict(ConsignmentState.Matched) with { Discrepancies = [warning] };
        Assert.All(Attribution.OfVerdict(matched), one => Assert.Equal(EntryKind.Matched, one.Kind));
    }

    [Theory]
    [InlineData(ConsignmentState.Waiting)]
    [InlineData(ConsignmentState.Ambiguous)]
    public void No_verdict_is_no_entry(ConsignmentState state) =>
        Assert.Empty(Attribution.OfVerdict(Given.Verdict(state)));

    [Theory]
    [InlineData("R05", Given.Logistics, null)]
    [InlineData("R07", Given.Logistics, null)]
    [InlineData("R06", Given.Platform, Given.Seller)]
    [InlineData("R15", Given.Platform, Given.Seller)]
    public void A_risk_counts_against_the_order_or_the_waybill(string rule, string first, string? second)
    {
        var verdict = Given.Verdict(ConsignmentState.Ambiguous) with { Risks = [Given.Risk(rule, RiskSeverity.Hold)] };
        var entries = Attribution.OfVerdict(verdict).ToList();
        Assert.Equal(second is null ? [first] : [first, second], entries.Select(one => one.Company));
        Assert.All(entries, one => Assert.Equal((EntryKind.RiskHold, rule), (one.Kind, one.Code)));
    }

    [Fact]
    public void A_company_in_two_roles_counts_once()
    {
        var verdict = Given.Verdict(ConsignmentState.Matched) with
        {
            SellerCode = Given.Platform,
            LogisticsCompanyCode = null,
        };
        Assert.Equal([Given.Platform, Given.Payment], Attribution.OfVerdict(verdict).Select(one => one.Company));
    }

    [Fact]
    public void Late_counts_against_the_sender_of_what_is_missing_where_it_is_known()
    {
        var overdue = new ConsignmentOverdue(
            Given.Platform, "T1", [DocumentKind.Order, DocumentKind.Waybill], Given.At, Given.At, null, Given.Payment,
            null);
        var entry = Assert.Single(Attribution.OfOverdue(overdue));
        Assert.Equal((Given.Platform, EntryKind.Late, "order"), (entry.Company, entry.Kind, entry.Rule));
        Assert.Equal(1, Attribution.Unattributed(overdue));
    }

    [Fact]
    public void A_parcel_that_nobody_signed_for_counts_against_who_carries_it() => Assert.Equal(
        new(Given.Logistics, EntryKind.RiskWatch, "R08", "R08", Given.At, 1, new Reference(Given.Platform, "T1", 2)),
        Attribution.OfDelivery(new(
            Given.Platform, "T1", 2, Given.Seller, Given.Payment, Given.Logistics, "W1", Given.At.AddDays(-16), Given.At,
            Given.Risk("R08", RiskSeverity.Watch))));

    [Theory]
    [InlineData(100, EntryKind.Rejected)]
    [InlineData(300, EntryKind.Held)]
    [InlineData(500, EntryKind.Inspected)]
    [InlineData(800, null)] // see LedgerTests
    [InlineData(120, null)]
    [InlineData(899, null)]
    public void A_decision_counts_for_those_who_declare(int status, string? kind)
    {
        var entries = Attribution.OfDecision(Given.Decision(status)).ToList();
        Assert.Equal(kind is null ? [] : [Given.Platform, Given.Seller], entries.Select(one => one.Company));
        Assert.All(entries, one => Assert.Equal(kind, one.Kind));
    }

    [Theory]
    [InlineData("rules", "rules")]
    [InlineData("customs-01", "officer")]
    public void Who_decided_is_the_rule(string by, string rule) =>
        Assert.All(Attribution.OfDecision(Given.Decision(300, by)), one => Assert.Equal(rule, one.Rule));

    [Theory] // UTC → day in Shanghai
    [InlineData("2026-11-21T15:59:59Z", "2026-11-21")]
    [InlineData("2026-11-21T16:00:00Z", "2026-11-22")]
    public void Days_are_those_of_Shanghai(string at, string day) => Assert.Equal(
        DateOnly.Parse(day, null), Entry.ShanghaiDay(DateTimeOffset.Parse(at, null)));
}
