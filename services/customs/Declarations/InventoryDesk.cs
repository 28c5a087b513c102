using System.Globalization;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Domain;
using Sandan.Customs.Feed;
using Sandan.Customs.Storage;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Declarations;

/// <summary>
/// Works comparisons and decisions into the inventories, many at a time: what the four documents say, and what was decided on the
/// consignment, make the receipts.
/// </summary>
internal sealed class InventoryDesk(TimeProvider time)
{
    /// <summary>Comparisons. An older or a repeated one does nothing.</summary>
    public async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<InventoryJudged> told, CancellationToken ct)
    {
        var newest = told.GroupBy(one => (one.Inventory.OrderNo, one.Inventory.SellerCode)).Select(one => one.MaxBy(judged => judged.Revision)!).ToArray();
        await InventoryStore.LockAsync(unit, newest.Select(KeyOf), ct);
        var known = await InventoryStore.FindAsync(unit, newest, ct);
        var (open, refused, now) = (new List<InventoryRow>(), new List<InventoryReceipt>(), time.GetUtcNow());
        foreach (var judged in newest)
        {
            var before = known.GetValueOrDefault((judged.Inventory.OrderNo, judged.Inventory.SellerCode));
            if (before is not null && judged.Revision <= before.Judged.Revision)
            {
                continue;
            }

            var isSameVersion = before?.Inventory.Document.Id == judged.Inventory.Document.Id;
            if (before?.Last?.Status == OfficialCodes.Released)
            {
                // What is released stays as it was released; a later version of it is refused, once.
                if (!isSameVersion)
                {
                    refused.Add(ReceiptOf(judged, 1, InventoryRules.TooLate, now));
                }

                continue;
            }

            open.Add(isSameVersion ? before! with { Judged = judged } : new(judged, 0, null, null));
        }

        await InventoryStore.AddAsync(unit, refused, ct);
        await DecideAsync(unit, open, refused, now, ct);
    }

    /// <summary>Decisions on consignments, of which some have inventories.</summary>
    public async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<ClearanceDecided> decided, CancellationToken ct)
    {
        var keys = decided.Select(one => new ClearanceKey(one.PlatformCode, one.OrderNo)).Distinct().ToArray();
        await InventoryStore.LockAsync(unit, keys, ct);
        await DecideAsync(unit, await InventoryStore.OfConsignmentsAsync(unit, keys, ct), [], time.GetUtcNow(), ct);
    }

    /// <param name="open">As they are now, which is kept whether anything follows or not.</param>
    /// <param name="refused">What was refused besides, to be told.</param>
    private static async Task DecideAsync(
        UnitOfWork unit, List<InventoryRow> open, List<InventoryReceipt> refused, DateTimeOffset now, CancellationToken ct)
    {
        var receipts = new List<InventoryReceipt>();
        if (open.Count > 0)
        {
            var standing = await ClearanceStore.StandingAsync(unit, [.. open.Select(one => KeyOf(one.Judged)).Distinct()], ct);
            var rows = open.ConvertAll(one =>
            {
                var results = InventoryRules.Decide(one.Judged, standing.GetValueOrDefault(KeyOf(one.Judged)), one.Last);
                receipts.AddRange(results.Select((result, at) => ReceiptOf(one.Judged, one.Receipts + at + 1, result, now)));
                return results.Count == 0
                    ? one
                    : one with { Receipts = one.Receipts + results.Count, Last = results[^1], DecidedAt = now };
            });
            await InventoryStore.PutAsync(unit, rows, ct);
            await InventoryStore.AddAsync(unit, receipts, ct);
        }

        List<FeedEvent> events = [.. refused.Concat(receipts).Select(InventoryEvents.Of).OfType<FeedEvent>()];
        if (events.Count > 0)
        {
            unit.BeforeCommit(FeedStore.Write(events));
        }
    }

    private static ClearanceKey KeyOf(InventoryJudged judged) => new(judged.Inventory.PlatformCode, judged.Inventory.OrderNo);

    private static InventoryReceipt ReceiptOf(InventoryJudged judged, int no, DeclarationResult result, DateTimeOffset now) => new(
        judged.Inventory, no, result, InfoOf(judged, result), now);

    private static string InfoOf(InventoryJudged judged, DeclarationResult result)
    {
        var cause = judged.Discrepancies.FirstOrDefault(one => one.Severity == DiscrepancySeverity.Mismatch && one.Code == result.Code);
        return result.Code == OfficialCodes.CustomsLineCountDiffers
            ? string.Create(CultureInfo.InvariantCulture, $"{ReturnInfo.Of(result.Code)},[InventoryHead.orderNo:{judged.Inventory.OrderNo},OrderHead.orderNo:{judged.Inventory.OrderNo}]")
            : ReturnInfo.Of(result.Code, cause: cause);
    }
}
