using System.Buffers.Binary;
using System.Buffers.Text;
using Microsoft.Extensions.Options;
using Sandan.Contracts.Codes;
using Sandan.Credit.Domain;
using Sandan.Credit.Storage;
using Sandan.Shared.Http;

namespace Sandan.Credit.Endpoints;

/// <summary><c>GET /v1/credit/companies/{code}</c>: a company's score and why.</summary>
internal static class CompanyCredit
{
    public static void MapCompanyCredit(this WebApplication app) =>
        app.MapGet("/v1/credit/companies/{code}", GetAsync).WithName("GetCompanyCredit");

    private static async Task<IResult> GetAsync(
        HttpContext context, string code, string? cursor, CreditStore store, IOptions<CreditOptions> options,
        TimeProvider time, CancellationToken ct)
    {
        var caller = context.GetCaller();
        if (!caller.SeesEverything && caller.Company != code)
        {
            return Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
        }

        if (!TryReadCursor(cursor, out var before))
        {
            return Problems.Result(
                context, StatusCodes.Status400BadRequest, RequestCodes.CursorInvalid,
                [new("cursor", RequestCodes.CursorInvalid)]);
        }

        var today = Entry.ShanghaiDay(time.GetUtcNow());
        var from = today.AddDays(1 - options.Value.WindowDays);
        var tallies = await store.TalliesAsync(code, from, ct);
        var score = CreditScore.Of(tallies, options.Value);
        var bad = await store.BadAsync(code, before, options.Value.EventsMax, ct);
        return TypedResults.Ok(new CompanyAnswer(
            code,
            score.Score,
            score.Band,
            score.Rated ? "record" : "start",
            new(options.Value.WindowDays, from, today),
            score.Volume,
            RecordAnswer.Of(tallies),
            [.. score.Steps.Select(StepAnswer.From)],
            [.. bad.Select(one => new EventAnswer(
                one.Kind, one.Rule, one.Code, one.At, one.PlatformCode, one.OrderNo,
                one.Revision > 0 ? one.Revision : null))],
            bad.Count == options.Value.EventsMax ? WriteCursor(bad[^1].Id) : null));
    }

    private static bool TryReadCursor(string? cursor, out long before)
    {
        before = long.MaxValue;
        if (cursor is null)
        {
            return true;
        }

        if (!Base64Url.IsValid(cursor, out var length) || length != sizeof(long))
        {
            return false;
        }

        before = BinaryPrimitives.ReadInt64BigEndian(Base64Url.DecodeFromChars(cursor));
        return before > 0;
    }

    private static string WriteCursor(long id)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, id);
        return Base64Url.EncodeToString(bytes);
    }

    /// <param name="Basis"><c>record</c>, or <c>start</c> where the volume is too small to say anything.</param>
    /// <param name="Deductions">Bonuses too, with positive points: the start and all points make the score.</param>
    /// <param name="Next">Cursor to older events; null where there are none.</param>
    private sealed record CompanyAnswer(
        string Code, decimal Score, char Band, string Basis, WindowAnswer Window, long Volume, RecordAnswer Record,
        IReadOnlyList<StepAnswer> Deductions, IReadOnlyList<EventAnswer> Events, string? Next);

    /// <param name="From">First Asia/Shanghai day, inclusive.</param>
    /// <param name="To">Last Asia/Shanghai day, inclusive.</param>
    private sealed record WindowAnswer(int Days, DateOnly From, DateOnly To);

    /// <param name="Revision">Of the verdict, or the number of the decision; null where neither applies.</param>
    private sealed record EventAnswer(
        string Kind, string Rule, string Code, DateTimeOffset At, string EbpCode, string OrderNo, int? Revision);

    private sealed record StepAnswer(
        string Code, string Kind, long Count, long Of, decimal Rate, decimal Points, Localized Text, Localized Fix)
    {
        public static StepAnswer From(ScoreStep step)
        {
            var entry = CodeDictionary.Get(step.Code);
            return new(step.Code, step.Kind, step.Count, step.Of, step.Rate, step.Points, entry.Text, entry.Fix);
        }
    }

    /// <summary>Counts in the window.</summary>
    private sealed record RecordAnswer(
        long Matched, long Corrected, RuleCounts Mismatched, RuleCounts Late,
        RuleCounts RisksWatch, RuleCounts RisksHold, RuleCounts RisksBlock,
        long Released, RuleCounts Held, RuleCounts Inspected, RuleCounts Rejected)
    {
        public static RecordAnswer Of(IReadOnlyList<Tally> tallies)
        {
            return new(
                Sum(EntryKind.Matched), Sum(EntryKind.Corrected), By(EntryKind.Mismatched), By(EntryKind.Late),
                By(EntryKind.RiskWatch), By(EntryKind.RiskHold), By(EntryKind.RiskBlock), Sum(EntryKind.Released),
                By(EntryKind.Held), By(EntryKind.Inspected), By(EntryKind.Rejected));

            long Sum(string kind) => tallies.Where(one => one.Kind == kind).Sum(one => one.Count);

            RuleCounts By(string kind)
            {
                var all = tallies.Where(one => one.Kind == kind).ToList();
                var byRule = all.Where(one => one.Rule.Length > 0).ToDictionary(one => one.Rule, one => one.Count);
                var total = all.Find(one => one.Rule.Length == 0);
                return new(total.Count > 0 ? total.Count : byRule.Values.Sum(), byRule);
            }
        }
    }

    /// <param name="Total">Consignments; for mismatches one counts once, however many rules it broke.</param>
    /// <param name="ByRule">By rule, missing document or decider.</param>
    private sealed record RuleCounts(long Total, IReadOnlyDictionary<string, long> ByRule);
}
