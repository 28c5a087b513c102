using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>An accepted document on its way into the match: what is stored of it.</summary>
/// <param name="Content">The document as its service told it.</param>
internal sealed record IncomingDocument(
    DocumentKind Kind, string CompanyCode, string Number, DocumentVersion Document, string? PlatformCode, string OrderNo, object Content)
{
    /// <summary>What is stored of an <see cref="OrderAccepted"/>, <see cref="PaymentAccepted"/> or <see cref="WaybillAccepted"/>.</summary>
    public static IncomingDocument Of(object accepted) => accepted switch
    {
        OrderAccepted order => new(
            DocumentKind.Order, order.PlatformCode, order.OrderNo, order.Document, order.PlatformCode, order.OrderNo,
            order),
        PaymentAccepted payment => new(
            DocumentKind.Payment, payment.PaymentCompanyCode, payment.PaymentNo, payment.Document, payment.PlatformCode,
            payment.OrderNo, payment),
        WaybillAccepted waybill => new(
            DocumentKind.Waybill, waybill.LogisticsCompanyCode, waybill.WaybillNo, waybill.Document, waybill.PlatformCode,
            waybill.OrderNo, waybill),
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
