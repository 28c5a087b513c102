using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>What is seen together on a consignment, to be counted over many of them: hashes of 64 bits.</summary>
/// <param name="Buyer">The buyer's ID number.</param>
/// <param name="Consignee">The consignee's name.</param>
/// <param name="Amount">Goods and freight, CNY.</param>
/// <param name="Payment">The number of the payment at its company.</param>
/// <param name="Named">The payment that the order names, where that is another one.</param>
internal sealed record Sighting(
    long Consignment, long Buyer, long Telephone, long Address, long Consignee, decimal Amount, long Payment, long? Named);

/// <summary>What the sightings of a consignment come to, within the windows of the rules, itself included.</summary>
/// <param name="OrdersOfPayment">Orders that the payment's number was seen with, or the number that the order names.</param>
/// <param name="BuyersOfTelephone">ID numbers on its telephone.</param>
/// <param name="NamesOfAddress">Consignees at its address.</param>
/// <param name="OrdersOfBuyer">Orders of its buyer,</param>
/// <param name="SumOfBuyer">what they sum up to,</param>
/// <param name="LargestOfBuyer">and the largest of them, CNY.</param>
internal readonly record struct SightingCounts(
    int OrdersOfPayment, int BuyersOfTelephone, int NamesOfAddress, int OrdersOfBuyer, decimal SumOfBuyer, decimal LargestOfBuyer);

/// <summary>
/// Patterns of false documents, bought payment numbers and stolen identities, as far as the three documents show them.
/// The limits are proposed, not published: see <see cref="RiskOptions"/>.
/// </summary>
internal static class RiskRules
{
    /// <summary>What is to be counted of a consignment whose three documents are there.</summary>
    public static Sighting SightingOf(OrderAccepted order, PaymentAccepted payment) => new(
        Digest(order.PlatformCode, order.OrderNo),
        Digest(order.BuyerId),
        Digest(order.ConsigneeTelephone),
        Digest(order.ConsigneeAddress),
        Digest(order.Consignee),
        order.GoodsValue + order.Freight,
        PaymentOf(payment),
        order.PaymentNo is { } named && named != payment.PaymentNo
            ? Digest(order.PaymentCompanyCode ?? payment.PaymentCompanyCode, named)
            : null);

    /// <summary>All risks of a consignment, by rule number.</summary>
    /// <param name="counts">What its sightings come to.</param>
    public static IReadOnlyList<Risk> Assess(JoinedConsignment consignment, SightingCounts counts, RiskOptions options)
    {
        List<Risk> risks = [];
        var (order, payment, waybill) = (consignment.Order!, consignment.Payment!, consignment.Waybill!);
        if (order.FirstAppTime is { } ordered && waybill.FirstAppTime is { } shipped
            && ordered - shipped > options.WaybillBeforeOrderMax)
        {
            risks.Add(new(
                MatchCodes.WaybillBeforeOrder, options.WaybillBeforeOrder, (decimal)(ordered - shipped).TotalSeconds,
                (decimal)options.WaybillBeforeOrderMax.TotalSeconds, [waybill.Number]));
        }

        var paymentOrders = Math.Max(counts.OrdersOfPayment, payment.EarlierOrders.Append(payment.OrderNo).Distinct().Count());
        if (paymentOrders > 1)
        {
            risks.Add(new(MatchCodes.PaymentReused, options.PaymentReused, paymentOrders, 1, [payment.Number]));
        }

        var waybillOrders = waybill.EarlierOrders.Append(waybill.OrderNo).Distinct().Count();
        if (waybillOrders > 1)
        {
            risks.Add(new(MatchCodes.WaybillReused, options.WaybillReused, waybillOrders, 1, [waybill.Number]));
        }

        FanOut(counts.BuyersOfTelephone, MatchCodes.TelephoneFanOut, options.IdsPerTelephoneWatch, options.IdsPerTelephoneHold);
        FanOut(counts.NamesOfAddress, MatchCodes.AddressFanOut, options.NamesPerAddressWatch, options.NamesPerAddressHold);

        if (counts.OrdersOfBuyer >= 2 && counts.SumOfBuyer > options.SplitSumMax && counts.LargestOfBuyer <= options.SplitSumMax)
        {
            risks.Add(new(
                MatchCodes.SplitOrders, options.Split, counts.SumOfBuyer, options.SplitSumMax, [$"{counts.OrdersOfBuyer} orders"]));
        }

        return risks;

        void FanOut(int distinct, string code, int watch, int hold)
        {
            if (distinct >= Math.Min(watch, hold))
            {
            var held = distinct >= hold;
                risks.Add(new(code, held ? RiskSeverity.Hold : RiskSeverity.Watch, distinct, held ? hold : watch, []));
            }
        }
    }

    /// <summary>R08: released, and after the days allowed nobody has signed for it.</summary>
    /// <remarks>Source: the standards for couriers with advanced certification ask for delivery data; 15 days are proposed.</remarks>
    public static Risk NotDelivered(string waybillNo, DateTimeOffset releasedAt, RiskOptions options, DateTimeOffset now) => new(
        MatchCodes.NotDelivered,
        RiskSeverity.Watch,
        Days(now - releasedAt),
        Days(options.DeliveredWithin),
        [waybillNo]);

    private static decimal Days(TimeSpan time) => Math.Round((decimal)time.TotalDays, 2);

    /// <summary>By which a payment is found again.</summary>
    public static long PaymentOf(PaymentAccepted payment) => Digest(payment.PaymentCompanyCode, payment.PaymentNo);

    /// <summary>Of a company's code and a number; U+001F keeps them apart.</summary>
    public static long Digest(string text, string more)
    {
        Span<byte> input = stackalloc byte[512];
        var bytes = 1 + ((text.Length + more.Length) * 3);
        input = bytes <= input.Length ? input : new byte[bytes];
        var length = Encoding.UTF8.GetBytes(text, input);
        input[length++] = 0x1F;
        length += Encoding.UTF8.GetBytes(more, input[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..length], hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }

    /// <summary>A blind index is a keyed hash already: the first half of it.</summary>
    private static long Digest(Personal value)
    {
        Span<byte> hash = stackalloc byte[value.Index.Length];
        return Convert.TryFromBase64String(value.Index, hash, out var length) && length >= sizeof(long)
            ? BinaryPrimitives.ReadInt64LittleEndian(hash)
            : throw new ArgumentException("A blind index has 16 bytes in base64.", nameof(value));
    }
}
