using Sandan.Contracts.Events;
using Sandan.Credit.Domain;

namespace Sandan.Credit.Tests;

public sealed class LedgerTests
{
    [Fact]
    public void A_clean_first_match_is_counted_and_kept_by_no_consignment()
    {
        var ledger = Of(Given.Verdict(ConsignmentState.Matched), Given.Verdict(ConsignmentState.Matched, orderNo: "T2"));
        Assert.Empty(ledger.Verdicts);
        Assert.Equal(
            [Given.Logistics, Given.Payment, Given.Platform, Given.Seller],
            ledger.Others.Select(one => one.Company).Order(StringComparer.Ordinal));
        Assert.All(ledger.Others, one => Assert.Equal(
            (EntryKind.Matched, 2, null, Given.At), (one.Kind, one.Count, one.Of, one.At)));
    }

    [Fact]
    public void The_days_of_Shanghai_are_counted_apart_and_the_latest_moment_is_kept()
    {
        var ledger = Of(
            Given.Verdict(ConsignmentState.Matched) with { JudgedAt = Given.At.AddSeconds(1) },
            Given.Verdict(ConsignmentState.Matched) with { JudgedAt = Given.At.AddSeconds(-5) },
            Given.Verdict(ConsignmentState.Matched));
        Assert.Equal(
            [(2, Given.At), (1, Given.At.AddSeconds(1))],
            ledger.Others.Where(one => one.Company == Given.Seller).OrderBy(one => one.Day)
                .Select(one => (one.Count, one.At)));
    }

    [Fact]
    public void A_risk_of_a_first_match_is_an_entry_beside_the_count()
    {
        var ledger = Of(Given.Verdict(ConsignmentState.Matched) with { Risks = [Given.Risk("R15", RiskSeverity.Watch)] });
        Assert.Equal(
            [(EntryKind.Matched, 4), (EntryKind.RiskWatch, 2)],
            ledger.Others.GroupBy(one => one.Kind).Select(group => (group.Key, group.Count())));
    }

    [Theory] // previous status → releases counted for platform and seller
    [InlineData(null, 1)]
    [InlineData(300, 1)]
    [InlineData(800, 0)] // a change behind the release
    public void A_release_counts_once_whatever_changes_behind_it(int? previous, int count)
    {
        var said = Of(Given.Decision(800) with { PreviousStatus = previous }).Others;
        Assert.Equal(count == 0 ? [] : [Given.Platform, Given.Seller], said.Select(one => one.Company));
        Assert.All(said, one => Assert.Equal((EntryKind.Released, count), (one.Kind, one.Count)));
    }

    [Theory]
    [InlineData(ConsignmentState.Matched, 2, EntryKind.Matched)]
    [InlineData(ConsignmentState.Mismatched, 1, EntryKind.Mismatched)]
    public void What_can_be_or_make_a_correction_is_looked_at_first(ConsignmentState state, int revision, string kind)
    {
        var ledger = Of(Given.Verdict(state, revision) with
        {
            Discrepancies = state == ConsignmentState.Mismatched ? [Given.Fault(DocumentKind.Payment)] : [],
        });
        Assert.Empty(ledger.Others);
        Assert.All(ledger.Verdicts, one => Assert.Equal((kind, revision), (one.Kind, one.Of!.Value.Revision)));
        Assert.NotEmpty(ledger.Verdicts);
    }

    [Theory] // platform, seller, payment, logistics company → companies that are credited
    [InlineData("P", "P", "P", "P", "P")]
    [InlineData("P", "S", "S", "P", "P S")]
    [InlineData("P", "P", "Y", "Y", "P Y")]
    [InlineData("P", "S", null, "", "P S")]
    [InlineData("P", "S", " ", "L", "L P S")]
    public void A_company_in_two_roles_counts_once(
        string platform, string seller, string? payment, string? logistics, string credited)
    {
        var verdict = Given.Verdict(ConsignmentState.Matched) with
        {
            PlatformCode = platform, SellerCode = seller, PaymentCompanyCode = payment, LogisticsCompanyCode = logistics,
        };
        var said = Of(verdict).Others.ToList();
        Assert.Equal(credited, string.Join(' ', said.Select(one => one.Company).Order(StringComparer.Ordinal)));
        Assert.All(said, one => Assert.Equal(1, one.Count));
        Assert.Equal( // as for a later revision, whose consignment is kept
            said.Select(one => one.Company).Order(StringComparer.Ordinal),
            Attribution.OfVerdict(verdict).Select(one => one.Company).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Releases_are_counted_and_other_decisions_kept()
    {
        var ledger = Of(Given.Decision(800), Given.Decision(800), Given.Decision(300), Given.Decision(120));
        Assert.Equal(
            [(Given.Platform, EntryKind.Released, 2), (Given.Seller, EntryKind.Released, 2),
                (Given.Platform, EntryKind.Held, 1), (Given.Seller, EntryKind.Held, 1)],
            ledger.Others.Select(one => (one.Company, one.Kind, one.Count)));
    }

    private static Ledger Of(params object[] events)
    {
        var ledger = new Ledger();
        foreach (var one in events)
        {
            ledger.Take(one);
        }

        return ledger;
    }
}
