using Microsoft.Extensions.Options;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Stock;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Declarations;

/// <summary>Works returns in: when they come, when their inventory gets its result, and when an officer has seen the goods.</summary>
internal sealed class ReturnDesk(IOptions<CustomsOptions> options, TimeProvider time)
{
    /// <summary>Returns that came. An older or a repeated version does nothing.</summary>
    public async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<ReturnAccepted> asked, CancellationToken ct)
    {
        var newest = asked.GroupBy(one => one.PreNo).Select(one => one.MaxBy(version => version.Document.Version)!).ToArray();
        string[] numbers = [.. newest.Select(one => one.InventoryNo).Distinct()];
        await ReturnStore.LockAsync(unit, numbers, ct);
        var (rows, open, refused, now) = (await ReturnStore.OfInventoriesAsync(unit, numbers, ct), new List<ReturnRow>(), new List<ReturnReceipt>(), time.GetUtcNow());
        foreach (var one in newest)
        {
            var before = rows.GetValueOrDefault(one.PreNo);
            if (one.Document.Version <= before?.Asked.Document.Version)
            {
                continue;
            }

            var row = new ReturnRow(one, 0, null, null);
            if (before?.Last?.Status == OfficialCodes.Released)
            {
                refused.Add(row.With(ReturnRules.TooLate(one), now).Receipt); // what is released stays
                continue;
            }

            rows[one.PreNo] = row;
            open.Add(row);
        }

        await DecideAsync(unit, rows, open, await InventoryStore.OfNumbersAsync(unit, numbers, ct), refused, ct);
    }

    /// <summary>Returns that came before the result of their inventory.</summary>
    /// <param name="decided">Inventories that have one.</param>
    public async Task DecideWaitingAsync(UnitOfWork unit, IReadOnlyCollection<InventoryRow> decided, CancellationToken ct)
    {
        if (decided.Count == 0)
        {
            return;
        }

        var inventories = decided.ToDictionary(one => one.Inventory.InventoryNo);
        await ReturnStore.LockAsync(unit, inventories.Keys, ct);
        var rows = await ReturnStore.OfInventoriesAsync(unit, [.. inventories.Keys], ct);
        await DecideAsync(unit, rows, [.. rows.Values.Where(one => one.Last is null)], inventories, [], ct);
    }

    /// <summary>The return as it is now, which nobody else works on until commit.</summary>
    public static async Task<ReturnRow> LockAsync(UnitOfWork unit, ReturnRow found, CancellationToken ct)
    {
        var number = found.Asked.InventoryNo;
        await ReturnStore.LockAsync(unit, [number], ct);
        return (await ReturnStore.OfInventoriesAsync(unit, [number], ct))[found.Asked.PreNo];
    }

    /// <summary>An officer has seen the goods, or refuses them.</summary>
    /// <param name="row">Held, and locked.</param>
    /// <param name="rejection">Why; null where it is released.</param>
    public async Task<ReturnRow> DecideByOfficerAsync(UnitOfWork unit, ReturnRow row, string? rejection, CancellationToken ct)
    {
        var (after, receipt) = row.With(
            rejection is null
                ? ToldResult.Plain(OfficialCodes.Released, OfficialCodes.CustomsReleased)
                : ToldResult.Plain(OfficialCodes.Rejected, OfficialCodes.CustomsRejectedByHand, rejection),
            time.GetUtcNow());
        await KeepAsync(unit, [after], [receipt], ct);
        if (rejection is null)
        {
            var (asked, at) = (after.Asked, after.DecidedAt!.Value);
            unit.Publish(new ReturnsReleased([new(asked.PreNo, asked.PlatformCode, asked.OrderNo, asked.Lines, at)]));
            await BringBackAsync(unit, asked, at, ct);
        }

        return after;
    }

    /// <summary>The goods are in the account again; where all of an inventory came back, its tax bill is void.</summary>
    private static async Task BringBackAsync(UnitOfWork unit, ReturnAccepted asked, DateTimeOffset now, CancellationToken ct)
    {
        var row = (await InventoryStore.OfNumbersAsync(unit, [asked.InventoryNo], ct))[asked.InventoryNo];
        var returned = Sum((await ReturnStore.OfInventoriesAsync(unit, [asked.InventoryNo], ct)).Values
            .Where(one => one.Last?.Status == OfficialCodes.Released));
        if (row.Inventory.Lines.All(line => returned.GetValueOrDefault(line.LineNo) == line.Quantity))
        {
            await TaxBillStore.VoidAsync(unit, TaxBill.Void(row.Inventory, now), ct);
        }

        var book = await StockStore.LockAsync(unit, [row], isRequired: false, ct);
        book.Return(row.Inventory, returned, asked.PreNo, now);
        await StockStore.WriteAsync(unit, book, ct);
    }

    /// <param name="rows">All returns of the inventories, with those that are open.</param>
    /// <param name="open">Without a result. Decided in the order in which they were taken in.</param>
    /// <param name="refused">What was refused besides, to be kept and told.</param>
    private async Task DecideAsync(
        UnitOfWork unit, Dictionary<string, ReturnRow> rows, List<ReturnRow> open, Dictionary<string, InventoryRow> inventories,
        List<ReturnReceipt> refused, CancellationToken ct)
    {
        var (receipts, now) = (new List<ReturnReceipt>(refused), time.GetUtcNow());
        foreach (var one in open.OrderBy(one => one.Asked.Document.Id))
        {
            var (row, number) = (one, one.Asked.InventoryNo);
            var others = Sum(rows.Values.Where(other => other.Counts && other.Asked.InventoryNo == number));
            foreach (var result in ReturnRules.Decide(one.Asked, inventories.GetValueOrDefault(number), others, options.Value.ReturnWithinDays) ?? [])
            {
                (row, var receipt) = row.With(result, now);
                receipts.Add(receipt);
            }

            rows[one.Asked.PreNo] = row;
        }

        await KeepAsync(unit, open.ConvertAll(one => rows[one.Asked.PreNo]), receipts, ct);
    }

    private static async Task KeepAsync(UnitOfWork unit, List<ReturnRow> rows, List<ReturnReceipt> receipts, CancellationToken ct)
    {
        if (rows.Count > 0)
        {
            await ReturnStore.PutAsync(unit, rows, ct);
        }

        await ReceiptStore.TellAsync(unit, receipts.ConvertAll(one => (one.Receipt, one.Event())), ct);
    }

    private static Dictionary<int, decimal> Sum(IEnumerable<ReturnRow> returns) => returns.SelectMany(one => one.Asked.Lines)
        .GroupBy(line => line.LineNo).ToDictionary(line => line.Key, line => line.Sum(one => one.Quantity));
}
