using Sandan.Contracts.Codes;
using Sandan.Customs.Domain;
using Sandan.Customs.Feed;
using Sandan.Customs.Storage;
using Sandan.Shared.Http;
using Sandan.Shared.Security;

namespace Sandan.Customs.Endpoints;

/// <summary>
/// Reading clearances. A company sees those to which it is a party; of others it does not learn that they exist.
/// </summary>
internal static class Clearances
{
    private const int PageMax = 1000;
    private const int PageDefault = 100;

    public static void MapClearances(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/clearances", ListAsync).WithName("ListClearances").WithTags("Clearances");
        app.MapGet("/v1/clearances/{ebpCode}/{orderNo}", GetAsync).WithName("GetClearance").WithTags("Clearances");
    }

    /// <summary>A key from the path.</summary>
    public static ClearanceKey KeyOf(string ebpCode, string orderNo) =>
        new(ebpCode.Unslash(), orderNo.Unslash());

    /// <summary>True where the caller may see it.</summary>
    public static bool MaySee(this Caller caller, Clearance clearance) =>
        caller.SeesEverything || clearance.Parties.Contains(caller.Company);

    private static async Task<IResult> GetAsync(
        string ebpCode,
        string orderNo,
        HttpContext context,
        ClearanceStore store,
        DecisionStore decisions,
        CancellationToken ct)
    {
        var key = KeyOf(ebpCode, orderNo);
        var caller = context.GetCaller();
        if (await store.FindAsync(key, ct) is not { } clearance || !caller.MaySee(clearance))
        {
            return Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
        }

        var view = ClearanceView.Of(clearance, caller, await decisions.HistoryAsync(clearance.Number, ct));
        return Results.Json(view, CustomsJson.Plain.ClearanceView);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ClearanceStore store, CancellationToken ct)
    {
        var parameters = new Parameters(context);
        var limit = parameters.Number("limit", 1, PageMax, PageDefault);
        var before = parameters.Cursor("after", Cursor.Clearances) ?? long.MaxValue;
        ReturnStatus? status = null;
        if (parameters.Text("status") is { } asked)
        {
            status = Enum.GetValues<ReturnStatus>().Cast<ReturnStatus?>()
                .FirstOrDefault(one => $"{(int)one!}" == asked);
            if (status is null)
            {
                parameters.Refuse(
                    "status",
                    RequestCodes.ParameterInvalid,
                    string.Join(',', Enum.GetValues<ReturnStatus>().Cast<int>()),
                    asked);
            }
        }

        if (parameters.Problem is { } problem)
        {
            return problem;
        }

        var caller = context.GetCaller();
        var rows = await store.ListAsync(caller.SeesEverything ? null : caller.Company, status, before, limit + 1, ct);
        var page = rows.Take(limit).ToArray();
        return Results.Json(
            new ClearancePage(
                [.. page.Select(one => ClearanceView.Of(one, caller))],
                Cursor.Write(Cursor.Clearances, page.Length > 0 ? page[^1].Number : before),
                rows.Count > limit),
            CustomsJson.Plain.ClearancePage);
    }
}
