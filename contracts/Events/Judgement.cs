using System.Text.Json.Serialization;
using MessagePack;

namespace Sandan.Contracts.Events;

/// <summary>Where a consignment stands in the comparison of its three documents.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConsignmentState>))]
public enum ConsignmentState
{
    /// <summary>A document is missing.</summary>
    Waiting = 0,

    /// <summary>All documents are there and agree.</summary>
    Matched = 1,

    /// <summary>All documents are there and differ where they must not.</summary>
    Mismatched = 2,

    /// <summary>The waybill names an order number that several platforms use, and nothing decides between them.</summary>
    Ambiguous = 3,
}

/// <summary>The three documents, and the inventory that declares them.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DocumentKind>))]
public enum DocumentKind
{
    /// <summary>电子订单, CEB311.</summary>
    Order,

    /// <summary>支付单, CEB411.</summary>
    Payment,

    /// <summary>运单, CEB511.</summary>
    Waybill,

    /// <summary>清单, CEB621: it is compared with the three, and none of them.</summary>
    Inventory,
}

/// <summary>How much a discrepancy weighs.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DiscrepancySeverity>))]
public enum DiscrepancySeverity
{
    /// <summary>Recorded and shown; the verdict stays Matched.</summary>
    Warning,

    /// <summary>The verdict is Mismatched.</summary>
    Mismatch,
}

/// <summary>One side of a comparison: the document, the official field and what it says (masked where personal).</summary>
[MessagePackObject]
public sealed record ComparedField(
    [property: Key(0)] DocumentKind Document,
    [property: Key(1)] string Field,
    [property: Key(2)] string? Value);

/// <summary>Where documents that must agree do not.</summary>
/// <param name="Rule">Name of the rule that found it.</param>
/// <param name="Code">Code of the dictionary; the official number where customs has one (1332, 1327, 13035).</param>
/// <param name="Severity">Whether it makes the verdict.</param>
/// <param name="Fields">What was compared.</param>
/// <param name="Difference">Second amount less the first, where amounts were compared.</param>
/// <param name="Tolerance">The difference that would have been allowed, where amounts were compared.</param>
/// <param name="Turn">Who is to act: the sender of this document.</param>
[MessagePackObject]
public sealed record Discrepancy(
    [property: Key(0)] string Rule,
    [property: Key(1)] string Code,
    [property: Key(2)] DiscrepancySeverity Severity,
    [property: Key(3)] IReadOnlyList<ComparedField> Fields,
    [property: Key(4)] decimal? Difference,
    [property: Key(5)] decimal? Tolerance,
    [property: Key(6)] DocumentKind Turn);

/// <summary>How customs is to treat a risk.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RiskSeverity>))]
public enum RiskSeverity
{
    /// <summary>Recorded only.</summary>
    Watch,

    /// <summary>An officer decides (returnStatus 300).</summary>
    Hold,

    /// <summary>Rejected (returnStatus 100).</summary>
    Block,
}

/// <summary>A pattern that a risk rule saw on a consignment.</summary>
/// <param name="Rule">R05 … R15; also the code in the dictionary.</param>
/// <param name="Severity">What customs does with it.</param>
/// <param name="Observed">What was counted or measured.</param>
/// <param name="Limit">From what value on the rule fires.</param>
/// <param name="Evidence">Order numbers and the like that show it; never personal data.</param>
[MessagePackObject]
public sealed record Risk(
    [property: Key(0)] string Rule,
    [property: Key(1)] RiskSeverity Severity,
    [property: Key(2)] decimal Observed,
    [property: Key(3)] decimal Limit,
    [property: Key(4)] IReadOnlyList<string> Evidence);

/// <summary>The verdicts of one transaction of the matcher.</summary>
[MessagePackObject]
public sealed record ConsignmentsJudged([property: Key(0)] IReadOnlyList<ConsignmentJudged> Consignments);

/// <summary>
/// What the matcher says of a consignment. A later one with a higher <see cref="Revision"/> supersedes it; none is
/// ever edited. <see cref="ConsignmentState.Waiting"/> comes only where an earlier verdict fell, by a deletion.
/// </summary>
[MessagePackObject]
public sealed record ConsignmentJudged
{
    [Key(0)] public required string PlatformCode { get; init; }
    [Key(1)] public required string OrderNo { get; init; }

    /// <summary>Counts the verdicts on this consignment, from 1.</summary>
    [Key(2)] public required int Revision { get; init; }
    [Key(3)] public required ConsignmentState State { get; init; }
    [Key(4)] public Direction Direction { get; init; } = Direction.Import;

    /// <summary>Stated by the order, else filed by the seller; null where nobody said.</summary>
    [Key(5)] public SupervisionMode? Mode { get; init; }
    [Key(6)] public required DateTimeOffset JudgedAt { get; init; }
    [Key(7)] public required string RulesVersion { get; init; }
    [Key(8)] public required string SellerCode { get; init; }
    [Key(9)] public string? PaymentCompanyCode { get; init; }
    [Key(10)] public string? PaymentNo { get; init; }
    [Key(11)] public string? LogisticsCompanyCode { get; init; }
    [Key(12)] public string? WaybillNo { get; init; }
    [Key(13)] public DocumentVersion? Order { get; init; }
    [Key(14)] public DocumentVersion? Payment { get; init; }
    [Key(15)] public DocumentVersion? Waybill { get; init; }
    [Key(16)] public IReadOnlyList<Discrepancy> Discrepancies { get; init; } = [];
    [Key(17)] public IReadOnlyList<Risk> Risks { get; init; } = [];

    /// <summary>What tax needs; there when <see cref="State"/> is Matched.</summary>
    [Key(18)] public ConsignmentGoods? Goods { get; init; }
}

/// <summary>Comparisons of inventories of one transaction of the matcher.</summary>
[MessagePackObject]
public sealed record InventoriesJudged([property: Key(0)] IReadOnlyList<InventoryJudged> Inventories);

/// <summary>What the matcher says of an inventory and the three documents. A later one supersedes it.</summary>
/// <param name="Revision">Counts what was said of this inventory, from 1.</param>
/// <param name="State">Waiting: of the three documents, one is missing or undecided.</param>
/// <param name="Discrepancies">Between the inventory and the three; what differs among these is the consignment's matter.</param>
[MessagePackObject]
public sealed record InventoryJudged(
    [property: Key(0)] InventoryAccepted Inventory,
    [property: Key(1)] int Revision,
    [property: Key(2)] ConsignmentState State,
    [property: Key(3)] DateTimeOffset JudgedAt,
    [property: Key(4)] IReadOnlyList<Discrepancy> Discrepancies);

/// <summary>Goods and charges of a matched consignment, CNY.</summary>
/// <param name="BuyerIndex">Blind index of the buyer's ID number: the person whose annual limit it counts against.</param>
/// <param name="InsuredFee">From the waybill.</param>
[MessagePackObject]
public sealed record ConsignmentGoods(
    [property: Key(0)] string BuyerIndex,
    [property: Key(1)] decimal GoodsValue,
    [property: Key(2)] decimal Freight,
    [property: Key(3)] decimal InsuredFee,
    [property: Key(4)] IReadOnlyList<GoodsItem> Items);

/// <summary>Released consignments whose delivery was not told in time.</summary>
[MessagePackObject]
public sealed record DeliveriesOverdue([property: Key(0)] IReadOnlyList<DeliveryOverdue> Deliveries);

/// <summary>
/// A parcel that was released and is not signed for after the configured days (R08); said once per consignment. The
/// release stands.
/// </summary>
/// <param name="Revision">Of the verdict that was released.</param>
[MessagePackObject]
public sealed record DeliveryOverdue(
    [property: Key(0)] string PlatformCode,
    [property: Key(1)] string OrderNo,
    [property: Key(2)] int Revision,
    [property: Key(3)] string SellerCode,
    [property: Key(4)] string? PaymentCompanyCode,
    [property: Key(5)] string LogisticsCompanyCode,
    [property: Key(6)] string WaybillNo,
    [property: Key(7)] DateTimeOffset ReleasedAt,
    [property: Key(8)] DateTimeOffset NoticedAt,
    [property: Key(9)] Risk Risk);

/// <summary>Consignments that waited longer than the configured time for a document.</summary>
[MessagePackObject]
public sealed record ConsignmentsOverdue([property: Key(0)] IReadOnlyList<ConsignmentOverdue> Consignments);

/// <summary>A consignment whose documents did not all come in time; said once per consignment and set of missing ones.</summary>
/// <param name="PlatformCode">Empty where only a waybill is there, which names no platform.</param>
/// <param name="PaymentCompanyCode">Known parties, null where their document is missing.</param>
[MessagePackObject]
public sealed record ConsignmentOverdue(
    [property: Key(0)] string PlatformCode,
    [property: Key(1)] string OrderNo,
    [property: Key(2)] IReadOnlyList<DocumentKind> Missing,
    [property: Key(3)] DateTimeOffset WaitingSince,
    [property: Key(4)] DateTimeOffset NoticedAt,
    [property: Key(5)] string? SellerCode,
    [property: Key(6)] string? PaymentCompanyCode,
    [property: Key(7)] string? LogisticsCompanyCode);
