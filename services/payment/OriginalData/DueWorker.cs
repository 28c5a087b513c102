using Sandan.Shared.Messaging;

namespace Sandan.Payment.OriginalData;

/// <summary>
/// Calls whom rows of a table say, when they are due, several at once. A row is claimed by moving its next attempt behind the longest
/// call, so that one process calls, and what a crash broke off is taken up again.
/// </summary>
internal abstract partial class DueWorker<TRow>(TimeProvider time, ILogger log) : BackgroundService
{
    private const int AtOnceMax = 8;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly OutboxSignal signal = new();

    /// <summary>By which rows are due.</summary>
    protected TimeProvider Time { get; } = time;

    /// <summary>Something may be due now.</summary>
    public void Wake() => signal.Set();

    /// <summary>Rows that are due at that time, those that are due for longest first.</summary>
    protected abstract Task<List<TRow>> ClaimAsync(int rowsMax, DateTimeOffset now, CancellationToken ct);

    /// <summary>Does what a row wants, and stores what came of it.</summary>
    protected abstract Task WorkAsync(TRow row, CancellationToken ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            running.RemoveAll(one => one.IsCompleted);
            if (running.Count < AtOnceMax)
            {
                running.AddRange((await TryClaimAsync(AtOnceMax - running.Count, stoppingToken)).Select(row => TryWorkAsync(row, stoppingToken)));
            }

            await signal.WaitAsync(LookEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it throws at the end alone
        }

        await Task.WhenAll(running);
    }

    /// <summary>Wait behind so many calls that failed: doubled each time, with up to a quarter more so that many do not call at once.</summary>
    protected static TimeSpan WaitBehind(int failures, OriginalDataOptions options)
    {
        var wait = options.RetryDelay * Math.Pow(2, Math.Min(failures - 1, 20));
        return (wait < options.RetryDelayMax ? wait : options.RetryDelayMax) * (1 + (Random.Shared.NextDouble() / 4));
    }

    private async Task<List<TRow>> TryClaimAsync(int rowsMax, CancellationToken ct)
    {
        try
        {
            return await ClaimAsync(rowsMax, Time.GetUtcNow(), ct);
        }
        catch (Exception trouble) when (!ct.IsCancellationRequested)
        {
            Failed(log, trouble.Message);
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            // The service ends.
        }

        return [];
    }

    private async Task TryWorkAsync(TRow row, CancellationToken ct)
    {
        try
        {
            await WorkAsync(row, ct);
        }
        catch (Exception trouble) when (!ct.IsCancellationRequested)
        {
            Failed(log, trouble.Message);
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            // The service ends; the row comes due again.
        }

        signal.Set();
    }

    [LoggerMessage(LogLevel.Warning, "What is due is tried again later: {Reason}")]
    private static partial void Failed(ILogger log, string reason);
}
