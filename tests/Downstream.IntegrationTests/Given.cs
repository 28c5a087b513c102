using Sandan.Contracts;
using Sandan.Contracts.Events;

namespace Sandan.Downstream.IntegrationTests;

/// <summary>Single events, all at noon of 2026-01-05 in Shanghai.</summary>
internal static class Given
{
    public const string Platform = "PLATFORM00";
    public static readonly DateTimeOffset Noon = new(2026, 1, 5, 4, 0, 0, TimeSpan.Zero);

    public static ConsignmentJudged Verdict(string orderNo, int revision, ConsignmentState state) => new()
    {
        PlatformCode = Platform,
        OrderNo = orderNo,
        Revision = revision,
        State = state,
        JudgedAt = Noon,
        RulesVersion = "1",
        SellerCode = "SELLER0000",
        PaymentCompanyCode = "PAYMENT000",
        LogisticsCompanyCode = "LOGISTIC00",
        Discrepancies = state != ConsignmentState.Mismatched
            ? []
            : [new("AmountPaid", "1332", DiscrepancySeverity.Mismatch, [], 1, 0, DocumentKind.Payment)],
    };

    public static ClearanceDecided Decision(string orderNo, int status, int decision = 1) => new()
    {
        PlatformCode = Platform,
        OrderNo = orderNo,
        Decision = decision,
        Revision = decision,
        Status = status,
        Code = "2600",
        DecidedAt = Noon.AddMinutes(5),
        DecidedBy = "rules",
        Mode = SupervisionMode.B2CBonded,
        SellerCode = "SELLER0000",
        PaymentCompanyCode = "PAYMENT000",
        LogisticsCompanyCode = "LOGISTIC00",
        Lines = [new(1, "3304990031", "502", 100m, 0, 9.1m, 0)],
    };
}
