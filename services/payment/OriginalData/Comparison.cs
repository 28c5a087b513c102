using System.Globalization;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Payment.OriginalData;

/// <summary>One thing in which the original data and CEB411 part.</summary>
/// <param name="Original">Of the original data; null where it is not one value.</param>
/// <param name="Declared">Of CEB411; null where there is none.</param>
internal sealed record Finding(string Code, string? Original, string? Declared);

/// <summary>
/// Compares what a platform uploaded with the payment that was declared. Transaction and payment company agree already: the payment is
/// found by them. Source: GACC 2018-165 and 2018-179 (the data let customs check CEB411); the tolerance of time is proposed.
/// </summary>
internal static class Comparison
{
    /// <summary>What parts them; empty where they agree.</summary>
    /// <param name="declared">CEB411 of the same payCode and payTransactionId; null where there is none in force.</param>
    public static IReadOnlyList<Finding> Of(OriginalPayment original, CebDocument? declared, TimeSpan timeTolerance)
    {
        var head = original.Head;
        if (declared is null)
        {
            return [new(OriginalDataCodes.PaymentNotHeld, head.PayTransactionId, null)];
        }

        var findings = new List<Finding>();
        if (!string.Equals(head.EbpCode, declared["ebpCode"], StringComparison.OrdinalIgnoreCase))
        {
            findings.Add(new(OriginalDataCodes.PaymentPlatformDiffers, head.EbpCode, declared["ebpCode"]));
        }

        if (!original.Orders.Any(order => order.OrderNo == declared["orderNo"]))
        {
            findings.Add(new(OriginalDataCodes.PaymentOrderNotListed, null, declared["orderNo"]));
        }

        // Of several orders each may be declared for itself: then its amount is a part of the whole payment.
        var amount = declared.Number(CebMessage.Payment.Head["amountPaid"])!.Value;
        if (original.Orders.Count == 1 ? amount != head.TotalAmount : amount > head.TotalAmount)
        {
            findings.Add(new(
                OriginalDataCodes.PaymentAmountDiffers, head.TotalAmount.ToString("0.#####", CultureInfo.InvariantCulture),
                amount.ToString("0.#####", CultureInfo.InvariantCulture)));
        }

        if (!ShanghaiTime.TryParse(head.TradingTime, out var tradedAt) || (declared.Time(CebMessage.Payment.Head["payTime"])!.Value - tradedAt).Duration() > timeTolerance)
        {
            findings.Add(new(OriginalDataCodes.PaymentTimeDiffers, head.TradingTime, declared["payTime"]));
        }

        return findings;
    }
}
