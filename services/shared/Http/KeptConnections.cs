using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Sandan.Shared.Http;

/// <summary>
/// Connections that a caller closes and not the service, so that the end of a service breaks no request. HTTP/1.1 has no word
/// for "send nothing more": where a server closes a connection on which a request is on its way, nobody can tell whether it was
/// worked in. So the gateway asks on each new connection, before it sends anything else, whether it is kept. A service that
/// ends keeps no new one, answers what comes on the others with <c>Connection: close</c>, and waits until those that nobody
/// uses are closed too.
/// </summary>
public sealed class KeptConnections(TimeProvider time)
{
    /// <summary>Asked with GET: 204 where the connection is kept, 503 where the service ends.</summary>
    public const string Path = "/health/connection";

    /// <summary>How long a caller has a kept connection without using it: a service that ends waits for it.</summary>
    public static readonly TimeSpan IdleMax = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait: a caller closes 1 s behind the last request, and HttpClient looks once a second; the rest is for busy machines.</summary>
    private static readonly TimeSpan LeaveMax = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private int kept;
    private volatile bool ending;

    /// <summary>Has the web server tell of the end of connections.</summary>
    internal void Watch(KestrelServerOptions kestrel) => kestrel.ConfigureEndpointDefaults(listen => listen.Use(next => async connection =>
    {
        var one = new Connection();
        connection.Features.Set(one);
        try
        {
            await next(connection);
        }
        finally
        {
            if (one.IsKept)
            {
                Interlocked.Decrement(ref kept);
            }
        }
    }));

    /// <summary>Has the answers of a service that ends end their connections.</summary>
    internal void Use(WebApplication app) => app.Use(next => context =>
    {
        if (ending)
        {
            context.Response.Headers.Connection = "close";
        }

        return next(context);
    });

    internal void Map(IEndpointRouteBuilder app) => app.MapGet(Path, (HttpContext context) => Results.StatusCode(
        context.Features.Get<Connection>() is { } one && TryKeep(one)
            ? StatusCodes.Status204NoContent
            : StatusCodes.Status503ServiceUnavailable));

    /// <summary>Keeps no new connection, and waits until the others are closed, at most 10 s.</summary>
    internal async Task LeaveAsync(CancellationToken ct)
    {
        ending = true;
        var since = time.GetTimestamp();
        while (Volatile.Read(ref kept) > 0 && time.GetElapsedTime(since) < LeaveMax && !ct.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Counted first: what is found not ending is waited for.</summary>
    private bool TryKeep(Connection one)
    {
        if (one.IsKept)
        {
            return !ending;
        }

        Interlocked.Increment(ref kept);
        if (ending)
        {
            Interlocked.Decrement(ref kept);
            return false;
        }

        return one.IsKept = true;
    }

    private sealed class Connection
    {
        public bool IsKept { get; set; }
    }
}
