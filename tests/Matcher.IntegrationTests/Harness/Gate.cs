using System.Net;
using System.Net.Sockets;

namespace Sandan.IntegrationTests;

/// <summary>Stands between a service and a server; closed, the server is away for that service alone.</summary>
public sealed class Gate : IDisposable
{
    private readonly string host;
    private readonly int port;
    private readonly List<TcpClient> connections = [];
    private TcpListener listener;

    public Gate(string host, int port)
    {
        this.host = host;
        this.port = port;
        listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = AcceptAsync(listener);
    }

    public int Port { get; }

    /// <summary>Cuts every connection; new ones are refused.</summary>
    public void Close()
    {
        listener.Stop();
        lock (connections)
        {
            connections.ForEach(one => one.Dispose());
            connections.Clear();
        }
    }

    public void Open()
    {
        listener = new(IPAddress.Loopback, Port);
        listener.Start();
        _ = AcceptAsync(listener);
    }

    public void Dispose() => Close();

    private async Task AcceptAsync(TcpListener from)
    {
        try
        {
            while (true)
            {
                var client = await from.AcceptTcpClientAsync();
                var server = new TcpClient();
                await server.ConnectAsync(host, port);
                lock (connections)
                {
                    connections.AddRange([client, server]);
                }

                _ = CopyAsync(client, server);
                _ = CopyAsync(server, client);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The gate was closed.
        }
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to)
    {
        try
        {
            using (from)
            using (to)
            {
                await from.GetStream().CopyToAsync(to.GetStream());
            }
        }
        catch (Exception cut) when (cut is IOException or ObjectDisposedException or SocketException or InvalidOperationException)
        {
            // One side is gone.
        }
    }
}
