using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Domain;
using Sandan.Shared.Security;

namespace Sandan.Customs.Feed;

/// <summary>Makes the events of the feed from what happened.</summary>
internal static class FeedEvents
{
    /// <summary>A decision; null where it is not told.</summary>
    /// <param name="clearance">After the decision.</param>
    public static FeedEvent? Of(Clearance clearance, Decision? decision) =>
        decision is not null && FeedTypes.Of(decision) is { } type
        ? FeedEvent.Make(type, decision.At, clearance.Parties, new()
        {
            EbpCode = clearance.Key.PlatformCode,
            OrderNo = clearance.Key.OrderNo,
            Revision = decision.Revision,
            Decision = decision.Number,
            ReturnStatus = (int)decision.Status,
            PreviousStatus = (int?)decision.PreviousStatus,
            Code = decision.Code,
            Text = Explained.TextOf(decision.Code),
            Fix = Explained.FixOf(decision.Code),
            ReturnInfo = ReturnInfoOf(clearance),
            DecidedBy = decision.By == Clearance.ByRules ? Clearance.ByRules : Roles.Customs,
            State = clearance.State,
            TradeMode = clearance.Mode,
            Companies = CompaniesOf(clearance),
            Amounts = AmountsOf(clearance),
            Tax = TaxOf(clearance),
            Discrepancies = DiscrepanciesOf(clearance),
            Risks = RisksOf(clearance, everything: false),
        })
        : null;

    /// <summary>What a new verdict tells beside the decision that follows from it.</summary>
    public static IReadOnlyList<FeedEvent> Of(Clearance judged)
    {
        if (judged.State != ConsignmentState.Ambiguous && judged.RiskRule is null)
        {
            return [];
        }

        var told = new List<FeedEvent>();
        var at = judged.Judged!.JudgedAt;
        var data = new FeedData
        {
            EbpCode = judged.Key.PlatformCode,
            OrderNo = judged.Key.OrderNo,
            Revision = judged.Revision,
            Code = ClearanceCodes.PlatformUndecided,
            Text = Explained.TextOf(ClearanceCodes.PlatformUndecided),
            State = judged.State,
            TradeMode = judged.Mode,
            Companies = CompaniesOf(judged),
        };
        if (judged.State == ConsignmentState.Ambiguous)
        {
            told.Add(FeedEvent.Make(FeedTypes.Ambiguous, at, judged.Parties, data with
            {
                Fix = Explained.FixOf(ClearanceCodes.PlatformUndecided),
                Discrepancies = DiscrepanciesOf(judged),
            }));
        }

        if (judged.RiskRule is { } rule)
        {
            // Customs does not disclose its thresholds, and the evidence names other consignments: no party reads this.
            told.Add(FeedEvent.Make(FeedTypes.RiskDetected, at, [], data with
            {
                Code = rule,
                Text = Explained.TextOf(rule),
                Risks = RisksOf(judged, everything: true),
            }));
        }

        return told;
    }

    /// <summary>A document did not come in time.</summary>
    public static FeedEvent Of(ConsignmentOverdue overdue) => FeedEvent.Make(
        FeedTypes.Overdue,
        overdue.NoticedAt,
        Clearance.PartiesOf(
            overdue.PlatformCode, overdue.SellerCode, overdue.PaymentCompanyCode, overdue.LogisticsCompanyCode),
        new()
        {
            EbpCode = overdue.PlatformCode,
            OrderNo = overdue.OrderNo,
            Code = ClearanceCodes.DocumentOverdue,
            Text = Explained.TextOf(ClearanceCodes.DocumentOverdue),
            Fix = Explained.FixOf(ClearanceCodes.DocumentOverdue),
            Companies = new(
                overdue.PlatformCode.Length > 0 ? overdue.PlatformCode : null,
                overdue.SellerCode, overdue.PaymentCompanyCode, overdue.LogisticsCompanyCode),
            Missing = overdue.Missing,
            WaitingSince = overdue.WaitingSince,
        });

    /// <summary>A released parcel was not delivered in time; a risk, and so for customs and the operator alone.</summary>
    public static FeedEvent Of(DeliveryOverdue overdue) => FeedEvent.Make(
        FeedTypes.RiskDetected,
        overdue.NoticedAt,
        [],
        new()
        {
            EbpCode = overdue.PlatformCode,
            OrderNo = overdue.OrderNo,
            Revision = overdue.Revision,
            Code = overdue.Risk.Rule,
            Text = Explained.TextOf(overdue.Risk.Rule),
            Fix = Explained.FixOf(overdue.Risk.Rule),
            Companies = new(
                overdue.PlatformCode, overdue.SellerCode, overdue.PaymentCompanyCode, overdue.LogisticsCompanyCode),
            Risks = [RiskOf(overdue.Risk, everything: true)],
            WaitingSince = overdue.ReleasedAt,
        });

    public static FeedCompanies CompaniesOf(Clearance clearance) => new(
        clearance.Key.PlatformCode, clearance.SellerCode, clearance.PaymentCompanyCode, clearance.LogisticsCompanyCode);

    /// <summary>Tax amounts only where they are of the present verdict, or of the released one.</summary>
    public static FeedAmounts? AmountsOf(Clearance clearance)
    {
        var tax = HasTax(clearance) ? clearance.Assessed : null;
        return clearance.Judged?.GoodsValue is null && tax is null ? null : new()
        {
            GoodsValue = clearance.Judged?.GoodsValue,
            Freight = clearance.Judged?.Freight,
            InsuredFee = clearance.Judged?.InsuredFee,
            DutiableValue = tax?.DutiableValue,
            Tariff = tax?.Tariff,
            Vat = tax?.Vat,
            ConsumptionTax = tax?.ConsumptionTax,
            TaxTotal = tax?.Total,
        };
    }

    public static FeedTax? TaxOf(Clearance clearance) => HasTax(clearance) && clearance.TaxRoute is { } route
        ? new(route, [.. clearance.Assessed!.Reasons.Select(reason => new FeedTaxReason(
            reason.Code, Explained.TextOf(reason.Code), Explained.FixOf(reason.Code),
            reason.LineNo, reason.Expected, reason.Actual))])
        : null;

    /// <summary>The lines that a decision speaks of: those of its own revision, or those that were released.</summary>
    public static IReadOnlyList<TaxedLine> LinesOf(Clearance clearance) =>
        HasTax(clearance) ? clearance.Assessed?.Lines ?? [] : [];

    public static IReadOnlyList<FeedDiscrepancy>? DiscrepanciesOf(Clearance clearance) =>
        clearance.Judged is { Discrepancies: { Count: > 0 } discrepancies }
            ? [.. discrepancies.Select(Of)]
            : null;

    public static FeedDiscrepancy Of(Discrepancy one) => new(
        one.Rule, one.Code, Explained.TextOf(one.Code), Explained.FixOf(one.Code), one.Severity, one.Fields,
        one.Difference, one.Tolerance, one.Turn);

    /// <summary>Risks as customs sees them, or as a party may: without Watch, numbers and evidence.</summary>
    public static IReadOnlyList<FeedRisk>? RisksOf(Clearance clearance, bool everything)
    {
        if (clearance.Judged is not { Risks: { Count: > 0 } all })
        {
            return null;
        }

        var risks = all.Where(risk => everything || risk.Severity != RiskSeverity.Watch)
            .Select(risk => RiskOf(risk, everything))
            .ToArray();
        return risks.Length > 0 ? risks : null;
    }

    /// <summary>returnInfo of the decision that stands, with the compared values where a discrepancy made it.</summary>
    /// <param name="remark">The officer's reason, where the reader may see it.</param>
    public static string ReturnInfoOf(Clearance clearance, string? remark = null) => ReturnInfo.Of(
        clearance.Code!,
        remark,
        clearance.Status == ReturnStatus.Rejected
            ? clearance.Judged?.Discrepancies.FirstOrDefault(one =>
                one.Severity == DiscrepancySeverity.Mismatch && one.Code == clearance.Code)
            : null);

    private static FeedRisk RiskOf(Risk risk, bool everything) => everything
        ? new(risk.Rule, Explained.TextOf(risk.Rule), risk.Severity, risk.Observed, risk.Limit, risk.Evidence)
        : new(risk.Rule, Explained.TextOf(risk.Rule), risk.Severity);

    private static bool HasTax(Clearance clearance) =>
        clearance.TaxIsAssessed || clearance.Status == ReturnStatus.Released;
}
