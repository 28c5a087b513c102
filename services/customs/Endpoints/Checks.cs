using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Customs.Exports;
using Sandan.Customs.Warehousing;
using Sandan.Intake;
using Sandan.Intake.Endpoints;
using Sandan.Shared.Http;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Endpoints;

/// <summary>
/// Tries out what customs would say: the desks do their work in a transaction that is rolled back, so that by other rules than their own
/// nothing is foretold.
/// </summary>
internal sealed class Trials(NpgsqlDataSource database, OutboxSignal signal) : IDisposable
{
    private readonly Turns turns = new(2, TimeSpan.FromSeconds(1));

    /// <summary>Receipts that documents would have after this work; null where there is no turn, or others hold what it needs.</summary>
    public async Task<ILookup<Guid, LaterReceipt>?> ReceiptsAsync(
        Func<UnitOfWork, Task> work, IReadOnlyCollection<Guid> documents, CancellationToken ct)
    {
        using var turn = await turns.TakeAsync(ct);
        if (turn is null)
        {
            return null;
        }

        try
        {
            await using var unit = await UnitOfWork.TryOutAsync(database, signal, ct);
            await work(unit);
            return await ReceiptStore.OfAsync(unit, [.. documents], ct);
        }
        catch (PostgresException busy) when (busy.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            return null; // it gave way to what was really sent
        }
    }

    /// <inheritdoc />
    public void Dispose() => turns.Dispose();
}

/// <summary>The part of customs in <c>POST /v1/check</c>.</summary>
internal static class Checks
{
    /// <summary><see cref="EventBytes"/> of inventories as the matcher would tell them.</summary>
    private sealed record Judgements(byte[] Inventories, byte[] ExportInventories);

    /// <summary>Their receipts, in the same order.</summary>
    /// <param name="Fits">None of them is refused.</param>
    private sealed record Answer(
        bool Fits, IEnumerable<IEnumerable<ForetoldReceipt>> Inventories, IEnumerable<IEnumerable<ForetoldReceipt>> ExportInventories);

    public static void MapChecks(this WebApplication app)
    {
        app.MapCheck<InventoryAccepted>();
        app.MapCheck<ExportInventoryAccepted>();
        app.MapPost("/internal/check/judged", JudgedAsync);

        var of = app.Services;
        var (imports, exports, transports) = (of.GetRequiredService<InventoryDesk>(), of.GetRequiredService<ExportDesk>(), of.GetRequiredService<TransportDesk>());
        Map<CancellationAccepted>(app, imports.WorkInAsync);
        Map<ReturnAccepted>(app, of.GetRequiredService<ReturnDesk>().WorkInAsync);
        Map<ExportCancellationKind.Accepted>(app, (unit, told, ct) => exports.WorkInAsync(unit, [.. told.Select(one => one.Cancellation)], ct));
        Map<ManifestKind.Accepted>(app, (unit, told, ct) => transports.WorkInAsync(unit, [.. told.Select(one => one.Part)], ct));
        Map<ArrivalKind.Accepted>(app, (unit, told, ct) => transports.WorkInAsync(unit, [.. told.Select(one => one.Part)], ct));
        Map<DepartureKind.Accepted>(app, (unit, told, ct) => transports.WorkInAsync(unit, [.. told.Select(one => one.Part)], ct));
        Map<ExportReturnAccepted>(app, of.GetRequiredService<ExportReturnDesk>().WorkInAsync);
        Map<TallyKind.Accepted>(app, (unit, told, ct) => transports.WorkInAsync(unit, [.. told.Select(one => one.Part)], ct));
        Map<SummaryPart>(app, of.GetRequiredService<SummaryDesk>().WorkInAsync);
        Map<WarehousingKind.Accepted>(
            app, (unit, told, ct) => of.GetRequiredService<WarehousingDesk>().WorkInAsync(unit, [.. told.Select(one => one.Part)], ct));
    }

    private static void Map<TAccepted>(WebApplication app, ItemHandler<TAccepted> desk)
    {
        var trials = app.Services.GetRequiredService<Trials>();
        app.MapCheck<TAccepted>((told, documents, ct) => trials.ReceiptsAsync(unit => desk(unit, told, ct), documents, ct));
    }

    /// <summary>What follows from inventories as they would be judged, besides what follows from their consignments.</summary>
    private static async Task<IResult> JudgedAsync(HttpContext context, Trials trials, InventoryDesk imports, ExportDesk exports, CancellationToken ct)
    {
        var asked = (await context.Request.ReadFromJsonAsync<Judgements>(Problems.Json, ct))!;
        var imported = EventBytes.Read<InventoryJudged[]>(asked.Inventories);
        var exported = EventBytes.Read<ExportInventoryJudged[]>(asked.ExportInventories);
        Guid[] documents = [.. imported.Select(one => one.Inventory.Document.Id), .. exported.Select(one => one.Inventory.Document.Id)];
        var receipts = await trials.ReceiptsAsync(
            async unit =>
            {
                if (imported.Length > 0)
                {
                    await imports.WorkInAsync(unit, imported, ct);
                }

                if (exported.Length > 0) // all exports are one lock
                {
                    await exports.WorkInAsync(unit, exported, ct);
                }
            },
            documents,
            ct);
        return receipts is null
            ? Problems.Busy(context)
            : Results.Json(
                new Answer(
                    Array.TrueForAll(documents, one => receipts[one].LastOrDefault() is null or { IsRefusal: false }),
                    imported.Select(one => ShowOf(one.Inventory.Document)),
                    exported.Select(one => ShowOf(one.Inventory.Document))),
                Problems.Json);

        IEnumerable<ForetoldReceipt> ShowOf(DocumentVersion document) => receipts[document.Id].Select(one => new ForetoldReceipt(one));
    }
}
