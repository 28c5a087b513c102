namespace Sandan.Twin;

/// <summary>What is read of a kind of document.</summary>
/// <param name="Number">First octet of its messages.</param>
/// <param name="Table">Where the documents lie.</param>
/// <param name="CompanyCode">First part of the key.</param>
/// <param name="DocumentNo">Second part of the key.</param>
/// <param name="FirstCompared">Place of its first compared field among those of the order.</param>
/// <param name="Compared">The compared fields, in the order of those of the order.</param>
internal sealed record DocumentKind(
    byte Number, string Table, string CompanyCode, string DocumentNo, int FirstCompared, string[] Compared)
{
    public const string OrderNo = "orderNo";

    public static readonly DocumentKind Order = new(
        0,
        "orders",
        "ebpCode",
        OrderNo,
        0,
        [
            "acturalPaid", "buyerName", "buyerIdNumber", "payCode", "payTransactionId", "ebpName",
            "consignee", "consigneeTelephone", "consigneeAddress",
        ]);

    public static readonly DocumentKind Payment = new(
        1,
        "payments",
        "payCode",
        "payTransactionId",
        0,
        ["amountPaid", "payerName", "payerIdNumber", "payCode", "payTransactionId", "ebpName"]);

    public static readonly DocumentKind Waybill = new(
        2, "waybills", "logisticsCode", "logisticsNo", 6, ["consignee", "consigneeTelephone", "consigneeAddress"]);

    /// <summary>All of them, by <see cref="Number"/>.</summary>
    public static readonly DocumentKind[] All = [Order, Payment, Waybill];

    /// <summary>The code where a compared field of the order differs.</summary>
    public static readonly string[] Codes =
        ["1332", "1327", "1327", "13035", "S4003", "S4004", "S4005", "S4006", "S4007"];

    /// <summary>The fields that are read, each once.</summary>
    public string[] Names { get; } = [.. new[] { OrderNo, CompanyCode, DocumentNo }.Concat(Compared).Distinct()];

    /// <summary>Whether a compared field is an amount: 97.6 is "97.60".</summary>
    public bool IsAmount(int compared) => FirstCompared + compared == 0;
}
