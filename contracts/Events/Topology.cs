namespace Sandan.Contracts.Events;

/// <summary>
/// Who consumes what: the whole way of the data between the services, in one place. Each event type has a fanout
/// exchange, each pair of service and event a quorum queue bound to it. Every service declares all of it before it
/// publishes anything, so that nothing is sent to an exchange whose queues do not exist yet.
/// </summary>
public static class Topology
{
    /// <summary>Event type and the services that consume it. An event that nobody consumes does not exist.</summary>
    public static readonly IReadOnlyList<(Type Event, string[] Consumers)> Subscriptions =
    [
        (typeof(CompaniesRegistered), ["matcher"]),
        (typeof(GoodsFiled), ["tax"]),
        (typeof(CertificatesRegistered), ["order", "payment", "waybill", "customs"]),
        (typeof(OrdersAccepted), ["matcher"]),
        (typeof(PaymentsAccepted), ["matcher"]),
        (typeof(WaybillsAccepted), ["matcher"]),
        (typeof(WaybillStatusesAccepted), ["matcher"]),
        (typeof(InventoriesAccepted), ["matcher"]),
        (typeof(CancellationsAccepted), ["customs"]),
        (typeof(ExportOrdersAccepted), ["matcher"]),
        (typeof(ExportPaymentsAccepted), ["matcher"]),
        (typeof(ExportWaybillsAccepted), ["matcher"]),
        (typeof(ExportInventoriesAccepted), ["matcher"]),
        (typeof(ExportCancellationsAccepted), ["customs"]),
        (typeof(TransportsAccepted), ["customs"]),
        (typeof(ExportReturnsAccepted), ["customs"]),
        (typeof(SummariesAccepted), ["customs"]),
        (typeof(WarehousingsAccepted), ["customs"]),
        (typeof(ReturnsAccepted), ["customs"]),
        (typeof(ConsignmentsJudged), ["tax", "customs", "credit", "statistics"]),
        (typeof(InventoriesJudged), ["customs"]),
        (typeof(ExportInventoriesJudged), ["customs"]),
        (typeof(ConsignmentsOverdue), ["customs", "credit"]),
        (typeof(DeliveriesOverdue), ["customs", "credit"]),
        (typeof(TaxesAssessed), ["customs"]),
        (typeof(ClearancesDecided), ["matcher", "tax", "credit", "statistics", "customs"]),
        (typeof(ReturnsReleased), ["tax"]),
    ];

    /// <summary>Exchange of an event type: <c>orders-accepted</c>, after <paramref name="prefix"/>.</summary>
    public static string ExchangeOf(Type eventType, string prefix = "") =>
        prefix + string.Concat(eventType.Name.Select((letter, at) =>
            char.IsUpper(letter) ? (at == 0 ? "" : "-") + char.ToLowerInvariant(letter) : letter.ToString()));

    /// <summary>Queue of a service for an event type: <c>matcher.orders-accepted</c>, after <paramref name="prefix"/>.</summary>
    public static string QueueOf(string service, Type eventType, string prefix = "") =>
        $"{prefix}{service}.{ExchangeOf(eventType)}";
}
