using System.Text.Json;
using Sandan.Matcher.Storage;
using Sandan.Shared.Http;

namespace Sandan.Matcher.Endpoints;

/// <summary>
/// Whether documents are part of a verdict on which customs hold fast: the matcher knows which consignment rests on a document, customs
/// how that one stands. Asked by the services that have the documents, before they take a change.
/// </summary>
internal static class StandingEndpoint
{
    /// <param name="OrderNos">That its versions named.</param>
    /// <param name="Versions">Ids of all its versions.</param>
    private sealed record AskedDocument(string[] OrderNos, Guid[] Versions);

    private sealed record AskedConsignment(string PlatformCode, string OrderNo);

    /// <summary>Maps <c>POST /internal/standing</c>: an array of documents, answered by an array of true and false, in that order; 503 where customs are away.</summary>
    public static void MapStanding(this IEndpointRouteBuilder app) => app.MapPost("/internal/standing", AnswerAsync);

    private static async Task<IResult> AnswerAsync(HttpContext context, ConsignmentReader consignments, Downstream downstream, CancellationToken ct)
    {
        var asked = (await context.Request.ReadFromJsonAsync<AskedDocument[]>(Problems.Json, ct))!;
        var verdicts = await consignments.LastVerdictsAsync([.. asked.SelectMany(one => one.OrderNos).Distinct()], ct);
        var byVersion = verdicts
            .SelectMany(one => new[] { one.Order?.Id, one.Payment?.Id, one.Waybill?.Id }.OfType<Guid>(), (verdict, id) => (verdict, id))
            .ToLookup(one => one.id, one => new AskedConsignment(one.verdict.PlatformCode, one.verdict.OrderNo));
        var parts = Array.ConvertAll(asked, one => one.Versions.SelectMany(id => byVersion[id]).Distinct().ToArray());
        AskedConsignment[] all = [.. parts.SelectMany(some => some).Distinct()];
        var standing = new HashSet<AskedConsignment>();
        if (all.Length > 0)
        {
            var (answer, available) = await downstream.AskAsync("customs", "/internal/standing", all, context, ct);
            if (!available)
            {
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            }

            standing.UnionWith(all.Zip(answer.Deserialize<bool[]>()!).Where(one => one.Second).Select(one => one.First));
        }

        return Results.Json(Array.ConvertAll(parts, some => some.Any(standing.Contains)), Problems.Json);
    }
}
