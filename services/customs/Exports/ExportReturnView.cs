using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Customs.Domain;
using Sandan.Customs.Storage;
using Sandan.Intake;

namespace Sandan.Customs.Exports;

/// <summary>That a parcel of a return is back.</summary>
internal sealed record TallyNote(string OperatorCode, string CoElNo, string LogisticsCode, string LogisticsNo, string? BillNo, DateTimeOffset ReceivedAt)
{
    public static TallyNote Of(TransportPart tally) => new(
        tally.CompanyCode, tally.CompanyNo, tally.LogisticsCompanyCode, tally.WaybillNos[0], tally.BillNo, tally.Document.ReceivedAt);
}

/// <summary>A return of exported goods as its parties may see it.</summary>
/// <param name="Id">Of the version that the rest speaks of.</param>
/// <param name="Tallies">Which say that its goods are back.</param>
/// <param name="ReturnStatus">The last result; absent while the return waits for the result of its inventory, as the four behind it.</param>
internal sealed record ExportReturnView(
    string PreNo, string CoElNo, string InvtNo, Guid Id, int Version, string EbpCode, string EbcCode, string AgentCode, string LogisticsCode,
    string LogisticsNo, string? TradeMode, IReadOnlyList<ReturnLineView> Lines, DateTimeOffset ReceivedAt, IReadOnlyList<TallyNote> Tallies,
    string? ReturnStatus, string? Code, Localized? Text, Localized? Fix, DateTimeOffset? DecidedAt, IReadOnlyList<LaterReceipt> Receipts)
{
    public static async Task<IResult> ShowAsync(ReturnRow<ExportReturnAccepted> row, IServiceProvider services, CancellationToken ct)
    {
        var (asked, last) = (row.Asked, row.Last);
        return Results.Json(
            new ExportReturnView(
                asked.PreNo, asked.SellerNo, asked.InventoryNo, asked.Document.Id, asked.Document.Version, asked.PlatformCode, asked.SellerCode,
                asked.DeclarantCode, asked.LogisticsCompanyCode, asked.WaybillNo, asked.Mode,
                [.. asked.Lines.Select(line => new ReturnLineView(line.LineNo, line.Goods.HsCode, line.Quantity))], asked.Document.ReceivedAt,
                [.. (await services.GetRequiredService<TransportStore>().TalliesAsync(asked, ct)).Select(TallyNote.Of)],
                last?.Status, last?.Code, last is null ? null : Explained.TextOf(last.Code), last is null ? null : Explained.FixOf(last.Code),
                row.DecidedAt, await services.GetRequiredService<ReceiptStore>().OfAsync(asked.Document.Id, ct)),
            CustomsJson.Plain.ExportReturnView);
    }
}
