using System.Net.Sockets;
using System.Text;
using Sandan.Shared.Http;

namespace Sandan.Gateway.Proxy;

/// <summary>
/// A connection to a service that the service does not close while a request may be on its way: see
/// <see cref="KeptConnections"/>. Asking costs a round trip per connection, and tells besides that the service took it: the
/// kernel connects also to a service that is about to close its port.
/// </summary>
internal static class ServiceConnection
{
    private const int HeadMax = 4096;
    private static readonly byte[] End = "\r\n\r\n"u8.ToArray();

    /// <summary>Has a client open its connections so, and close them in time.</summary>
    public static void Use(SocketsHttpHandler handler)
    {
        handler.ConnectCallback = async (context, ct) => await OpenAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, ct);
        handler.PooledConnectionIdleTimeout = KeptConnections.IdleMax;
    }

    /// <summary>Opens one.</summary>
    /// <exception cref="SocketException">Nobody takes it.</exception>
    /// <exception cref="IOException">Who took it ends.</exception>
    public static async Task<Stream> OpenAsync(string host, int port, CancellationToken ct)
    {
        var connection = await ConnectAsync(host, port, ct);
        try
        {
            switch (await AskAsync(connection, host, ct))
            {
                case StatusCodes.Status204NoContent:
                    return connection;
                case StatusCodes.Status404NotFound: // of a version that knows nothing of this
                    await connection.DisposeAsync();
                    return connection = await ConnectAsync(host, port, ct);
                case var status:
                    throw new IOException($"{host}:{port} does not keep the connection: {status}.");
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<NetworkStream> ConnectAsync(string host, int port, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, ct);
            return new(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The status of the answer; only that of a 204, which has no body, is read to its end.</summary>
    private static async Task<int> AskAsync(NetworkStream connection, string host, CancellationToken ct)
    {
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"GET {KeptConnections.Path} HTTP/1.1\r\nHost: {host}\r\n\r\n"), ct);
        var head = new byte[HeadMax];
        var length = 0;
        do
        {
            var read = length < HeadMax ? await connection.ReadAsync(head.AsMemory(length), ct) : 0;
            if (read == 0)
            {
                throw new IOException("The connection ended before it was kept.");
            }

            length += read;
        }
        while (head.AsSpan(0, length).IndexOf(End) < 0);
        return head.AsSpan(0, length).StartsWith("HTTP/1.1 "u8) && int.TryParse(head.AsSpan(9, 3), out var status) ? status : 0;
    }
}
