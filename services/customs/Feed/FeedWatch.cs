using Microsoft.Extensions.Options;
using Npgsql;

namespace Sandan.Customs.Feed;

/// <summary>
/// Looks for events that another process committed, once per process however many streams are open, and keeps the
/// position for the metrics. Events of this process are signalled at once and do not wait for it.
/// </summary>
internal sealed class FeedWatch(
    FeedStore feed, FeedSignal signal, CustomsMetrics metrics, IOptions<CustomsOptions> options, TimeProvider time)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PollInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task LookAsync(CancellationToken ct)
    {
        try
        {
            var last = await feed.LastAsync(ct);
            if (last != metrics.FeedPosition)
            {
                metrics.FeedPosition = last;
                signal.Set();
            }
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException)
        {
            // The readers see the same and say so; the next look is a moment away.
        }
    }
}
