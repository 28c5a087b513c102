using System.Globalization;
using Npgsql;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Shared.Http;

namespace Sandan.Payment.OriginalData;

/// <summary>A page of a list, the newest first.</summary>
/// <param name="Next">What to give as <c>after</c> for the following page; absent on the last one.</param>
internal sealed record NewestPage<T>(IReadOnlyList<T> Data, Guid? Next);

/// <summary>The parameters of lists, the newest first; the cursor is the last id of a page.</summary>
internal sealed record ListQuery(string? OrderNo, string? State, Guid? After, int Limit)
{
    private const int LimitDefault = 100;
    private const int LimitMax = 1_000;
    private const int OrderNoMax = 60;

    /// <summary>Null, and what is wrong with them, where one is not valid.</summary>
    /// <param name="states">That there are.</param>
    public static ListQuery? Read(HttpRequest request, IReadOnlyList<string> states, List<FieldError> faults)
    {
        var (orderNo, state, cursor, limitText) =
            ((string?)request.Query["orderNo"], (string?)request.Query["state"], (string?)request.Query["after"], (string?)request.Query["limit"]);
        if (orderNo is { } number && (number.Length is 0 or > OrderNoMax || number.Any(char.IsControl)))
        {
            faults.Add(new("/orderNo", RequestCodes.ParameterInvalid, $"C..{OrderNoMax}"));
        }

        if (state is not null && !states.Contains(state))
        {
            faults.Add(new("/state", RequestCodes.ParameterInvalid, string.Join(", ", states)));
        }

        var after = Guid.Empty;
        if (!string.IsNullOrEmpty(cursor) && !Guid.TryParseExact(cursor, "D", out after))
        {
            faults.Add(new("/after", RequestCodes.ParameterInvalid, "next"));
        }

        var limit = LimitDefault;
        if (limitText is not null
            && !(int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= LimitMax))
        {
            faults.Add(new("/limit", RequestCodes.ParameterInvalid, $"1..{LimitMax}"));
        }

        return faults.Count == 0 ? new(orderNo, state, after == Guid.Empty ? null : after, limit) : null;
    }

    /// <summary>The page of what was read with one row more than <see cref="Limit"/>.</summary>
    public NewestPage<T> Page<T>(List<T> found, Func<T, Guid> id) =>
        new([.. found.Take(Limit)], found.Count > Limit ? id(found[Limit - 1]) : null);
}

/// <summary><c>GET /v1/original-payments/requests</c>: what customs asked for; a platform sees its own, customs and operator all.</summary>
internal static class RequestsEndpoint
{
    public static async Task<IResult> ListAsync(HttpContext context, NpgsqlDataSource database, CancellationToken ct)
    {
        var faults = new List<FieldError>();
        if (ListQuery.Read(context.Request, RequestStore.States, faults) is not { } query)
        {
            return Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.ParameterInvalid, faults);
        }

        var caller = context.GetCaller();
        var own = caller.SeesEverything ? null : caller.Company.ToUpperInvariant();
        return Results.Json(
            query.Page(await RequestStore.ListAsync(database, own, query.OrderNo, query.State, query.After, query.Limit + 1, ct), one => one.Id),
            Problems.Json);
    }
}
