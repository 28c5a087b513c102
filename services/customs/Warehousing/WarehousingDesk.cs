using MassTransit;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Customs.Exports;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Warehousing;

/// <summary>
/// Works warehousing details in. One is stored (120), and concluded (399) once each of its parcels has an inventory, whichever of them
/// comes last [proposed: the specification names both states for CEB712 and does not say when]. A deleted one is concluded at once.
/// </summary>
internal sealed class WarehousingDesk(TimeProvider time)
{
    /// <summary>One for all: a list and an inventory that come at the same time would otherwise not see each other. Taken last.</summary>
    private static readonly PartLocks Locks = new(0x5748, 1); // "WH"

    private static DeclarationResult Concluded { get; } = new(OfficialCodes.Concluded, OfficialCodes.CustomsReviewPassed);

    /// <summary>Warehousing details. An older or a repeated version does nothing.</summary>
    public async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<TransportPart> told, CancellationToken ct)
    {
        var newest = told.GroupBy(TransportKey.Of).Select(some => some.MaxBy(one => one.Document.Version)!).ToArray();
        await Locks.LockAllAsync(unit, ct);
        var known = (await TransportStore.FindAsync(unit, [.. newest.Select(TransportKey.Of)], ct)).ToDictionary(one => TransportKey.Of(one.Part));
        TransportPart[] changed = [.. newest.Where(one => !(one.Document.Version <= known.GetValueOrDefault(TransportKey.Of(one))?.Part.Document.Version))];
        var now = time.GetUtcNow();
        await KeepAsync(unit, [.. changed.Select(one => new TransportRow(one, 0, null))], one => one.Part.Document.Deleted ? Concluded : InventoryRules.CheckPassed, now, ct);
        await TransportStore.PutLinesAsync(unit, changed, ct);
        await ConcludeAsync(unit, [.. changed.SelectMany(ParcelsOf)], now, ct);
    }

    /// <summary>Inventories have come: those that wait for one of these parcels may be concluded.</summary>
    public static async Task FoundAsync(UnitOfWork unit, IReadOnlyCollection<Parcel> parcels, DateTimeOffset now, CancellationToken ct)
    {
        if (parcels.Count > 0)
        {
            await Locks.LockAllAsync(unit, ct);
            await ConcludeAsync(unit, parcels, now, ct);
        }
    }

    private static async Task ConcludeAsync(UnitOfWork unit, IReadOnlyCollection<Parcel> parcels, DateTimeOffset now, CancellationToken ct) =>
        await KeepAsync(unit, await TransportStore.InventoriedAsync(unit, parcels, ct), _ => Concluded, now, ct);

    private static async Task KeepAsync(
        UnitOfWork unit, List<TransportRow> rows, Func<TransportRow, DeclarationResult> decide, DateTimeOffset now, CancellationToken ct)
    {
        if (rows.Count == 0)
        {
            return;
        }

        await TransportStore.PutAsync(unit, [.. rows.Select(one => one with { Receipts = one.Receipts + 1, Status = decide(one).Status })], ct);
        await ReceiptStore.AddAsync(
            unit,
            [.. rows.Select(one => new DeclarationReceipt(one.Part.Document.Id, one.Receipts + 1, decide(one), ReturnInfo.Of(decide(one).Code), null, now))],
            ct);
    }

    private static IEnumerable<Parcel> ParcelsOf(TransportPart part) => part.WaybillNos.Select(waybill => new Parcel(part.LogisticsCompanyCode, waybill));
}

/// <summary>Warehousing details.</summary>
internal sealed class WarehousingsAcceptedConsumer(Inbox inbox, WarehousingDesk desk) : IConsumer<WarehousingsAccepted>
{
    public Task Consume(ConsumeContext<WarehousingsAccepted> context) => inbox.OnceAsync(context, context.Message.Parts, desk.WorkInAsync);
}
