using MassTransit;
using Microsoft.Extensions.Options;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Customs.Feed;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;
using Row = Sandan.Customs.Declarations.ReturnRow<Sandan.Contracts.Events.ExportReturnAccepted>;

namespace Sandan.Customs.Exports;

/// <summary>Returns of exports (CEB213): they rest on the result of their inventory, then wait for their goods, which a tally (CEB215) says to be back.</summary>
internal sealed class ExportReturnDesk(ExportReturnStore store, IOptions<CustomsOptions> options, TimeProvider time)
    : ReturnDesk<ExportReturnAccepted>(time)
{
    private static readonly ReturnTypes Types = new(
        FeedTypes.ExportReturnHeld, FeedTypes.ExportReturnReleased, FeedTypes.ExportReturnRejected, FeedTypes.ExportReturnWithdrawn);

    /// <summary>Returns that came before the result of their inventory.</summary>
    /// <param name="inventoryNos">Of inventories that have one, or that are not there any more; under the lock of exports.</param>
    public async Task DecideWaitingAsync(UnitOfWork unit, IReadOnlyCollection<string> inventoryNos, CancellationToken ct)
    {
        if (inventoryNos.Count > 0)
        {
            var rows = await OfInventoriesAsync(unit, [.. inventoryNos], ct);
            await DecideAsync(unit, rows, [.. rows.Values.Where(one => one.Last is null)], [], ct);
        }
    }

    /// <summary>Goods that are back.</summary>
    /// <param name="tallies">That are kept, under the lock of exports.</param>
    public async Task BackAsync(UnitOfWork unit, IReadOnlyCollection<TransportPart> tallies, CancellationToken ct)
    {
        if (tallies.Count > 0)
        {
            var awaited = await ExportReturnStore.AwaitedAsync(
                unit,
                [.. tallies.Select(one => one.InventoryNo).OfType<string>()],
                [.. tallies.Where(one => one.InventoryNo is null).Select(one => new Parcel(one.LogisticsCompanyCode, one.WaybillNos[0]))],
                ct);
            await DecideAsync(unit, awaited.ToDictionary(one => one.Asked.PreNo), awaited, [], ct);
        }
    }

    public override Task<Row?> FindAsync(string preNo, CancellationToken ct) => store.FindAsync(preNo, ct);

    protected override Task LockAsync(UnitOfWork unit, IReadOnlyCollection<string> inventoryNos, CancellationToken ct) => ExportStore.LockAsync(unit, ct);

    protected override Task<Dictionary<string, Row>> OfInventoriesAsync(UnitOfWork unit, string[] inventoryNos, CancellationToken ct) =>
        ExportReturnStore.OfInventoriesAsync(unit, inventoryNos, ct);

    protected override async Task DecideAsync(
        UnitOfWork unit, Dictionary<string, Row> rows, List<Row> open, List<ReturnReceipt> refused, CancellationToken ct)
    {
        var inventories = await ExportStore.OfNumbersAsync(unit, open.Select(one => one.Asked.InventoryNo), ct);
        var released = await ReceiptStore.FirstAsync(unit, [.. inventories.Values.Select(one => one.Inventory.Document.Id)], OfficialCodes.Released, ct);
        var exported = inventories.ToDictionary(
            one => one.Key, one => new Exported(one.Value, released.TryGetValue(one.Value.Inventory.Document.Id, out var at) ? at : null));
        var tallies = await TransportStore.TalliesAsync(unit, open.ConvertAll(one => one.Asked), ct);
        await DecideAsync(
            unit, rows, open, refused,
            (row, others) => ExportReturnRules.Decide(
                row, exported.GetValueOrDefault(row.Asked.InventoryNo), others, tallies, options.Value.ExportReturnWithinMonths),
            ct);
    }

    /// <summary>No tax was taken: nothing follows.</summary>
    protected override Task ReleasedAsync(UnitOfWork unit, Row row, CancellationToken ct) => Task.CompletedTask;

    protected override async Task KeepAsync(UnitOfWork unit, List<Row> rows, List<ReturnReceipt> receipts, CancellationToken ct)
    {
        await ExportReturnStore.PutAsync(unit, rows, ct);
        var inventories = await ExportStore.OfNumbersAsync(unit, receipts.Select(one => one.Asked.InventoryNo), ct);
        await ReceiptStore.TellAsync(
            unit,
            receipts.ConvertAll(one => (one.Receipt, one.Event(Types, inventories.GetValueOrDefault(one.Asked.InventoryNo)?.Inventory.OrderNo ?? ""))),
            ct);
    }
}

/// <summary>Requests to return exported goods.</summary>
internal sealed class ExportReturnsAcceptedConsumer(Inbox inbox, ExportReturnDesk desk) : IConsumer<ExportReturnsAccepted>
{
    public Task Consume(ConsumeContext<ExportReturnsAccepted> context) => inbox.OnceAsync(context, context.Message.Returns, desk.WorkInAsync);
}
