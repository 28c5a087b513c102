using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Shared.Http;
using Sandan.Shared.Security;

namespace Sandan.Shared.Audit;

/// <summary>A page of the trail.</summary>
/// <param name="Next">Where the next page begins; null where this is the last.</param>
internal sealed record AuditPage(IReadOnlyList<AuditEntry> Data, string? Next);

/// <summary><c>GET /v1/audit/{service}</c>: who did what, the oldest first.</summary>
internal static class AuditEndpoint
{
    private const int LimitMax = 1000;
    private const int LimitDefault = 100;

    public static void MapAudit(this IEndpointRouteBuilder app, string service) =>
        app.MapGet($"/v1/audit/{service}", ReadAsync).RequireRole(Roles.Customs, Roles.Operator);

    private static async Task<IResult> ReadAsync(HttpContext context, NpgsqlDataSource database, CancellationToken ct)
    {
        var query = context.Request.Query;
        var errors = new List<FieldError>();
        var after = Number("after", 0, long.MaxValue, 0);
        var limit = (int)Number("limit", 1, LimitMax, LimitDefault);
        if (errors.Count > 0)
        {
            return Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.ParameterInvalid, errors);
        }

        var entries = new List<AuditEntry>();
        await foreach (var entry in AuditTrail.ReadAsync(database, after, limit + 1, ct))
        {
            entries.Add(entry);
        }

        var next = entries.Count > limit ? entries[limit - 1].Number.ToString(CultureInfo.InvariantCulture) : null;
        return Results.Json(new AuditPage([.. entries.Take(limit)], next), Problems.Json);

        long Number(string name, long least, long most, long otherwise)
        {
            var text = query[name].ToString();
            if (text.Length == 0)
            {
                return otherwise;
            }

            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            errors.Add(new($"?{name}", RequestCodes.ParameterInvalid, $"{least}..{most}", text.Length > 100 ? text[..100] : text));
            return otherwise;
        }
    }
}
