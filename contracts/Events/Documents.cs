using MessagePack;

namespace Sandan.Contracts.Events;

/// <summary>Which version of which document an event speaks of.</summary>
/// <param name="Id">Our id of this version (UUID version 7).</param>
/// <param name="Version">1 for the first that was accepted, then counting up by changes and deletions.</param>
/// <param name="AppTime">appTime of the message, in UTC.</param>
/// <param name="AppTimeStated">False where the sender left appTime out and we took the time of receipt.</param>
/// <param name="ReceivedAt">When it was stored, in UTC.</param>
/// <param name="Deleted">True for appType 3: the document is withdrawn, its content is what was last known.</param>
/// <param name="First">Of a later version: what the first one that was told said of its time; null where this is the first.</param>
/// <param name="EarlierOrders">Other order numbers that told versions before this one named; null where none did.</param>
[MessagePackObject]
public sealed record DocumentVersion(
    [property: Key(0)] Guid Id,
    [property: Key(1)] int Version,
    [property: Key(2)] DateTimeOffset AppTime,
    [property: Key(3)] bool AppTimeStated,
    [property: Key(4)] DateTimeOffset ReceivedAt,
    [property: Key(5)] bool Deleted = false,
    [property: Key(6)] FirstVersion? First = null,
    [property: Key(7)] IReadOnlyList<string>? EarlierOrders = null);

/// <summary>The times of the first version of a document that was told; no later one changes them.</summary>
/// <param name="AppTime">As <see cref="DocumentVersion.AppTime"/>, <paramref name="AppTimeStated"/> likewise.</param>
/// <param name="ReceivedAt">When it was stored, in UTC.</param>
[MessagePackObject]
public sealed record FirstVersion(
    [property: Key(0)] DateTimeOffset AppTime,
    [property: Key(1)] bool AppTimeStated,
    [property: Key(2)] DateTimeOffset ReceivedAt);

/// <summary>A personal value as other services may know it: comparable, presentable, not readable.</summary>
/// <param name="Index">Blind index: keyed hash of the normalised value, base64; equal where the values are equal.</param>
/// <param name="Mask">What may be shown: <c>王*</c>, <c>330***********1234</c>.</param>
[MessagePackObject]
public sealed record Personal(
    [property: Key(0)] string Index,
    [property: Key(1)] string Mask);

/// <summary>Orders that <c>order</c> took in, in one message: at most some hundreds.</summary>
[MessagePackObject]
public sealed record OrdersAccepted([property: Key(0)] IReadOnlyList<OrderAccepted> Orders);

/// <summary>What others need of an order (CEB311).</summary>
[MessagePackObject]
public sealed record OrderAccepted
{
    [Key(0)] public required DocumentVersion Document { get; init; }
    [Key(1)] public required string PlatformCode { get; init; }
    [Key(2)] public required string PlatformName { get; init; }
    [Key(3)] public required string OrderNo { get; init; }
    [Key(4)] public required string SellerCode { get; init; }

    /// <summary>Supervision mode as the sender stated it (our optional member <c>tradeMode</c>); null where not.</summary>
    [Key(5)] public SupervisionMode? Mode { get; init; }

    /// <summary>CNY, at most 5 decimals, as all amounts here.</summary>
    [Key(6)] public required decimal GoodsValue { get; init; }
    [Key(7)] public required decimal Freight { get; init; }
    [Key(8)] public required decimal Discount { get; init; }
    [Key(9)] public required decimal TaxTotal { get; init; }
    [Key(10)] public required decimal ActualPaid { get; init; }

    /// <summary>Customs numeric code or ISO letters, as sent.</summary>
    [Key(11)] public required string Currency { get; init; }
    [Key(12)] public string? PaymentCompanyCode { get; init; }
    [Key(13)] public string? PaymentNo { get; init; }
    [Key(14)] public required Personal BuyerName { get; init; }
    [Key(15)] public required Personal BuyerId { get; init; }
    [Key(16)] public required Personal Consignee { get; init; }
    [Key(17)] public required Personal ConsigneeTelephone { get; init; }
    [Key(18)] public required Personal ConsigneeAddress { get; init; }
    [Key(19)] public required IReadOnlyList<GoodsItem> Items { get; init; }

    /// <summary>buyerTelephone; null of orders that were told before it was.</summary>
    [Key(20)] public Personal? BuyerTelephone { get; init; }
}

/// <summary>One line of an order (CEB311 OrderList).</summary>
[MessagePackObject]
public sealed record GoodsItem
{
    /// <summary>gnum, from 1 upward.</summary>
    [Key(0)] public required int LineNo { get; init; }

    /// <summary>The seller's article number, by which the goods filing is found.</summary>
    [Key(1)] public string? ItemNo { get; init; }
    [Key(2)] public required string ItemName { get; init; }

    /// <summary>Customs unit code (007 piece, 035 kg).</summary>
    [Key(3)] public required string Unit { get; init; }
    [Key(4)] public required decimal Quantity { get; init; }
    [Key(5)] public required decimal Price { get; init; }
    [Key(6)] public required decimal TotalPrice { get; init; }

    /// <summary>Country of origin, customs numeric code or ISO letters, as sent.</summary>
    [Key(7)] public required string Country { get; init; }
}

/// <summary>Payments that <c>payment</c> took in, in one message.</summary>
[MessagePackObject]
public sealed record PaymentsAccepted([property: Key(0)] IReadOnlyList<PaymentAccepted> Payments);

/// <summary>What others need of a payment (CEB411).</summary>
[MessagePackObject]
public sealed record PaymentAccepted
{
    [Key(0)] public required DocumentVersion Document { get; init; }
    [Key(1)] public required string PaymentCompanyCode { get; init; }
    [Key(2)] public required string PaymentNo { get; init; }
    [Key(3)] public required string PlatformCode { get; init; }
    [Key(4)] public required string PlatformName { get; init; }
    [Key(5)] public required string OrderNo { get; init; }
    [Key(6)] public required Personal PayerName { get; init; }
    [Key(7)] public required Personal PayerId { get; init; }
    [Key(8)] public required decimal AmountPaid { get; init; }
    [Key(9)] public required string Currency { get; init; }
    [Key(10)] public required DateTimeOffset PaidAt { get; init; }
}

/// <summary>Waybills that <c>waybill</c> took in, in one message.</summary>
[MessagePackObject]
public sealed record WaybillsAccepted([property: Key(0)] IReadOnlyList<WaybillAccepted> Waybills);

/// <summary>What others need of a waybill (CEB511).</summary>
[MessagePackObject]
public sealed record WaybillAccepted
{
    [Key(0)] public required DocumentVersion Document { get; init; }
    [Key(1)] public required string LogisticsCompanyCode { get; init; }
    [Key(2)] public required string WaybillNo { get; init; }

    /// <summary>The official message names the order but never its platform; our optional member platformCode does.</summary>
    [Key(3)] public required string OrderNo { get; init; }
    [Key(4)] public string? PlatformCode { get; init; }
    [Key(5)] public required decimal Freight { get; init; }
    [Key(6)] public required decimal InsuredFee { get; init; }
    [Key(7)] public required string Currency { get; init; }

    /// <summary>Kilograms.</summary>
    [Key(8)] public required decimal GrossWeightKg { get; init; }
    [Key(9)] public required Personal Consignee { get; init; }
    [Key(10)] public required Personal ConsigneeTelephone { get; init; }
    [Key(11)] public required Personal ConsigneeAddress { get; init; }
}

/// <summary>Delivery states that <c>waybill</c> took in, in one message.</summary>
[MessagePackObject]
public sealed record WaybillStatusesAccepted([property: Key(0)] IReadOnlyList<WaybillStatusAccepted> Statuses);

/// <summary>The parcel reached a state (CEB513; <c>S</c>, signed for, is the only one there is).</summary>
[MessagePackObject]
public sealed record WaybillStatusAccepted(
    [property: Key(0)] DocumentVersion Document,
    [property: Key(1)] string LogisticsCompanyCode,
    [property: Key(2)] string WaybillNo,
    [property: Key(3)] string Status,
    [property: Key(4)] DateTimeOffset ReachedAt);

/// <summary>Inventories that <c>customs</c> took in, in one message.</summary>
[MessagePackObject]
public sealed record InventoriesAccepted([property: Key(0)] IReadOnlyList<InventoryAccepted> Inventories);

/// <summary>What others need of an import inventory (CEB621); seller and order number name it.</summary>
[MessagePackObject]
public sealed record InventoryAccepted
{
    [Key(0)] public required DocumentVersion Document { get; init; }
    [Key(1)] public required string PlatformCode { get; init; }
    [Key(2)] public required string OrderNo { get; init; }
    [Key(3)] public required string SellerCode { get; init; }
    [Key(4)] public required string LogisticsCompanyCode { get; init; }
    [Key(5)] public required string WaybillNo { get; init; }
    [Key(6)] public required string DeclarantCode { get; init; }

    /// <summary>preNo and invtNo: what e-port and customs call it.</summary>
    [Key(7)] public required string PreNo { get; init; }
    [Key(8)] public required string InventoryNo { get; init; }

    /// <summary>tradeMode as sent.</summary>
    [Key(9)] public required string Mode { get; init; }
    [Key(10)] public required decimal Freight { get; init; }
    [Key(11)] public required decimal InsuredFee { get; init; }
    [Key(12)] public required Personal BuyerName { get; init; }
    [Key(13)] public required Personal BuyerId { get; init; }
    [Key(14)] public required Personal BuyerTelephone { get; init; }
    [Key(15)] public required Personal ConsigneeAddress { get; init; }

    /// <summary>Bonded account (emsNo); null in direct purchase.</summary>
    [Key(16)] public string? Account { get; init; }
    [Key(17)] public required IReadOnlyList<InventoryLine> Lines { get; init; }

    /// <summary>Company that guarantees the tax (assureCode).</summary>
    [Key(18)] public required string GuarantorCode { get; init; }

    /// <summary>Office that takes the declaration (customsCode).</summary>
    [Key(19)] public required string CustomsCode { get; init; }

    /// <summary>Warehouse company in the bonded area (areaCode); null in direct purchase.</summary>
    [Key(20)] public string? AreaCode { get; init; }

    /// <summary>trafNo, voyageNo and billNo: how the goods came; null in bonded mode.</summary>
    [Key(21)] public string? TransportNo { get; init; }
    [Key(22)] public string? VoyageNo { get; init; }
    [Key(23)] public string? BillNo { get; init; }
}

/// <summary>One line of an inventory (CEB621 InventoryList).</summary>
[MessagePackObject]
public sealed record InventoryLine
{
    /// <summary>gnum, that of the order's line.</summary>
    [Key(0)] public required int LineNo { get; init; }

    /// <summary>itemRecordNo in the bonded account; null in direct purchase.</summary>
    [Key(1)] public string? RecordNo { get; init; }

    /// <summary>gcode, ten digits.</summary>
    [Key(2)] public required string HsCode { get; init; }

    /// <summary>gname.</summary>
    [Key(3)] public required string Name { get; init; }

    /// <summary>Customs unit code.</summary>
    [Key(4)] public required string Unit { get; init; }
    [Key(5)] public required decimal Quantity { get; init; }
    [Key(6)] public required decimal Price { get; init; }
    [Key(7)] public required decimal TotalPrice { get; init; }

    /// <summary>Country of origin, customs numeric code or ISO letters, as sent.</summary>
    [Key(8)] public required string Country { get; init; }
}

/// <summary>Requests to cancel inventories that <c>customs</c> took in, in one message.</summary>
[MessagePackObject]
public sealed record CancellationsAccepted([property: Key(0)] IReadOnlyList<CancellationAccepted> Cancellations);

/// <summary>A request to cancel an inventory (CEB623), or an export inventory (CEB605).</summary>
/// <param name="InventoryNo">invtNo, as customs gave it.</param>
/// <param name="DeclarantCode">agentCode: who asks.</param>
[MessagePackObject]
public sealed record CancellationAccepted(
    [property: Key(0)] DocumentVersion Document,
    [property: Key(1)] string InventoryNo,
    [property: Key(2)] string DeclarantCode);

/// <summary>Requests to return goods that <c>customs</c> took in, in one message.</summary>
[MessagePackObject]
public sealed record ReturnsAccepted([property: Key(0)] IReadOnlyList<ReturnAccepted> Returns);

/// <summary>What requests to return goods have in common, of imports (CEB625) and of exports (CEB213); preNo names one, whatever its version.</summary>
public interface IReturnAccepted
{
    /// <summary>The version.</summary>
    DocumentVersion Document { get; }

    /// <summary>The e-port's number.</summary>
    string PreNo { get; }

    /// <summary>invtNo, as customs gave it.</summary>
    string InventoryNo { get; }

    /// <summary>ebpCode.</summary>
    string PlatformCode { get; }

    /// <summary>ebcCode.</summary>
    string SellerCode { get; }

    /// <summary>logisticsCode.</summary>
    string LogisticsCompanyCode { get; }

    /// <summary>agentCode.</summary>
    string DeclarantCode { get; }
}

/// <summary>A request to return goods of an inventory (CEB625); preNo names it, whatever its version.</summary>
[MessagePackObject]
public sealed record ReturnAccepted : IReturnAccepted
{
    [Key(0)] public required DocumentVersion Document { get; init; }
    [Key(1)] public required string PreNo { get; init; }

    /// <summary>invtNo, as customs gave it.</summary>
    [Key(2)] public required string InventoryNo { get; init; }
    [Key(3)] public required string PlatformCode { get; init; }
    [Key(4)] public required string OrderNo { get; init; }
    [Key(5)] public required string SellerCode { get; init; }
    [Key(6)] public required string LogisticsCompanyCode { get; init; }
    [Key(7)] public required string WaybillNo { get; init; }

    /// <summary>agentCode: who asks.</summary>
    [Key(8)] public required string DeclarantCode { get; init; }
    [Key(9)] public required Personal BuyerName { get; init; }
    [Key(10)] public required Personal BuyerId { get; init; }
    [Key(11)] public required IReadOnlyList<ReturnLine> Lines { get; init; }
}

/// <summary>One line of a return (CEB625 InvtRefundList).</summary>
/// <param name="LineNo">gnum, that of the inventory's line.</param>
/// <param name="HsCode">gcode, ten digits.</param>
/// <param name="Quantity">In the declared unit, above 0.</param>
[MessagePackObject]
public sealed record ReturnLine(
    [property: Key(0)] int LineNo,
    [property: Key(1)] string HsCode,
    [property: Key(2)] decimal Quantity);
