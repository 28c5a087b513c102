using Microsoft.AspNetCore.Mvc;
using Sandan.Contracts.Ceb;
using Sandan.Shared.Http;

namespace Sandan.Gateway.Endpoints;

/// <summary>What helps to write messages, for whoever has a key. Nothing is kept of what is sent here.</summary>
internal static class Tools
{
    /// <summary>Most bytes of a message: some hundred documents.</summary>
    private const int BytesMax = 1 << 20;

    /// <summary>Most findings told; a message with more has one cause.</summary>
    private const int FindingsMax = 1_000;

    /// <summary>Maps them.</summary>
    public static void MapTools(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/tools/lint", LintAsync).WithMetadata(new RequestSizeLimitAttribute(BytesMax));

    /// <summary>The body is the message as it would be sent, or an envelope with one; its content type does not matter.</summary>
    private static async Task<IResult> LintAsync(HttpContext context, CancellationToken ct)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, ct);
        var language = Problems.LanguageOf(context.Request);
        var findings = CebLinter.Check(body.GetBuffer().AsMemory(0, (int)body.Length));
        context.Response.Headers.CacheControl = "no-store";
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
}
