using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Customs.Exports;
using Sandan.Customs.Storage;
using Sandan.Intake;
using Sandan.Shared.Http;

namespace Sandan.Customs.Warehousing;

/// <summary>A parcel of a warehousing.</summary>
/// <param name="InvtNo">Of its inventory; absent where none is known, as the next two and, where it has no result, these two.</param>
/// <param name="Notes">That none is known, or in what it differs.</param>
internal sealed record WarehousedParcel(string LogisticsNo, string? InvtNo, string? TradeMode, string? ReturnStatus, string? Code, IReadOnlyList<Difference> Notes);

/// <summary>A warehousing as its operator and its logistics company may see it.</summary>
/// <param name="Id">Of the version that the rest speaks of.</param>
/// <param name="ReportedAt">appTime.</param>
internal sealed record WarehousingView(
    string OperatorCode, string CopNo, Guid Id, int Version, string LogisticsCode, string? TrafNo, string? VoyageNo, string? BillNo,
    string? UnloadLocation, DateTimeOffset ReportedAt, string? ReturnStatus, IReadOnlyList<WarehousedParcel> Parcels, IReadOnlyList<LaterReceipt> Receipts);

/// <summary>Where and when the parcel of an inventory was warehoused.</summary>
internal sealed record WarehousingNote(
    string OperatorCode, string CopNo, DateTimeOffset ReportedAt, string? UnloadLocation, string? BillNo, IReadOnlyList<Difference> Differences)
{
    public static WarehousingNote Of(TransportPart part, InventoryAccepted inventory) => new(
        part.CompanyCode, part.CompanyNo, part.Document.AppTime, part.Place, part.BillNo, [.. WarehousingRules.Compare(inventory, part)]);
}

/// <summary>Compares an inventory with the warehousing that lists its parcel: pure.</summary>
internal static class WarehousingRules
{
    /// <summary>
    /// In what they differ. The specification demands no agreement [inferred], and a bonded inventory leaves these fields empty: what is
    /// left out differs from nothing.
    /// </summary>
    public static IEnumerable<Difference> Compare(InventoryAccepted inventory, TransportPart warehousing)
    {
        (string Field, string? Inventory, string? Found)[] fields =
        [
            ("trafNo", inventory.TransportNo, warehousing.TransportNo), ("voyageNo", inventory.VoyageNo, warehousing.VoyageNo),
            ("billNo", inventory.BillNo, warehousing.BillNo),
        ];
        return fields.Where(one => one.Inventory is not null && one.Inventory != one.Found)
            .Select(one => Difference.Of(StockCodes.TransportDiffers, one.Field, one.Inventory, one.Found));
    }
}

/// <summary>Reading warehousings.</summary>
internal static class WarehousingEndpoint
{
    public static void MapWarehousings(this IEndpointRouteBuilder app) => app.MapGet("/v1/warehousings/{operatorCode}/{copNo}", GetAsync);

    /// <summary>Operator of the site and logistics company see it; others do not learn that it exists.</summary>
    private static async Task<IResult> GetAsync(
        string operatorCode, string copNo, HttpContext context, TransportStore transports, InventoryStore inventories, ReceiptStore receipts, CancellationToken ct)
    {
        var caller = context.GetCaller();
        if (await transports.FindAsync(new(CebMessage.Warehousing.Type, operatorCode.Unslash().ToUpperInvariant(), copNo.Unslash()), ct) is not { Part: var part } row
            || !(caller.SeesEverything || caller.Company == part.CompanyCode || caller.Company == part.LogisticsCompanyCode))
        {
            return Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
        }

        var known = await inventories.OfParcelsAsync(part.LogisticsCompanyCode, part.WaybillNos, ct);
        return Results.Json(
            new WarehousingView(
                part.CompanyCode, part.CompanyNo, part.Document.Id, part.Document.Version, part.LogisticsCompanyCode, part.TransportNo, part.VoyageNo,
                part.BillNo, part.Place, part.Document.AppTime, row.Status,
                [.. part.WaybillNos.Select(waybill => Of(waybill, known.GetValueOrDefault(new(part.LogisticsCompanyCode, waybill)), part))],
                await receipts.OfAsync(part.Document.Id, ct)),
            CustomsJson.Plain.WarehousingView);
    }

    private static WarehousedParcel Of(string waybillNo, InventoryRow? row, TransportPart part) => row is null
        ? new(waybillNo, null, null, null, null, [Difference.Of(StockCodes.InventoryAwaited)])
        : new(waybillNo, row.Inventory.InventoryNo, row.Inventory.Mode, row.Last?.Status, row.Last?.Code, [.. WarehousingRules.Compare(row.Inventory, part)]);
}
