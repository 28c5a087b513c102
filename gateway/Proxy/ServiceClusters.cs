using System.Net;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Sandan.Gateway.Proxy;

/// <summary>Puts the real addresses where appsettings.json names a service: <c>http://order</c>.</summary>
internal sealed class ServiceClusters(ServiceAddresses addresses) : IProxyConfigFilter
{
    /// <inheritdoc />
    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) => new(cluster with
    {
        Destinations = cluster.Destinations!.ToDictionary(
            one => one.Key, one => one.Value with { Address = addresses.Of(new Uri(one.Value.Address).Host).ToString() }),
        HttpRequest = (cluster.HttpRequest ?? ForwarderRequestConfig.Empty) with
        {
            Version = HttpVersion.Version11, // HTTP/2 without TLS gains nothing between neighbours and costs multiplexing
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        },
    });

    /// <inheritdoc />
    public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) => new(route);
}
