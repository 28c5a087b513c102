using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>Things seen together on a consignment, to be counted over many of them. Both are hashes of 64 bits.</summary>
/// <param name="Rule">The rule that counts it.</param>
/// <param name="Subject">What is counted for: a telephone, an address, a buyer, a payment number. No two rules share one.</param>
/// <param name="Seen">What is counted.</param>
/// <param name="Amount">CNY, where sums are looked at.</param>
internal readonly record struct Sighting(int Rule, long Subject, long Seen, decimal Amount);

/// <summary>What the sightings of one subject come to, within the rule's window, this consignment included.</summary>
/// <param name="LargestAmount">Largest single amount among them.</param>
internal sealed record SightingCount(int Distinct, decimal Sum, decimal LargestAmount);

/// <summary>
/// Patterns of false documents, bought payment numbers and stolen identities, as far as the three documents show them.
/// The limits are proposed, not published: see <see cref="RiskOptions"/>.
/// </summary>
internal static class RiskRules
{
    public const int PaymentReused = 6;
    public const int TelephoneFanOut = 9;
    public const int AddressFanOut = 10;
    public const int SplitOrders = 15;

    /// <summary>What is to be counted of a consignment whose three documents are there.</summary>
    public static IReadOnlyList<Sighting> SightingsOf(ThreeDocuments documents)
    {
        var (order, payment) = (documents.Order, documents.Payment);
        var consignment = Digest(0, order.PlatformCode, order.OrderNo);
        var sightings = new List<Sighting>(5)
        {
            new(PaymentReused, Digest(PaymentReused, payment.PaymentCompanyCode, payment.PaymentNo), consignment, 0),
            new(TelephoneFanOut, Digest(TelephoneFanOut, order.ConsigneeTelephone), Digest(0, order.BuyerId), 0),
            new(AddressFanOut, Digest(AddressFanOut, order.ConsigneeAddress), Digest(0, order.Consignee), 0),
            new(SplitOrders, Digest(SplitOrders, order.BuyerId), consignment, order.GoodsValue + order.Freight),
        };
        if (order.PaymentNo is { } named && named != payment.PaymentNo)
        {
            sightings.Add(new(
                PaymentReused, Digest(PaymentReused, order.PaymentCompanyCode ?? payment.PaymentCompanyCode, named), consignment, 0));
        }

        return sightings;
    }

    /// <summary>The window in which a rule counts.</summary>
    public static TimeSpan WindowOf(int rule, RiskOptions options) => rule switch
    {
        PaymentReused => TimeSpan.FromDays(3650),
        SplitOrders => options.SplitWindow,
        _ => options.FanOutWindow,
    };

    /// <summary>All risks of a consignment, by rule number.</summary>
    /// <param name="counts">What its sightings come to.</param>
    public static IReadOnlyList<Risk> Assess(
        JoinedConsignment consignment, IReadOnlyList<(int Rule, SightingCount Count)> counts, RiskOptions options)
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

        var payments = MostSeen(PaymentReused);
        var paymentOrders = Math.Max(payments, payment.EarlierOrders.Append(payment.OrderNo).Distinct().Count());
        if (paymentOrders > 1)
        {
            risks.Add(new(MatchCodes.PaymentReused, options.PaymentReused, paymentOrders, 1, [payment.Number]));
        }

        var waybillOrders = waybill.EarlierOrders.Append(waybill.OrderNo).Distinct().Count();
        if (waybillOrders > 1)
        {
            risks.Add(new(MatchCodes.WaybillReused, options.WaybillReused, waybillOrders, 1, [waybill.Number]));
        }

        FanOut(TelephoneFanOut, MatchCodes.TelephoneFanOut, options.IdsPerTelephoneWatch, options.IdsPerTelephoneHold);
        FanOut(AddressFanOut, MatchCodes.AddressFanOut, options.NamesPerAddressWatch, options.NamesPerAddressHold);

        if (counts.FirstOrDefault(one => one.Rule == SplitOrders).Count is { Distinct: >= 2 } split
            && split.Sum > options.SplitSumMax && split.LargestAmount <= options.SplitSumMax)
        {
            risks.Add(new(MatchCodes.SplitOrders, options.Split, split.Sum, options.SplitSumMax, [$"{split.Distinct} orders"]));
        }

        return risks;

        int MostSeen(int rule)
        {
            var most = 0;
            foreach (var (of, count) in counts)
            {
                most = of == rule ? Math.Max(most, count.Distinct) : most;
            }

            return most;
        }

        void FanOut(int rule, string code, int watch, int hold)
        {
            var distinct = MostSeen(rule);
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

    /// <summary>The rule keeps the subjects of different rules apart; U+001F the two texts.</summary>
    private static long Digest(int rule, string text, string more)
    {
        Span<byte> input = stackalloc byte[512];
        var bytes = 4 + ((text.Length + more.Length) * 3);
        input = bytes < input.Length ? input : new byte[bytes + 1];
        BinaryPrimitives.WriteInt32LittleEndian(input, rule);
        var length = 4 + Encoding.UTF8.GetBytes(text, input[4..]);
        input[length++] = 0x1F;
        length += Encoding.UTF8.GetBytes(more, input[length..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..length], hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash);
    }

    /// <summary>A blind index is a keyed hash already: the first half of it, stirred by the rule.</summary>
    private static long Digest(int rule, Personal value)
    {
        Span<byte> hash = stackalloc byte[value.Index.Length];
        return Convert.TryFromBase64String(value.Index, hash, out var length) && length >= sizeof(long)
            ? unchecked(BinaryPrimitives.ReadInt64LittleEndian(hash) ^ (rule * (long)0x9E3779B97F4A7C15))
            : throw new ArgumentException("A blind index has 16 bytes in base64.", nameof(value));
    }
}
