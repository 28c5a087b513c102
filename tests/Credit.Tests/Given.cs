using Sandan.Contracts.Events;
using Sandan.Credit.Domain;

namespace Sandan.Credit.Tests;

/// <summary>Events with the parts that matter to credit.</summary>
internal static class Given
{
    public const string Platform = "PLATFORM01";
    public const string Seller = "SELLER0001";
    public const string Payment = "PAYMENT001";
    public const string Logistics = "LOGISTICS1";

    /// <summary>23:59:59 in Shanghai on 2026-11-21.</summary>
    public static readonly DateTimeOffset At = new(2026, 11, 21, 15, 59, 59, TimeSpan.Zero);

    public static ConsignmentJudged Verdict(ConsignmentState state, int revision = 1, string orderNo = "T1") => new()
    {
        PlatformCode = Platform,
        OrderNo = orderNo,
        Revision = revision,
        State = state,
        JudgedAt = At,
        RulesVersion = "1",
        SellerCode = Seller,
        PaymentCompanyCode = Payment,
        LogisticsCompanyCode = Logistics,
    };

    public static Discrepancy Fault(
        DocumentKind turn, string rule = "AmountPaid", DiscrepancySeverity severity = DiscrepancySeverity.Mismatch) =>
        new(rule, "1332", severity, [], null, null, turn);

    public static Risk Risk(string rule, RiskSeverity severity) => new(rule, severity, 3, 3, []);

    public static ClearanceDecided Decision(int status, string by = "rules") => new()
    {
        PlatformCode = Platform,
        OrderNo = "T1",
        Decision = 1,
        Revision = 1,
        Status = status,
        Code = "1300",
        DecidedAt = At,
        DecidedBy = by,
        SellerCode = Seller,
        PaymentCompanyCode = Payment,
        LogisticsCompanyCode = Logistics,
    };

    public static Entry Entry(string kind, int revision, string company = Platform, string rule = "") => new(
        company, kind, rule, "", At, 1, new Reference(Platform, "T1", revision));
}
