using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sandan.Shared.Messaging;

/// <summary>
/// The service's bus, and another in its place where it does not come back. A connection that breaks while a message is
/// answered can leave RabbitMQ.Client 7.1 waiting for itself for ever: the consumer closes its channel, which waits for the
/// consumer. Nothing is consumed any more then, though the broker is well. What the lost bus had in hand comes again, and
/// the inbox knows it.
/// </summary>
internal sealed partial class BusHost(
    Func<ServiceProvider> make, SandanSettings settings, string service, TimeProvider time, ILogger<BusHost> log)
    : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(4);

    /// <summary>So long a bus has to come back by itself while the broker answers.</summary>
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(16);

    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource stopping = new();
    private ServiceProvider? parts;
    private Task watching = Task.CompletedTask;

    private IBusControl Bus => parts!.GetRequiredService<IBusControl>();

    /// <summary>Of the bus that is at work.</summary>
    public BusHealthStatus Health => parts is null ? BusHealthStatus.Unhealthy : Bus.CheckHealth().Status;

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        parts = make();
        await Bus.StartAsync(cancellationToken);
        watching = WatchAsync();
    }

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await watching;
        if (parts is not null)
        {
            await Bus.StopAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        stopping.Dispose();
        if (parts is not null)
        {
            await parts.DisposeAsync();
        }
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(CheckEvery, time);
        DateTimeOffset? since = null;
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                if (Health == BusHealthStatus.Healthy || !await BrokerAnswersAsync())
                {
                    since = null;
                }
                else if (time.GetUtcNow() - (since ??= time.GetUtcNow()) >= PatienceMax)
                {
                    since = null;
                    await ReplaceAsync();
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The service ends.
        }
    }

    private async Task ReplaceAsync()
    {
        Replaced(log, service);
        _ = EndAsync(parts!);
        parts = make();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        patience.CancelAfter(EndMax);
        try
        {
            await Bus.StartAsync(patience.Token);
        }
        catch (Exception trouble)
        {
            NotStarted(log, service, trouble.Message); // the next look replaces it, unless the service ends
        }
    }

    /// <summary>
    /// The lost bus may never end; it must not keep the new one from its work. Its parts are not disposed of: a consumer of it that comes
    /// back though it was stopped, as some do that were looking for their broker, works in what it is given.
    /// </summary>
    private async Task EndAsync(ServiceProvider lost)
    {
        try
        {
            using var patience = new CancellationTokenSource(EndMax);
            await lost.GetRequiredService<IBusControl>().StopAsync(patience.Token).WaitAsync(EndMax);
        }
        catch (Exception trouble)
        {
            NotEnded(log, service, trouble.Message);
        }
    }

    private async Task<bool> BrokerAnswersAsync()
    {
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            patience.CancelAfter(CheckEvery);
            await using var connection = await Broker.ConnectOnceAsync(settings, $"{service}: health", CheckEvery, patience.Token);
            return true;
        }
        catch (Exception) when (!stopping.IsCancellationRequested)
        {
            return false; // whatever it says, it takes no connection
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Service}: the consumers do not come back though the broker answers; a new bus takes their place")]
    private static partial void Replaced(ILogger log, string service);

    [LoggerMessage(LogLevel.Warning, "{Service}: the new bus did not start, next try soon: {Reason}")]
    private static partial void NotStarted(ILogger log, string service, string reason);

    [LoggerMessage(LogLevel.Warning, "{Service}: the lost bus did not end and is left behind: {Reason}")]
    private static partial void NotEnded(ILogger log, string service, string reason);
}
