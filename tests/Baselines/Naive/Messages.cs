namespace Sandan.Naive;

/// <summary>An order is stored: what the matcher compares.</summary>
internal sealed record OrderReceived(
    string OrderNo,
    string EbpCode,
    string EbpName,
    decimal ActuralPaid,
    string BuyerName,
    string BuyerIdNumber,
    string? PayCode,
    string? PayTransactionId,
    string Consignee,
    string ConsigneeTelephone,
    string ConsigneeAddress);

/// <summary>A payment is stored.</summary>
internal sealed record PaymentReceived(
    string OrderNo,
    string EbpName,
    decimal AmountPaid,
    string PayerName,
    string PayerIdNumber,
    string PayCode,
    string PayTransactionId);

/// <summary>A waybill is stored.</summary>
internal sealed record WaybillReceived(
    string OrderNo, string Consignee, string ConsigneeTelephone, string ConsigneeAddress);

/// <summary>All three documents are there and are compared.</summary>
internal sealed record ConsignmentJudged(string PlatformCode, string OrderNo, int Status, string Code);
