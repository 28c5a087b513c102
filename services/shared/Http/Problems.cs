using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sandan.Contracts;
using Sandan.Contracts.Codes;

namespace Sandan.Shared.Http;

/// <summary>One thing wrong, explained in the reader's language.</summary>
public sealed record ExplainedError(
    string Pointer, string Code, string Text, string? Expected, string? Actual, string Fix);

/// <summary>An answer that is an error: RFC 9457 problem details with our code, each fault and what to do.</summary>
public sealed record Problem
{
    public required string Type { get; init; }
    public required string Title { get; init; }
    public required int Status { get; init; }
    public required string Code { get; init; }
    public required string Detail { get; init; }
    public required string Fix { get; init; }
    public IReadOnlyList<ExplainedError> Errors { get; init; } = [];
    public string? TraceId { get; init; }
}

/// <summary>Makes and writes problems: the only way in which Sandan answers an error.</summary>
public static class Problems
{
    /// <summary>The media type of every error.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>camelCase, Chinese as it is, nothing for null.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The language that <c>Accept-Language</c> prefers: English where it comes before Chinese, else Chinese.</summary>
    public static Language LanguageOf(HttpRequest request)
    {
        var best = request.GetTypedHeaders().AcceptLanguage
            .Where(one => one.Quality is not 0) // "not this one"
            .OrderByDescending(one => one.Quality ?? 1)
            .Select(one => one.Value.Value?.Split('-')[0].ToLowerInvariant())
            .FirstOrDefault(one => one is "en" or "zh");
        return best == "en" ? Language.English : Language.Chinese;
    }

    /// <summary>How <c>Content-Language</c> names a language.</summary>
    public static string TagOf(Language language) => language == Language.English ? "en" : "zh-CN";

    /// <summary>Explains faults in a language, from the code dictionary.</summary>
    public static IReadOnlyList<ExplainedError> Explain(IEnumerable<FieldError> errors, Language language) =>
        [.. errors.Select(error =>
        {
            var entry = CodeDictionary.Get(error.Code);
            return new ExplainedError(
                error.Pointer, error.Code, entry.Text.In(language), error.Expected, error.Actual, entry.Fix.In(language));
        })];

    /// <summary>The problem of <paramref name="code"/> for this request.</summary>
    public static Problem Of(HttpContext context, int status, string code, IEnumerable<FieldError>? errors = null)
    {
        var language = LanguageOf(context.Request);
        var entry = CodeDictionary.Get(code);
        return new()
        {
            Type = $"urn:sandan:code:{code}",
            Title = entry.Text.In(language),
            Status = status,
            Code = code,
            Detail = entry.Cause.In(language),
            Fix = entry.Fix.In(language),
            Errors = Explain(errors ?? [], language),
            TraceId = TraceIdOf(context),
        };
    }

    /// <summary>The trace of this request, also where the answer is made on another one's behalf; null without tracing.</summary>
    public static string? TraceIdOf(HttpContext context) =>
        context.Features.Get<IHttpActivityFeature>()?.Activity.TraceId.ToString();

    /// <summary>Answers with a problem.</summary>
    public static IResult Result(HttpContext context, int status, string code, IEnumerable<FieldError>? errors = null) =>
        new ProblemResult(Of(context, status, code, errors));

    /// <summary>Answers that there is no turn now: 429, to be tried again in a second.</summary>
    public static IResult Busy(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return Result(context, StatusCodes.Status429TooManyRequests, RequestCodes.TooManyRequests);
    }

    /// <summary>Writes a problem as the whole response.</summary>
    public static Task WriteAsync(HttpContext context, int status, string code, IEnumerable<FieldError>? errors = null) =>
        WriteAsync(context, Of(context, status, code, errors));

    private static async Task WriteAsync(HttpContext context, Problem problem)
    {
        // What an answer that failed on its way had said of itself.
        context.Response.Headers.Remove("Content-Encoding");
        context.Response.Headers.Remove("Content-Disposition");
        context.Response.Headers.Remove("Cache-Control");
        context.Response.Headers.Remove("ETag");
        context.Response.Headers.Remove("Last-Modified");
        var body = JsonSerializer.SerializeToUtf8Bytes(problem, Json);
        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = body.Length;
        context.Response.Headers.ContentLanguage = TagOf(LanguageOf(context.Request));
        try
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller hung up: nobody reads an answer.
        }
    }

    private sealed class ProblemResult(Problem problem) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => problem.Status;

        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, problem);
    }
}
