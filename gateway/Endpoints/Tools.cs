using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Sandan.Contracts.Ceb;
using Sandan.Shared.Http;
using Sandan.Signing;

namespace Sandan.Gateway.Endpoints;

/// <summary>What helps to write messages, for whoever has a key. Nothing is kept of what is sent here.</summary>
internal static class Tools
{
    /// <summary>Most bytes of a message: some hundred documents.</summary>
    private const int BytesMax = 1 << 20;

    /// <summary>Most findings told; a message with more has one cause.</summary>
    private const int FindingsMax = 1_000;

    private static readonly CebXmlReader Reader = new(CebMessage.All);

    /// <summary>Maps them.</summary>
    public static void MapTools(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/tools/lint", LintAsync).WithMetadata(new RequestSizeLimitAttribute(BytesMax));
        app.MapPost("/v1/tools/signature", ExamineAsync).WithMetadata(new RequestSizeLimitAttribute(BytesMax));
    }

    /// <summary>The body is the message as it would be sent, or an envelope with one; its content type does not matter.</summary>
    private static async Task<IResult> LintAsync(HttpContext context, CancellationToken ct)
    {
        var language = Problems.LanguageOf(context.Request);
        var findings = CebLinter.Check(await ReadAsync(context, ct));
        return Results.Json(
            new
            {
                errors = findings.Count(one => one.IsError),
                warnings = findings.Count(one => !one.IsError),
                findings = findings.Take(FindingsMax).Select(one => new
                {
                    one.Line,
                    one.Column,
                    severity = one.IsError ? "error" : "warning",
                    one.Code,
                    one.Where,
                    text = one.What.In(language),
                    rule = one.Rule.In(language),
                    fix = one.Fix.In(language),
                }),
            },
            Problems.Json);
    }

    /// <summary>Says why the signature of a message does not hold; the message goes back to its sender in canonical form.</summary>
    private static async Task<IResult> ExamineAsync(HttpContext context, CancellationToken ct)
    {
        var message = Reader.Read(await ReadAsync(context, ct));
        if (message.Failure is { } failure) // bounded, and well-formed without a DTD, before a tree is made of it
        {
            return Problems.Result(context, StatusCodes.Status422UnprocessableEntity, failure.Code);
        }

        var language = Problems.LanguageOf(context.Request);
        var found = SignatureDoctor.Examine(message.Utf8);
        return Results.Json(
            new
            {
                fault = JsonNamingPolicy.CamelCase.ConvertName(found.Fault.ToString()),
                text = found.What.In(language),
                found.SignatureMethod,
                found.DigestMethod,
                allowed = new { CebSignature.SignatureMethods, CebSignature.DigestMethods, canonicalizationMethod = CebSignature.Canonical },
                found.KeyName,
                found.DigestExpected,
                found.DigestFound,
                signedAs = found.SignedAs?.In(language),
                found.FirstDifference,
                found.FitsCertificate,
                found.Canonical,
                found.CanonicalSignedInfo,
            },
            Problems.Json);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, ct);
        context.Response.Headers.CacheControl = "no-store";
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }
}
