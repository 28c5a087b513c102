using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Credit.Domain;

/// <summary>Which company an event speaks for or against.</summary>
/// <remarks>
/// The platform and the seller answer for the order, the payment company for the payment, the logistics company for the
/// waybill. Who is not named cannot be credited or blamed. A company in two roles is one company.
/// </remarks>
internal static class Attribution
{
    /// <summary>returnStatus of a release.</summary>
    public const int StatusReleased = 800;

    /// <summary>
    /// Risk rules about waybills: time order broken (R05), waybill number used again (R07). The rest are about orders.
    /// </summary>
    private static readonly string[] WaybillRisks = ["R05", "R07"];

    /// <summary>
    /// Entries of a verdict, without those for matching that <see cref="Corrections"/> has to look at first: a Matched
    /// verdict counts for all parties, a Mismatched one against those whose turn it is. A warning is nobody's fault.
    /// </summary>
    public static IEnumerable<Entry> OfVerdict(ConsignmentJudged verdict)
    {
        var reference = new Reference(verdict.PlatformCode, verdict.OrderNo, verdict.Revision);
        if (verdict.State == ConsignmentState.Matched)
        {
            foreach (var company in Distinct(
                verdict.PlatformCode, verdict.SellerCode, verdict.PaymentCompanyCode, verdict.LogisticsCompanyCode))
            {
                yield return new(company, EntryKind.Matched, "", "", verdict.JudgedAt, 1, reference);
            }
        }
        else if (verdict.State == ConsignmentState.Mismatched)
        {
            var faults = verdict.Discrepancies
                .Where(one => one.Severity == DiscrepancySeverity.Mismatch)
                .SelectMany(one => Senders(one.Turn, verdict).Select(company => (company, one.Rule, one.Code)))
                .Distinct();
            foreach (var (company, rule, code) in faults)
            {
                yield return new(company, EntryKind.Mismatched, rule, code, verdict.JudgedAt, 1, reference);
            }
        }

        var risks = verdict.Risks
            .SelectMany(one => Suspects(one, verdict)
                .Select(company => (company, one.Rule, Kind: KindOf(one.Severity))))
            .Distinct();
        foreach (var (company, rule, kind) in risks)
        {
            yield return new(company, kind, rule, rule, verdict.JudgedAt, 1, reference);
        }
    }

    /// <summary>
    /// Entries of a consignment that waited too long: against the senders of what is missing, where they are known.
    /// </summary>
    public static IEnumerable<Entry> OfOverdue(ConsignmentOverdue overdue) =>
        from missing in overdue.Missing.Distinct()
        from company in LateSenders(missing, overdue)
        select new Entry(
            company, EntryKind.Late, NameOf(missing), CreditCodes.DocumentLate, overdue.NoticedAt, 1,
            new(overdue.PlatformCode, overdue.OrderNo, 0));

    /// <summary>Entry of a parcel that was released and not delivered in time: against the logistics company.</summary>
    public static Entry OfDelivery(DeliveryOverdue overdue) => new(
        overdue.LogisticsCompanyCode, KindOf(overdue.Risk.Severity), overdue.Risk.Rule, overdue.Risk.Rule, overdue.NoticedAt, 1,
        new(overdue.PlatformCode, overdue.OrderNo, overdue.Revision));

    /// <summary>Missing documents whose sender nobody named.</summary>
    public static int Unattributed(ConsignmentOverdue overdue) =>
        overdue.Missing.Distinct().Count(missing => !LateSenders(missing, overdue).Any());

    /// <summary>
    /// Entry of a decision, for or against the platform and the seller, who declare. Other statuses (120, 399, 899 …)
    /// are steps on the way and say nothing of a company; releases are most of all, and <see cref="Ledger"/> counts them itself.
    /// </summary>
    public static IEnumerable<Entry> OfDecision(ClearanceDecided decision)
    {
        var kind = decision.Status switch
        {
            100 => EntryKind.Rejected,
            300 => EntryKind.Held,
            500 => EntryKind.Inspected,
            _ => null,
        };
        if (kind is null)
        {
            yield break;
        }

        var decider = decision.DecidedBy == Decider.Rules ? Decider.Rules : Decider.Officer;
        foreach (var company in Distinct(decision.PlatformCode, decision.SellerCode))
        {
            yield return new(
                company, kind, decider, decision.Code, decision.DecidedAt, 1,
                new(decision.PlatformCode, decision.OrderNo, decision.Decision));
        }
    }

    private static IEnumerable<string> Senders(DocumentKind document, ConsignmentJudged verdict) => document switch
    {
        DocumentKind.Payment => Distinct(verdict.PaymentCompanyCode),
        DocumentKind.Waybill => Distinct(verdict.LogisticsCompanyCode),
        _ => Distinct(verdict.PlatformCode, verdict.SellerCode),
    };

    private static IEnumerable<string> LateSenders(DocumentKind document, ConsignmentOverdue overdue) => document switch
    {
        DocumentKind.Payment => Distinct(overdue.PaymentCompanyCode),
        DocumentKind.Waybill => Distinct(overdue.LogisticsCompanyCode),
        _ => Distinct(overdue.PlatformCode, overdue.SellerCode),
    };

    private static IEnumerable<string> Suspects(Risk risk, ConsignmentJudged verdict) =>
        Senders(WaybillRisks.Contains(risk.Rule) ? DocumentKind.Waybill : DocumentKind.Order, verdict);

    private static string KindOf(RiskSeverity severity) => severity switch
    {
        RiskSeverity.Block => EntryKind.RiskBlock,
        RiskSeverity.Hold => EntryKind.RiskHold,
        _ => EntryKind.RiskWatch,
    };

    private static string NameOf(DocumentKind document) => document switch
    {
        DocumentKind.Payment => "payment",
        DocumentKind.Waybill => "waybill",
        _ => "order",
    };

    private static IEnumerable<string> Distinct(params IEnumerable<string?> companies) =>
        companies.Where(company => !string.IsNullOrWhiteSpace(company)).Select(company => company!).Distinct();
}
