using System.Text.Json;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Customs.Declarations;
using Sandan.Customs.Domain;
using Sandan.Customs.Endpoints;
using Sandan.Customs.Storage;
using Sandan.Intake;
using Sandan.Shared.Http;

namespace Sandan.Customs.Exports;

/// <summary>A part of a request to sum up.</summary>
/// <param name="Id">Of the version that the rest speaks of.</param>
/// <param name="ReturnStatus">Of its last result; absent where there is none.</param>
internal sealed record SummaryPartView(
    int MsgSeqNo, int MsgCount, Guid Id, int Version, DateTimeOffset ReceivedAt, string? ReturnStatus, string? Code, Localized? Text, Localized? Fix,
    DateTimeOffset? DecidedAt, IReadOnlyList<LaterReceipt> Receipts);

/// <summary>A request to sum up as its parties may see it.</summary>
/// <param name="SumNo">Absent, as the declarations, while it is not summed up.</param>
internal sealed record SummaryView(
    string AgentCode, string CopNo, string EbcCode, string DeclAgentCode, string CustomsCode, IReadOnlyList<SummaryPartView> Parts, string? SumNo,
    IReadOnlyList<SummaryDeclarationView>? Declarations);

/// <summary>Reading requests to sum up and their results. A company sees those to which it is a party; of others it does not learn that they exist.</summary>
internal static class SummaryEndpoint
{
    public static void MapSummaries(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/summaries/{agentCode}/{copNo}", GetAsync);
        app.MapGet("/v1/summaries/{agentCode}/{copNo}/result", GetResultAsync);
    }

    private static async Task<IResult> GetAsync(
        string agentCode, string copNo, HttpContext context, SummaryStore store, ReceiptStore receipts, CancellationToken ct)
    {
        var key = KeyOf(agentCode, copNo);
        if (await FindAsync(key, context, store, ct) is not { } rows)
        {
            return NotFound(context);
        }

        var parts = new List<SummaryPartView>();
        foreach (var (part, last, decidedAt) in rows.Select(one => (one.Part, one.Last, one.DecidedAt)))
        {
            parts.Add(new(
                part.Part, part.Parts, part.Document.Id, part.Document.Version, part.Document.ReceivedAt, last?.Status, last?.Code,
                last is null ? null : Explained.TextOf(last.Code), last is null ? null : Explained.FixOf(last.Code), decidedAt,
                await receipts.OfAsync(part.Document.Id, ct)));
        }

        var (first, summary) = (rows[0].Part, await store.FindSummaryAsync(key, ct));
        return Results.Json(
            new SummaryView(
                first.DeclarantCode, first.DeclarantNo, first.Terms.SellerCode, first.Terms.FilerCode, first.Terms.CustomsCode, parts, summary?.SumNo,
                summary is { Declarations: var made } ? JsonSerializer.Deserialize(made, CustomsJson.Plain.IReadOnlyListSummaryDeclarationView) : null),
            CustomsJson.Plain.SummaryView);
    }

    /// <summary>
    /// The results of one message, which has at most 100 declarations, as a JSON array; with <c>Accept: application/xml</c> as CEB792. 404
    /// before it is summed up, and beyond the last message.
    /// </summary>
    private static async Task<IResult> GetResultAsync(string agentCode, string copNo, HttpContext context, SummaryStore store, CancellationToken ct)
    {
        var parameters = new Parameters(context);
        var message = parameters.Number("message", least: 1, most: int.MaxValue / Summary.ResultsMax, otherwise: 1);
        if (parameters.Problem is { } problem)
        {
            return problem;
        }

        var key = KeyOf(agentCode, copNo);
        return await FindAsync(key, context, store, ct) is not null
            && await store.ResultsAsync(key, (message - 1) * Summary.ResultsMax, Summary.ResultsMax, ct) is { Count: > 0 } results
            ? OneWayMessage.Show(CebMessage.SummaryResult, results, context, isList: true)
            : NotFound(context);
    }

    /// <summary>Null where there is none, or the caller is no party.</summary>
    private static async Task<List<SummaryRow>?> FindAsync(SummaryKey key, HttpContext context, SummaryStore store, CancellationToken ct)
    {
        var (caller, rows) = (context.GetCaller(), await store.FindAsync(key, ct));
        return rows.Count > 0 && (caller.SeesEverything || rows.Exists(one => one.Parties.Contains(caller.Company))) ? rows : null;
    }

    private static SummaryKey KeyOf(string agentCode, string copNo) => new(agentCode.Unslash(), copNo.Unslash());

    private static IResult NotFound(HttpContext context) => Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
}
