using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.SessionAffinity;

namespace Sandan.Gateway.Proxy;

/// <summary>What forwarding is made of: YARP with the routes of appsettings.json and nothing that costs time.</summary>
internal static class Forwarding
{
    private const string Section = "ReverseProxy";

    /// <summary>Registers it.</summary>
    public static void AddForwarding(this WebApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(Section);
        if (!section.Exists())
        {
            throw new InvalidOperationException($"There are no routes: {AppContext.BaseDirectory}appsettings.json has no {Section}.");
        }

        builder.Services.AddReverseProxy()
            .LoadFromConfig(section)
            .AddConfigFilter<ServiceClusters>();
        builder.Services.AddSingleton<Yarp.ReverseProxy.Forwarder.IForwarderHttpClientFactory, ServiceHttp>();

        // The hash-cookie policy among them needs System.IO.Hashing, which is absent (see Gateway.csproj). No session is
        // ever bound to a destination here, so none of the policies is wanted.
        builder.Services.RemoveAll<ISessionAffinityPolicy>();
    }

    /// <summary>
    /// Maps the routes. The pipeline has only what forwarding needs: each service has one address, behind which the
    /// platform balances, so affinity, balancing and passive health checks of YARP would only take time.
    /// </summary>
    public static void MapForwarding(this WebApplication app) =>
        app.MapReverseProxy(proxy => proxy.UseMiddleware<LocalForwarding>().UseMiddleware<ForwarderProblems>());
}

/// <summary>What an endpoint is.</summary>
internal static class ForwardedEndpoint
{
    /// <summary>True where it leads to a service.</summary>
    public static bool IsForwarded(this Endpoint endpoint) => endpoint.Metadata.GetMetadata<Yarp.ReverseProxy.Model.RouteModel>() is not null;
}

/// <summary>
/// Connections to the services: HTTP/1.1 kept alive, many at once, no proxy, no redirects, no cookies, no compression;
/// the trace of the request goes with it. A service that restarts is waited for.
/// </summary>
internal sealed class ServiceHttp(
    ILogger<Yarp.ReverseProxy.Forwarder.ForwarderHttpClientFactory> log,
    ILogger<ServicePatience> patienceLog,
    IOptions<GatewayOptions> options,
    IHostApplicationLifetime host,
    TimeProvider time)
    : Yarp.ReverseProxy.Forwarder.ForwarderHttpClientFactory(log)
{
    /// <inheritdoc />
    protected override void ConfigureHandler(
        Yarp.ReverseProxy.Forwarder.ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.UseProxy = false;
        handler.UseCookies = false;
        handler.AllowAutoRedirect = false;
        handler.RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8; // as Kestrel reads it: else what is not ASCII could not go on
        handler.MaxConnectionsPerServer = options.Value.ConnectionsPerServiceMax;
        handler.ConnectTimeout = options.Value.ConnectTimeout;
        ServiceConnection.Use(handler);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5); // a name in a cluster may come to mean another address
        handler.ActivityHeadersPropagator = new Yarp.ReverseProxy.Forwarder.ReverseProxyPropagator(DistributedContextPropagator.Current);
    }

    /// <inheritdoc />
    protected override HttpMessageHandler WrapHandler(
        Yarp.ReverseProxy.Forwarder.ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        new ServicePatience(base.WrapHandler(context, handler), options.Value, time, patienceLog, host.ApplicationStopping);
}
