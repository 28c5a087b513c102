using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Customs.Domain;
using Sandan.Customs.Feed;
using Sandan.Customs.Storage;
using Sandan.Intake;
using Sandan.Shared.Http;

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

/// <summary>Reading export inventories. A company sees those to which it is a party; of others it does not learn that they exist.</summary>
internal static class ExportEndpoint
{
    public static void MapExports(this IEndpointRouteBuilder app) => app.MapGet("/v1/export-inventories/{agentCode}/{copNo}", GetAsync);

    private static async Task<IResult> GetAsync(
        string agentCode, string copNo, HttpContext context, ExportStore store, TransportStore transports, ReceiptStore receipts, CancellationToken ct)
    {
        var caller = context.GetCaller();
        if (await store.FindAsync(new(agentCode.Unslash(), copNo.Unslash()), ct) is not { } row
            || !(caller.SeesEverything || row.Parties.Contains(caller.Company)))
        {
            return Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
        }

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
        var code = document == DocumentKind.Order ? MatchCodes.ExportOrderMissing : MatchCodes.ExportWaybillMissing;
        return new(document, code, Explained.TextOf(code), Explained.FixOf(code));
    }
}
