using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Sandan.Stand;

/// <summary>Stands before a server and fails as networks do: refuses, resets, falls silent in one direction or in both.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, Socket> pairs = new();
    private readonly CancellationTokenSource end = new();
    private readonly string host;
    private readonly int port;
    private volatile bool refuses;
    private volatile bool silentToServer;
    private volatile bool silentToClient;
    private int accepted;
    private long held;

    public TcpProxy(string host, int port)
    {
        (this.host, this.port) = (host, port);
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Connections let through so far.</summary>
    public int Accepted => accepted;

    /// <summary>Connections open now.</summary>
    public int Open => pairs.Count;

    /// <summary>Bytes that were sent and wait, because of a stall or silence, to be passed on.</summary>
    public long Held => Interlocked.Read(ref held);

    /// <summary>Ends what is open and refuses what comes, until <see cref="Heal"/>.</summary>
    public void Cut()
    {
        refuses = true;
        Reset();
    }

    /// <summary>Ends what is open with RST; what comes next gets through.</summary>
    public void Reset()
    {
        foreach (var (client, server) in pairs)
        {
            End(client);
            End(server);
        }
    }

    /// <summary>What the server says reaches nobody, until <see cref="Heal"/>.</summary>
    public void SilenceAnswers() => silentToClient = true;

    /// <summary>Nothing goes through in either direction, and nothing ends.</summary>
    public void Stall() => silentToServer = silentToClient = true;

    public void Heal() => refuses = silentToServer = silentToClient = false;

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        Reset();
        end.Dispose();
    }

    private static void End(Socket socket)
    {
        try
        {
            socket.LingerState = new(true, 0);
        }
        catch (Exception trouble) when (trouble is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }

        socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(end.Token);
                if (refuses)
                {
                    End(client);
                    continue;
                }

                _ = ServeAsync(client);
            }
        }
        catch (Exception trouble) when (trouble is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(host, port, end.Token);
            pairs[client] = server;
            Interlocked.Increment(ref accepted);
            if (refuses)
            {
                return; // cut while it was being connected
            }

            await Task.WhenAny(
                PumpAsync(client, server, () => silentToServer), PumpAsync(server, client, () => silentToClient));
        }
        catch (Exception trouble) when (trouble is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone: so is the other.
        }
        finally
        {
            pairs.TryRemove(client, out _);
            End(client);
            End(server);
        }
    }

    private async Task PumpAsync(Socket from, Socket to, Func<bool> silent)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, end.Token) is > 0 and var length)
            {
                Interlocked.Add(ref held, length);
                while (silent())
                {
                    await Task.Delay(5, end.Token);
                }

                Interlocked.Add(ref held, -length);

                for (var sent = 0; sent < length;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, length - sent), end.Token);
                }
            }
        }
        catch (Exception trouble) when (trouble is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone: so is the other.
        }
    }
}
