using System.Security.Cryptography;
using System.Text;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>Things seen together on a consignment, to be counted over many of them.</summary>
/// <param name="Rule">The rule that counts it.</param>
/// <param name="Subject">What is counted for, 16 bytes: a telephone, an address, a buyer, a payment number.</param>
/// <param name="Seen">What is counted, 16 bytes.</param>
/// <param name="Amount">CNY, where sums are looked at.</param>
internal sealed record Sighting(int Rule, byte[] Subject, byte[] Seen, decimal Amount);

/// <summary>What the sightings of one subject come to, within the rule's window, this consignment included.</summary>
/// <param name="LargestAmount">Largest single amount among them.</param>
internal sealed record SightingCount(int Rule, byte[] Subject, int Distinct, decimal Sum, decimal LargestAmount);

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
    public static IEnumerable<Sighting> SightingsOf(ThreeDocuments documents)
    {
        var order = documents.Order;
        var consignment = Digest($"{order.PlatformCode}\u001F{order.OrderNo}");
        yield return new(PaymentReused, PaymentSubject(documents.Payment.PaymentCompanyCode, documents.Payment.PaymentNo), consignment, 0);
        if (order.PaymentNo is { } named && named != documents.Payment.PaymentNo)
        {
            yield return new(
                PaymentReused, PaymentSubject(order.PaymentCompanyCode ?? documents.Payment.PaymentCompanyCode, named), consignment, 0);
        }

        yield return new(TelephoneFanOut, Bytes(order.ConsigneeTelephone), Bytes(order.BuyerId), 0);
        yield return new(AddressFanOut, Bytes(order.ConsigneeAddress), Bytes(order.Consignee), 0);
        yield return new(SplitOrders, Bytes(order.BuyerId), consignment, order.GoodsValue + order.Freight);
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
        JoinedConsignment consignment, IReadOnlyCollection<SightingCount> counts, RiskOptions options)
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

        var payments = counts.Where(one => one.Rule == PaymentReused).Select(one => one.Distinct).DefaultIfEmpty(0).Max();
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

        if (counts.FirstOrDefault(one => one.Rule == SplitOrders) is { Distinct: >= 2 } split
            && split.Sum > options.SplitSumMax && split.LargestAmount <= options.SplitSumMax)
        {
            risks.Add(new(MatchCodes.SplitOrders, options.Split, split.Sum, options.SplitSumMax, [$"{split.Distinct} orders"]));
        }

        return risks;

        void FanOut(int rule, string code, int watch, int hold)
        {
            var distinct = counts.FirstOrDefault(one => one.Rule == rule)?.Distinct ?? 0;
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

    private static byte[] PaymentSubject(string company, string number) => Digest($"{company}\u001F{number}");

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];

    private static byte[] Bytes(Personal value) => Convert.FromBase64String(value.Index);
}
