using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>Who bought, who paid, through whom.</summary>
internal static class PartyRules
{
    /// <summary>The buyer paid: name and ID number agree.</summary>
    /// <remarks>Source: 财关税〔2016〕18号 (a buyer who is not authenticated must be the payer); enforced of all: reject 1327.</remarks>
    public static Finding? BuyerIsPayer(ThreeDocuments documents, decimal tolerance)
    {
        var (order, payment) = (documents.Order, documents.Payment);
        List<ComparedField> differing = [];
        Compare(differing, "buyerName", order.BuyerName, "payerName", payment.PayerName);
        Compare(differing, "buyerIdNumber", order.BuyerId, "payerIdNumber", payment.PayerId);
        return differing.Count == 0
            ? null
            : new(OfficialCodes.CustomsBuyerNotPayer, differing, DocumentKind.Order);

        static void Compare(List<ComparedField> fields, string ofOrder, Personal one, string ofPayment, Personal other)
        {
            if (one.Index != other.Index)
            {
                fields.Add(new(DocumentKind.Order, ofOrder, one.Mask));
                fields.Add(new(DocumentKind.Payment, ofPayment, other.Mask));
            }
        }
    }

    /// <summary>The payment company that the order names sent the payment.</summary>
    /// <remarks>Source: CEB specification §3.1 payCode; enforced: reject 13035.</remarks>
    public static Finding? PaymentCompany(ThreeDocuments documents, decimal tolerance) =>
        documents.Order.PaymentCompanyCode is not { } named || SameCode(named, documents.Payment.PaymentCompanyCode)
            ? null
            : new(
                OfficialCodes.CustomsPaymentCompanyDiffers,
                [
                    new(DocumentKind.Order, "payCode", named),
                    new(DocumentKind.Payment, "payCode", documents.Payment.PaymentCompanyCode),
                ],
                DocumentKind.Order);

    /// <summary>The payment has the number that the order names.</summary>
    /// <remarks>Source: CEB specification §3.1 payTransactionId; that it is compared is inferred.</remarks>
    public static Finding? PaymentNumber(ThreeDocuments documents, decimal tolerance) =>
        documents.Order.PaymentNo is not { } named || named == documents.Payment.PaymentNo
            ? null
            : new(
                MatchCodes.PaymentNumberDiffers,
                [
                    new(DocumentKind.Order, "payTransactionId", named),
                    new(DocumentKind.Payment, "payTransactionId", documents.Payment.PaymentNo),
                ],
                DocumentKind.Order);

    /// <summary>Order and payment call the platform by the same name; white space and full width do not count.</summary>
    /// <remarks>Source: reject text 支付单电商平台名称与订单中的电商平台名称不一致, told by a payment company's users.</remarks>
    public static Finding? PlatformName(ThreeDocuments documents, decimal tolerance) =>
        documents.Order.PlatformName == documents.Payment.PlatformName
        || Plain(documents.Order.PlatformName) == Plain(documents.Payment.PlatformName)
            ? null
            : new(
                MatchCodes.PlatformNameDiffers,
                [
                    new(DocumentKind.Order, "ebpName", documents.Order.PlatformName),
                    new(DocumentKind.Payment, "ebpName", documents.Payment.PlatformName),
                ],
                DocumentKind.Payment);

    private static bool SameCode(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static string Plain(string name) =>
        string.Concat(FullWidth.ToHalf(name).Where(letter => !char.IsWhiteSpace(letter))).ToUpperInvariant();
}
