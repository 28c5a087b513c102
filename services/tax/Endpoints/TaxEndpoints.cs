using Npgsql;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Shared.Http;
using Sandan.Shared.Security;
using Sandan.Tax.Domain;
using Sandan.Tax.Storage;

namespace Sandan.Tax.Endpoints;

/// <summary>The tax on one consignment.</summary>
internal static class TaxEndpoints
{
    private const string Cny = "142";

    /// <summary>Maps <c>GET /v1/taxes/{ebpCode}/{orderNo}</c>.</summary>
    public static void MapTaxes(this WebApplication app) =>
        app.MapGet("/v1/taxes/{ebpCode}/{orderNo}", GetAsync).WithName("GetTax");

    private static async Task<IResult> GetAsync(
        string ebpCode, string orderNo, HttpContext context, NpgsqlDataSource database, CancellationToken ct)
    {
        if (await FindAsync(database, ebpCode.Unslash(), orderNo.Unslash(), context.GetCaller(), Problems.LanguageOf(context.Request), ct)
            is not { } answer)
        {
            return Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
        }

        return Results.Json(answer, Problems.Json);
    }

    /// <summary>The latest assessment; null where there is none, or none that the caller may see.</summary>
    private static async Task<TaxAnswer?> FindAsync(
        NpgsqlDataSource database, string ebpCode, string orderNo, Caller caller, Language language, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT revision, attempt, route, details, cancelled,
              released_revision IS NOT NULL OR EXISTS (SELECT FROM released WHERE released.id = assessment.id),
              (SELECT coalesce(sum(given_back_cny), 0) FROM goods_return AS r
               WHERE r.platform_code = assessment.platform_code AND r.order_no = assessment.order_no)
            FROM assessment
            WHERE platform_code = $1 AND order_no = $2 AND revision IS NOT NULL
              AND ($3 OR ($4 = 'platform' AND platform_code = $5) OR ($4 = 'seller' AND seller_code = $5))
            """);
        foreach (object value in new object[] { ebpCode, orderNo, caller.SeesEverything, caller.Role, caller.Company })
        {
            command.Parameters.Add(new() { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
        {
            return null;
        }

        var details = EventBytes.Read<AssessmentDetails>(reader.GetFieldValue<byte[]>(3));
        return new(
            ebpCode, orderNo, reader.GetInt32(0), reader.GetInt32(1), ((Route)reader.GetInt16(2)).ToString(),
            Trim(details.DutiableValue), Trim(details.Tariff), Trim(details.Vat), Trim(details.ConsumptionTax),
            Trim(details.Tariff + details.Vat + details.ConsumptionTax), Cny,
            details.Lines,
            Explain(details.Reasons.Where(reason => !reason.Note), language),
            Explain(details.Reasons.Where(reason => reason.Note), language),
            details.ListFrom,
            reader.GetBoolean(4),
            reader.GetBoolean(5),
            Trim(reader.GetDecimal(6)),
            details.AssessedAt);
    }

    /// <summary>Without trailing zeros.</summary>
    private static decimal Trim(decimal amount) => amount / 1.0000000000000000000000000000m;

    private static ExplainedReason[] Explain(IEnumerable<TaxReason> reasons, Language language) =>
    [
        .. reasons.Select(reason =>
        {
            var entry = CodeDictionary.Get(reason.Code);
            return new ExplainedReason(
                reason.Code, entry.Text.In(language), entry.Cause.In(language), entry.Fix.In(language),
                reason.LineNo, reason.Expected, reason.Actual);
        }),
    ];
}

/// <summary>The latest assessment of a consignment. Amounts are in <paramref name="Currency"/>, to the fen.</summary>
/// <param name="Revision">Revision of the verdict that was assessed.</param>
/// <param name="Attempt">Counts the assessments of that revision, from 1.</param>
/// <param name="Currency">Always 142, CNY.</param>
/// <param name="Reasons">What decided the route; empty where tax is due.</param>
/// <param name="Notes">What a reader should know beside.</param>
/// <param name="PositiveList">First day of the list used; absent where none was.</param>
/// <param name="Cancelled">Superseded or rejected: the annual limit was given back.</param>
/// <param name="Released">Customs released it: it keeps this assessment.</param>
/// <param name="GivenBack">Of the annual limit, for goods that came back.</param>
internal sealed record TaxAnswer(
    string EbpCode,
    string OrderNo,
    int Revision,
    int Attempt,
    string Route,
    decimal DutiableValue,
    decimal Tariff,
    decimal Vat,
    decimal ConsumptionTax,
    decimal Total,
    string Currency,
    IReadOnlyList<TaxedLine> Lines,
    IReadOnlyList<ExplainedReason> Reasons,
    IReadOnlyList<ExplainedReason> Notes,
    DateOnly? PositiveList,
    bool Cancelled,
    bool Released,
    decimal GivenBack,
    DateTimeOffset AssessedAt);

/// <summary>A reason in the reader's language.</summary>
/// <param name="Line">gnum of the line concerned; absent for the whole order.</param>
internal sealed record ExplainedReason(
    string Code, string Text, string Cause, string Fix, int? Line, string? Expected, string? Actual);
