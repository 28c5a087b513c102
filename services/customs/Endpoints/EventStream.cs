using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Npgsql;
using Sandan.Contracts.Codes;
using Sandan.Customs.Feed;
using Sandan.Shared;
using Sandan.Shared.Http;

namespace Sandan.Customs.Endpoints;

/// <summary>
/// The feed as server-sent events: the id of an event is its cursor, so a reconnect reads on where it broke.
/// </summary>
/// <remarks>Source: WHATWG HTML, server-sent events.</remarks>
internal static class EventStream
{
    public static void MapEventStream(this IEndpointRouteBuilder app) =>
        app.MapGet("/v1/events/stream", StreamAsync).WithName("StreamEvents").WithTags("Events");

    private static async Task<IResult> StreamAsync(
        HttpContext context,
        FeedStore feed,
        FeedSignal signal,
        FeedStreams streams,
        SandanSettings settings,
        IOptions<CustomsOptions> options,
        IHostApplicationLifetime host)
    {
        var ct = context.RequestAborted;
        if (context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } lastEventId)
        {
            // The header of a reconnect beats the address, which still names where the first connection began.
            context.Request.QueryString = context.Request.QueryString.Add(LastEventId, lastEventId);
        }

        var parameters = new Parameters(context);
        var types = parameters.Types();
        var after = await Events.StartAsync(
            parameters, parameters.Text(LastEventId) is null ? "after" : LastEventId, feed, ct);
        if (parameters.Problem is { } problem)
        {
            return problem;
        }

        if (await feed.LastAsync(ct) < after)
        {
            return Events.CursorAhead(context);
        }

        var caller = context.GetCaller();
        if (!streams.TryOpen(caller.Company))
        {
            context.Response.Headers.RetryAfter = "10";
            return Problems.Result(context, StatusCodes.Status429TooManyRequests, RequestCodes.TooManyRequests);
        }

        try
        {
            var sender = new Sender(
                context, feed, signal, options.Value, Events.SourceOf(settings), host.ApplicationStopping);
            await sender.RunAsync(
                caller.SeesEverything ? null : caller.Company,
                types,
                after,
                tellsStart: parameters.Text("after") == Events.Latest);
        }
        catch (OperationCanceledException)
        {
            // The reader hung up, or the service stops: a reader that is still there comes back by itself.
        }
        catch (NpgsqlException away) when (away.IsTransient)
        {
            // The same: it comes back with its last id, and gets 503 until the database is there again.
        }
        finally
        {
            streams.Close(caller.Company);
        }

        return Results.Empty;
    }

    private const string LastEventId = "lastEventId";

    /// <summary>Sends events to one reader until it goes.</summary>
    private sealed class Sender(
        HttpContext context,
        FeedStore feed,
        FeedSignal signal,
        CustomsOptions options,
        string source,
        CancellationToken stopping)
    {
        private static readonly byte[] Heartbeat = ":\n\n"u8.ToArray();

        /// <summary>Between id and event, by number of the type.</summary>
        private static readonly byte[][] EventLines =
            [.. FeedTypes.All.Select(type => Encoding.UTF8.GetBytes($"\nevent: {type}\ndata: "))];

        private readonly PipeWriter body = context.Response.BodyWriter;

        public async Task RunAsync(string? company, IReadOnlyList<string>? types, long after, bool tellsStart)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["X-Accel-Buffering"] = "no"; // nginx in front would hold events back

            // An id without data is no event, but where a reconnect begins if the line breaks before the first event.
            Write(tellsStart ? $"retry: 2000\nid: {Cursor.Write(Cursor.Feed, after)}\n\n" : "retry: 2000\n\n");
            await body.FlushAsync(end.Token);
            var written = Stopwatch.GetTimestamp();
            using var events = new CloudEvents(body, source);
            while (true)
            {
                var wake = signal.Next;
                var page = await feed.ReadAsync(new(company, types, after), options.StreamPageEvents, end.Token);
                after = page.Next;
                foreach (var one in page.Events)
                {
                    Write(one, events);
                }

                if (page.Events.Count == 0 && Stopwatch.GetElapsedTime(written) >= options.HeartbeatInterval)
                {
                    body.Write(Heartbeat);
                }

                if (body.UnflushedBytes > 0)
                {
                    await body.FlushAsync(end.Token); // waits where the reader is slow
                    written = Stopwatch.GetTimestamp();
                }

                var untilHeartbeat = options.HeartbeatInterval - Stopwatch.GetElapsedTime(written);
                if (!page.HasMore && untilHeartbeat > TimeSpan.Zero)
                {
                    await Events.WaitAsync(wake, untilHeartbeat, stopping, end.Token);
                }
            }
        }

        private void Write(StoredEvent one, CloudEvents events)
        {
            body.Write("id: "u8);
            Cursor.Write(body, Cursor.Feed, one.Position);
            body.Write(EventLines[one.TypeNumber]);
            events.Write(one);
            body.Write("\n\n"u8);
        }

        private void Write(string text) => body.Write(Encoding.UTF8.GetBytes(text));
    }
}
