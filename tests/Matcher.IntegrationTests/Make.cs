using System.Security.Cryptography;
using System.Text;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.IntegrationTests;

/// <summary>Documents as the intake services tell them; those of one order number agree unless a test says otherwise.</summary>
internal static class Make
{
    public const string Platform = "PLATFORM-1";
    public const string Seller = "SELLER-1";
    public const string Bank = "PAYER-1";
    public const string Carrier = "CARRIER-1";

    public static readonly DateTimeOffset Time = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    public static Personal Person(string value) =>
        new(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(value))[..16]), value[..1] + "*");

    public static DocumentVersion Version(int version = 1, bool deleted = false) => new(
        Guid.CreateVersion7(), version, Time.AddMinutes(version), true, TimeProvider.System.GetUtcNow(), deleted,
        version == 1 ? null : new(Time.AddMinutes(1), true, TimeProvider.System.GetUtcNow()));

    /// <summary>A version of a waybill that named another order number before.</summary>
    public static WaybillAccepted Moved(WaybillAccepted waybill, string from) =>
        waybill with { Document = waybill.Document with { EarlierOrders = [from] } };

    public static OrderAccepted Order(string orderNo, int version = 1, string platform = Platform, string seller = Seller) => new()
    {
        Document = Version(version),
        PlatformCode = platform,
        PlatformName = "三单商城",
        OrderNo = orderNo,
        SellerCode = seller,
        GoodsValue = 100,
        Freight = 0,
        TaxTotal = 9.1m,
        Discount = 0,
        ActualPaid = 109.1m,
        Currency = "142",
        PaymentCompanyCode = Bank,
        PaymentNo = $"P-{orderNo}",
        BuyerName = Person(orderNo + " buyer"),
        BuyerId = Person(orderNo + " id"),
        Consignee = Person(orderNo + " name"),
        ConsigneeTelephone = Person(orderNo + " telephone"),
        ConsigneeAddress = Person(orderNo + " address"),
        Items =
        [
            new() { LineNo = 1, ItemNo = "SKU-1", ItemName = "奶粉", Unit = "011", Quantity = 1, Price = 100, TotalPrice = 100, Country = "601" },
        ],
    };

    public static PaymentAccepted Payment(string orderNo, int version = 1, string platform = Platform) => new()
    {
        Document = Version(version),
        PaymentCompanyCode = Bank,
        PaymentNo = $"P-{orderNo}",
        PlatformCode = platform,
        PlatformName = "三单商城",
        OrderNo = orderNo,
        PayerName = Person(orderNo + " buyer"),
        PayerId = Person(orderNo + " id"),
        AmountPaid = 109.1m,
        Currency = "142",
        PaidAt = Time,
    };

    /// <summary>What customs tells; 800 unless a test says otherwise.</summary>
    public static ClearanceDecided Decision(string orderNo, int status = 800, int? previous = 120, int revision = 1) => new()
    {
        PlatformCode = Platform,
        OrderNo = orderNo,
        Decision = 1,
        Revision = revision,
        Status = status,
        PreviousStatus = previous,
        Code = "2600",
        DecidedAt = TimeProvider.System.GetUtcNow(),
        DecidedBy = "rules",
        SellerCode = Seller,
        PaymentCompanyCode = Bank,
        LogisticsCompanyCode = Carrier,
    };

    public static WaybillStatusAccepted SignedFor(string orderNo) =>
        new(Version(), Carrier, $"W-{orderNo}", "S", TimeProvider.System.GetUtcNow());

    public static WaybillAccepted Waybill(string orderNo, int version = 1) => new()
    {
        Document = Version(version),
        LogisticsCompanyCode = Carrier,
        WaybillNo = $"W-{orderNo}",
        OrderNo = orderNo,
        Freight = 0,
        InsuredFee = 0,
        Currency = "142",
        GrossWeightKg = 1,
        Consignee = Person(orderNo + " name"),
        ConsigneeTelephone = Person(orderNo + " telephone"),
        ConsigneeAddress = Person(orderNo + " address"),
    };
}
