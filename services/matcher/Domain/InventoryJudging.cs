using Sandan.Contracts;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>What was told of an inventory, as far as the next comparison needs it.</summary>
/// <param name="Revision">Counts what was told, from 1.</param>
/// <param name="Basis">Documents and versions that it rests on.</param>
internal sealed record StoredInventory(string SellerCode, string OrderNo, int Revision, ConsignmentState State, string Basis);

/// <summary>Compares inventories with the consignments that they declare.</summary>
internal static class InventoryJudging
{
    /// <summary>What is to be told of the inventories of one order number: what says the same as before is not.</summary>
    /// <param name="consignments">Those of the order number, as they were just judged.</param>
    public static IEnumerable<(StoredInventory Row, InventoryJudged Told)> Judge(
        Dossier dossier,
        IEnumerable<JudgedConsignment> consignments,
        ILookup<(string SellerCode, string OrderNo), StoredInventory> stored,
        ForcedOutcome forced,
        MatcherOptions options,
        DateTimeOffset now)
    {
        var byPlatform = consignments.ToDictionary(one => one.Consignment.PlatformCode);
        foreach (var held in dossier.Inventories)
        {
            var inventory = held.Inventory;
            var consignment = byPlatform.GetValueOrDefault(inventory.PlatformCode);
            var (state, discrepancies) = Compare(held, consignment, forced, options);
            var basis = $"{held.Basis}|{(consignment is null ? "" : consignment.Consignment.Basis)}";
            var before = stored[(inventory.SellerCode, inventory.OrderNo)].FirstOrDefault();
            if (before is null || before.State != state || before.Basis != basis)
            {
                var row = new StoredInventory(inventory.SellerCode, inventory.OrderNo, (before?.Revision ?? 0) + 1, state, basis);
                yield return (row, new(inventory, row.Revision, state, now, discrepancies));
            }
        }
    }

    /// <summary>What the comparison of an inventory comes to.</summary>
    /// <param name="consignment">The one that it declares, as it was just judged; null where there is none.</param>
    public static (ConsignmentState State, IReadOnlyList<Discrepancy> Discrepancies) Compare(
        HeldDocument held, JudgedConsignment? consignment, ForcedOutcome forced, MatcherOptions options)
    {
        if (held.Document.Deleted || consignment is null
            || consignment.Consignment.State is ConsignmentState.Waiting or ConsignmentState.Ambiguous)
        {
            return (ConsignmentState.Waiting, []);
        }

        var joined = consignment.Joined;
        IReadOnlyList<Discrepancy> discrepancies = forced.Agrees
            ? []
            : InventoryRules.Compare(new(held.Inventory, joined.Order!.Order, joined.Waybill!.Waybill), options);
        return discrepancies.Any(one => one.Severity == DiscrepancySeverity.Mismatch)
            ? (ConsignmentState.Mismatched, discrepancies)
            : (ConsignmentState.Matched, discrepancies);
    }
}
