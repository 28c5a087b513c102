using Microsoft.Extensions.Options;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Matcher.Sandbox;
using Sandan.Matcher.Storage;
using Sandan.Shared.Sandbox;
using Sandan.Shared.Storage;

namespace Sandan.Matcher;

/// <summary>
/// Takes documents of exports into the match and compares every inventory that they touch, in the transaction given. Unlike an import, an
/// export is joined by its inventory, for the waybill (CEB505) names no order.
/// </summary>
internal sealed class ExportMatching(IOptions<MatcherOptions> options, ForcedOutcomes forced, HeldBack heldBack, TimeProvider time)
{
    private const int InventoriesPerEventMax = 500;

    /// <summary>Works documents in, but for those that a sandbox holds back.</summary>
    /// <param name="accepted">Export orders, receipts of payment, waybills and inventories as their services told them.</param>
    public async Task TakeAsync(UnitOfWork unit, IReadOnlyList<object> accepted, CancellationToken ct) =>
        await WorkInAsync(unit, await heldBack.KeepAsync(unit, accepted, ct), ct);

    /// <summary>Works documents in. What is not newer than what is known judges nothing.</summary>
    public async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<object> accepted, CancellationToken ct)
    {
        if (accepted.Count == 0)
        {
            return;
        }

        var newest = accepted.Select(ExportDocument.Of).GroupBy(one => (one.Kind, one.Number))
            .Select(some => some.MaxBy(one => one.Document.Version)!).OrderBy(one => one.Number, StringComparer.Ordinal).ToArray();
        await ExportStore.LockAsync(unit, ct);
        var changed = await ExportStore.PutAsync(unit, newest, ct);
        var inventories = await ExportStore.InventoriesOfAsync(unit, [.. newest.Where(one => changed.Contains((one.Kind, one.Number)))], ct);
        if (inventories.Count == 0)
        {
            return;
        }

        var declared = await ExportStore.DeclaredByAsync(unit, inventories, ct);
        var byOrder = declared.ToLookup(one => one.OrderRef);
        var byWaybill = declared.ToLookup(one => one.WaybillRef);
        var (before, now) = (await ExportStore.ToldAsync(unit, inventories, ct), time.GetUtcNow());
        var told = inventories
            .Select(one => ExportJudging.Judge(
                one, byOrder[one.OrderRef].Concat(byWaybill[one.WaybillRef]), before.GetValueOrDefault(one.Number),
                forced.Of(((ExportInventoryAccepted)one.Content).OrderNo), options.Value, now))
            .OfType<(StoredExport Row, ExportInventoryJudged Told)>().ToArray();
        if (told.Length == 0)
        {
            return;
        }

        await ExportStore.TellAsync(unit, [.. told.Select(one => one.Row)], ct);
        foreach (var some in told.Select(one => one.Told).Chunk(InventoriesPerEventMax))
        {
            unit.Publish(new ExportInventoriesJudged(some));
        }
    }
}
