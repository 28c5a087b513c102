using Sandan.Contracts;
using Sandan.Contracts.Events;

namespace Sandan.Customs.IntegrationTests;

/// <summary>The companies of one test, and events about their consignments.</summary>
internal sealed class Samples
{
    private static readonly DateTimeOffset At = new(2026, 11, 11, 1, 2, 3, TimeSpan.Zero);
    private static int counter;

    public Samples()
    {
        var number = Interlocked.Increment(ref counter);
        (Platform, Seller, Payment, Logistics) = ($"P{number:000}", $"S{number:000}", $"PAY{number:000}", $"LOG{number:000}");
    }

    public string Platform { get; }
    public string Seller { get; }
    public string Payment { get; }
    public string Logistics { get; }

    public ConsignmentJudged Verdict(
        string orderNo,
        int revision = 1,
        ConsignmentState state = ConsignmentState.Matched,
        IReadOnlyList<Discrepancy>? discrepancies = null,
        params Risk[] risks) => new()
        {
            PlatformCode = Platform,
            OrderNo = orderNo,
            Revision = revision,
            State = state,
            Mode = SupervisionMode.B2CBonded,
            JudgedAt = At,
            RulesVersion = "test",
            SellerCode = Seller,
            PaymentCompanyCode = Payment,
            LogisticsCompanyCode = Logistics,
            PaymentNo = "PAYNO" + orderNo,
            WaybillNo = "WB" + orderNo,
            Discrepancies = discrepancies ?? (state == ConsignmentState.Mismatched ? [AmountDiffers] : []),
            Risks = risks,
            Goods = state == ConsignmentState.Matched ? new("buyer", 100, 8.5m, 0, []) : null,
        };

    /// <summary>An assessment; the first of a first revision comes with its verdict, as tax sends it.</summary>
    public TaxAssessed Tax(
        string orderNo, int revision = 1, int attempt = 1, TaxRoute route = TaxRoute.Preferential, params TaxReason[] reasons) => new(
            Platform, orderNo, revision, attempt, route, 108.5m, 0, 9.8735m, 0, 9.8735m, reasons,
            [new(1, "3304990039", "116", 108.5m, 0, 9.8735m, 0)], At, (revision, attempt) == (1, 1) ? Verdict(orderNo) : null);

    public static Discrepancy AmountDiffers { get; } = new(
        "amount-paid", "1332", DiscrepancySeverity.Mismatch,
        [new(DocumentKind.Order, "acturalPaid", "561.89"), new(DocumentKind.Payment, "amountPaid", "3197.95")],
        2636.06m, 0, DocumentKind.Payment);

    public static Risk Risk(string rule, RiskSeverity severity) => new(rule, severity, 3, 1, ["somebody else's order"]);
}
