namespace Sandan.Shared.Messaging;

/// <summary>
/// How long a worker rests behind a piece of work, so that what comes meanwhile shares the next piece: under load there are
/// fewer of them, larger and cheaper, and what comes alone waits for nothing. Of one worker, not of several threads.
/// </summary>
/// <param name="times">How many times as long as the work took.</param>
/// <param name="most">No longer than this.</param>
public sealed class Pace(double times, TimeSpan most, TimeProvider time)
{
    private long began;
    private long ended;
    private TimeSpan rest;

    /// <summary>How much of the rest is left.</summary>
    public TimeSpan Left => rest - time.GetElapsedTime(ended) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>A piece of work begins.</summary>
    public void Begin() => began = time.GetTimestamp();

    /// <summary>It has ended.</summary>
    public void End()
    {
        ended = time.GetTimestamp();
        var worked = time.GetElapsedTime(began, ended) * times;
        rest = worked < most ? worked : most;
    }

    /// <summary>Rests for what is left; ends early, without an exception, where it is stopped.</summary>
    public async Task RestAsync(CancellationToken ct) =>
        await Task.Delay(Left, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
