using Microsoft.Extensions.Options;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Domain;
using Sandan.Customs.Feed;
using Sandan.Customs.Stock;
using Sandan.Customs.Storage;
using Sandan.Customs.Warehousing;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Declarations;

/// <summary>
/// Works comparisons, decisions and cancellations into the inventories, many at a time: what the four documents say, and what was
/// decided on the consignment, make the receipts.
/// </summary>
internal sealed class InventoryDesk(ReturnDesk returns, IOptions<CustomsOptions> options, TimeProvider time)
{
    /// <summary>Comparisons. An older or a repeated one does nothing.</summary>
    public async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<InventoryJudged> told, CancellationToken ct)
    {
        var newest = told.GroupBy(one => (one.Inventory.OrderNo, one.Inventory.SellerCode)).Select(one => one.MaxBy(judged => judged.Revision)!).ToArray();
        await InventoryStore.LockAsync(unit, newest.Select(KeyOf), ct);
        var known = await InventoryStore.FindAsync(unit, newest, ct);
        var (open, refused, gone, now) = (new List<InventoryRow>(), new List<InventoryReceipt>(), new List<string>(), time.GetUtcNow());
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
                    refused.Add(new(judged.Inventory, DeclarationReceipt.Of(judged, 1, InventoryRules.TooLate, now)));
                }

                continue;
            }

            if (before is not null && before.Inventory.InventoryNo != judged.Inventory.InventoryNo)
            {
                gone.Add(before.Inventory.InventoryNo);
            }

            open.Add(isSameVersion ? before! with { Judged = judged } : new(judged, 0, null, null));
        }

        await DecideAsync(unit, open, refused, gone, now, ct);
        await WarehousingDesk.FoundAsync(unit, open.ConvertAll(one => one.Parcel), now, ct);
    }

    /// <summary>Decisions on consignments, of which some have inventories.</summary>
    public async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<ClearanceDecided> decided, CancellationToken ct)
    {
        var keys = decided.Select(one => new ClearanceKey(one.PlatformCode, one.OrderNo)).Distinct().ToArray();
        await InventoryStore.LockAsync(unit, keys, ct);
        await DecideAsync(unit, await InventoryStore.OfConsignmentsAsync(unit, keys, ct), [], [], time.GetUtcNow(), ct);
    }

    /// <summary>Requests to cancel inventories.</summary>
    public async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<CancellationAccepted> asked, CancellationToken ct)
    {
        var numbers = asked.Select(one => one.InventoryNo).ToArray();
        await InventoryStore.LockAsync(unit, (await InventoryStore.OfNumbersAsync(unit, numbers, ct)).Values.Select(one => KeyOf(one.Judged)), ct);
        var (rows, now) = (await InventoryStore.OfNumbersAsync(unit, numbers, ct), time.GetUtcNow());
        var (answers, cancelled) = (new List<DeclarationReceipt>(), new List<InventoryReceipt>());
        foreach (var one in asked)
        {
            var row = rows.GetValueOrDefault(one.InventoryNo);
            var result = CancellationRules.Decide(one, row?.Cancellable);
            answers.Add(new(one.Document.Id, 1, result, CancellationRules.InfoOf(one, result), one.InventoryNo, now));
            if (result.Status == OfficialCodes.Concluded)
            {
                rows[one.InventoryNo] = row!.With([result], now);
                cancelled.Add(new(row.Inventory, DeclarationReceipt.Of(row.Judged, row.Receipts + 1, result, now)));
            }
        }

        await ReceiptStore.AddAsync(unit, answers, ct);
        List<InventoryRow> changed = [.. cancelled.Select(one => rows[one.Inventory.InventoryNo])];
        var book = await BookAsync(unit, changed, ct);
        changed.ForEach(one => book.Hold(one, now)); // of what is cancelled nothing is held, so nothing is refused
        await StockStore.WriteAsync(unit, book, ct);
        await KeepAsync(unit, changed, cancelled, [], ct);
    }

    /// <param name="open">As they are now, which is kept whether anything follows or not.</param>
    /// <param name="refused">What was refused besides, to be kept and told.</param>
    /// <param name="gone">Numbers that no inventory has any more.</param>
    private async Task DecideAsync(
        UnitOfWork unit, List<InventoryRow> open, List<InventoryReceipt> refused, List<string> gone, DateTimeOffset now, CancellationToken ct)
    {
        if (open.Count == 0)
        {
            await KeepAsync(unit, [], refused, [], ct);
            return;
        }

        var receipts = new List<InventoryReceipt>(refused);
        var bills = new List<TaxBill>();
        var clearances = await ClearanceStore.DecidedAsync(unit, [.. open.Select(one => KeyOf(one.Judged)).Distinct()], ct);
        var book = await BookAsync(unit, open, ct);
        var rows = new List<InventoryRow>(open.Count);
        foreach (var one in open.OrderBy(one => one.Inventory.Document.Id)) // who came first is served first
        {
            var clearance = clearances.GetValueOrDefault(KeyOf(one.Judged));
            var results = InventoryRules.Decide(one.Judged, clearance is null ? null : DeclarationResult.Of(clearance), one.Last);
            var row = results.Count == 0 ? one : one.With(results, now);
            var told = results.Select((result, at) => DeclarationReceipt.Of(one.Judged, one.Receipts + at + 1, result, now));
            if ((results.Count > 0 || one.Last is null) && book.Hold(row, now) is { } refusal)
            {
                row = one.With([refusal.Result], now);
                book.Hold(row, now); // a version before it may have held something
                told = [DeclarationReceipt.Of(one.Judged, row.Receipts, refusal.Result, now) with { Info = refusal.Info }];
            }

            receipts.AddRange(told.Select(receipt => new InventoryReceipt(one.Inventory, receipt)));
            if (results.Count > 0 && row.Last!.Status == OfficialCodes.Released)
            {
                bills.Add(TaxBill.Of(one.Inventory, FeedEvents.LinesOf(clearance!), now));
            }

            rows.Add(row);
        }

        await StockStore.WriteAsync(unit, book, ct);
        await TaxBillStore.AddAsync(unit, bills, ReturnRules.OverAt(now, options.Value.ReturnWithinDays), ct);
        await KeepAsync(unit, rows, receipts, gone, ct);
    }

    private async Task KeepAsync(
        UnitOfWork unit, List<InventoryRow> rows, List<InventoryReceipt> receipts, List<string> gone, CancellationToken ct)
    {
        if (rows.Count > 0)
        {
            await InventoryStore.PutAsync(unit, rows, ct);
        }

        await ReceiptStore.TellAsync(unit, receipts.ConvertAll(one => (one.Receipt, InventoryEvents.Of(one))), ct);
        await returns.DecideWaitingAsync(unit, rows.FindAll(one => one.IsSettled), gone, ct);
    }

    private Task<StockBook> BookAsync(UnitOfWork unit, IReadOnlyCollection<InventoryRow> rows, CancellationToken ct) =>
        StockStore.LockAsync(unit, rows, options.Value.StockAccountsRequired, ct);

    private static ClearanceKey KeyOf(InventoryJudged judged) => new(judged.Inventory.PlatformCode, judged.Inventory.OrderNo);
}
