using Npgsql;
using Sandan.Contracts.Codes;
using Sandan.Customs.Domain;
using Sandan.Shared.Http;

namespace Sandan.Customs.Endpoints;

/// <summary>A consignment, as it is asked for.</summary>
internal sealed record AskedConsignment(string PlatformCode, string OrderNo);

/// <summary>
/// Whether documents of consignments may still be changed: not while goods are inspected or an inventory of them is before customs, and
/// not behind the release. Source: CEB specification (2022-05) §7, -301011, -401008, -504016: 已申报，状态不符.
/// </summary>
internal static class Standing
{
    private static readonly string[] Declared =
        [OfficialCodes.StoredByCustoms, OfficialCodes.ManualReview, OfficialCodes.Inspection, OfficialCodes.Released];

    /// <summary>Maps <c>POST /internal/standing</c>: an array of consignments, answered by an array of true and false, in that order.</summary>
    public static void MapStanding(this IEndpointRouteBuilder app) => app.MapPost("/internal/standing", AnswerAsync);

    private static async Task<IResult> AnswerAsync(HttpContext context, NpgsqlDataSource database, CancellationToken ct)
    {
        var asked = (await context.Request.ReadFromJsonAsync<AskedConsignment[]>(Problems.Json, ct))!;
        await using var command = database.CreateCommand(
            """
            SELECT EXISTS (SELECT FROM clearance WHERE clearance.platform_code = asked.platform_code AND clearance.order_no = asked.order_no
                AND clearance.status = ANY($3))
              OR EXISTS (SELECT FROM inventory WHERE inventory.platform_code = asked.platform_code AND inventory.order_no = asked.order_no
                AND inventory.status = ANY($4))
            FROM unnest($1, $2) WITH ORDINALITY AS asked (platform_code, order_no, place) ORDER BY place
            """);
        command.Parameters.Add(new() { Value = Array.ConvertAll(asked, one => one.PlatformCode) });
        command.Parameters.Add(new() { Value = Array.ConvertAll(asked, one => one.OrderNo) });
        command.Parameters.Add(new() { Value = new[] { (short)ReturnStatus.Inspection, (short)ReturnStatus.Released } });
        command.Parameters.Add(new() { Value = Declared });
        await using var row = await command.ExecuteReaderAsync(ct);
        var standing = new List<bool>(asked.Length);
        while (await row.ReadAsync(ct))
        {
            standing.Add(row.GetBoolean(0));
        }

        return Results.Json(standing, Problems.Json);
    }
}
