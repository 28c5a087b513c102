using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Sandan.Shared.Http;

/// <summary>
/// The connections of a service's web server, so that its end breaks no request. HTTP/1.1 has no word for "send nothing more":
/// where a server closes a connection on which a request is on its way, nobody can tell whether it was worked in. So callers
/// close: a service that ends takes no new connection, answers what comes on the others with <c>Connection: close</c>, and
/// waits until those that nobody uses are closed too.
/// </summary>
public sealed class OpenConnections(TimeProvider time)
{
    /// <summary>
    /// How long the gateway and other services keep a connection that they do not use. Short, for a service that ends waits
    /// for it: 1 s, and as long again until HttpClient looks.
    /// </summary>
    public static readonly TimeSpan IdleMax = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait. Callers of another kind (a probe, a collector of metrics) keep theirs as long as they like.</summary>
    private static readonly TimeSpan LeaveMax = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<Socket> listening = [];
    private int open;

    /// <summary>True from when on each answer is to end its connection.</summary>
    public bool IsEnding { get; private set; }

    /// <summary>Makes the socket that listens, as the web server would, and remembers it.</summary>
    internal Socket Bind(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        listening.Enqueue(socket);
        return socket;
    }

    /// <summary>Counts a connection for as long as it lasts.</summary>
    internal ConnectionDelegate Count(ConnectionDelegate next) => async connection =>
    {
        Interlocked.Increment(ref open);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    };

    /// <summary>Takes no new connection, and waits until the others are closed, at most 4 s.</summary>
    internal async Task LeaveAsync(CancellationToken ct)
    {
        IsEnding = true;
        var since = time.GetTimestamp();
        while (listening.TryDequeue(out var socket))
        {
            // Who is connected already and waits to be accepted would be reset.
            while (socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && MayWait())
            {
                await Task.Yield();
            }

            socket.Dispose();
        }

        do
        {
            await Task.Delay(LookEvery, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (Volatile.Read(ref open) > 0 && MayWait());

        bool MayWait() => time.GetElapsedTime(since) < LeaveMax && !ct.IsCancellationRequested;
    }
}
