using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Domain;
using Sandan.Customs.Exports;
using Sandan.Customs.Feed;
using Sandan.Customs.Stock;
using Sandan.Customs.Storage;
using Sandan.Customs.Warehousing;
using Sandan.Intake;
using Sandan.Shared.Http;

namespace Sandan.Customs.Declarations;

/// <summary>An inventory as its parties may see it.</summary>
/// <param name="Id">Of the version that the rest speaks of.</param>
/// <param name="State">Of the comparison with the three documents.</param>
/// <param name="ReturnStatus">The last result; absent where there is none yet, as the three behind it.</param>
/// <param name="Stock">What it holds of its bonded account; absent in direct purchase.</param>
internal sealed record InventoryView(
    string EbcCode, string OrderNo, string EbpCode, Guid Id, int Version, string PreNo, string InvtNo, string AgentCode, string LogisticsCode,
    string LogisticsNo, string TradeMode, int Revision, ConsignmentState State, DateTimeOffset JudgedAt, string? ReturnStatus, string? Code,
    Localized? Text, Localized? Fix, DateTimeOffset? DecidedAt, IReadOnlyList<FeedDiscrepancy> Discrepancies,
    IReadOnlyList<WarehousingNote> Warehousings, StockNote? Stock, IReadOnlyList<LaterReceipt> Receipts);

/// <summary>Reading inventories. A company sees those to which it is a party; of others it does not learn that they exist.</summary>
internal static class InventoryEndpoint
{
    public static void MapInventories(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/inventories/{ebcCode}/{orderNo}", GetAsync);
        app.MapGet("/v1/inventories/{ebcCode}/{orderNo}/tax-bill", GetTaxBillAsync);
        app.MapGet("/v1/inventories/{ebcCode}/{orderNo}/tax-bill/status", GetTaxBillStatusAsync);
    }

    private static async Task<IResult> GetAsync(
        string ebcCode, string orderNo, HttpContext context, InventoryStore store, TransportStore transports, StockReader stock, ReceiptStore receipts,
        CancellationToken ct)
    {
        if (await FindAsync(ebcCode, orderNo, context, store, ct) is not { } row)
        {
            return NotFound(context);
        }

        var (inventory, judged, last) = (row.Inventory, row.Judged, row.Last);
        return Results.Json(
            new InventoryView(
                inventory.SellerCode, inventory.OrderNo, inventory.PlatformCode, inventory.Document.Id, inventory.Document.Version, inventory.PreNo,
                inventory.InventoryNo, inventory.DeclarantCode, inventory.LogisticsCompanyCode, inventory.WaybillNo, inventory.Mode, judged.Revision,
                judged.State, judged.JudgedAt, last?.Status, last?.Code, last is null ? null : Explained.TextOf(last.Code),
                last is null ? null : Explained.FixOf(last.Code), row.DecidedAt, [.. judged.Discrepancies.Select(FeedEvents.Of)],
                [.. (await transports.OfAsync(row.Parcel, [CebMessage.Warehousing.Type], ct)).Select(one => WarehousingNote.Of(one.Part, inventory))],
                StockNote.Of(row, await stock.HeldAsync(inventory.PreNo, ct)),
                await receipts.OfAsync(inventory.Document.Id, ct)),
            CustomsJson.Plain.InventoryView);
    }

    /// <summary>The bill as JSON, with <c>Accept: application/xml</c> as CEB816; 404 before the release.</summary>
    private static async Task<IResult> GetTaxBillAsync(
        string ebcCode, string orderNo, HttpContext context, InventoryStore store, TaxBillStore bills, CancellationToken ct) =>
        await FindAsync(ebcCode, orderNo, context, store, ct) is { } row
            ? Show(await bills.FindAsync(row.Inventory.InventoryNo, ct), CebMessage.TaxBill, context)
            : NotFound(context);

    /// <summary>That the bill is summed up or void, likewise as CEB818; 404 while it is neither.</summary>
    private static async Task<IResult> GetTaxBillStatusAsync(
        string ebcCode, string orderNo, HttpContext context, InventoryStore store, TaxBillStore bills, CancellationToken ct) =>
        await FindAsync(ebcCode, orderNo, context, store, ct) is { } row
            ? Show(await bills.FindStatusAsync(row.Inventory.InventoryNo, ct), CebMessage.TaxBillStatus, context)
            : NotFound(context);

    private static IResult Show(TaxBill? bill, CebMessage message, HttpContext context) =>
        bill is null ? NotFound(context) : OneWayMessage.Show(message, [bill.Body], context);

    /// <summary>Null where there is none, or the caller is no party.</summary>
    private static async Task<InventoryRow?> FindAsync(string ebcCode, string orderNo, HttpContext context, InventoryStore store, CancellationToken ct)
    {
        var caller = context.GetCaller();
        return await store.FindAsync(ebcCode.Unslash(), orderNo.Unslash(), ct) is { } row && (caller.SeesEverything || row.Parties.Contains(caller.Company))
            ? row
            : null;
    }

    private static IResult NotFound(HttpContext context) =>
        Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
}
