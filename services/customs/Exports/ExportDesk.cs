using MassTransit;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Shared.Messaging;
using Sandan.Shared.Sandbox;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Exports;

/// <summary>A result of an export inventory, to be kept and told.</summary>
internal sealed record ExportReceipt(ExportRow Row, DeclarationReceipt Receipt);

/// <summary>Works comparisons and cancellations into the export inventories, many at a time: what the documents say makes the receipts.</summary>
internal sealed class ExportDesk(ExportReturnDesk returns, SummaryDesk summaries, ForcedOutcomes forced, TimeProvider time)
{
    /// <summary>Comparisons. An older or a repeated one does nothing.</summary>
    public async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<ExportInventoryJudged> told, CancellationToken ct)
    {
        var newest = told.GroupBy(ExportKey.Of).Select(one => one.MaxBy(judged => judged.Revision)!).ToArray();
        var keys = newest.Select(ExportKey.Of).ToArray();
        await ExportStore.LockAsync(unit, ct);
        var known = await ExportStore.FindAsync(unit, keys, ct);
        var (rows, gone, receipts, now) = (new List<ExportRow>(), new List<string>(), new List<ExportReceipt>(), time.GetUtcNow());
        foreach (var judged in newest)
        {
            var before = known.GetValueOrDefault(ExportKey.Of(judged));
            if (before is not null && judged.Revision <= before.Judged.Revision)
            {
                continue;
            }

            var isSameVersion = before?.Inventory.Document.Id == judged.Inventory.Document.Id;
            if (ExportRules.IsReleased(before?.Last))
            {
                // What is released stays as it was released; a later version of it is refused, once.
                if (!isSameVersion)
                {
                    var refused = new ExportRow(judged, 0, null, null);
                    receipts.Add(new(refused, refused.Receipt(InventoryRules.TooLate, 0, now)));
                }

                continue;
            }

            if (before is not null && before.Inventory.InventoryNo != judged.Inventory.InventoryNo)
            {
                gone.Add(before.Inventory.InventoryNo); // its customs office was changed: none has that number any more
            }

            var row = isSameVersion ? before! with { Judged = judged } : new(judged, 0, null, null);
            var results = ExportRules.Decide(judged, row.Last, before?.Last, forced.Of(judged.Inventory.OrderNo).Decision);
            receipts.AddRange(results.Select((result, at) => new ExportReceipt(row, row.Receipt(result, at, now))));
            rows.Add(results.Count == 0 ? row : row.With(results, now));
        }

        await KeepAsync(unit, rows, receipts, gone, now, ct);
    }

    /// <summary>The inventory as it is now, on which nobody else works until commit; null where there is none.</summary>
    public static async Task<ExportRow?> LockAsync(UnitOfWork unit, ExportKey key, CancellationToken ct)
    {
        await ExportStore.LockAsync(unit, ct);
        return (await ExportStore.FindAsync(unit, [key], ct)).GetValueOrDefault(key);
    }

    /// <summary>An officer decides.</summary>
    /// <param name="row">Locked.</param>
    /// <param name="result">Of <see cref="ExportRules.Of"/>.</param>
    /// <param name="reason">The officer's; the sender is told it with a rejection.</param>
    public async Task<ExportRow> DecideByOfficerAsync(UnitOfWork unit, ExportRow row, DeclarationResult result, string reason, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var receipt = row.Receipt(result, 0, now, result.Status == OfficialCodes.Rejected ? reason : null);
        var after = row.With([result], now);
        await KeepAsync(unit, [after], [new(row, receipt)], [], now, ct);
        return after;
    }

    /// <summary>Requests to cancel inventories.</summary>
    public async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<CancellationAccepted> asked, CancellationToken ct)
    {
        await ExportStore.LockAsync(unit, ct);
        var rows = await ExportStore.OfNumbersAsync(unit, asked.Select(one => one.InventoryNo), ct);
        var (answers, cancelled, now) = (new List<DeclarationReceipt>(), new List<ExportReceipt>(), time.GetUtcNow());
        foreach (var one in asked)
        {
            var row = rows.GetValueOrDefault(one.InventoryNo);
            var result = CancellationRules.Decide(one, row?.Cancellable);
            answers.Add(new(one.Document.Id, 1, result, CancellationRules.InfoOf(one, result), one.InventoryNo, now));
            if (result.Status == OfficialCodes.Concluded)
            {
                cancelled.Add(new(row!, row!.Receipt(result, 0, now)));
                rows[one.InventoryNo] = row.With([result], now);
            }
        }

        await ReceiptStore.AddAsync(unit, answers, ct);
        await KeepAsync(unit, cancelled.ConvertAll(one => rows[one.Row.Inventory.InventoryNo]), cancelled, [], now, ct);
    }

    /// <summary>Closes the released inventories of parcels that have left.</summary>
    public async Task CloseAsync(UnitOfWork unit, IReadOnlyCollection<Parcel> departed, DateTimeOffset now, CancellationToken ct)
    {
        if (departed.Count == 0)
        {
            return;
        }

        var released = await ExportStore.ReleasedAsync(unit, departed, ct);
        var closed = released.ConvertAll(one => one.With([TransportRules.Departed], now));
        await KeepAsync(unit, closed, released.ConvertAll(one => new ExportReceipt(one, one.Receipt(TransportRules.Departed, 0, now))), ct);
        await summaries.DecideWaitingAsync(unit, closed.ConvertAll(one => one.Inventory.InventoryNo), ct);
    }

    /// <summary>What waits for inventories that have a result that lasts, or that are not there any more.</summary>
    private async Task DecideWaitingAsync(UnitOfWork unit, List<string> inventoryNos, CancellationToken ct)
    {
        await returns.DecideWaitingAsync(unit, inventoryNos, ct);
        await summaries.DecideWaitingAsync(unit, inventoryNos, ct);
    }

    /// <summary>Keeps and tells, and works in what waited for it.</summary>
    /// <param name="gone">Numbers that no inventory has any more.</param>
    private async Task KeepAsync(
        UnitOfWork unit, List<ExportRow> rows, List<ExportReceipt> receipts, List<string> gone, DateTimeOffset now, CancellationToken ct)
    {
        await KeepAsync(unit, rows, receipts, ct);
        await DecideWaitingAsync(unit, [.. rows.Where(one => one.IsSettled).Select(one => one.Inventory.InventoryNo), .. gone], ct);
        Parcel[] released = [.. rows.Where(one => one.Last?.Status == OfficialCodes.Released).Select(one => one.Parcel)];
        if (released.Length > 0)
        {
            await CloseAsync(unit, await TransportStore.DepartedAsync(unit, released, ct), now, ct);
        }
    }

    private static async Task KeepAsync(UnitOfWork unit, List<ExportRow> rows, List<ExportReceipt> receipts, CancellationToken ct)
    {
        await ExportStore.PutAsync(unit, rows, ct);
        await ReceiptStore.TellAsync(unit, receipts.ConvertAll(one => (one.Receipt, ExportEvents.Of(one.Row, one.Receipt))), ct);
    }
}

/// <summary>Requests to cancel export inventories.</summary>
internal sealed class ExportCancellationsAcceptedConsumer(Inbox inbox, ExportDesk desk) : IConsumer<ExportCancellationsAccepted>
{
    public Task Consume(ConsumeContext<ExportCancellationsAccepted> context) => inbox.OnceAsync(context, context.Message.Cancellations, desk.WorkInAsync);
}

/// <summary>Comparisons of export inventories.</summary>
internal sealed class ExportInventoriesJudgedConsumer(Inbox inbox, ExportDesk desk) : IConsumer<ExportInventoriesJudged>
{
    public Task Consume(ConsumeContext<ExportInventoriesJudged> context) => inbox.OnceAsync(context, context.Message.Inventories, desk.WorkInAsync);
}
