using Npgsql;
using Sandan.Shared.Http;
using Sandan.Shared.Security;
using Sandan.Statistics.Storage;

namespace Sandan.Statistics.Endpoints;

/// <summary>
/// <c>GET /v1/statistics/recount</c>: are the counters what the facts say? Reads everything: for the operator.
/// </summary>
internal static class RecountRoute
{
    public static void MapRecount(this WebApplication app) =>
        app.MapGet(
                "/v1/statistics/recount",
                async (NpgsqlDataSource database, CancellationToken ct) =>
                    TypedResults.Ok(await Recount.RunAsync(database, ct)))
            .WithName("RecountStatistics")
            .RequireRole(Roles.Operator);
}
