using Sandan.Contracts;
using Sandan.Contracts.Events;

namespace Sandan.Customs.Tests;

/// <summary>Events to test with.</summary>
internal static class Samples
{
    private static readonly DateTimeOffset At = new(2026, 11, 11, 1, 2, 3, TimeSpan.Zero);

    public static ConsignmentJudged Verdict(
        int revision = 1,
        ConsignmentState state = ConsignmentState.Matched,
        IReadOnlyList<Discrepancy>? discrepancies = null,
        IReadOnlyList<Risk>? risks = null) => new()
        {
            PlatformCode = "P",
            OrderNo = "O",
            Revision = revision,
            State = state,
            Mode = SupervisionMode.B2CBonded,
            JudgedAt = At,
            RulesVersion = "test",
            SellerCode = "S",
            PaymentCompanyCode = "PAY",
            LogisticsCompanyCode = "LOG",
            Discrepancies = discrepancies ?? [],
            Risks = risks ?? [],
            Goods = new("buyer", 100, 8.5m, 0, []),
        };

    public static TaxAssessed Tax(
        int revision = 1, int attempt = 1, TaxRoute route = TaxRoute.Preferential, params TaxReason[] reasons) =>
        new("P", "O", revision, attempt, route, 108.5m, 0, 9.87m, 0, 9.87m, reasons, [new(1, "3304990039", "116", 108.5m, 0, 9.87m, 0)], At);

    public static InventoryAccepted Inventory()
    {
        var person = new Personal("index", "王*");
        return new()
        {
            Document = new(Guid.CreateVersion7(At), 1, At, true, At),
            PlatformCode = "P",
            OrderNo = "O",
            SellerCode = "S",
            LogisticsCompanyCode = "LOG",
            WaybillNo = "W",
            DeclarantCode = "A",
            PreNo = "B20261120000000001",
            InventoryNo = "29242026I000000001",
            Mode = "9610",
            Freight = 8.5m,
            InsuredFee = 0,
            BuyerName = person,
            BuyerId = person,
            BuyerTelephone = person,
            ConsigneeAddress = person,
            Lines = [],
            GuarantorCode = "P",
            CustomsCode = "2924",
        };
    }

    public static ExportInventoryAccepted ExportInventory(DocumentVersion document, string inventoryNo = "31052026E000000001", params ExportLine[] lines) => new()
    {
        Document = document,
        DeclarantCode = "AGENT",
        DeclarantNo = "COP1",
        PlatformCode = "PLATFORM",
        OrderNo = "X1",
        SellerCode = "SELLER",
        LogisticsCompanyCode = "LOGISTICS",
        WaybillNo = "W1",
        PreNo = "B20261120000000001",
        InventoryNo = inventoryNo,
        Mode = "9610",
        Statistics = "B",
        GrossWeightKg = 2,
        Parcels = 1,
        NetWeightKg = 0.8m,
        CustomsCode = "3105",
        PortCode = "3105",
        TransportMode = "5",
        Country = "502",
        ProducerCode = "NO",
        ProducerName = "示例茶厂",
        Lines = lines,
    };

    public static Risk Risk(string rule, RiskSeverity severity) => new(rule, severity, 2, 1, ["another order"]);

    public static Discrepancy Discrepancy(string code, DiscrepancySeverity severity = DiscrepancySeverity.Mismatch) => new(
        "amount-paid", code, severity,
        [new(DocumentKind.Order, "acturalPaid", "561.89"), new(DocumentKind.Payment, "amountPaid", "3197.95")],
        2636.06m, 0, DocumentKind.Payment);
}
