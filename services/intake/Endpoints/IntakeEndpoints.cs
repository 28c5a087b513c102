using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Intake.Domain;
using Sandan.Intake.Storage;
using Sandan.Shared;
using Sandan.Shared.Http;
using Sandan.Shared.Sandbox;
using Sandan.Shared.Security;

namespace Sandan.Intake.Endpoints;

/// <summary>
/// The two doors of a kind of document: JSON at its own route, the official XML at <c>/v1/ceb/{type}</c>. Both lead to
/// the same reader tables, the same rules and the same writer.
/// </summary>
internal sealed partial class IntakeEndpoints<TAccepted>(
    IntakeKind<TAccepted> kind,
    IntakeWriter<TAccepted> writer,
    Admission<TAccepted> admission,
    Signatures signatures,
    ReceiptSigner signer,
    IOptions<IntakeOptions> options,
    ForcedOutcomes forced,
    TimeProvider time,
    Standing? standing = null)
{
    private const int JsonBytesMax = (int)SandanService.BodyBytesMax;
    private static readonly XmlLimits XmlBounds = new();

    private readonly CebValidator validator = new() { IdNumbers = options.Value.IdNumberCheck };

    /// <summary>Maps both doors.</summary>
    public void Map(IEndpointRouteBuilder app, string route)
    {
        app.MapPost(route, SubmitJsonAsync).RequireRole([.. kind.SenderRoles]);
        foreach (var name in (string[])[kind.Message.Type, kind.Message.RootName])
        {
            app.MapPost($"/v1/ceb/{name}", SubmitXmlAsync).RequireRole([.. kind.SenderRoles]);
        }
    }

    /// <summary>Reads the body, waits for its turn and has it answered; 429 where there is no room or no turn soon.</summary>
    /// <param name="bytesMax">What is behind these is not read; one byte more of a longer body is.</param>
    private async Task<IResult> AdmitAsync(
        HttpContext context, int bytesMax, Func<ReadOnlyMemory<byte>, Task<IResult>> answer, CancellationToken ct)
    {
        if (!admission.IsOpen)
        {
            return Problems.Busy(context);
        }

        var company = context.GetCaller().Company;
        using var room = admission.Rooms.Open(company);
        if (await RequestBody.ReadAsync(context.Request, bytesMax + 1, room) is not { } body)
        {
            return Problems.Busy(context);
        }

        using var place = await admission.EnterAsync(company, body.Length, ct);
        return place is null ? Problems.Busy(context) : await answer(body);
    }

    private Task<IResult> SubmitJsonAsync(HttpContext context, CancellationToken ct) => FramingOf(context.Request) is { } framing
        ? AdmitAsync(context, JsonBytesMax, body => TakeJsonAsync(context, framing, body, ct), ct)
        : Task.FromResult(Problems.Result(
            context, StatusCodes.Status415UnsupportedMediaType, RequestCodes.ContentTypeUnsupported,
            [new("", RequestCodes.ContentTypeUnsupported, "application/json, application/x-ndjson", Shown(context.Request.ContentType))]));

    private async Task<IResult> TakeJsonAsync(HttpContext context, JsonFraming framing, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        if (body.Length > JsonBytesMax)
        {
            return Problems.Result(
                context, StatusCodes.Status413PayloadTooLarge, RequestCodes.BodyTooLarge, [new("", RequestCodes.BodyTooLarge, $"<= {JsonBytesMax}")]);
        }

        var batch = ReadJson(body, framing);
        if (batch.Failure is { } failure)
        {
            return failure.Code == FieldCodes.TooManyItems
                ? Problems.Result(context, StatusCodes.Status413PayloadTooLarge, RequestCodes.TooManyDocuments, [failure])
                : Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.BodyUnreadable, [failure]);
        }

        if (framing == JsonFraming.Json && IsOneObject(body.Span))
        {
            var item = batch.Items[0];
            return item.Document is null
                ? Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.BodyUnreadable, item.Errors)
                : await AnswerAsync(context, batch.Items, body, results => JsonAnswers.Single(context, results[0]), ct);
        }

        var language = Problems.LanguageOf(context.Request);
        return await AnswerAsync(
            context, batch.Items, body, results => JsonAnswers.Many(language, results, framing == JsonFraming.Ndjson), ct);
    }

    private DocumentBatch ReadJson(ReadOnlyMemory<byte> body, JsonFraming framing) => new DocumentJsonReader(kind.Message, validator, new()
    {
        ItemsMax = options.Value.DocumentsPerRequestMax,
        ItemBytesMax = options.Value.DocumentBytesMax,
    }).Read(body, framing, time.GetUtcNow());

    private Task<IResult> SubmitXmlAsync(HttpContext context, CancellationToken ct) =>
        AdmitAsync(context, XmlBounds.BytesMax, body => TakeXmlAsync(context, body, ct), ct);

    private async Task<IResult> TakeXmlAsync(HttpContext context, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var (message, envelope) = ReadXml(body);
        if (message.Failure is { } failure)
        {
            return new AnswerResult(XmlAnswers.Unreadable(failure, message.Guid, envelope, body, signer, time.GetUtcNow()));
        }

        var items = await SignedAsync(message, envelope, context, ct);
        return await AnswerAsync(
            context, items, body, results => XmlAnswers.Receipts(kind.Message, message, envelope, results, signer, time.GetUtcNow()), ct);
    }

    private (CebXmlMessage Message, DxpEnvelope? Envelope) ReadXml(ReadOnlyMemory<byte> body)
    {
        DxpEnvelope? envelope = null;
        if (DxpEnvelope.IsOne(body.Span))
        {
            try
            {
                envelope = DxpEnvelope.Read(body, XmlBounds);
            }
            catch (FormatException wrong)
            {
                return (new(null, null, null, false, [], CebXmlFailure.OfEnvelope(wrong, kind.Message)), null);
            }
        }

        return (new CebXmlReader([kind.Message], validator, XmlBounds).Read(envelope?.Message ?? body), envelope);
    }

    /// <summary>The documents of a message, with what its envelope and its signature bring against them.</summary>
    private Task<IReadOnlyList<DocumentItem>> SignedAsync(
        CebXmlMessage message, DxpEnvelope? envelope, HttpContext context, CancellationToken ct) => signatures.CheckAsync(
        message, Sender.Check(message, envelope), context.GetCaller().Company, ct);

    private async Task<IResult> AnswerAsync(
        HttpContext context,
        IReadOnlyList<DocumentItem> items,
        ReadOnlyMemory<byte> body,
        Func<IReadOnlyList<IntakeResult>, IntakeAnswer> render,
        CancellationToken ct)
    {
        if (!IdempotencyKey.TryRead(context.Request, out var key))
        {
            return Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.IdempotencyKeyMalformed);
        }

        var caller = context.GetCaller();
        var prepared = await PrepareAsync(items, context, ct);
        var request = new IntakeRequest(
            caller.Company,
            prepared,
            key is null ? null : new AnswerKey(caller.Company, context.Request.Path, key),
            key is null ? [] : SHA256.HashData(body.Span),
            render,
            Activity.Current?.Id);
        try
        {
            var reply = await writer.SubmitAsync(request, ct);
            return new AnswerResult(reply.Remembered ?? render(reply.Results));
        }
        catch (ChannelClosedException)
        {
            context.Response.Headers.RetryAfter = "1"; // the service is stopping
            return Problems.Result(context, StatusCodes.Status503ServiceUnavailable, RequestCodes.Busy);
        }
        catch (IdempotencyKeyReusedException)
        {
            return Problems.Result(
                context, StatusCodes.Status422UnprocessableEntity, RequestCodes.IdempotencyKeyReused);
        }
    }

    private async Task<IReadOnlyList<IntakeItem>> PrepareAsync(IReadOnlyList<DocumentItem> items, HttpContext context, CancellationToken ct)
    {
        var caller = context.GetCaller();
        IntakeItem[] prepared = [.. items.Select(item => Prepare(item, caller))];
        return standing is null || kind.Codes.Declared is null ? prepared : await standing.MarkAsync(prepared, kind.Message.Type, context, ct);
    }

    private IntakeItem Prepare(DocumentItem item, Caller caller)
    {
        var document = item.Document;
        var foreign = document is null ? null : kind.CheckSender(document, caller);
        if (document is not null && item.IsValid && kind.Check(document) is { Count: > 0 } more)
        {
            item = item with { Errors = more };
        }

        if (forced.IsSandbox && document is not null && item.IsValid && RefusalOf(document) is { } refusal)
        {
            item = item with { Errors = [refusal] };
        }

        if (document is null || !item.IsValid || foreign is not null)
        {
            return new(item.Index, null, AllFaults(item, foreign), []);
        }

        var head = kind.Message.Head;
        return new(item.Index, new(
            kind.NumberOf(field => document[field]!),
            new(document["appType"]![0], document.Time(head["appTime"])!.Value, ContentHash.Of(document), document["appStatus"] == "1"),
            document.IsStated(head["appTime"]),
            document,
            item.Raw), [], item.Warnings);
    }

    /// <summary>What the order number of a document asks a sandbox to refuse it for; null where it asks for no such thing.</summary>
    private FieldError? RefusalOf(CebDocument document)
    {
        if (document.Table.Find("orderNo") is not { } field)
        {
            return null;
        }

        var asked = forced.Of(document[field]);
        return asked.Fault is { } fault
            ? new("/orderNo", IntakeErrorCodes.ForcedOutcomeUnknown, string.Join(", ", ForcedOutcome.Directives), fault)
            : asked.RefuseCode is { } code && IsOfFamily(code) ? new("/orderNo", code) : null;
    }

    /// <summary>True where the e-port would say this code of such a document: the first three digits tell the kind.</summary>
    private bool IsOfFamily(string code) => code.StartsWith(kind.Message.CheckFailedStatus[..4], StringComparison.Ordinal);

    /// <summary>
    /// All that is wrong at once: also whose it is, where its company can be read, and what alone would only have been
    /// warned of.
    /// </summary>
    private static IReadOnlyList<FieldError> AllFaults(DocumentItem item, FieldError? foreign)
    {
        var tellsForeign = foreign is not null
            && item.Errors.All(error => error.Pointer != foreign.Pointer && error.Code != FieldCodes.MoreErrors);
        return [.. item.Errors, .. tellsForeign ? new[] { foreign! } : [], .. item.Warnings];
    }

    private static JsonFraming? FramingOf(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0)
        {
            return null;
        }

        if (string.IsNullOrEmpty(request.ContentType))
        {
            return JsonFraming.Json;
        }

        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            ? type.MediaType?.ToLowerInvariant() switch
            {
                "application/json" => JsonFraming.Json,
                "application/x-ndjson" => JsonFraming.Ndjson,
                _ => null,
            }
            : null;
    }

    private static string? Shown(string? type) => type is { Length: > 100 } ? type[..100] : type;

    private static bool IsOneObject(ReadOnlySpan<byte> body)
    {
        var start = body.IndexOfAnyExcept(" \t\r\n\uFEFF"u8);
        return start >= 0 && body[start] != (byte)'[';
    }

    private sealed class AnswerResult(IntakeAnswer answer) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = answer.Status;
            httpContext.Response.ContentType = answer.ContentType;
            httpContext.Response.ContentLength = answer.Body.Length;
            if (answer.ContentType == Problems.ContentType)
            {
                httpContext.Response.Headers.ContentLanguage = Problems.TagOf(Problems.LanguageOf(httpContext.Request));
            }

            if (answer.Replayed)
            {
                httpContext.Response.Headers["Idempotency-Replayed"] = "true";
            }

            await httpContext.Response.Body.WriteAsync(answer.Body, httpContext.RequestAborted);
        }
    }
}
