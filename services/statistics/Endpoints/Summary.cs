using System.Globalization;
using Microsoft.Extensions.Options;
using Sandan.Contracts.Codes;
using Sandan.Shared.Http;
using Sandan.Shared.Security;
using Sandan.Statistics.Domain;
using Sandan.Statistics.Storage;

namespace Sandan.Statistics.Endpoints;

/// <summary><c>GET /v1/statistics/summary</c>: what was released, by mode, country, HS chapter, hour or day.</summary>
internal static class Summary
{
    private const string HourFormat = "yyyy-MM-ddTHH:mmzzz";
    private static readonly string[] Groupings = ["mode", "country", "chapter", "hour", "day"];

    public static void MapSummary(this WebApplication app) =>
        app.MapGet("/v1/statistics/summary", GetAsync)
            .WithName("GetStatisticsSummary")
            .RequireRole(Roles.Customs, Roles.Operator);

    private static async Task<IResult> GetAsync(
        HttpContext context, string? from, string? to, string? by, TallyReader tallies,
        IOptions<StatisticsOptions> options, TimeProvider time, CancellationToken ct)
    {
        by ??= Groupings[0];
        if (!Groupings.Contains(by))
        {
            return Invalid("by", string.Join(", ", Groupings), by);
        }

        var now = time.GetUtcNow();
        var today = ShanghaiHour.StartOfDay(now);
        if (!ShanghaiHour.TryParse(from, today, out var start))
        {
            return Invalid("from", ShanghaiHour.Forms, from);
        }

        if (!ShanghaiHour.TryParse(to, today.AddDays(1), out var end))
        {
            return Invalid("to", ShanghaiHour.Forms, to);
        }

        if (end <= start || end - start > TimeSpan.FromDays(options.Value.RangeDaysMax))
        {
            return Invalid("to", $"> from, <= from + {options.Value.RangeDaysMax} d", to ?? Written(end));
        }

        Func<DateTimeOffset, string>? byHour = by switch
        {
            "hour" => Written,
            "day" => hour => ShanghaiHour.At(hour).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            _ => null,
        };
        var dimension = by switch
        {
            "mode" => Dimension.Mode,
            "country" => Dimension.Country,
            "chapter" => Dimension.Chapter,
            _ => Dimension.All,
        };
        var (rows, total, states) = await tallies.SumAsync(dimension, byHour, start, end, ct);
        return TypedResults.Ok(new SummaryAnswer(
            start, end, by,
            [.. rows.Select(row => new RowAnswer(
                row.Key, row.Value.Consignments, row.Value.Lines, row.Value.Value, row.Value.Tax))],
            new(total.Consignments, total.Lines, total.Value, total.Tax),
            States.All.ToDictionary(state => state, state => states.GetValueOrDefault(state)),
            "platform", "preliminary", now));

        IResult Invalid(string parameter, string expected, string? actual) => Problems.Result(
            context, StatusCodes.Status400BadRequest, RequestCodes.ParameterInvalid,
            [
                new(parameter, RequestCodes.ParameterInvalid, expected,
                    actual is { Length: > 100 } ? actual[..100] : actual),
            ]);
    }

    private static string Written(DateTimeOffset hour) =>
        ShanghaiHour.At(hour).ToString(HourFormat, CultureInfo.InvariantCulture);

    /// <param name="From">Inclusive.</param>
    /// <param name="To">Exclusive.</param>
    /// <param name="Rows">A consignment with goods of two countries or chapters counts once in each, so rows may add up
    /// to more than the total.</param>
    /// <param name="States">Consignments by their latest verdict in the range, and by their latest decision in the
    /// range.</param>
    /// <param name="Scope">What went through this platform; no estimate of the rest of the trade.</param>
    /// <param name="Vintage">Counted as it comes; a survey may correct it.</param>
    /// <param name="AsOf">Cut-off: what was worked in by then.</param>
    private sealed record SummaryAnswer(
        DateTimeOffset From, DateTimeOffset To, string By, IReadOnlyList<RowAnswer> Rows, TotalAnswer Total,
        IReadOnlyDictionary<string, long> States, string Scope, string Vintage, DateTimeOffset AsOf);

    private sealed record RowAnswer(string Key, long Consignments, long Lines, decimal ValueCny, decimal TaxCny);

    private sealed record TotalAnswer(long Consignments, long Lines, decimal ValueCny, decimal TaxCny);
}
