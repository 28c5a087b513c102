using System.Security.Cryptography;
using System.Text;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;

namespace Sandan.Matcher.Tests;

/// <summary>Three documents that agree, for tests to spoil.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    public static Personal Person(string value) =>
        new(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(value))[..16]), value[..1] + "*");

    public static DocumentVersion Version(int version = 1, DateTimeOffset? at = null, bool stated = true) =>
        new(Guid.CreateVersion7(Now), version, at ?? Now, stated, at ?? Now);

    public static OrderAccepted Order(string orderNo = "O1", string platform = "PLATFORM-1") => new()
    {
        Document = Version(),
        PlatformCode = platform,
        PlatformName = "三单商城",
        OrderNo = orderNo,
        SellerCode = "SELLER-1",
        GoodsValue = 100,
        Freight = 8.5m,
        TaxTotal = 9.1m,
        Discount = 20,
        ActualPaid = 97.6m,
        Currency = "142",
        PaymentCompanyCode = "PAYER-1",
        PaymentNo = "PAY-1",
        BuyerName = Person("王小明"),
        BuyerId = Person("11010519491231002X"),
        Consignee = Person("李四"),
        ConsigneeTelephone = Person("13800000000"),
        ConsigneeAddress = Person("浙江省杭州市西湖区"),
        Items = [Line(100)],
    };

    public static GoodsItem Line(decimal total, int lineNo = 1) => new()
    {
        LineNo = lineNo, ItemName = "奶粉", Unit = "011", Quantity = 1, Price = total, TotalPrice = total, Country = "601",
    };

    public static PaymentAccepted Payment(string orderNo = "O1", string platform = "PLATFORM-1") => new()
    {
        Document = Version(),
        PaymentCompanyCode = "PAYER-1",
        PaymentNo = "PAY-1",
        PlatformCode = platform,
        PlatformName = "三单商城",
        OrderNo = orderNo,
        PayerName = Person("王小明"),
        PayerId = Person("11010519491231002X"),
        AmountPaid = 97.6m,
        Currency = "142",
        PaidAt = Now,
    };

    public static WaybillAccepted Waybill(string orderNo = "O1", string? platform = null) => new()
    {
        Document = Version(),
        LogisticsCompanyCode = "CARRIER-1",
        WaybillNo = "WAY-1",
        OrderNo = orderNo,
        PlatformCode = platform,
        Freight = 8.5m,
        InsuredFee = 0,
        Currency = "142",
        GrossWeightKg = 1,
        Consignee = Person("李四"),
        ConsigneeTelephone = Person("13800000000"),
        ConsigneeAddress = Person("浙江省杭州市西湖区"),
    };

    public static InventoryAccepted Inventory() => new()
    {
        Document = Version(),
        PlatformCode = "PLATFORM-1",
        OrderNo = "O1",
        SellerCode = "SELLER-1",
        LogisticsCompanyCode = "CARRIER-1",
        WaybillNo = "WAY-1",
        DeclarantCode = "AGENT-1",
        PreNo = "B20261120000000001",
        InventoryNo = "29242026I000000001",
        Mode = "9610",
        Freight = 8.5m,
        InsuredFee = 0,
        BuyerName = Person("王小明"),
        BuyerId = Person("11010519491231002X"),
        BuyerTelephone = Person("13800000000"),
        ConsigneeAddress = Person("浙江省杭州市西湖区"),
        Lines = [InventoryLine()],
        GuarantorCode = "PLATFORM-1",
        CustomsCode = "2924",
    };

    public static InventoryLine InventoryLine(int lineNo = 1) => new()
    {
        LineNo = lineNo, HsCode = "1901101000", Name = "奶粉", Unit = "011", Quantity = 1, Price = 100, TotalPrice = 100, Country = "601",
    };

    public static ThreeDocuments Three(
        Func<OrderAccepted, OrderAccepted>? order = null,
        Func<PaymentAccepted, PaymentAccepted>? payment = null,
        Func<WaybillAccepted, WaybillAccepted>? waybill = null) => new(
        (order ?? Same)(Order()), (payment ?? Same)(Payment()), (waybill ?? Same)(Waybill()));

    /// <param name="firstAppTime">Null where it was not stated.</param>
    public static HeldDocument Held(OrderAccepted order, DateTimeOffset? firstAppTime = null, params string[] earlier) =>
        HeldDocument.Of(order with { Document = Told(order.Document, firstAppTime, earlier) });

    public static HeldDocument Held(PaymentAccepted payment, DateTimeOffset? firstAppTime = null, params string[] earlier) =>
        HeldDocument.Of(payment with { Document = Told(payment.Document, firstAppTime, earlier) });

    public static HeldDocument Held(WaybillAccepted waybill, DateTimeOffset? firstAppTime = null, params string[] earlier) =>
        HeldDocument.Of(waybill with { Document = Told(waybill.Document, firstAppTime, earlier) });

    public static JoinedConsignment Joined(
        OrderAccepted? order, PaymentAccepted? payment, WaybillAccepted? waybill, bool ambiguous = false) => new(
        "PLATFORM-1", "O1",
        order is null ? null : Held(order),
        payment is null ? null : Held(payment),
        waybill is null ? null : Held(waybill),
        ambiguous);

    private static DocumentVersion Told(DocumentVersion version, DateTimeOffset? firstAppTime, string[] earlier) => version with
    {
        First = new(firstAppTime ?? version.AppTime, firstAppTime is not null, version.ReceivedAt),
        EarlierOrders = earlier,
    };

    private static T Same<T>(T document) => document;
}
