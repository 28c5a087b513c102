using MessagePack;

namespace Sandan.Contracts.Events;

/// <summary>Export orders that <c>order</c> took in, in one message.</summary>
[MessagePackObject]
public sealed record ExportOrdersAccepted([property: Key(0)] IReadOnlyList<ExportOrderAccepted> Orders);

/// <summary>What others need of an export order (CEB303); platform, seller and order number name it. Amounts in its own currency.</summary>
[MessagePackObject]
public sealed record ExportOrderAccepted
{
    [Key(0)] public required DocumentVersion Document { get; init; }

    /// <summary>无 where a foreign platform has no code.</summary>
    [Key(1)] public required string PlatformCode { get; init; }
    [Key(2)] public required string OrderNo { get; init; }
    [Key(3)] public required string SellerCode { get; init; }

    /// <summary>orderType: E retail, B to companies, W to a warehouse abroad.</summary>
    [Key(4)] public required string Type { get; init; }

    /// <summary>FOB, without freight.</summary>
    [Key(5)] public required decimal GoodsValue { get; init; }
    [Key(6)] public required decimal Freight { get; init; }

    /// <summary>Customs numeric code or ISO letters, as sent.</summary>
    [Key(7)] public required string Currency { get; init; }
    [Key(8)] public required IReadOnlyList<ExportLine> Lines { get; init; }
}

/// <summary>One line of an export order (CEB303 OrderList) or of an export inventory (CEB603 InventoryList).</summary>
[MessagePackObject]
public sealed record ExportLine
{
    /// <summary>gnum; in an inventory that of the order's line.</summary>
    [Key(0)] public required int LineNo { get; init; }
    [Key(1)] public required string ItemNo { get; init; }

    /// <summary>Customs unit code.</summary>
    [Key(2)] public required string Unit { get; init; }
    [Key(3)] public required string Currency { get; init; }
    [Key(4)] public required decimal Quantity { get; init; }
    [Key(5)] public required decimal Price { get; init; }
    [Key(6)] public required decimal TotalPrice { get; init; }

    /// <summary>What only an inventory says; null in an order.</summary>
    [Key(7)] public ExportGoods? Goods { get; init; }
}

/// <summary>What a line of an export inventory says beyond that of its order.</summary>
/// <param name="HsCode">gcode, ten digits.</param>
/// <param name="Name">gname.</param>
/// <param name="Model">gmodel.</param>
/// <param name="FirstQuantity">qty1, in the first legal unit.</param>
/// <param name="SecondQuantity">qty2; null, as the unit, where there is no second legal unit.</param>
/// <param name="Country">Of final destination; null in a return.</param>
/// <param name="ItemName">itemName, as the seller calls it; null where it was left out, and in a return.</param>
[MessagePackObject]
public sealed record ExportGoods(
    [property: Key(0)] string HsCode,
    [property: Key(1)] string Name,
    [property: Key(2)] string Model,
    [property: Key(3)] decimal FirstQuantity,
    [property: Key(4)] string FirstUnit,
    [property: Key(5)] decimal? SecondQuantity,
    [property: Key(6)] string? SecondUnit,
    [property: Key(7)] string? Country,
    [property: Key(8)] string? ItemName);

/// <summary>Receipts of payment (收款单) that <c>payment</c> took in, in one message.</summary>
[MessagePackObject]
public sealed record ExportPaymentsAccepted([property: Key(0)] IReadOnlyList<ExportPaymentAccepted> Payments);

/// <summary>What others need of a receipt of payment (CEB403).</summary>
/// <param name="PaymentNo">payNo; null where it was not paid online.</param>
/// <param name="Charge">What was received for the order, in <paramref name="Currency"/>.</param>
[MessagePackObject]
public sealed record ExportPaymentAccepted(
    [property: Key(0)] DocumentVersion Document,
    [property: Key(1)] string PlatformCode,
    [property: Key(2)] string OrderNo,
    [property: Key(3)] string SellerCode,
    [property: Key(4)] string? PaymentNo,
    [property: Key(5)] decimal Charge,
    [property: Key(6)] string Currency);

/// <summary>Export waybills that <c>waybill</c> took in, in one message.</summary>
[MessagePackObject]
public sealed record ExportWaybillsAccepted([property: Key(0)] IReadOnlyList<ExportWaybillAccepted> Waybills);

/// <summary>What others need of an export waybill (CEB505), which names neither platform nor order.</summary>
/// <param name="SellerCode">ebcCode; null where it was left out.</param>
/// <param name="GrossWeightKg">Kilograms.</param>
/// <param name="Parcels">packNo.</param>
[MessagePackObject]
public sealed record ExportWaybillAccepted(
    [property: Key(0)] DocumentVersion Document,
    [property: Key(1)] string LogisticsCompanyCode,
    [property: Key(2)] string WaybillNo,
    [property: Key(3)] string? SellerCode,
    [property: Key(4)] decimal GrossWeightKg,
    [property: Key(5)] int Parcels);

/// <summary>Export inventories that <c>customs</c> took in, in one message.</summary>
[MessagePackObject]
public sealed record ExportInventoriesAccepted([property: Key(0)] IReadOnlyList<ExportInventoryAccepted> Inventories);

/// <summary>What others need of an export inventory (CEB603); declarant and copNo name it.</summary>
[MessagePackObject]
public sealed record ExportInventoryAccepted
{
    [Key(0)] public required DocumentVersion Document { get; init; }
    [Key(1)] public required string DeclarantCode { get; init; }

    /// <summary>copNo, the declarant's own number.</summary>
    [Key(2)] public required string DeclarantNo { get; init; }
    [Key(3)] public required string PlatformCode { get; init; }
    [Key(4)] public required string OrderNo { get; init; }

    /// <summary>ebcCode; null where it was left empty, which the schema allows.</summary>
    [Key(5)] public string? SellerCode { get; init; }
    [Key(6)] public required string LogisticsCompanyCode { get; init; }
    [Key(7)] public required string WaybillNo { get; init; }

    /// <summary>preNo and invtNo: what e-port and customs call it.</summary>
    [Key(8)] public required string PreNo { get; init; }
    [Key(9)] public required string InventoryNo { get; init; }

    /// <summary>tradeMode: 9610, 1210, 1239, 9710 or 9810.</summary>
    [Key(10)] public required string Mode { get; init; }

    /// <summary>statisticsFlag: A simplified, B summed up by the month.</summary>
    [Key(11)] public required string Statistics { get; init; }
    [Key(12)] public required decimal GrossWeightKg { get; init; }
    [Key(13)] public required int Parcels { get; init; }
    [Key(14)] public required IReadOnlyList<ExportLine> Lines { get; init; }
    [Key(15)] public required decimal NetWeightKg { get; init; }

    /// <summary>customsCode, the office that takes the declaration.</summary>
    [Key(16)] public required string CustomsCode { get; init; }

    /// <summary>portCode, the office where the goods leave.</summary>
    [Key(17)] public required string PortCode { get; init; }

    /// <summary>trafMode.</summary>
    [Key(18)] public required string TransportMode { get; init; }

    /// <summary>Country of direct arrival.</summary>
    [Key(19)] public required string Country { get; init; }

    /// <summary>ownerCode, the producing or selling unit; NO where it has no number at customs, so that its name counts.</summary>
    [Key(20)] public required string ProducerCode { get; init; }
    [Key(21)] public required string ProducerName { get; init; }
}

/// <summary>Comparisons of export inventories of one transaction of the matcher.</summary>
[MessagePackObject]
public sealed record ExportInventoriesJudged([property: Key(0)] IReadOnlyList<ExportInventoryJudged> Inventories);

/// <summary>What the matcher says of an export inventory, its order, its waybill and the receipts of payment. A later one supersedes it.</summary>
/// <param name="Revision">Counts what was said of this inventory, from 1.</param>
/// <param name="State">Waiting, Matched or Mismatched.</param>
/// <param name="Missing">What it waits for: order, waybill or both; empty where it does not wait.</param>
[MessagePackObject]
public sealed record ExportInventoryJudged(
    [property: Key(0)] ExportInventoryAccepted Inventory,
    [property: Key(1)] int Revision,
    [property: Key(2)] ConsignmentState State,
    [property: Key(3)] DateTimeOffset JudgedAt,
    [property: Key(4)] IReadOnlyList<DocumentKind> Missing,
    [property: Key(5)] IReadOnlyList<Discrepancy> Discrepancies);

/// <summary>Requests to cancel export inventories that <c>customs</c> took in, in one message.</summary>
[MessagePackObject]
public sealed record ExportCancellationsAccepted([property: Key(0)] IReadOnlyList<CancellationAccepted> Cancellations);

/// <summary>Requests to return exported goods that <c>customs</c> took in, in one message.</summary>
[MessagePackObject]
public sealed record ExportReturnsAccepted([property: Key(0)] IReadOnlyList<ExportReturnAccepted> Returns);

/// <summary>A request to return goods of an export inventory (CEB213).</summary>
[MessagePackObject]
public sealed record ExportReturnAccepted : IReturnAccepted
{
    [Key(0)] public required DocumentVersion Document { get; init; }
    [Key(1)] public required string PreNo { get; init; }

    /// <summary>coElNo, the seller's own number.</summary>
    [Key(2)] public required string SellerNo { get; init; }

    /// <summary>invtNo of the goods as they were exported.</summary>
    [Key(3)] public required string InventoryNo { get; init; }
    [Key(4)] public required string PlatformCode { get; init; }
    [Key(5)] public required string SellerCode { get; init; }

    /// <summary>With the next: the waybill by which the goods come back, which may be that by which they left.</summary>
    [Key(6)] public required string LogisticsCompanyCode { get; init; }
    [Key(7)] public required string WaybillNo { get; init; }

    /// <summary>agentCode, which may be another than that of the inventory.</summary>
    [Key(8)] public required string DeclarantCode { get; init; }

    /// <summary>tradeMode of the return: 9661 or 1261; null where it was left out.</summary>
    [Key(9)] public string? Mode { get; init; }
    [Key(10)] public required IReadOnlyList<ExportReturnLine> Lines { get; init; }
}

/// <summary>One line of a return of exported goods (CEB213 InvtRefundList).</summary>
/// <param name="LineNo">gnum, that of the inventory's line.</param>
/// <param name="Quantity">qty, above 0.</param>
/// <param name="Goods">As in the inventory, with the quantities that come back.</param>
[MessagePackObject]
public sealed record ExportReturnLine(
    [property: Key(0)] int LineNo,
    [property: Key(1)] decimal Quantity,
    [property: Key(2)] string Unit,
    [property: Key(3)] ExportGoods Goods);

/// <summary>Requests to sum up export inventories that <c>customs</c> took in, in one message.</summary>
[MessagePackObject]
public sealed record SummariesAccepted([property: Key(0)] IReadOnlyList<SummaryPart> Parts);

/// <summary>A document that comes in parts, numbered from 1 without a gap.</summary>
public interface IPart
{
    /// <summary>The version.</summary>
    DocumentVersion Document { get; }

    /// <summary>msgSeqNo, from 1.</summary>
    int Part { get; }

    /// <summary>msgCount.</summary>
    int Parts { get; }
}

/// <summary>A part of a request to sum up export inventories (CEB701); declarant and copNo name the whole.</summary>
[MessagePackObject]
public sealed record SummaryPart : IPart
{
    [Key(0)] public required DocumentVersion Document { get; init; }

    /// <summary>agentCode.</summary>
    [Key(1)] public required string DeclarantCode { get; init; }

    /// <summary>copNo, the same in all parts.</summary>
    [Key(2)] public required string DeclarantNo { get; init; }
    [Key(3)] public required int Part { get; init; }
    [Key(4)] public required int Parts { get; init; }

    /// <summary>sumNo: that of the first part is given to the whole.</summary>
    [Key(5)] public required string SumNo { get; init; }

    /// <summary>What the parts have to say alike.</summary>
    [Key(6)] public required SummaryTerms Terms { get; init; }

    /// <summary>invtNo of the lines, which are ignored where a period is named.</summary>
    [Key(7)] public required IReadOnlyList<string> InventoryNos { get; init; }
}

/// <summary>What is to be summed up, and how (CEB701 SummaryApplyHead).</summary>
/// <param name="DeclarantName">agentName.</param>
/// <param name="SellerCode">ebcCode, the consignor.</param>
/// <param name="FilerCode">declAgentCode: who files the customs declarations later.</param>
/// <param name="From">startTime, inclusive; null, as the next, where inventories are listed.</param>
/// <param name="To">endTime, inclusive.</param>
/// <param name="ByProducer">summaryFlag 2: by consignor and producing unit; else by consignor.</param>
/// <param name="ByItemName">itemNameFlag 1: by the seller's names of the goods; else by their classification.</param>
[MessagePackObject]
public sealed record SummaryTerms(
    [property: Key(0)] string CustomsCode,
    [property: Key(1)] string DeclarantName,
    [property: Key(2)] string SellerCode,
    [property: Key(3)] string SellerName,
    [property: Key(4)] string FilerCode,
    [property: Key(5)] string FilerName,
    [property: Key(6)] DateTimeOffset? From,
    [property: Key(7)] DateTimeOffset? To,
    [property: Key(8)] bool ByProducer,
    [property: Key(9)] bool ByItemName);

/// <summary>Master/house lists, arrivals, departures and tallies that <c>customs</c> took in, in one message.</summary>
[MessagePackObject]
public sealed record TransportsAccepted([property: Key(0)] IReadOnlyList<TransportPart> Parts);

/// <summary>Warehousing details that <c>customs</c> took in, in one message.</summary>
[MessagePackObject]
public sealed record WarehousingsAccepted([property: Key(0)] IReadOnlyList<TransportPart> Parts);

/// <summary>
/// A part of a list of parcels: master/house list (CEB607), arrival at the supervised site (CEB507), departure (CEB509), tally of what came
/// back (CEB215) or warehousing detail (CEB711). A long one is split over messages, whose parts are numbered from 1 without a gap; the last two have
/// one part.
/// </summary>
[MessagePackObject]
public sealed record TransportPart : IPart
{
    [Key(0)] public required DocumentVersion Document { get; init; }

    /// <summary>Type of the message: <c>CEB507</c>.</summary>
    [Key(1)] public required string Message { get; init; }

    /// <summary>Who sends it: the declarant of a master/house list, the operator of the site of a tally or a warehousing, else the logistics company.</summary>
    [Key(2)] public required string CompanyCode { get; init; }

    /// <summary>copNo, the same in all parts; coElNo of a tally.</summary>
    [Key(3)] public required string CompanyNo { get; init; }

    /// <summary>msgSeqNo, from 1.</summary>
    [Key(4)] public required int Part { get; init; }

    /// <summary>msgCount.</summary>
    [Key(5)] public required int Parts { get; init; }
    [Key(6)] public required string LogisticsCompanyCode { get; init; }
    [Key(7)] public string? BillNo { get; init; }
    [Key(8)] public string? VoyageNo { get; init; }

    /// <summary>leaveTime of a departure; null of the others.</summary>
    [Key(9)] public DateTimeOffset? LeftAt { get; init; }

    /// <summary>logisticsNo of the lines.</summary>
    [Key(10)] public required IReadOnlyList<string> WaybillNos { get; init; }

    /// <summary>invtNo of a tally, where it says so; null of the others.</summary>
    [Key(11)] public string? InventoryNo { get; init; }

    /// <summary>trafNo, where the message has it.</summary>
    [Key(12)] public string? TransportNo { get; init; }

    /// <summary>unloadLocation of a warehousing; null of the others.</summary>
    [Key(13)] public string? Place { get; init; }
}
