using System.Text.Json.Serialization;

namespace Sandan.Payment.OriginalData;

/// <summary>One good of an order: its name and product page; several links are joined by <c>;</c>.</summary>
internal sealed record GoodsInfo(
    [property: JsonPropertyName("gname")] string Name,
    [property: JsonPropertyName("itemLink")] string ItemLink);

/// <summary>An order that was paid with the transaction; one of payExchangeInfoLists.</summary>
internal sealed record PaidOrder(
    string OrderNo, IReadOnlyList<GoodsInfo> GoodsInfo, string RecpAccount, string? RecpCode, string RecpName);

/// <summary>payExchangeInfoHead. Members stand in the order of the announcement; initalRequest and initalResponse are spelt so there.</summary>
/// <param name="TotalAmount">Of the whole transaction, in currency.</param>
internal sealed record PaymentHead(
    string Guid,
    string InitalRequest,
    string InitalResponse,
    string EbpCode,
    string PayCode,
    string PayTransactionId,
    decimal TotalAmount,
    string Currency,
    string VerDept,
    string? PayType,
    string TradingTime,
    string? Note);

/// <summary>What a platform must show customs of one payment transaction. Source: GACC 2018-179.</summary>
internal sealed record OriginalPayment(PaymentHead Head, IReadOnlyList<PaidOrder> Orders);
