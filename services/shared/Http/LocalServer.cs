using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Sandan.Shared.Http;

/// <summary>
/// A service's web server, which a gateway in the same process may also hand a request to as it is: the service reads the
/// body from the caller's connection and answers there. That saves reading, writing and parsing it a second time, which
/// for a single document costs more than all else in the gateway.
/// </summary>
public sealed class LocalServer(IServer sockets, KeptConnections connections) : IServer
{
    private const string TraceParent = "traceparent";

    private static readonly ConcurrentDictionary<string, LocalServer> Servers = new();

    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Func<IFeatureCollection, Task>? process;
    private int underWay = 1; // and one that ends with the server
    private volatile bool stopping;

    /// <inheritdoc />
    public IFeatureCollection Features => sockets.Features;

    /// <summary>The running server at an address (<c>http://127.0.0.1:18101/</c>); null where none of this process is.</summary>
    public static LocalServer? At(string address) => Servers.GetValueOrDefault(address);

    /// <summary>Has the service answer a request that came to another server of this process.</summary>
    /// <returns>False, with nothing done, where the service is stopping.</returns>
    public async ValueTask<bool> TryAnswerAsync(HttpContext context)
    {
        if (!TryEnter())
        {
            return false;
        }

        try
        {
            if (Activity.Current?.Id is { } parent)
            {
                context.Request.Headers[TraceParent] = parent;
            }

            await process!(Handed(context.Features));
            return true;
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc />
    public async Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        await sockets.StartAsync(application, cancellationToken);
        process = features => ProcessAsync(application, features);
        foreach (var address in Addresses())
        {
            Servers[address] = this;
        }
    }

    /// <summary>What was handed over, and what came over sockets, is answered before this returns.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!stopping)
        {
            stopping = true;
            Leave();
        }

        foreach (var address in Addresses())
        {
            Servers.TryRemove(KeyValuePair.Create(address, this));
        }

        await connections.LeaveAsync(cancellationToken);
        await sockets.StopAsync(cancellationToken);
        await idle.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc />
    public void Dispose() => sockets.Dispose();

    /// <summary>Puts it before the server that is registered.</summary>
    internal static void Register(IServiceCollection services)
    {
        var sockets = services.Last(one => one.ServiceType == typeof(IServer));
        services.Replace(ServiceDescriptor.Singleton<IServer>(provider => new LocalServer(
            (IServer)(sockets.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, sockets.ImplementationType!)),
            provider.GetRequiredService<KeptConnections>())));
    }

    private IEnumerable<string> Addresses() =>
        Features.Get<IServerAddressesFeature>()?.Addresses.Select(one => new Uri(one).ToString()) ?? [];

    /// <summary>Counted first: who finds it not stopping is waited for.</summary>
    private bool TryEnter()
    {
        Interlocked.Increment(ref underWay);
        if (!stopping)
        {
            return true;
        }

        Leave();
        return false;
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref underWay) == 0)
        {
            idle.TrySetResult(); // again, where somebody looked in behind the end
        }
    }

    /// <summary>The connection's features: those that belong to a pipeline (route, items, services) each has for itself.</summary>
    private static FeatureCollection Handed(IFeatureCollection from)
    {
        var features = new FeatureCollection();
        Hand<IHttpRequestFeature>();
        Hand<IHttpRequestBodyDetectionFeature>();
        Hand<IRequestBodyPipeFeature>();
        Hand<IHttpMaxRequestBodySizeFeature>();
        Hand<IHttpRequestLifetimeFeature>();
        Hand<IHttpRequestIdentifierFeature>();
        Hand<IHttpConnectionFeature>();
        Hand<IHttpResponseFeature>();
        Hand<IHttpResponseBodyFeature>();
        Hand<IHttpResponseTrailersFeature>();
        return features;

        void Hand<TFeature>() => features.Set(from.Get<TFeature>());
    }

    private static async Task ProcessAsync<TContext>(IHttpApplication<TContext> application, IFeatureCollection features)
        where TContext : notnull
    {
        var context = application.CreateContext(features);
        try
        {
            await application.ProcessRequestAsync(context);
        }
        catch (Exception trouble)
        {
            application.DisposeContext(context, trouble);
            throw;
        }

        application.DisposeContext(context, null);
    }
}
