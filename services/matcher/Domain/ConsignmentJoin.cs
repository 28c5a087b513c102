using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>The documents of one order number on one platform.</summary>
/// <param name="PlatformCode">Empty where only a waybill is there and nothing says whose it is.</param>
/// <param name="Ambiguous">A waybill is there that may belong to this one or to another platform's.</param>
internal sealed record JoinedConsignment(
    string PlatformCode, string OrderNo, HeldDocument? Order, HeldDocument? Payment, HeldDocument? Waybill, bool Ambiguous)
{
    /// <summary>What is not there; a waybill that may be another's is not.</summary>
    public IReadOnlyList<DocumentKind> Missing { get; } =
    [
        .. Order is null ? new[] { DocumentKind.Order } : [],
        .. Payment is null ? new[] { DocumentKind.Payment } : [],
        .. Waybill is null ? new[] { DocumentKind.Waybill } : [],
    ];
}

/// <summary>
/// Puts the documents of one order number together. Order and payment name platform and order number; the official
/// import waybill names the order number only. The result depends on the documents alone, not on the order in which
/// they came.
/// </summary>
internal static class ConsignmentJoin
{
    /// <summary>The consignments that documents make, and those that lost their last document.</summary>
    public static IEnumerable<JoinedConsignment> Join(Dossier dossier, IEnumerable<StoredConsignment> stored)
    {
        var joined = Join(dossier.OrderNo, [.. dossier.Documents]);
        var emptied = stored
            .Where(one => one.PlatformCode.Length > 0 && joined.All(other => other.PlatformCode != one.PlatformCode))
            .Select(one => new JoinedConsignment(one.PlatformCode, dossier.OrderNo, null, null, null, false));
        return joined.Concat(emptied);
    }

    /// <summary>Order numbers whose row without a platform no document stands for any more.</summary>
    public static string[] Nameless(ILookup<string, StoredConsignment> stored, List<JudgedConsignment> judged)
    {
        var gone = stored.Where(some => some.Any(one => one.PlatformCode.Length == 0)).Select(some => some.Key).ToHashSet();
        gone.ExceptWith(judged.Where(one => one.Consignment.PlatformCode.Length == 0).Select(one => one.Consignment.OrderNo));
        return [.. gone];
    }

    /// <summary>All consignments of an order number.</summary>
    /// <param name="documents">Every document, not withdrawn, that names this order number.</param>
    public static IReadOnlyList<JoinedConsignment> Join(string orderNo, IReadOnlyList<HeldDocument> documents)
    {
        var inventories = documents.Where(one => one.Kind == DocumentKind.Inventory).Select(one => one.Inventory).ToArray();
        var platforms = documents.Where(one => one.Kind != DocumentKind.Inventory).Select(one => one.PlatformCode).OfType<string>().Distinct().Order(StringComparer.Ordinal).ToArray();
        var orders = documents.Where(one => one.Kind == DocumentKind.Order).ToDictionary(one => one.PlatformCode!);
        var nameless = documents.Where(one => one.Kind == DocumentKind.Waybill && one.PlatformCode is null).ToArray();
        var owners = nameless.ToDictionary(one => one, one => OwnerOf(one, platforms, orders, inventories));

        var joined = platforms.Select(platform =>
        {
            var order = orders.GetValueOrDefault(platform);
            var payments = documents.Where(one => one.Kind == DocumentKind.Payment && one.PlatformCode == platform).ToArray();
            var waybills = documents.Where(one => one.Kind == DocumentKind.Waybill && one.PlatformCode == platform)
                .Concat(nameless.Where(one => owners[one] == platform)).ToArray();
            var declared = waybills.Where(one => inventories.Any(inventory => inventory.PlatformCode == platform && Names(inventory, one.Waybill))).ToArray();
            var waybill = Best(declared.Length > 0 ? declared : waybills, one => order is not null && ConsigneeRules.Agree(order.Order, one.Waybill));
            return new JoinedConsignment(
                platform,
                orderNo,
                order,
                Best(payments, one => order is not null && Fits(order.Order, one.Payment)),
                waybill,
                waybill is null && order is not null && nameless.Any(one => owners[one] is null));
        }).ToList();

        if (platforms.Length == 0 && nameless.Length > 0)
        {
            joined.Add(new("", orderNo, null, null, Best(nameless, _ => false), false));
        }

        return joined;
    }

    /// <summary>
    /// The platform whose order a waybill without platform belongs to: that of the inventory which names it, the only one there is, or
    /// the only one whose consignee agrees; null where that does not decide. Never a guess.
    /// </summary>
    private static string? OwnerOf(
        HeldDocument waybill, string[] platforms, Dictionary<string, HeldDocument> orders, InventoryAccepted[] inventories)
    {
        if (inventories.Where(one => Names(one, waybill.Waybill)).Select(one => one.PlatformCode).Distinct().ToArray() is [var declared])
        {
            return declared;
        }

        if (platforms.Length <= 1)
        {
            return platforms.FirstOrDefault();
        }

        if (orders.Count == 1)
        {
            return orders.Keys.Single();
        }

        var agreeing = orders.Where(one => ConsigneeRules.Agree(one.Value.Order, waybill.Waybill)).ToArray();
        return agreeing is [var only] ? only.Key : null;
    }

    /// <summary>
    /// Of several documents for one order the one that fits it, else the newest; by number where even that is equal, so
    /// that every matcher chooses the same.
    /// </summary>
    private static HeldDocument? Best(HeldDocument[] candidates, Func<HeldDocument, bool> fits) => candidates.Length switch
    {
        0 => null,
        1 => candidates[0],
        _ => candidates
            .OrderByDescending(fits)
            .ThenByDescending(one => one.ReceivedAt)
            .ThenBy(one => one.Basis, StringComparer.Ordinal)
            .First(),
    };

    private static bool Names(InventoryAccepted inventory, WaybillAccepted waybill) =>
        inventory.LogisticsCompanyCode == waybill.LogisticsCompanyCode && inventory.WaybillNo == waybill.WaybillNo;

    private static bool Fits(OrderAccepted order, PaymentAccepted payment) =>
        (order.PaymentNo is null || order.PaymentNo == payment.PaymentNo)
        && order.ActualPaid == payment.AmountPaid
        && order.BuyerId.Index == payment.PayerId.Index;
}
