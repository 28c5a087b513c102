using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using Sandan.Contracts;
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

    private const string Json = "application/json";
    private const string Xml = "application/xml";

    /// <summary>Roles that may send a document of one of the kinds.</summary>
    private static readonly string[] Senders = [Roles.Platform, Roles.Seller, Roles.Payment, Roles.Logistics, Roles.Declarant, Roles.Warehouse];

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
        var parts = mediaType == Xml ? CheckBody.OfMessage(body, faults) : CheckBody.OfJson(body, faults);
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
    private static byte[]? QuestionOf((CheckedKind Kind, JsonNode Answer)[] documents)
    {
        var numbers = documents.Where(one => one.Kind.Join == CheckedJoin.ByOrderNumber).SelectMany(one => one.Answer["orderNumbers"]!.AsArray())
            .Select(number => number!.DeepClone()).ToArray();
        var question = new JsonObject { ["orderNumbers"] = new JsonArray(numbers) };
        foreach (var (kind, answer) in documents.Where(one => one.Kind.Join is not null && one.Answer["told"] is not null))
        {
            question[kind.Member] = answer["told"]!.DeepClone();
        }

        return numbers.Length == 0 && question.Count == 1 ? null : JsonSerializer.SerializeToUtf8Bytes(question);
    }

    private static IResult Result((CheckedKind Kind, JsonNode Answer)[] documents, JsonNode match)
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

    /// <summary>Null where it is none that is taken; JSON where none is said.</summary>
    private static string? MediaTypeOf(HttpRequest request) =>
        request.Headers.ContentEncoding.Count > 0 ? null
        : string.IsNullOrEmpty(request.ContentType) ? Json
        : !MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? null
        : new[] { Json, Xml }.FirstOrDefault(one => one.Equals(type.MediaType, StringComparison.OrdinalIgnoreCase));

    /// <summary>What a service answers: the content, a refusal that goes on to the caller, or neither where it is away.</summary>
    private sealed record Answered(JsonNode? Content, Passed? Refusal);
}
