using System.Net.Sockets;

namespace Sandan.Gateway.Proxy;

/// <summary>
/// Waits for a service that restarts. A request that finds no connection was not sent, whatever its method, and may be sent
/// later; one that broke on its way is not sent again, for nobody knows what became of it.
/// </summary>
/// <remarks>
/// Who waits is bounded in number (<see cref="GatewayOptions.ConnectionsPerServiceMax"/>) and in time
/// (<see cref="GatewayOptions.ConnectPatience"/>, counted from when the service was first missed: while it stays away longer,
/// each request finds out for itself and is refused at once). One look at the service is taken for all of them. A gateway that
/// ends waits for nobody: in one process the services end with it.
/// </remarks>
internal sealed partial class ServicePatience(
    HttpMessageHandler connections,
    GatewayOptions options,
    TimeProvider time,
    ILogger<ServicePatience> log,
    CancellationToken stopping)
    : DelegatingHandler(connections)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private Task<bool>? coming; // null: as far as is known, it is there
    private int waiting;

    /// <summary>True where a request failed before any of it was sent.</summary>
    public static bool IsNotConnected(Exception? trouble) => trouble
        is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
        or OperationCanceledException { InnerException: TimeoutException }; // how SocketsHttpHandler says ConnectTimeout

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                var answer = await base.SendAsync(request, cancellationToken);
                if (coming is { IsCompleted: true })
                {
                    coming = null;
                }

                return answer;
            }
            catch (Exception trouble) when (IsNotConnected(trouble) && !cancellationToken.IsCancellationRequested)
            {
                if (time.GetElapsedTime(since) >= options.ConnectPatience
                    || !await IsComingAsync(request.RequestUri!, cancellationToken))
                {
                    throw new HttpRequestException(HttpRequestError.ConnectionError, trouble.Message, trouble);
                }
            }
        }
    }

    /// <summary>Waits until the service takes connections; false where it does not in time, or too many wait.</summary>
    private async Task<bool> IsComingAsync(Uri service, CancellationToken ct)
    {
        try
        {
            if (Interlocked.Increment(ref waiting) > options.ConnectionsPerServiceMax)
            {
                return false;
            }

            Task<bool> watch;
            lock (gate)
            {
                if (coming is null or { IsCompletedSuccessfully: true, Result: true })
                {
                    coming = WatchAsync(service);
                }

                watch = coming;
            }

            return await watch.WaitAsync(ct);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private async Task<bool> WatchAsync(Uri service)
    {
        Away(log, service.Authority, options.ConnectPatience);
        var since = time.GetTimestamp();
        while (time.GetElapsedTime(since) < options.ConnectPatience && !stopping.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, time);
            if (await TakesConnectionsAsync(service))
            {
                Back(log, service.Authority, time.GetElapsedTime(since));
                return true;
            }
        }

        return false;
    }

    private async Task<bool> TakesConnectionsAsync(Uri service)
    {
        using var patience = new CancellationTokenSource(options.ConnectTimeout);
        try
        {
            await (await ServiceConnection.OpenAsync(service.IdnHost, service.Port, patience.Token)).DisposeAsync();
            return true;
        }
        catch (Exception trouble) when (trouble is SocketException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Service} takes no connection; requests wait for it, for {Patience} at most")]
    private static partial void Away(ILogger log, string service, TimeSpan patience);

    [LoggerMessage(LogLevel.Information, "{Service} takes connections again, {After} later")]
    private static partial void Back(ILogger log, string service, TimeSpan after);
}
