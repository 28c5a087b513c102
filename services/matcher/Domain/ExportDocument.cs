using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>A document of an export as the matcher holds it: the newest version of it that came.</summary>
/// <param name="Number">Names it among those of its kind.</param>
/// <param name="OrderRef">Platform and order number; null on a waybill, which names neither.</param>
/// <param name="WaybillRef">Logistics company and waybill number; null on orders and payments.</param>
internal sealed record ExportDocument(
    DocumentKind Kind, string Number, DocumentVersion Document, string? OrderRef, string? WaybillRef, object Content)
{
    private const char Between = '\u001F';

    /// <summary>Of an accepted order, receipt of payment, waybill or inventory.</summary>
    public static ExportDocument Of(object accepted) => accepted switch
    {
        ExportOrderAccepted order => new(
            DocumentKind.Order, Join(order.PlatformCode, order.SellerCode, order.OrderNo), order.Document,
            Join(order.PlatformCode, order.OrderNo), null, order),
        ExportPaymentAccepted payment => new(
            DocumentKind.Payment, Join(payment.SellerCode, payment.PlatformCode, payment.OrderNo, payment.PaymentNo ?? ""), payment.Document,
            Join(payment.PlatformCode, payment.OrderNo), null, payment),
        ExportWaybillAccepted waybill => new(
            DocumentKind.Waybill, Join(waybill.LogisticsCompanyCode, waybill.WaybillNo), waybill.Document,
            null, Join(waybill.LogisticsCompanyCode, waybill.WaybillNo), waybill),
        ExportInventoryAccepted inventory => new(
            DocumentKind.Inventory, Join(inventory.DeclarantCode, inventory.DeclarantNo), inventory.Document,
            Join(inventory.PlatformCode, inventory.OrderNo), Join(inventory.LogisticsCompanyCode, inventory.WaybillNo), inventory),
        _ => throw new ArgumentException($"{accepted.GetType().Name} is no document of an export.", nameof(accepted)),
    };

    /// <summary>What a row holds.</summary>
    public static ExportDocument Read(DocumentKind kind, ReadOnlyMemory<byte> body) => Of(kind switch
    {
        DocumentKind.Order => EventBytes.Read<ExportOrderAccepted>(body),
        DocumentKind.Payment => EventBytes.Read<ExportPaymentAccepted>(body),
        DocumentKind.Waybill => EventBytes.Read<ExportWaybillAccepted>(body),
        _ => (object)EventBytes.Read<ExportInventoryAccepted>(body),
    });

    /// <summary>What a row is to hold.</summary>
    public byte[] Write() => Content switch
    {
        ExportOrderAccepted order => EventBytes.Write(order),
        ExportPaymentAccepted payment => EventBytes.Write(payment),
        ExportWaybillAccepted waybill => EventBytes.Write(waybill),
        _ => EventBytes.Write((ExportInventoryAccepted)Content),
    };

    /// <summary>Names this version among those of its kind.</summary>
    public string Basis => $"{Number}@{Document.Version}";

    private static string Join(params string[] parts) => string.Join(Between, parts);
}
