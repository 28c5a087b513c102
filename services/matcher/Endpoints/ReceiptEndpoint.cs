using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Matcher.Storage;
using Sandan.Shared.Http;

namespace Sandan.Matcher.Endpoints;

/// <summary>
/// What the comparison says of a document, for its receipts: 120 where its consignment agreed, 100 with the official code where it
/// did not. Asked by the service that has the document and knows whose it is.
/// </summary>
internal static class ReceiptEndpoint
{
    private sealed record Receipt(string ReturnStatus, DateTimeOffset ReturnTime, string ReturnInfo);

    public static void MapReceipts(this IEndpointRouteBuilder app) => app.MapGet("/internal/receipts", GetAsync);

    private static async Task<IResult> GetAsync(Guid document, string orderNo, ConsignmentReader consignments, CancellationToken ct)
    {
        var verdicts = await consignments.VerdictsAsync(orderNo, ct);
        return Results.Json(
            verdicts.Where(one => document == one.Order?.Id || document == one.Payment?.Id || document == one.Waybill?.Id)
                .Select(Of).OfType<Receipt>(),
            Problems.Json);
    }

    private static Receipt? Of(ConsignmentJudged verdict) => verdict.State switch
    {
        ConsignmentState.Matched => new(
            OfficialCodes.StoredByCustoms, verdict.JudgedAt, ReturnInfo.Of(OfficialCodes.CustomsCheckPassed)),
        ConsignmentState.Mismatched when verdict.Discrepancies.First(one => one.Severity == DiscrepancySeverity.Mismatch) is var cause => new(
            OfficialCodes.Rejected, verdict.JudgedAt, ReturnInfo.Of(cause.Code, cause: cause)),
        _ => null, // a document is waited for
    };
}
