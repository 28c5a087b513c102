using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;
using Sandan.Contracts.Codes;
using Sandan.Customs.Feed;
using Sandan.Shared;
using Sandan.Shared.Http;

namespace Sandan.Customs.Endpoints;

/// <summary>The feed, page by page; with <c>Prefer: wait=25</c> an empty page waits for the next event.</summary>
internal static class Events
{
    /// <summary>Value of <c>after</c> for a reader who wants only what comes from now on.</summary>
    public const string Latest = "latest";

    private const int PageMax = 1000;
    private const int PageDefault = 100;

    public static void MapEvents(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/events", ReadAsync).WithName("ReadEvents").WithTags("Events");

    /// <summary>CloudEvents source of this service.</summary>
    public static string SourceOf(SandanSettings settings) => $"/zones/{settings.Zone}/customs";

    /// <summary>Where a reader wants to begin: behind its cursor, at the end (latest), else at the beginning.</summary>
    public static async Task<long> StartAsync(
        Parameters parameters, string name, FeedStore feed, CancellationToken ct) =>
        parameters.Text(name) == Latest ? await feed.LastAsync(ct) : parameters.Cursor(name, Cursor.Feed) ?? 0;

    /// <summary>
    /// A cursor ahead of the feed is of another installation, or of before a restore: events would be missed.
    /// </summary>
    public static IResult CursorAhead(HttpContext context) => Problems.Result(
        context,
        StatusCodes.Status400BadRequest,
        RequestCodes.CursorInvalid,
        [new("?after", RequestCodes.CursorInvalid)]);

    private static async Task<IResult> ReadAsync(
        HttpContext context,
        FeedStore feed,
        FeedSignal signal,
        SandanSettings settings,
        IOptions<CustomsOptions> options,
        IHostApplicationLifetime host,
        CancellationToken ct)
    {
        var parameters = new Parameters(context);
        var limit = parameters.Number("limit", 1, PageMax, PageDefault);
        var types = parameters.Types();
        var after = await StartAsync(parameters, "after", feed, ct);
        if (parameters.Problem is { } problem)
        {
            return problem;
        }

        var caller = context.GetCaller();
        var company = caller.SeesEverything ? null : caller.Company;
        var wait = WaitOf(context, options.Value.LongPollMax);
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var wake = signal.Next;
            var page = await feed.ReadAsync(new(company, types, after), limit, ct);
            if (page.Last < after)
            {
                return CursorAhead(context);
            }

            var left = wait - Stopwatch.GetElapsedTime(since);
            if (page.Events.Count > 0 || left <= TimeSpan.Zero || host.ApplicationStopping.IsCancellationRequested)
            {
                return new PageResult(page, SourceOf(settings), wait);
            }

            after = page.Next; // nothing up to there concerns this reader
            await WaitAsync(wake, left, host.ApplicationStopping, ct);
        }
    }

    /// <summary>Returns when the feed grew, the time is over or the service stops.</summary>
    public static async Task WaitAsync(Task wake, TimeSpan atMost, CancellationToken stopping, CancellationToken ct)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, ct);
        await wake.WaitAsync(atMost, both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>RFC 7240: <c>Prefer: wait=seconds</c>, among other preferences.</summary>
    private static TimeSpan WaitOf(HttpContext context, TimeSpan most)
    {
        foreach (var preference in context.Request.Headers.GetCommaSeparatedValues("Prefer"))
        {
            var parts = preference.Split(';')[0].Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts is ["wait", var seconds]
                && int.TryParse(seconds.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var wait))
            {
                return TimeSpan.FromSeconds(wait) < most ? TimeSpan.FromSeconds(wait) : most;
            }
        }

        return TimeSpan.Zero;
    }

    private sealed class PageResult(FeedPage page, string source, TimeSpan wait) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using var body = new PooledBuffer(CloudEvents.SizeOf(page));
            using var writer = new CloudEvents(body, source);
            writer.Write(page);
            var response = httpContext.Response;
            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = body.Written.Length;
            response.Headers.CacheControl = "no-store";
            if (wait > TimeSpan.Zero)
            {
                response.Headers["Preference-Applied"] = $"wait={(int)wait.TotalSeconds}";
            }

            await response.Body.WriteAsync(body.Written, httpContext.RequestAborted);
        }
    }
}
