using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Gateway.Authentication;
using Sandan.Shared.Http;
using Sandan.Shared.Security;

namespace Sandan.Gateway.Endpoints;

/// <summary>
/// <c>POST /v1/check</c>: what would become of documents, and what of the consignments that they touch, without sending them. Each service
/// that takes documents is asked what it would answer, then the matcher what would follow from those that would be taken, then customs what
/// they would say of the inventories among these; none keeps anything.
/// </summary>
internal static class Check
{
    /// <summary>Most bytes of a body: some hundred documents.</summary>
    private const int BytesMax = 1 << 20;

    private const int DocumentsMax = 100;

    /// <summary>Most characters shown of the name of a member.</summary>
    private const int NameMax = 100;

    private const string Json = "application/json";
    private const string Xml = "application/xml";

    /// <summary>Roles that may send a document of one of the kinds.</summary>
    private static readonly string[] Senders = [Roles.Platform, Roles.Seller, Roles.Payment, Roles.Logistics, Roles.Declarant, Roles.Warehouse];

    private static readonly Kind[] Kinds =
    [
        new("orders", "order", CebMessage.Order, Join.ByOrderNumber), new("payments", "payment", CebMessage.Payment, Join.ByOrderNumber),
        new("waybills", "waybill", CebMessage.Waybill, Join.ByOrderNumber), new("inventories", "customs", CebMessage.Inventory, Join.ByOrderNumber),
        new("exportOrders", "order", CebMessage.ExportOrder, Join.ByInventory), new("exportPayments", "payment", CebMessage.ExportPayment, Join.ByInventory),
        new("exportWaybills", "waybill", CebMessage.ExportWaybill, Join.ByInventory),
        new("exportInventories", "customs", CebMessage.ExportInventory, Join.ByInventory),
        new("waybillStatuses", "waybill", CebMessage.WaybillStatus), new("cancellations", "customs", CebMessage.Cancellation),
        new("returns", "customs", CebMessage.Return), new("exportCancellations", "customs", CebMessage.ExportCancellation),
        new("manifests", "customs", CebMessage.Manifest), new("arrivals", "customs", CebMessage.Arrival),
        new("departures", "customs", CebMessage.Departure), new("exportReturns", "customs", CebMessage.ExportReturn),
        new("exportReturnTallies", "customs", CebMessage.ReturnTally), new("summaries", "customs", CebMessage.Summary),
        new("warehousings", "customs", CebMessage.Warehousing),
    ];

    /// <summary>Maps it.</summary>
    public static void MapCheck(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/check", CheckAsync).WithMetadata(new RequestSizeLimitAttribute(BytesMax));

    private static async Task<IResult> CheckAsync(HttpContext context, InternalHttp http, ServiceAddresses addresses, CancellationToken ct)
    {
        var role = context.Features.Get<KnownKey>()!.Role;
        if (!Senders.Contains(role))
        {
            return Problems.Result(
                context, StatusCodes.Status403Forbidden, RequestCodes.RoleNotAllowed,
                [new("", RequestCodes.RoleNotAllowed, string.Join(", ", Senders), role)]);
        }

        var mediaType = MediaTypeOf(context.Request);
        if (mediaType is null)
        {
            return Problems.Result(
                context, StatusCodes.Status415UnsupportedMediaType, RequestCodes.ContentTypeUnsupported,
                [new("", RequestCodes.ContentTypeUnsupported, $"{Json}, {Xml}")]);
        }

        using var read = new MemoryStream();
        await context.Request.Body.CopyToAsync(read, CancellationToken.None); // a caller who hangs up ends it by itself
        var body = read.GetBuffer().AsMemory(0, (int)read.Length);
        context.Response.Headers.CacheControl = "no-store";
        var faults = new List<FieldError>();
        var parts = mediaType == Xml ? PartOf(body, faults) : PartsOf(body, faults);
        if (faults.Count > 0)
        {
            return faults[0].Code == FieldCodes.TooManyItems
                ? Problems.Result(context, StatusCodes.Status413PayloadTooLarge, RequestCodes.TooManyDocuments, faults)
                : Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.BodyUnreadable, faults);
        }

        var answers = await Task.WhenAll(parts.Select(one =>
            AskAsync(context, http, new(addresses.Of(one.Kind.Service), $"/internal/check/{one.Kind.Message.Type}"), one.Body, mediaType, ct)));
        if (Array.Find(answers, one => one.Content is null) is { } refused)
        {
            return Refuse(context, refused);
        }

        var documents = parts.Zip(answers, (part, answer) => (part.Kind, answer.Content!)).ToArray();
        if (QuestionOf(documents) is not { } question)
        {
            return Result(documents, new JsonObject { ["fits"] = documents.All(one => one.Kind.Join is null) });
        }

        var match = await AskAsync(context, http, new(addresses.Of("matcher"), "/internal/check"), question, Json, ct);
        return match.Content is null ? Refuse(context, match) : await ForetellAsync(context, http, addresses, match.Content, ct) is { } refusal
            ? Refuse(context, refusal)
            : Result(documents, match.Content);
    }

    /// <summary>Has customs add their receipts to the inventories that the matcher shows; null where they did, otherwise what they answered.</summary>
    private static async Task<Answered?> ForetellAsync(
        HttpContext context, InternalHttp http, ServiceAddresses addresses, JsonNode match, CancellationToken ct)
    {
        string[] lists = ["inventories", "exportInventories"];
        if (lists.All(list => match[list]!.AsArray().Count == 0))
        {
            return null;
        }

        var question = JsonSerializer.SerializeToUtf8Bytes(match["judged"]);
        var said = await AskAsync(context, http, new(addresses.Of("customs"), "/internal/check/judged"), question, Json, ct);
        if (said.Content is not { } answer)
        {
            return said;
        }

        foreach (var (shown, receipts) in lists.SelectMany(list => match[list]!.AsArray().Zip(answer[list]!.AsArray())))
        {
            shown!["receipts"] = receipts!.DeepClone();
        }

        match["fits"] = (bool)match["fits"]! && (bool)answer["fits"]!;
        return null;
    }

    /// <summary>
    /// For the matcher; null where it compares none of the documents, or none could be read that the caller may send. Those that are joined by
    /// their order number are asked for by it even where they would change nothing.
    /// </summary>
    private static byte[]? QuestionOf((Kind Kind, JsonNode Answer)[] documents)
    {
        var numbers = documents.Where(one => one.Kind.Join == Join.ByOrderNumber).SelectMany(one => one.Answer["orderNumbers"]!.AsArray())
            .Select(number => number!.DeepClone()).ToArray();
        var question = new JsonObject { ["orderNumbers"] = new JsonArray(numbers) };
        foreach (var (kind, answer) in documents.Where(one => one.Kind.Join is not null && one.Answer["told"] is not null))
        {
            question[kind.Member] = answer["told"]!.DeepClone();
        }

        return numbers.Length == 0 && question.Count == 1 ? null : JsonSerializer.SerializeToUtf8Bytes(question);
    }

    private static IResult Result((Kind Kind, JsonNode Answer)[] documents, JsonNode match)
    {
        var result = new JsonObject
        {
            ["wouldPass"] = documents.All(one => (bool)one.Answer["accepted"]!) && (bool)match["fits"]!,
            ["documents"] = new JsonObject(documents.Select(one => KeyValuePair.Create(one.Kind.Member, one.Answer["results"]?.DeepClone()))),
        };
        foreach (var list in (string[])["consignments", "inventories", "exportInventories", "unused"])
        {
            result[list] = match[list]?.DeepClone() ?? new JsonArray();
        }

        return Results.Json(result, Problems.Json);
    }

    private static async Task<Answered> AskAsync(
        HttpContext context, InternalHttp http, Uri address, ReadOnlyMemory<byte> body, string mediaType, CancellationToken ct)
    {
        using var question = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ReadOnlyMemoryContent(body) };
        question.Content.Headers.ContentType = new(mediaType);
        using var answer = await http.AskAsync(question, context, ct);
        if (answer is null || (int)answer.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            return new(null, null);
        }

        var content = await answer.Content.ReadAsByteArrayAsync(ct);
        return answer.IsSuccessStatusCode ? new(JsonNode.Parse(content), null) : new(null, new(answer, content));
    }

    private static IResult Refuse(HttpContext context, Answered refused)
    {
        if (refused.Refusal is { } refusal)
        {
            return refusal;
        }

        context.Response.Headers.RetryAfter = "2";
        return Problems.Result(context, StatusCodes.Status503ServiceUnavailable, RequestCodes.ServiceAway);
    }

    /// <summary>The arrays of a JSON body.</summary>
    private static List<(Kind Kind, ReadOnlyMemory<byte> Body)> PartsOf(ReadOnlyMemory<byte> body, List<FieldError> faults)
    {
        var parts = new List<(Kind, ReadOnlyMemory<byte>)>();
        try
        {
            using var json = JsonDocument.Parse(body.Span.StartsWith(Encoding.UTF8.Preamble) ? body[3..] : body);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                faults.Add(new("", FieldCodes.MustBeObject));
                return parts;
            }

            var (seen, count) = (new HashSet<Kind>(), 0);
            foreach (var member in json.RootElement.EnumerateObject())
            {
                var kind = Array.Find(Kinds, one => one.Member == member.Name);
                var fault = kind is null ? FieldCodes.UnknownMember
                    : !seen.Add(kind) ? FieldCodes.DuplicateMember
                    : member.Value.ValueKind != JsonValueKind.Array ? FieldCodes.MustBeArray
                    : null;
                if (fault is not null)
                {
                    faults.Add(new(PointerOf(member.Name), fault, Form));
                    return parts;
                }

                count += member.Value.GetArrayLength();
                if (member.Value.GetArrayLength() > 0)
                {
                    parts.Add((kind!, JsonMarshal.GetRawUtf8Value(member.Value).ToArray()));
                }
            }

            if (count is 0 or > DocumentsMax)
            {
                faults.Add(count == 0 ? new("", FieldCodes.EmptyBody) : new("", FieldCodes.TooManyItems, $"<= {DocumentsMax}", $"{count}"));
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException) // the latter: a name that is half a surrogate pair
        {
            faults.Add(new("", FieldCodes.BadJson, Form));
        }

        return parts;
    }

    /// <summary>The whole of an XML body, which tells by its first bytes what it is.</summary>
    private static List<(Kind Kind, ReadOnlyMemory<byte> Body)> PartOf(ReadOnlyMemory<byte> body, List<FieldError> faults)
    {
        var message = MessageRoot.MessageOf(body.Span[..Math.Min(body.Length, MessageRoot.BytesEnough)]);
        if (Array.Find(Kinds, one => one.Message == message) is { } kind)
        {
            return [(kind, body)];
        }

        faults.Add(new("", FieldCodes.WrongMessage, string.Join(", ", Kinds.Select(one => one.Message.RootName)), message?.RootName));
        return [];
    }

    /// <summary>RFC 6901.</summary>
    private static string PointerOf(string member) => "/" + member[..Math.Min(member.Length, NameMax)]
        .Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Form => $"{{ {string.Join(", ", Kinds.Select(one => $"\"{one.Member}\"?: [ … ]"))} }}";

    /// <summary>Null where it is none that is taken; JSON where none is said.</summary>
    private static string? MediaTypeOf(HttpRequest request) =>
        request.Headers.ContentEncoding.Count > 0 ? null
        : string.IsNullOrEmpty(request.ContentType) ? Json
        : !MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? null
        : new[] { Json, Xml }.FirstOrDefault(one => one.Equals(type.MediaType, StringComparison.OrdinalIgnoreCase));

    /// <summary>What a service answers: the content, a refusal that goes on to the caller, or neither where it is away.</summary>
    private sealed record Answered(JsonNode? Content, Passed? Refusal);

    /// <summary>How the matcher joins a document with others.</summary>
    private enum Join
    {
        ByOrderNumber,
        ByInventory,
    }

    /// <param name="Member">Of the body and of the answer.</param>
    /// <param name="Service">That takes it.</param>
    /// <param name="Join">Null where it is compared with no other document, or customs do it.</param>
    private sealed record Kind(string Member, string Service, CebMessage Message, Join? Join = null);
}
