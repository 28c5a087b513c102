using Microsoft.Extensions.Options;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Feed;
using Sandan.Customs.Stock;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Declarations;

/// <summary>Works returns in: when they come, and when an officer has seen the goods. What is decided on is of imports, or of exports.</summary>
internal abstract class ReturnDesk<TAsked>(TimeProvider time)
    where TAsked : class, IReturnAccepted
{
    /// <summary>Returns that came. An older or a repeated version does nothing.</summary>
    public async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<TAsked> asked, CancellationToken ct)
    {
        var newest = asked.GroupBy(one => one.PreNo).Select(one => one.MaxBy(version => version.Document.Version)!).ToArray();
        string[] numbers = [.. newest.Select(one => one.InventoryNo).Distinct()];
        await LockAsync(unit, numbers, ct);
        var (rows, open, refused, now) = (await OfInventoriesAsync(unit, numbers, ct), new List<ReturnRow<TAsked>>(), new List<ReturnReceipt>(), time.GetUtcNow());
        foreach (var one in newest)
        {
            var before = rows.GetValueOrDefault(one.PreNo);
            if (one.Document.Version <= before?.Asked.Document.Version)
            {
                continue;
            }

            var row = new ReturnRow<TAsked>(one, 0, null, null);
            if (before?.Last?.Status == OfficialCodes.Released)
            {
                refused.Add(row.With(ReturnResults.TooLate(one), now).Receipt); // what is released stays
                continue;
            }

            rows[one.PreNo] = row;
            open.Add(row);
        }

        await DecideAsync(unit, rows, open, refused, ct);
    }

    /// <summary>A return; null where there is none.</summary>
    public abstract Task<ReturnRow<TAsked>?> FindAsync(string preNo, CancellationToken ct);

    /// <summary>The return as it is now, which nobody else works on until commit.</summary>
    public async Task<ReturnRow<TAsked>> LockAsync(UnitOfWork unit, ReturnRow<TAsked> found, CancellationToken ct)
    {
        string[] numbers = [found.Asked.InventoryNo];
        await LockAsync(unit, numbers, ct);
        return (await OfInventoriesAsync(unit, numbers, ct))[found.Asked.PreNo];
    }

    /// <summary>An officer has seen the goods, or refuses them.</summary>
    /// <param name="row">Held, and locked.</param>
    /// <param name="rejection">Why; null where it is released.</param>
    public async Task<ReturnRow<TAsked>> DecideByOfficerAsync(UnitOfWork unit, ReturnRow<TAsked> row, string? rejection, CancellationToken ct)
    {
        var (after, receipt) = row.With(
            rejection is null
                ? ReasonedResult.Plain(OfficialCodes.Released, OfficialCodes.CustomsReleased)
                : ReasonedResult.Plain(OfficialCodes.Rejected, OfficialCodes.CustomsRejectedByHand, rejection),
            time.GetUtcNow());
        await KeepAsync(unit, [after], [receipt], ct);
        if (rejection is null)
        {
            await ReleasedAsync(unit, after, ct);
        }

        return after;
    }

    /// <summary>Until commit, nobody else works on the returns of these inventories.</summary>
    protected abstract Task LockAsync(UnitOfWork unit, IReadOnlyCollection<string> inventoryNos, CancellationToken ct);

    /// <summary>All returns of these inventories, by preNo.</summary>
    protected abstract Task<Dictionary<string, ReturnRow<TAsked>>> OfInventoriesAsync(UnitOfWork unit, string[] inventoryNos, CancellationToken ct);

    /// <summary>Looks up what these returns are decided by, and decides.</summary>
    /// <param name="rows">All returns of the inventories, with those that are open.</param>
    /// <param name="open">Those to decide on.</param>
    /// <param name="refused">What was refused besides, to be kept and told.</param>
    protected abstract Task DecideAsync(
        UnitOfWork unit, Dictionary<string, ReturnRow<TAsked>> rows, List<ReturnRow<TAsked>> open, List<ReturnReceipt> refused, CancellationToken ct);

    /// <summary>Decides in the order in which they were taken in, each with those before it in view.</summary>
    /// <param name="rule">What follows for a return, and the other returns of its inventory whose goods count.</param>
    protected async Task DecideAsync(
        UnitOfWork unit, Dictionary<string, ReturnRow<TAsked>> rows, List<ReturnRow<TAsked>> open, List<ReturnReceipt> refused,
        Func<ReturnRow<TAsked>, IEnumerable<TAsked>, IReadOnlyList<ReasonedResult>> rule, CancellationToken ct)
    {
        var (receipts, now) = (new List<ReturnReceipt>(refused), time.GetUtcNow());
        foreach (var one in open.OrderBy(one => one.Asked.Document.Id))
        {
            var row = one;
            var others = rows.Values.Where(other => other.Counts && other.Asked.PreNo != one.Asked.PreNo && other.Asked.InventoryNo == one.Asked.InventoryNo);
            foreach (var result in rule(one, others.Select(other => other.Asked)))
            {
                (row, var receipt) = row.With(result, now);
                receipts.Add(receipt);
            }

            rows[one.Asked.PreNo] = row;
        }

        await KeepAsync(unit, open.ConvertAll(one => rows[one.Asked.PreNo]), receipts, ct);
    }

    /// <summary>What follows from a release beyond its receipt.</summary>
    protected abstract Task ReleasedAsync(UnitOfWork unit, ReturnRow<TAsked> row, CancellationToken ct);

    /// <summary>Keeps rows, and keeps and tells receipts.</summary>
    protected abstract Task KeepAsync(UnitOfWork unit, List<ReturnRow<TAsked>> rows, List<ReturnReceipt> receipts, CancellationToken ct);
}

/// <summary>Returns of imports (CEB625): they rest on the result of their inventory, and wait for it.</summary>
internal sealed class ReturnDesk(ReturnStore store, IOptions<CustomsOptions> options, TimeProvider time) : ReturnDesk<ReturnAccepted>(time)
{
    private static readonly ReturnTypes Types = new(FeedTypes.ReturnHeld, FeedTypes.ReturnReleased, FeedTypes.ReturnRejected, FeedTypes.ReturnWithdrawn);

    /// <summary>Returns that came before the result of their inventory.</summary>
    /// <param name="decided">Inventories that have one.</param>
    /// <param name="gone">invtNo of inventories that have another since a change of their customs office: there is none of that number any more.</param>
    public async Task DecideWaitingAsync(
        UnitOfWork unit, IReadOnlyCollection<InventoryRow> decided, IReadOnlyCollection<string> gone, CancellationToken ct)
    {
        if (decided.Count + gone.Count == 0)
        {
            return;
        }

        var inventories = decided.ToDictionary(one => one.Inventory.InventoryNo);
        string[] numbers = [.. inventories.Keys, .. gone];
        await LockAsync(unit, numbers, ct);
        var rows = await OfInventoriesAsync(unit, numbers, ct);
        await DecideAsync(unit, rows, [.. rows.Values.Where(one => one.Last is null)], [], RuleOf(inventories), ct);
    }

    public override Task<ReturnRow<ReturnAccepted>?> FindAsync(string preNo, CancellationToken ct) => store.FindAsync(preNo, ct);

    protected override Task LockAsync(UnitOfWork unit, IReadOnlyCollection<string> inventoryNos, CancellationToken ct) =>
        ReturnStore.LockAsync(unit, inventoryNos, ct);

    protected override Task<Dictionary<string, ReturnRow<ReturnAccepted>>> OfInventoriesAsync(UnitOfWork unit, string[] inventoryNos, CancellationToken ct) =>
        ReturnStore.OfInventoriesAsync(unit, inventoryNos, ct);

    protected override async Task DecideAsync(
        UnitOfWork unit, Dictionary<string, ReturnRow<ReturnAccepted>> rows, List<ReturnRow<ReturnAccepted>> open, List<ReturnReceipt> refused, CancellationToken ct) =>
        await DecideAsync(unit, rows, open, refused, RuleOf(await InventoryStore.OfNumbersAsync(unit, open.Select(one => one.Asked.InventoryNo), ct)), ct);

    protected override async Task ReleasedAsync(UnitOfWork unit, ReturnRow<ReturnAccepted> row, CancellationToken ct)
    {
        var (asked, at) = (row.Asked, row.DecidedAt!.Value);
        unit.Publish(new ReturnsReleased([new(asked.PreNo, asked.PlatformCode, asked.OrderNo, asked.Lines, at)]));
        await BringBackAsync(unit, asked, at, ct);
    }

    protected override async Task KeepAsync(UnitOfWork unit, List<ReturnRow<ReturnAccepted>> rows, List<ReturnReceipt> receipts, CancellationToken ct)
    {
        if (rows.Count > 0)
        {
            await ReturnStore.PutAsync(unit, rows, ct);
        }

        await ReceiptStore.TellAsync(unit, receipts.ConvertAll(one => (one.Receipt, one.Event(Types, ((ReturnAccepted)one.Asked).OrderNo))), ct);
    }

    /// <summary>The goods are in the account again; where all of an inventory came back, its tax bill is void.</summary>
    private async Task BringBackAsync(UnitOfWork unit, ReturnAccepted asked, DateTimeOffset now, CancellationToken ct)
    {
        var row = (await InventoryStore.OfNumbersAsync(unit, [asked.InventoryNo], ct))[asked.InventoryNo];
        var returned = Sum((await OfInventoriesAsync(unit, [asked.InventoryNo], ct)).Values
            .Where(one => one.Last?.Status == OfficialCodes.Released).Select(one => one.Asked));
        if (row.Inventory.Lines.All(line => returned.GetValueOrDefault(line.LineNo) == line.Quantity))
        {
            await TaxBillStore.CloseAsync(unit, [TaxBill.Void(row.Inventory, now)], ct);
        }

        var book = await StockStore.LockAsync(unit, [row], isRequired: false, ct);
        book.Return(row.Inventory, returned, asked.PreNo, now);
        await StockStore.WriteAsync(unit, book, ct);
    }

    private Func<ReturnRow<ReturnAccepted>, IEnumerable<ReturnAccepted>, IReadOnlyList<ReasonedResult>> RuleOf(Dictionary<string, InventoryRow> inventories) =>
        (row, others) =>
            ReturnRules.Decide(row.Asked, inventories.GetValueOrDefault(row.Asked.InventoryNo), Sum(others), options.Value.ReturnWithinDays) ?? [];

    private static Dictionary<int, decimal> Sum(IEnumerable<ReturnAccepted> returns) => returns.SelectMany(one => one.Lines)
        .GroupBy(line => line.LineNo).ToDictionary(line => line.Key, line => line.Sum(one => one.Quantity));
}
