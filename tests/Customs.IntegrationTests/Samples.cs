using Sandan.Contracts;
using Sandan.Contracts.Events;

namespace Sandan.Customs.IntegrationTests;

/// <summary>The companies of one test, and events about their consignments.</summary>
internal sealed class Samples
{
    private static readonly DateTimeOffset At = new(2026, 11, 11, 1, 2, 3, TimeSpan.Zero);
    private static int counter;
    private static int numbers = 900_000_000; // of declarations, which the intake does not reach

    public Samples()
    {
        var number = Interlocked.Increment(ref counter);
        (Platform, Seller, Payment, Logistics) = ($"P{number:000}", $"S{number:000}", $"PAY{number:000}", $"LOG{number:000}");
    }

    public string Platform { get; }
    public string Seller { get; }
    public string Payment { get; }
    public string Logistics { get; }
    public string Declarant => "AG" + Seller;

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

    /// <summary>2 of the first line, 3 of the second.</summary>
    public InventoryAccepted Inventory(string orderNo)
    {
        var (number, person) = (Interlocked.Increment(ref numbers), new Personal("index", "王*"));
        return new()
        {
            Document = Version(),
            PlatformCode = Platform,
            OrderNo = orderNo,
            SellerCode = Seller,
            LogisticsCompanyCode = Logistics,
            WaybillNo = "WB" + orderNo,
            DeclarantCode = Declarant,
            PreNo = $"B20261111{number:000000000}",
            InventoryNo = $"31052026I{number:000000000}",
            Mode = "1210",
            Freight = 8.5m,
            InsuredFee = 0,
            BuyerName = person,
            BuyerId = person,
            BuyerTelephone = person,
            ConsigneeAddress = person,
            Lines = [Line(1, "3304990039", 2), Line(2, "9619001100", 3)],
            GuarantorCode = Platform,
            CustomsCode = "3105",
        };
    }

    public static InventoryLine Line(int gnum, string gcode, decimal quantity) => new()
    {
        LineNo = gnum, HsCode = gcode, Name = "x", Unit = "142", Quantity = quantity, Price = 10, TotalPrice = quantity * 10, Country = "116",
    };

    public static InventoryJudged Judged(InventoryAccepted inventory, int revision, ConsignmentState state) =>
        new(inventory, revision, state, inventory.Document.ReceivedAt, []);

    public static ReturnAccepted Return(InventoryAccepted inventory, params (int Gnum, decimal Quantity)[] lines) => new()
    {
        Document = Version(),
        PreNo = $"T20261111{Interlocked.Increment(ref numbers):000000000}",
        InventoryNo = inventory.InventoryNo,
        PlatformCode = inventory.PlatformCode,
        OrderNo = inventory.OrderNo,
        SellerCode = inventory.SellerCode,
        LogisticsCompanyCode = inventory.LogisticsCompanyCode,
        WaybillNo = inventory.WaybillNo,
        DeclarantCode = inventory.DeclarantCode,
        BuyerName = inventory.BuyerName,
        BuyerId = inventory.BuyerId,
        Lines = [.. lines.Select(line => new ReturnLine(line.Gnum, inventory.Lines[line.Gnum - 1].HsCode, line.Quantity))],
    };

    /// <summary>Of companies D, S and L of a platform, and of the parcel <c>platform-number</c>.</summary>
    public static ExportInventoryAccepted ExportInventory(
        DocumentVersion document, string platform, string number, string declarantNo, string inventoryNo, params ExportLine[] lines) => new()
    {
        Document = document,
        DeclarantCode = "D" + platform,
        DeclarantNo = declarantNo,
        PlatformCode = platform,
        OrderNo = number,
        SellerCode = "S" + platform,
        LogisticsCompanyCode = "L" + platform,
        WaybillNo = $"{platform}-{number}",
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

    /// <summary>Received now, later than every one before.</summary>
    public static DocumentVersion Version(int number = 1)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new(Guid.CreateVersion7(now.AddMilliseconds(Interlocked.Increment(ref numbers) - 900_000_000)), number, now, true, now);
    }

    public static Discrepancy AmountDiffers { get; } = new(
        "amount-paid", "1332", DiscrepancySeverity.Mismatch,
        [new(DocumentKind.Order, "acturalPaid", "561.89"), new(DocumentKind.Payment, "amountPaid", "3197.95")],
        2636.06m, 0, DocumentKind.Payment);

    public static Risk Risk(string rule, RiskSeverity severity) => new(rule, severity, 3, 1, ["somebody else's order"]);
}
