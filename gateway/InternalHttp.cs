using Microsoft.Extensions.Options;
using Sandan.Gateway.Proxy;
using Sandan.Shared.Security;

namespace Sandan.Gateway;

/// <summary>The gateway's own questions to services; what YARP forwards to them does not come by here.</summary>
internal sealed class InternalHttp(
    IOptions<GatewayOptions> options, TimeProvider time, IHostApplicationLifetime host, ILogger<ServicePatience> log) : IDisposable
{
    /// <summary>One client for all: it keeps its connections.</summary>
    public HttpClient Client { get; } = new(Connections(options.Value)) { Timeout = options.Value.InternalTimeout };

    /// <summary>For what cannot be told without an answer: waits for a service that restarts.</summary>
    public HttpClient PatientClient { get; } =
        new(new ServicePatience(KeptConnections(options.Value), options.Value, time, log, host.ApplicationStopping))
        {
            Timeout = options.Value.ConnectPatience + options.Value.InternalTimeout,
        };

    /// <summary>For whole requests that go on to another gateway.</summary>
    public HttpMessageInvoker Forwarded { get; } = new(Connections(options.Value));

    /// <summary>Asks a service in the name of a caller, in the caller's language; null where it is away.</summary>
    public async Task<HttpResponseMessage?> AskAsync(HttpRequestMessage question, HttpContext caller, CancellationToken ct)
    {
        foreach (var name in (string[])[Caller.Header, "Accept", "Accept-Language"])
        {
            question.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)caller.Request.Headers[name]);
        }

        try
        {
            return await Client.SendAsync(question, ct);
        }
        catch (Exception away) when (away is HttpRequestException || (away is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Client.Dispose();
        PatientClient.Dispose();
        Forwarded.Dispose();
    }

    private static SocketsHttpHandler Connections(GatewayOptions options) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // a name in a cluster may come to mean another address
    };

    private static SocketsHttpHandler KeptConnections(GatewayOptions options)
    {
        var connections = Connections(options);
        ServiceConnection.Use(connections);
        return connections;
    }
}
