using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>A document as the matcher holds it: one version of it and what it says.</summary>
/// <param name="CompanyCode">Platform, payment company, logistics company or, of an inventory, seller; with kind and number it names the document.</param>
/// <param name="PlatformCode">Null on most waybills: the official message does not name it.</param>
/// <param name="Content">The document as its service told it.</param>
internal sealed record HeldDocument(
    DocumentKind Kind, string CompanyCode, string Number, DocumentVersion Document, string? PlatformCode, string OrderNo, object Content)
{
    /// <summary>Of an <see cref="OrderAccepted"/>, <see cref="PaymentAccepted"/>, <see cref="WaybillAccepted"/> or <see cref="InventoryAccepted"/>.</summary>
    public static HeldDocument Of(object accepted) => accepted switch
    {
        OrderAccepted order => new(
            DocumentKind.Order, order.PlatformCode, order.OrderNo, order.Document, order.PlatformCode, order.OrderNo, order),
        PaymentAccepted payment => new(
            DocumentKind.Payment, payment.PaymentCompanyCode, payment.PaymentNo, payment.Document, payment.PlatformCode,
            payment.OrderNo, payment),
        WaybillAccepted waybill => new(
            DocumentKind.Waybill, waybill.LogisticsCompanyCode, waybill.WaybillNo, waybill.Document, waybill.PlatformCode,
            waybill.OrderNo, waybill),
        InventoryAccepted inventory => new(
            DocumentKind.Inventory, inventory.SellerCode, inventory.OrderNo, inventory.Document, inventory.PlatformCode,
            inventory.OrderNo, inventory),
        _ => throw new ArgumentException($"{accepted.GetType().Name} is no document.", nameof(accepted)),
    };

    /// <summary>The order; only where <see cref="Kind"/> says so.</summary>
    public OrderAccepted Order => (OrderAccepted)Content;

    /// <summary>The payment; only where <see cref="Kind"/> says so.</summary>
    public PaymentAccepted Payment => (PaymentAccepted)Content;

    /// <summary>The waybill; only where <see cref="Kind"/> says so.</summary>
    public WaybillAccepted Waybill => (WaybillAccepted)Content;

    /// <summary>The inventory; only where <see cref="Kind"/> says so.</summary>
    public InventoryAccepted Inventory => (InventoryAccepted)Content;

    /// <summary>When its first version was stored.</summary>
    public DateTimeOffset ReceivedAt => Document.First?.ReceivedAt ?? Document.ReceivedAt;

    /// <summary>appTime of its first version, where its sender stated it.</summary>
    public DateTimeOffset? FirstAppTime => Document.First is { } first
        ? first.AppTimeStated ? first.AppTime : null
        : Document.AppTimeStated ? Document.AppTime : null;

    /// <summary>Other order numbers that earlier versions named.</summary>
    public IReadOnlyList<string> EarlierOrders => Document.EarlierOrders ?? [];

    /// <summary>Names this version among all documents.</summary>
    public string Basis => $"{CompanyCode}/{Number}@{Document.Version}";
}
