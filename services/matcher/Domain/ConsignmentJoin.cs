using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>A document as the matcher holds it: its newest version and what it says.</summary>
/// <param name="FirstVersion">The earliest version that came; <paramref name="FirstAppTime"/> and <paramref name="ReceivedAt"/> are its.</param>
/// <param name="Content">What it says; read only when something is compared.</param>
internal sealed record HeldDocument(
    DocumentKind Kind,
    string CompanyCode,
    string Number,
    int Version,
    int FirstVersion,
    string? PlatformCode,
    string OrderNo,
    DateTimeOffset? FirstAppTime,
    DateTimeOffset ReceivedAt,
    IReadOnlyList<string> EarlierOrders,
    Lazy<object> Content)
{
    /// <summary>A document that just came in its first stored version.</summary>
    public static HeldDocument Of(IncomingDocument incoming) => new(
        incoming.Kind,
        incoming.CompanyCode,
        incoming.Number,
        incoming.Document.Version,
        incoming.First.Version,
        incoming.PlatformCode,
        incoming.OrderNo,
        incoming.First.AppTimeStated ? incoming.First.AppTime : null,
        incoming.First.ReceivedAt,
        incoming.EarlierOrders,
        new(incoming.Content));

    /// <summary>The order; only where <see cref="Kind"/> says so.</summary>
    public OrderAccepted Order => (OrderAccepted)Content.Value;

    /// <summary>The payment; only where <see cref="Kind"/> says so.</summary>
    public PaymentAccepted Payment => (PaymentAccepted)Content.Value;

    /// <summary>The waybill; only where <see cref="Kind"/> says so.</summary>
    public WaybillAccepted Waybill => (WaybillAccepted)Content.Value;

    /// <summary>Names this version among all documents, and what is known of those before it: risks rest on that too.</summary>
    public string Basis { get; } =
        $"{CompanyCode}/{Number}@{Version}"
        + (FirstVersion > 1 ? $"<{FirstVersion}" : "")
        + (EarlierOrders.Count > 0 ? $"+{EarlierOrders.Count}" : "");
}

/// <summary>The documents of one order number on one platform.</summary>
/// <param name="PlatformCode">Empty where only a waybill is there and nothing says whose it is.</param>
/// <param name="Ambiguous">A waybill is there that may belong to this one or to another platform's.</param>
internal sealed record JoinedConsignment(
    string PlatformCode, string OrderNo, HeldDocument? Order, HeldDocument? Payment, HeldDocument? Waybill, bool Ambiguous)
{
    /// <summary>What is not there; a waybill that may be another's is not.</summary>
    public IReadOnlyList<DocumentKind> Missing { get; } =
    [
        .. Order is null ? new[] { DocumentKind.Order } : [],
        .. Payment is null ? new[] { DocumentKind.Payment } : [],
        .. Waybill is null ? new[] { DocumentKind.Waybill } : [],
    ];
}

/// <summary>
/// Puts the documents of one order number together. Order and payment name platform and order number; the official
/// import waybill names the order number only. The result depends on the documents alone, not on the order in which
/// they came.
/// </summary>
internal static class ConsignmentJoin
{
    /// <summary>All consignments of an order number.</summary>
    /// <param name="documents">Every document, not withdrawn, that names this order number.</param>
    public static IReadOnlyList<JoinedConsignment> Join(string orderNo, IReadOnlyList<HeldDocument> documents)
    {
        var platforms = documents.Select(one => one.PlatformCode).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToArray();
        var orders = documents.Where(one => one.Kind == DocumentKind.Order).ToDictionary(one => one.PlatformCode!);
        var nameless = documents.Where(one => one.Kind == DocumentKind.Waybill && one.PlatformCode is null).ToArray();
        var owners = nameless.ToDictionary(one => one, one => OwnerOf(one, platforms, orders));

        var joined = platforms.Select(platform =>
        {
            var order = orders.GetValueOrDefault(platform);
            var payments = documents.Where(one => one.Kind == DocumentKind.Payment && one.PlatformCode == platform).ToArray();
            var waybills = documents.Where(one => one.Kind == DocumentKind.Waybill && one.PlatformCode == platform)
                .Concat(nameless.Where(one => owners[one] == platform)).ToArray();
            var waybill = Best(waybills, one => order is not null && ConsigneeRules.Agree(order.Order, one.Waybill));
            return new JoinedConsignment(
                platform,
                orderNo,
                order,
                Best(payments, one => order is not null && Fits(order.Order, one.Payment)),
                waybill,
                waybill is null && order is not null && nameless.Any(one => owners[one] is null));
        }).ToList();

        if (platforms.Length == 0 && nameless.Length > 0)
        {
            joined.Add(new("", orderNo, null, null, Best(nameless, _ => false), false));
        }

        return joined;
    }

    /// <summary>
    /// The platform whose order a waybill without platform belongs to: the only one there is, or the only one whose
    /// consignee agrees; null where that does not decide. Never a guess.
    /// </summary>
    private static string? OwnerOf(
        HeldDocument waybill, string[] platforms, Dictionary<string, HeldDocument> orders)
    {
        if (platforms.Length <= 1)
        {
            return platforms.FirstOrDefault();
        }

        if (orders.Count == 1)
        {
            return orders.Keys.Single();
        }

        var agreeing = orders.Where(one => ConsigneeRules.Agree(one.Value.Order, waybill.Waybill)).ToArray();
        return agreeing is [var only] ? only.Key : null;
    }

    /// <summary>
    /// Of several documents for one order the one that fits it, else the newest; by number where even that is equal, so
    /// that every matcher chooses the same.
    /// </summary>
    private static HeldDocument? Best(HeldDocument[] candidates, Func<HeldDocument, bool> fits) => candidates.Length switch
    {
        0 => null,
        1 => candidates[0],
        _ => candidates
            .OrderByDescending(fits)
            .ThenByDescending(one => one.ReceivedAt)
            .ThenBy(one => one.Basis, StringComparer.Ordinal)
            .First(),
    };

    private static bool Fits(OrderAccepted order, PaymentAccepted payment) =>
        (order.PaymentNo is null || order.PaymentNo == payment.PaymentNo)
        && order.ActualPaid == payment.AmountPaid
        && order.BuyerId.Index == payment.PayerId.Index;
}
