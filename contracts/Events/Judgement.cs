using System.Text.Json.Serialization;

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

/// <summary>The three documents.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DocumentKind>))]
public enum DocumentKind
{
    /// <summary>电子订单, CEB311.</summary>
    Order,

    /// <summary>支付单, CEB411.</summary>
    Payment,

    /// <summary>运单, CEB511.</summary>
    Waybill,
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
public sealed record ComparedField(DocumentKind Document, string Field, string? Value);

/// <summary>Where documents that must agree do not.</summary>
/// <param name="Rule">Name of the rule that found it.</param>
/// <param name="Code">Code of the dictionary; the official number where customs has one (1332, 1327, 13035).</param>
/// <param name="Severity">Whether it makes the verdict.</param>
/// <param name="Fields">What was compared.</param>
/// <param name="Difference">Second amount less the first, where amounts were compared.</param>
/// <param name="Tolerance">The difference that would have been allowed, where amounts were compared.</param>
/// <param name="Turn">Who is to act: the sender of this document.</param>
public sealed record Discrepancy(
    string Rule,
    string Code,
    DiscrepancySeverity Severity,
    IReadOnlyList<ComparedField> Fields,
    decimal? Difference,
    decimal? Tolerance,
    DocumentKind Turn);

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
public sealed record Risk(string Rule, RiskSeverity Severity, decimal Observed, decimal Limit, IReadOnlyList<string> Evidence);

/// <summary>The verdicts of one transaction of the matcher.</summary>
public sealed record ConsignmentsJudged(IReadOnlyList<ConsignmentJudged> Consignments);

/// <summary>
/// What the matcher says of a consignment. A later one with a higher <see cref="Revision"/> supersedes it; none is
/// ever edited. <see cref="ConsignmentState.Waiting"/> comes only where an earlier verdict fell, by a deletion.
/// </summary>
public sealed record ConsignmentJudged
{
    public required string PlatformCode { get; init; }
    public required string OrderNo { get; init; }

    /// <summary>Counts the verdicts on this consignment, from 1.</summary>
    public required int Revision { get; init; }
    public required ConsignmentState State { get; init; }
    public Direction Direction { get; init; } = Direction.Import;

    /// <summary>Stated by the order, else filed by the seller; null where nobody said.</summary>
    public SupervisionMode? Mode { get; init; }
    public required DateTimeOffset JudgedAt { get; init; }
    public required string RulesVersion { get; init; }
    public required string SellerCode { get; init; }
    public string? PaymentCompanyCode { get; init; }
    public string? PaymentNo { get; init; }
    public string? LogisticsCompanyCode { get; init; }
    public string? WaybillNo { get; init; }
    public DocumentVersion? Order { get; init; }
    public DocumentVersion? Payment { get; init; }
    public DocumentVersion? Waybill { get; init; }
    public IReadOnlyList<Discrepancy> Discrepancies { get; init; } = [];
    public IReadOnlyList<Risk> Risks { get; init; } = [];

    /// <summary>What tax needs; there when <see cref="State"/> is Matched.</summary>
    public ConsignmentGoods? Goods { get; init; }
}

/// <summary>Goods and charges of a matched consignment, CNY.</summary>
/// <param name="BuyerIndex">Blind index of the buyer's ID number: the person whose annual limit it counts against.</param>
/// <param name="InsuredFee">From the waybill.</param>
public sealed record ConsignmentGoods(
    string BuyerIndex, decimal GoodsValue, decimal Freight, decimal InsuredFee, IReadOnlyList<GoodsItem> Items);

/// <summary>Released consignments whose delivery was not told in time.</summary>
public sealed record DeliveriesOverdue(IReadOnlyList<DeliveryOverdue> Deliveries);

/// <summary>
/// A parcel that was released and is not signed for after the configured days (R08); said once per consignment. The
/// release stands.
/// </summary>
/// <param name="Revision">Of the verdict that was released.</param>
public sealed record DeliveryOverdue(
    string PlatformCode,
    string OrderNo,
    int Revision,
    string SellerCode,
    string? PaymentCompanyCode,
    string LogisticsCompanyCode,
    string WaybillNo,
    DateTimeOffset ReleasedAt,
    DateTimeOffset NoticedAt,
    Risk Risk);

/// <summary>Consignments that waited longer than the configured time for a document.</summary>
public sealed record ConsignmentsOverdue(IReadOnlyList<ConsignmentOverdue> Consignments);

/// <summary>A consignment whose documents did not all come in time; said once per consignment and set of missing ones.</summary>
/// <param name="PlatformCode">Empty where only a waybill is there, which names no platform.</param>
/// <param name="PaymentCompanyCode">Known parties, null where their document is missing.</param>
public sealed record ConsignmentOverdue(
    string PlatformCode,
    string OrderNo,
    IReadOnlyList<DocumentKind> Missing,
    DateTimeOffset WaitingSince,
    DateTimeOffset NoticedAt,
    string? SellerCode,
    string? PaymentCompanyCode,
    string? LogisticsCompanyCode);
