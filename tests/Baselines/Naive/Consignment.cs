using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;

namespace Sandan.Naive;

/// <summary>What the matcher knows of one order number: the compared fields of each document that has come.</summary>
[PrimaryKey(nameof(OrderNo))]
internal sealed class Consignment
{
    public required string OrderNo { get; set; }

    public bool HasOrder { get; set; }
    public string? PlatformCode { get; set; }
    public string? PlatformName { get; set; }
    public decimal? ActuralPaid { get; set; }
    public string? BuyerName { get; set; }
    public string? BuyerIdNumber { get; set; }
    public string? PayCode { get; set; }
    public string? PayTransactionId { get; set; }
    public string? Consignee { get; set; }
    public string? ConsigneeTelephone { get; set; }
    public string? ConsigneeAddress { get; set; }

    public bool HasPayment { get; set; }
    public string? PaymentPlatformName { get; set; }
    public decimal? AmountPaid { get; set; }
    public string? PayerName { get; set; }
    public string? PayerIdNumber { get; set; }
    public string? PaymentPayCode { get; set; }
    public string? PaymentTransactionId { get; set; }

    public bool HasWaybill { get; set; }
    public string? WaybillConsignee { get; set; }
    public string? WaybillTelephone { get; set; }
    public string? WaybillAddress { get; set; }

    /// <summary>PostgreSQL's xmin: a save fails if another one came between.</summary>
    [Timestamp]
    public uint Version { get; set; }

    /// <summary>All three documents are there.</summary>
    public bool IsComplete => HasOrder && HasPayment && HasWaybill;

    /// <summary>The code of the first difference; empty where the three documents agree.</summary>
    public string Compare() =>
        ActuralPaid != AmountPaid ? "1332"
        : BuyerName != PayerName || BuyerIdNumber != PayerIdNumber ? "1327"
        : PayCode != PaymentPayCode ? "13035"
        : PayTransactionId != PaymentTransactionId ? "S4003"
        : PlatformName != PaymentPlatformName ? "S4004"
        : Consignee != WaybillConsignee ? "S4005"
        : ConsigneeTelephone != WaybillTelephone ? "S4006"
        : ConsigneeAddress != WaybillAddress ? "S4007"
        : "";
}
