using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Customs.Domain;
using Sandan.Customs.Endpoints;
using Sandan.Customs.Feed;
using Sandan.Customs.Storage;
using Sandan.Intake;
using Sandan.Shared;
using Sandan.Shared.Audit;
using Sandan.Shared.Http;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Exports;

/// <summary>A document that an export inventory waits for.</summary>
internal sealed record ExportMissing(DocumentKind Document, string Code, Localized Text, Localized? Fix);

/// <summary>An export inventory as its parties may see it.</summary>
/// <param name="Id">Of the version that the rest speaks of.</param>
/// <param name="State">Of the comparison with order, waybill and receipts of payment.</param>
/// <param name="ReturnStatus">The last result; absent where there is none yet, as the three behind it.</param>
internal sealed record ExportView(
    string AgentCode, string CopNo, string EbpCode, string? EbcCode, string OrderNo, Guid Id, int Version, string PreNo, string InvtNo,
    string LogisticsCode, string LogisticsNo, string TradeMode, string StatisticsFlag, int Revision, ConsignmentState State,
    DateTimeOffset JudgedAt, string? ReturnStatus, string? Code, Localized? Text, Localized? Fix, DateTimeOffset? DecidedAt,
    IReadOnlyList<ExportMissing> Missing, IReadOnlyList<FeedDiscrepancy> Discrepancies, IReadOnlyList<TransportNote> Transports,
    IReadOnlyList<LaterReceipt> Receipts);

/// <summary>Reading export inventories, and what officers do with them. A company sees those to which it is a party; of others it does not learn that they exist.</summary>
internal static partial class ExportEndpoint
{
    public static void MapExports(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/export-inventories/{agentCode}/{copNo}", GetAsync);
        app.MapPost("/v1/export-inventories/{agentCode}/{copNo}/actions", ActAsync)
            .WithMetadata(new RequestSizeLimitAttribute(SandanService.SmallBodyBytesMax)).RequireRole(Roles.Customs);
    }

    private static async Task<IResult> GetAsync(
        string agentCode, string copNo, HttpContext context, ExportStore store, TransportStore transports, ReceiptStore receipts, CancellationToken ct)
    {
        var caller = context.GetCaller();
        return await store.FindAsync(KeyOf(agentCode, copNo), ct) is { } row && (caller.SeesEverything || row.Parties.Contains(caller.Company))
            ? await ShowAsync(row, transports, receipts, ct)
            : Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
    }

    /// <summary>An officer holds or has inspected what was not released yet, then releases or rejects it.</summary>
    private static async Task<IResult> ActAsync(
        string agentCode, string copNo, ActionRequest request, HttpContext context, ExportDesk desk, TransportStore transports, ReceiptStore receipts,
        NpgsqlDataSource database, OutboxSignal outbox, FeedSignal signal, AuditTrail audit, ILoggerFactory logs, CancellationToken ct)
    {
        if (OfficerActionsEndpoint.Faults(request, "release", "hold", "inspect", "reject") is { Count: > 0 } faults)
        {
            return Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.ParameterInvalid, faults);
        }

        var (key, action, caller, reason) = (KeyOf(agentCode, copNo), OfficerActions.Parse(request.Action)!.Value, context.GetCaller(), request.Reason!.Trim());
        await using var unit = await UnitOfWork.BeginAsync(database, outbox, ct);
        if (await ExportDesk.LockAsync(unit, key, ct) is not { } row)
        {
            return Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
        }

        if (ExportRules.Of(action, row.Last, row.Judged.State) is not { } result)
        {
            return Problems.Result(
                context,
                StatusCodes.Status409Conflict,
                RequestCodes.ActionNotPossible,
                [new("/action", RequestCodes.ActionNotPossible, ExportRules.FromOf(action), $"{row.Last?.Status ?? "-"}; {row.Judged.State}")]);
        }

        var after = await desk.DecideByOfficerAsync(unit, row, result, reason, ct);
        await audit.AppendAsync(
            unit, caller, [new(request.Action!, $"export inventory {row.Inventory.InventoryNo}, now {after.Last!.Status}", reason)], ct);
        await unit.CommitAsync(ct);
        await unit.DisposeAsync(); // many officers at once would else hold every connection while each waits for a second one
        signal.Set();
        Acted(logs.CreateLogger("Sandan.Customs.Officer"), row.Inventory.InventoryNo, request.Action!, result.Status, caller.Client);
        return await ShowAsync(after, transports, receipts, ct);
    }

    private static ExportKey KeyOf(string agentCode, string copNo) => new(agentCode.Unslash(), copNo.Unslash());

    private static async Task<IResult> ShowAsync(ExportRow row, TransportStore transports, ReceiptStore receipts, CancellationToken ct)
    {
        var (inventory, judged, last) = (row.Inventory, row.Judged, row.Last);
        return Results.Json(
            new ExportView(
                inventory.DeclarantCode, inventory.DeclarantNo, inventory.PlatformCode, inventory.SellerCode, inventory.OrderNo,
                inventory.Document.Id, inventory.Document.Version, inventory.PreNo, inventory.InventoryNo, inventory.LogisticsCompanyCode,
                inventory.WaybillNo, inventory.Mode, inventory.Statistics, judged.Revision, judged.State, judged.JudgedAt, last?.Status,
                last?.Code, last is null ? null : Explained.TextOf(last.Code), last is null ? null : Explained.FixOf(last.Code), row.DecidedAt,
                [.. judged.Missing.Select(MissingOf)], [.. judged.Discrepancies.Select(FeedEvents.Of)],
                [.. (await transports.OfAsync(row.Parcel, TransportNote.Messages, ct)).Select(TransportNote.Of)],
                await receipts.OfAsync(inventory.Document.Id, ct)),
            CustomsJson.Plain.ExportView);
    }

    private static ExportMissing MissingOf(DocumentKind document)
    {
        var code = MatchCodes.ExportMissing(document);
        return new(document, code, Explained.TextOf(code), Explained.FixOf(code));
    }

    [LoggerMessage(LogLevel.Information, "Export inventory {InventoryNo}: {Action}, now {Status}, by {Client}")]
    private static partial void Acted(ILogger log, string inventoryNo, string action, string status, string client);
}
