using Microsoft.Extensions.Options;
using Sandan.Shared.Http;

namespace Sandan.Gateway;

/// <summary>The gateway's own questions to services; forwarded requests do not come by here.</summary>
internal sealed class InternalHttp(IOptions<GatewayOptions> options) : IDisposable
{
    /// <summary>One client for all: it keeps its connections.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = options.Value.ConnectTimeout,
        PooledConnectionIdleTimeout = OpenConnections.IdleMax,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // a name in a cluster may come to mean another address
    })
    {
        Timeout = options.Value.InternalTimeout,
    };

    /// <inheritdoc />
    public void Dispose() => Client.Dispose();
}
