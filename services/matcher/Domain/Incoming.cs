using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>An accepted document on its way into the match: what is stored of it.</summary>
/// <param name="Body">The document as its service told it, as <see cref="EventBytes"/>.</param>
internal sealed record IncomingDocument(
    DocumentKind Kind, string CompanyCode, string Number, DocumentVersion Document, string? PlatformCode, string OrderNo, byte[] Body)
{
    /// <summary>What is stored of an <see cref="OrderAccepted"/>, <see cref="PaymentAccepted"/> or <see cref="WaybillAccepted"/>.</summary>
    public static IncomingDocument Of(object accepted) => accepted switch
    {
        OrderAccepted order => new(
            DocumentKind.Order, order.PlatformCode, order.OrderNo, order.Document, order.PlatformCode, order.OrderNo,
            EventBytes.Write(order)),
        PaymentAccepted payment => new(
            DocumentKind.Payment, payment.PaymentCompanyCode, payment.PaymentNo, payment.Document, payment.PlatformCode,
            payment.OrderNo, EventBytes.Write(payment)),
        WaybillAccepted waybill => new(
            DocumentKind.Waybill, waybill.LogisticsCompanyCode, waybill.WaybillNo, waybill.Document, waybill.PlatformCode,
            waybill.OrderNo, EventBytes.Write(waybill)),
        _ => throw new ArgumentException($"{accepted.GetType().Name} is no document.", nameof(accepted)),
    };

    /// <summary>The earliest version that came together with this one.</summary>
    public DocumentVersion First { get; private init; } = Document;

    /// <summary>Other order numbers that versions named which came together with this one.</summary>
    public IReadOnlyList<string> EarlierOrders { get; private init; } = [];

    /// <summary>One document per number: its newest version, which remembers what the others said first.</summary>
    public static IEnumerable<IncomingDocument> Newest(IEnumerable<IncomingDocument> documents) => documents
        .GroupBy(one => (one.Kind, one.CompanyCode, one.Number))
        .Select(group =>
        {
            var newest = group.MaxBy(one => one.Document.Version)!;
            return newest with
            {
                First = group.MinBy(one => one.Document.Version)!.Document,
                EarlierOrders = [.. group.Select(one => one.OrderNo).Where(number => number != newest.OrderNo).Distinct()],
            };
        });
}
