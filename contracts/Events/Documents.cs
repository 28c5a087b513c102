namespace Sandan.Contracts.Events;

/// <summary>Which version of which document an event speaks of.</summary>
/// <param name="Id">Our id of this version (UUID version 7).</param>
/// <param name="Version">1 for the first that was accepted, then counting up by changes and deletions.</param>
/// <param name="AppTime">appTime of the message, in UTC.</param>
/// <param name="AppTimeStated">False where the sender left appTime out and we took the time of receipt.</param>
/// <param name="ReceivedAt">When it was stored, in UTC.</param>
/// <param name="Deleted">True for appType 3: the document is withdrawn, its content is what was last known.</param>
public sealed record DocumentVersion(
    Guid Id, int Version, DateTimeOffset AppTime, bool AppTimeStated, DateTimeOffset ReceivedAt, bool Deleted = false);

/// <summary>A personal value as other services may know it: comparable, presentable, not readable.</summary>
/// <param name="Index">Blind index: keyed hash of the normalised value, base64; equal where the values are equal.</param>
/// <param name="Mask">What may be shown: <c>王*</c>, <c>330***********1234</c>.</param>
public sealed record Personal(string Index, string Mask);

/// <summary>Orders that <c>order</c> took in, in one message: at most some hundreds.</summary>
public sealed record OrdersAccepted(IReadOnlyList<OrderAccepted> Orders);

/// <summary>What others need of an order (CEB311).</summary>
public sealed record OrderAccepted
{
    public required DocumentVersion Document { get; init; }
    public required string PlatformCode { get; init; }
    public required string PlatformName { get; init; }
    public required string OrderNo { get; init; }
    public required string SellerCode { get; init; }

    /// <summary>Supervision mode as the sender stated it (our optional member <c>tradeMode</c>); null where not.</summary>
    public SupervisionMode? Mode { get; init; }

    /// <summary>CNY, at most 5 decimals, as all amounts here.</summary>
    public required decimal GoodsValue { get; init; }
    public required decimal Freight { get; init; }
    public required decimal Discount { get; init; }
    public required decimal TaxTotal { get; init; }
    public required decimal ActualPaid { get; init; }

    /// <summary>Customs numeric code or ISO letters, as sent.</summary>
    public required string Currency { get; init; }
    public string? PaymentCompanyCode { get; init; }
    public string? PaymentNo { get; init; }
    public required Personal BuyerName { get; init; }
    public required Personal BuyerId { get; init; }
    public required Personal Consignee { get; init; }
    public required Personal ConsigneeTelephone { get; init; }
    public required Personal ConsigneeAddress { get; init; }
    public required IReadOnlyList<GoodsItem> Items { get; init; }
}

/// <summary>One line of an order (CEB311 OrderList).</summary>
public sealed record GoodsItem
{
    /// <summary>gnum, from 1 upward.</summary>
    public required int LineNo { get; init; }

    /// <summary>The seller's article number, by which the goods filing is found.</summary>
    public string? ItemNo { get; init; }
    public required string ItemName { get; init; }

    /// <summary>Customs unit code (007 piece, 035 kg).</summary>
    public required string Unit { get; init; }
    public required decimal Quantity { get; init; }
    public required decimal Price { get; init; }
    public required decimal TotalPrice { get; init; }

    /// <summary>Country of origin, customs numeric code or ISO letters, as sent.</summary>
    public required string Country { get; init; }
}

/// <summary>Payments that <c>payment</c> took in, in one message.</summary>
public sealed record PaymentsAccepted(IReadOnlyList<PaymentAccepted> Payments);

/// <summary>What others need of a payment (CEB411).</summary>
public sealed record PaymentAccepted
{
    public required DocumentVersion Document { get; init; }
    public required string PaymentCompanyCode { get; init; }
    public required string PaymentNo { get; init; }
    public required string PlatformCode { get; init; }
    public required string PlatformName { get; init; }
    public required string OrderNo { get; init; }
    public required Personal PayerName { get; init; }
    public required Personal PayerId { get; init; }
    public required decimal AmountPaid { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset PaidAt { get; init; }
}

/// <summary>Waybills that <c>waybill</c> took in, in one message.</summary>
public sealed record WaybillsAccepted(IReadOnlyList<WaybillAccepted> Waybills);

/// <summary>What others need of a waybill (CEB511).</summary>
public sealed record WaybillAccepted
{
    public required DocumentVersion Document { get; init; }
    public required string LogisticsCompanyCode { get; init; }
    public required string WaybillNo { get; init; }

    /// <summary>The official message names the order but never its platform; our optional member platformCode does.</summary>
    public required string OrderNo { get; init; }
    public string? PlatformCode { get; init; }
    public required decimal Freight { get; init; }
    public required decimal InsuredFee { get; init; }
    public required string Currency { get; init; }

    /// <summary>Kilograms.</summary>
    public required decimal GrossWeightKg { get; init; }
    public required Personal Consignee { get; init; }
    public required Personal ConsigneeTelephone { get; init; }
    public required Personal ConsigneeAddress { get; init; }
}

/// <summary>Delivery states that <c>waybill</c> took in, in one message.</summary>
public sealed record WaybillStatusesAccepted(IReadOnlyList<WaybillStatusAccepted> Statuses);

/// <summary>The parcel reached a state (CEB513; <c>S</c>, signed for, is the only one there is).</summary>
public sealed record WaybillStatusAccepted(
    DocumentVersion Document, string LogisticsCompanyCode, string WaybillNo, string Status, DateTimeOffset ReachedAt);
