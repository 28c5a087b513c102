using Microsoft.EntityFrameworkCore;

namespace Sandan.Naive;

/// <summary>An order. The names are those of the JSON document, the standard's spelling included.</summary>
[PrimaryKey(nameof(EbpCode), nameof(OrderNo))]
internal sealed class Order
{
    public required string Guid { get; set; }
    public required string AppType { get; set; }
    public required string AppTime { get; set; }
    public required string AppStatus { get; set; }
    public required string OrderType { get; set; }
    public required string OrderNo { get; set; }
    public required string EbpCode { get; set; }
    public required string EbpName { get; set; }
    public required string EbcCode { get; set; }
    public required string EbcName { get; set; }
    public decimal GoodsValue { get; set; }
    public decimal Freight { get; set; }
    public decimal Discount { get; set; }
    public decimal TaxTotal { get; set; }
    public decimal ActuralPaid { get; set; }
    public required string Currency { get; set; }
    public required string BuyerRegNo { get; set; }
    public required string BuyerName { get; set; }
    public required string BuyerTelephone { get; set; }
    public required string BuyerIdType { get; set; }
    public required string BuyerIdNumber { get; set; }
    public string? PayCode { get; set; }
    public string? PayName { get; set; }
    public string? PayTransactionId { get; set; }
    public required string Consignee { get; set; }
    public required string ConsigneeTelephone { get; set; }
    public required string ConsigneeAddress { get; set; }
    public string? ConsigneeDistrict { get; set; }
    public string? Note { get; set; }
    public List<OrderItem> OrderList { get; set; } = [];
}

/// <summary>A line of an order.</summary>
internal sealed class OrderItem
{
    public long Id { get; set; }
    public int Gnum { get; set; }
    public string? ItemNo { get; set; }
    public required string ItemName { get; set; }
    public required string Gmodel { get; set; }
    public string? ItemDescribe { get; set; }
    public string? BarCode { get; set; }
    public required string Unit { get; set; }
    public decimal Qty { get; set; }
    public decimal Price { get; set; }
    public decimal TotalPrice { get; set; }
    public required string Currency { get; set; }
    public required string Country { get; set; }
    public string? Note { get; set; }
}

/// <summary>A payment.</summary>
[PrimaryKey(nameof(PayCode), nameof(PayTransactionId))]
internal sealed class Payment
{
    public required string Guid { get; set; }
    public required string AppType { get; set; }
    public required string AppTime { get; set; }
    public required string AppStatus { get; set; }
    public required string PayCode { get; set; }
    public required string PayName { get; set; }
    public required string PayTransactionId { get; set; }
    public required string OrderNo { get; set; }
    public required string EbpCode { get; set; }
    public required string EbpName { get; set; }
    public required string PayerIdType { get; set; }
    public required string PayerIdNumber { get; set; }
    public required string PayerName { get; set; }
    public string? Telephone { get; set; }
    public decimal AmountPaid { get; set; }
    public required string Currency { get; set; }
    public required string PayTime { get; set; }
    public string? Note { get; set; }
}

/// <summary>A waybill.</summary>
[PrimaryKey(nameof(LogisticsCode), nameof(LogisticsNo))]
internal sealed class Waybill
{
    public required string Guid { get; set; }
    public required string AppType { get; set; }
    public required string AppTime { get; set; }
    public required string AppStatus { get; set; }
    public required string LogisticsCode { get; set; }
    public required string LogisticsName { get; set; }
    public required string LogisticsNo { get; set; }
    public string? BillNo { get; set; }
    public required string OrderNo { get; set; }
    public decimal? Freight { get; set; }
    public decimal? InsuredFee { get; set; }
    public required string Currency { get; set; }
    public decimal Weight { get; set; }
    public int PackNo { get; set; }
    public string? GoodsInfo { get; set; }
    public required string Consignee { get; set; }
    public required string ConsigneeAddress { get; set; }
    public required string ConsigneeTelephone { get; set; }
    public string? Note { get; set; }
}
