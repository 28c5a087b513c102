using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Matcher.Storage;
using Sandan.Shared.Http;

namespace Sandan.Matcher.Endpoints;

/// <summary>Questions about consignments. What a company does not own it does not see: 404.</summary>
internal static class ConsignmentEndpoints
{
    private const int LimitMax = 500;
    private const int LimitDefault = 50;

    public static void MapConsignments(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/consignments", ListAsync);
        app.MapGet("/v1/consignments/{ebpCode}/{orderNo}", FindAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ConsignmentReader consignments, CancellationToken ct)
    {
        var query = context.Request.Query;
        List<FieldError> errors = [];
        var state = Parse("state", string.Join(", ", Enum.GetNames<ConsignmentState>()), text =>
            Enum.GetValues<ConsignmentState>().Cast<ConsignmentState?>()
                .FirstOrDefault(one => one.ToString()!.Equals(text, StringComparison.OrdinalIgnoreCase)));
        var mode = Parse("mode", string.Join(", ", Enum.GetValues<SupervisionMode>().Cast<int>()), text =>
            Enum.GetValues<SupervisionMode>().Cast<SupervisionMode?>()
                .FirstOrDefault(one => ((int)one!).ToString(CultureInfo.InvariantCulture) == text));
        var limit = Parse("limit", $"1..{LimitMax}", text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= LimitMax
                ? value
                : (int?)null) ?? LimitDefault;
        var before = long.MaxValue;
        if (query["after"].ToString() is { Length: > 0 } cursor && !TryReadCursor(cursor, out before))
        {
            return Problems.Result(
                context, StatusCodes.Status400BadRequest, RequestCodes.CursorInvalid, [new("?after", RequestCodes.CursorInvalid)]);
        }

        if (errors.Count > 0)
        {
            return Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.ParameterInvalid, errors);
        }

        // One more than asked for tells whether there is more.
        var found = await consignments.ListAsync(CompanyOf(context), state, mode, before, limit + 1, ct);
        var page = found.Take(limit).ToArray();
        return TypedResults.Json(new ConsignmentPage(
            [.. page.Select(one => one.Consignment)],
            page.Length == 0 ? null : WriteCursor(page[^1].Seq),
            found.Count > limit), Problems.Json);

        T? Parse<T>(string name, string expected, Func<string, T?> parse) where T : struct
        {
            if (query[name].ToString() is not { Length: > 0 } text)
            {
                return null;
            }

            var value = parse(text);
            if (value is null)
            {
                errors.Add(new($"?{name}", RequestCodes.ParameterInvalid, expected, text.Length <= 100 ? text : text[..100]));
            }

            return value;
        }
    }

    private static async Task<IResult> FindAsync(
        string ebpCode,
        string orderNo,
        HttpContext context,
        ConsignmentReader consignments,
        Downstream downstream,
        IOptions<MatcherOptions> options,
        CancellationToken ct)
    {
        (ebpCode, orderNo) = (ebpCode.Unslash(), orderNo.Unslash());
        if (await consignments.FindAsync(CompanyOf(context), ebpCode, orderNo, ct) is not { } consignment)
        {
            return Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
        }

        var path = $"{Uri.EscapeDataString(ebpCode)}/{Uri.EscapeDataString(orderNo)}";
        var asksTax = downstream.AskAsync("tax", $"/v1/taxes/{path}", context, ct);
        var asksCustoms = downstream.AskAsync("customs", $"/v1/clearances/{path}", context, ct);
        var verdicts = await consignments.VerdictsAsync(ebpCode, orderNo, ct);
        var documents = await consignments.DocumentsAsync(orderNo, ct);
        var joined = ConsignmentJoin.Join(orderNo, documents).FirstOrDefault(one => one.PlatformCode == ebpCode);
        var near = joined is { Missing.Count: > 0 and < 3 }
            ? NearMisses.Find(joined, [.. documents, .. await consignments.ElsewhereAsync(joined, ct)])
            : [];
        var signedFor = joined?.Waybill is { } waybill
            ? await consignments.SignedForAsync(waybill.CompanyCode, waybill.Number, ct)
            : null;
        var everything = context.GetCaller().SeesEverything;
        var undelivered = everything && signedFor is null
            && await consignments.DeliveryOverdueAsync(ebpCode, orderNo, ct) is var (revision, releasedAt, toldAt)
            && verdicts.Find(one => one.Revision == revision)?.WaybillNo is { } waybillNo
                ? RiskRules.NotDelivered(waybillNo, releasedAt, options.Value.Risk, toldAt)
                : null;
        var (tax, taxAnswers) = await asksTax;
        var (clearance, customsAnswers) = await asksCustoms;
        return TypedResults.Json(
            View(consignment, verdicts, joined, NearMissView.Of(near, joined, CompanyOf(context)), signedFor, undelivered, everything, tax, clearance, [
                .. taxAnswers ? Array.Empty<string>() : ["tax"],
                .. customsAnswers ? Array.Empty<string>() : ["customs"],
            ]),
            Problems.Json);
    }

    private static ConsignmentView View(
        ConsignmentSummary consignment,
        List<ConsignmentJudged> verdicts,
        JoinedConsignment? joined,
        IReadOnlyList<NearMissView> near,
        DateTimeOffset? signedFor,
        Risk? undelivered,
        bool everything,
        JsonNode? tax,
        JsonNode? clearance,
        IReadOnlyList<string> unavailable)
    {
        // The verdict that stands; a consignment that waits (again) has none.
        var verdict = consignment.State == ConsignmentState.Waiting ? null : verdicts.LastOrDefault();
        return new(
            consignment.EbpCode,
            consignment.OrderNo,
            consignment.Direction,
            consignment.TradeMode,
            consignment.State,
            consignment.Revision,
            verdict?.RulesVersion,
            [.. consignment.Missing.Select(kind => MissingOf(kind, consignment))],
            near,
            [.. (verdict?.Discrepancies ?? []).Select(DiscrepancyView.Of)],
            RiskView.Of([.. verdict?.Risks ?? [], .. undelivered is null ? Array.Empty<Risk>() : [undelivered]], everything),
            new(DocumentOf(joined?.Order), DocumentOf(joined?.Payment), WaybillOf(joined?.Waybill, signedFor)),
            tax,
            clearance,
            unavailable,
            History(verdicts, joined, signedFor, everything, clearance));
    }

    internal static MissingView MissingOf(DocumentKind kind, ConsignmentSummary consignment)
    {
        // A waybill that may be another platform's is there, but not this consignment's: that is said instead.
        var code = kind == DocumentKind.Waybill && consignment.State == ConsignmentState.Ambiguous
            ? MatchCodes.PlatformAmbiguous
            : Explanation.MissingCode(kind);
        var entry = CodeDictionary.Get(code);
        return new(kind, code, consignment.WaitingSince, consignment.Overdue, entry.Text, entry.Fix);
    }

    private static DocumentView? DocumentOf(HeldDocument? held) => held is null ? null : new(
        held.Document.Id, held.CompanyCode, held.Number, held.Document.Version, held.Document.AppTime, held.Document.ReceivedAt);

    private static WaybillView? WaybillOf(HeldDocument? held, DateTimeOffset? signedFor) => held is null ? null : new(
        held.Document.Id, held.CompanyCode, held.Number, held.Document.Version, held.Document.AppTime, held.Document.ReceivedAt, signedFor);

    private static HistoryEntry[] History(
        List<ConsignmentJudged> verdicts, JoinedConsignment? joined, DateTimeOffset? signedFor, bool everything, JsonNode? clearance)
    {
        var received = verdicts
            .SelectMany(one => new (DocumentKind Kind, DocumentVersion? Version)[]
            {
                (DocumentKind.Order, one.Order), (DocumentKind.Payment, one.Payment), (DocumentKind.Waybill, one.Waybill),
            })
            .Concat(new[] { joined?.Order, joined?.Payment, joined?.Waybill }.OfType<HeldDocument>()
                .Select(one => (one.Kind, Version: (DocumentVersion?)one.Document)))
            .Where(one => one.Version is not null)
            .DistinctBy(one => one.Version!.Id)
            .Select(one => new HistoryEntry(one.Version!.ReceivedAt, "received", one.Kind, one.Version.Version));
        var judged = verdicts.Select(one => new HistoryEntry(
            one.JudgedAt, "judged", Revision: one.Revision, State: one.State,
            Codes: [
                .. one.Discrepancies.Select(found => found.Code),
                .. RiskView.SeenBy(one.Risks, everything).Select(risk => risk.Rule),
            ]));
        var signed = signedFor is { } at ? [new HistoryEntry(at, "signed for", DocumentKind.Waybill)] : Array.Empty<HistoryEntry>();
        // Another service's answer: what it leaves out is left out here.
        var decided = ((clearance as JsonObject)?["history"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(one => AtOf(one) is not null)
            .Select(one => new HistoryEntry(
                AtOf(one)!.Value, "decided", Status: one["returnStatus"]?.ToString(),
                Codes: one["code"] is { } code ? [code.ToString()] : null));
        return [.. received.Concat(judged).Concat(signed).Concat(decided).OrderBy(one => one.At)];

        static DateTimeOffset? AtOf(JsonObject decision) =>
            decision["decidedAt"] is JsonValue value && value.TryGetValue<DateTimeOffset>(out var at) ? at : null;
    }

    internal static string? CompanyOf(HttpContext context) =>
        context.GetCaller() is { SeesEverything: false } caller ? caller.Company.ToUpperInvariant() : null;

    private static string WriteCursor(long seq)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, seq);
        return Base64Url.EncodeToString(bytes);
    }

    private static bool TryReadCursor(string cursor, out long seq)
    {
        seq = 0;
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        if (!Base64Url.IsValid(cursor, out var length) || length != sizeof(long))
        {
            return false;
        }

        Base64Url.DecodeFromChars(cursor, bytes);
        seq = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return true;
    }
}
