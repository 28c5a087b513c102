using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;

namespace Sandan.Matcher.Tests;

/// <summary>When a verdict is told, which revision it has, and since when a consignment waits.</summary>
public sealed class JudgingTests
{
    private static readonly JoinedConsignment Complete = Given.Joined(Given.Order(), Given.Payment(), Given.Waybill());
    private static readonly JoinedConsignment Wrong =
        Given.Joined(Given.Order(), Given.Payment() with { AmountPaid = 1 }, Given.Waybill());

    [Fact]
    public void A_first_document_waits_and_nothing_is_told()
    {
        var judged = Judge(Given.Joined(Given.Order(), null, null), null);

        Assert.Equal((ConsignmentState.Waiting, 0), (judged.Consignment.State, judged.Consignment.Revision));
        Assert.Null(judged.Verdict);
        Assert.Equal(Given.Now, judged.Consignment.WaitingSince);
    }

    [Fact]
    public void It_waits_since_its_first_document()
    {
        var payment = Given.Payment() with { Document = Given.Version(at: Given.Now.AddHours(-3)) };

        var judged = Judge(Given.Joined(Given.Order(), payment, null), null);

        Assert.Equal(Given.Now.AddHours(-3), judged.Consignment.WaitingSince);
        Assert.Equal(Given.Now.AddHours(-3), Judge(Complete, judged.Consignment).Consignment.WaitingSince);
    }

    [Fact]
    public void A_complete_one_that_agrees_is_matched_and_told_with_its_goods()
    {
        var verdict = Judge(Complete, Judge(Given.Joined(Given.Order(), null, null), null).Consignment).Verdict!;

        Assert.Equal((ConsignmentState.Matched, 1), (verdict.State, verdict.Revision));
        Assert.Equal(("SELLER-1", "PAYER-1", "PAY-1", "CARRIER-1", "WAY-1"),
            (verdict.SellerCode, verdict.PaymentCompanyCode, verdict.PaymentNo, verdict.LogisticsCompanyCode, verdict.WaybillNo));
        Assert.Equal((100m, 8.5m), (verdict.Goods!.GoodsValue, verdict.Goods.Freight));
        Assert.Equal(MatchRules.Version, verdict.RulesVersion);
        Assert.Equal((1, 1, 1), (verdict.Order!.Version, verdict.Payment!.Version, verdict.Waybill!.Version));
    }

    [Fact]
    public void A_complete_one_that_differs_is_mismatched_and_has_no_goods()
    {
        var verdict = Judge(Wrong, null).Verdict!;

        Assert.Equal(ConsignmentState.Mismatched, verdict.State);
        Assert.Equal("1332", Assert.Single(verdict.Discrepancies).Code);
        Assert.Null(verdict.Goods);
    }

    [Fact]
    public void A_warning_alone_stays_matched()
    {
        var verdict = Judge(Given.Joined(Given.Order() with { Discount = 1 }, Given.Payment(), Given.Waybill()), null).Verdict!;

        Assert.Equal(ConsignmentState.Matched, verdict.State);
        Assert.Equal(DiscrepancySeverity.Warning, Assert.Single(verdict.Discrepancies).Severity);
    }

    [Fact]
    public void The_same_documents_again_tell_nothing_and_change_nothing()
    {
        var first = Judge(Complete, null);
        var again = Judge(Complete, first.Consignment);

        Assert.Null(again.Verdict);
        Assert.Equal(Shown(first), Shown(again));
    }

    [Fact]
    public void A_new_version_is_told_even_where_the_state_stays()
    {
        var changed = Given.Joined(Given.Order() with { Document = Given.Version(2) }, Given.Payment(), Given.Waybill());

        var judged = Judge(changed, Judge(Complete, null).Consignment);

        Assert.Equal((ConsignmentState.Matched, 2, 2), (judged.Verdict!.State, judged.Verdict.Revision, judged.Verdict.Order!.Version));
    }

    [Fact]
    public void A_mode_that_becomes_known_is_told()
    {
        var judged = Judge(Complete, Judge(Complete, null).Consignment, mode: SupervisionMode.B2CBonded);

        Assert.Equal((2, SupervisionMode.B2CBonded), (judged.Verdict!.Revision, judged.Verdict.Mode));
    }

    [Fact]
    public void A_deletion_takes_the_verdict_back_and_waits_from_then_on()
    {
        var later = Given.Now.AddDays(3);
        var judged = Judge(Given.Joined(Given.Order(), Given.Payment(), null), Judge(Complete, null).Consignment, later);

        Assert.Equal((ConsignmentState.Waiting, 2), (judged.Verdict!.State, judged.Verdict.Revision));
        Assert.Equal((later, false), (judged.Consignment.WaitingSince, judged.Consignment.Overdue));
        Assert.Null(judged.Verdict.Waybill);

        var still = Judge(Given.Joined(Given.Order(), null, null), judged.Consignment, later.AddHours(1));
        Assert.Null(still.Verdict);   // it waited already
        Assert.Equal(later, still.Consignment.WaitingSince);

        var back = Judge(Complete, still.Consignment, later.AddHours(2));
        Assert.Equal((ConsignmentState.Matched, 3), (back.Verdict!.State, back.Verdict.Revision));
    }

    [Fact]
    public void An_ambiguous_one_is_told_and_so_is_its_end()
    {
        var unclear = Judge(Given.Joined(Given.Order(), Given.Payment(), null, ambiguous: true), null);
        var waiting = Judge(Given.Joined(Given.Order(), Given.Payment(), null), unclear.Consignment);

        Assert.Equal((ConsignmentState.Ambiguous, 1), (unclear.Verdict!.State, unclear.Verdict.Revision));
        Assert.Equal((ConsignmentState.Waiting, 2), (waiting.Verdict!.State, waiting.Verdict.Revision));
    }

    [Fact]
    public void Nothing_is_told_of_a_waybill_whose_platform_nobody_knows()
    {
        var judged = Judge(new JoinedConsignment("", "O1", null, null, Given.Held(Given.Waybill()), false), null);

        Assert.Null(judged.Verdict);
        Assert.Equal(ConsignmentState.Waiting, judged.Consignment.State);
    }

    [Fact]
    public void Overdue_is_forgotten_when_another_document_is_missing()
    {
        var waiting = Judge(Given.Joined(Given.Order(), null, null), null).Consignment with { Overdue = true };

        Assert.True(Judge(Given.Joined(Given.Order() with { Document = Given.Version(2) }, null, null), waiting).Consignment.Overdue);
        Assert.False(Judge(Given.Joined(Given.Order(), Given.Payment(), null), waiting).Consignment.Overdue);
        Assert.False(Judge(Complete, waiting).Consignment.Overdue);
    }

    [Fact]
    public void A_document_that_came_from_another_order_number_is_judged_anew()
    {
        var moved = Complete with { Waybill = Given.Held(Given.Waybill() with { Document = Given.Version(2) }, null, "O0") };

        Assert.NotEqual(Judging.BasisOf(Complete, null), Judging.BasisOf(moved, null));
        Assert.Equal("R07", Assert.Single(Judge(moved, Judge(Complete, null).Consignment).Verdict!.Risks).Rule);
    }

    private static JudgedConsignment Judge(
        JoinedConsignment joined, StoredConsignment? stored, DateTimeOffset? now = null, SupervisionMode? mode = null) =>
        Judging.Judge(joined, stored, mode, default, ForcedOutcome.None, new(), now ?? Given.Now);

    private static string Shown(JudgedConsignment judged) =>
        judged.Consignment with { Missing = [] } + string.Join(',', judged.Consignment.Missing);
}
