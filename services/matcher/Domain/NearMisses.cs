using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>A document elsewhere that is probably the one that is waited for.</summary>
/// <param name="Code">How it misses: <see cref="MatchCodes.PaymentElsewhere"/> and the two behind it.</param>
internal sealed record NearMiss(string Code, HeldDocument Document);

/// <summary>
/// Looks for what a waiting consignment lacks under other numbers: the payment that its order names, documents under an order number
/// that differs by one slip of the keyboard, and documents under another platform. A person must agree: order numbers count up, so
/// that each has neighbours one digit away.
/// </summary>
internal static class NearMisses
{
    private const string Digits = "0123456789";

    /// <summary>Order numbers that one slip away: a character too much or too few, a digit for another, two changed over, blanks, case.</summary>
    public static IReadOnlyCollection<string> VariantsOf(string orderNo)
    {
        var variants = new HashSet<string> { orderNo.ToUpperInvariant(), orderNo.ToLowerInvariant(), orderNo.Trim(), orderNo.Replace("-", "", StringComparison.Ordinal) };
        string[] letters = [.. orderNo.EnumerateRunes().Select(one => one.ToString())]; // no half of a pair by itself
        for (var at = 0; at <= letters.Length; at++)
        {
            var (before, behind) = (string.Concat(letters[..at]), letters[at..]);
            foreach (var digit in Digits)
            {
                variants.Add(before + digit + string.Concat(behind));
                if (behind is [[>= '0' and <= '9'], ..])
                {
                    variants.Add(before + digit + string.Concat(behind[1..]));
                }
            }

            if (behind.Length > 0)
            {
                variants.Add(before + string.Concat(behind[1..]));
            }

            if (behind.Length > 1)
            {
                variants.Add($"{before}{behind[1]}{behind[0]}{string.Concat(behind[2..])}");
            }
        }

        variants.Remove(orderNo);
        variants.Remove("");
        return variants;
    }

    /// <summary>Of documents elsewhere those that this consignment probably lacks.</summary>
    /// <param name="joined">What is there of it.</param>
    /// <param name="elsewhere">Under the order number that its payment has elsewhere, under variants of its own, and under its own.</param>
    public static IReadOnlyList<NearMiss> Find(JoinedConsignment joined, IEnumerable<HeldDocument> elsewhere) =>
        [.. elsewhere.Where(one => joined.Missing.Contains(one.Kind) && !one.Document.Deleted)
            .Select(one => CodeOf(joined, one) is { } code ? new NearMiss(code, one) : null)
            .OfType<NearMiss>()
            .DistinctBy(one => one.Document.Basis)];

    private static string? CodeOf(JoinedConsignment joined, HeldDocument other)
    {
        var order = joined.Order?.Order;
        if (other.Kind == DocumentKind.Payment && order is { PaymentNo: { } number } && other.OrderNo != joined.OrderNo
            && other.Number == number && (order.PaymentCompanyCode ?? other.CompanyCode) == other.CompanyCode)
        {
            return MatchCodes.PaymentElsewhere;
        }

        if (!IsSamePerson(joined, other))
        {
            return null;
        }

        return other.OrderNo != joined.OrderNo
            ? other.PlatformCode is null || other.PlatformCode == joined.PlatformCode ? MatchCodes.OrderNumberNearby : null
            : other.PlatformCode is not null && other.PlatformCode != joined.PlatformCode ? MatchCodes.OtherPlatform : null;
    }

    /// <summary>By what is there of the consignment: the buyer pays the same amount, the parcel goes to the same door.</summary>
    private static bool IsSamePerson(JoinedConsignment joined, HeldDocument other) => other.Kind switch
    {
        DocumentKind.Payment => joined.Order?.Order is { } order
            && order.BuyerId.Index == other.Payment.PayerId.Index && order.ActualPaid == other.Payment.AmountPaid,
        DocumentKind.Waybill => joined.Order?.Order is { } order && ConsigneeRules.Agree(order, other.Waybill),
        DocumentKind.Order => (joined.Payment?.Payment is { } payment
                && other.Order.BuyerId.Index == payment.PayerId.Index && other.Order.ActualPaid == payment.AmountPaid)
            || (joined.Waybill?.Waybill is { } waybill && ConsigneeRules.Agree(other.Order, waybill)),
        _ => false,
    };
}
