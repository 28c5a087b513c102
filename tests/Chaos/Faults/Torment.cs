using System.Globalization;

namespace Sandan.Chaos.Faults;

/// <summary>
/// Every half to three seconds one of the victims is hurt, which may still be so when the next one is, as long as the load
/// keeps up: faults are spread over it.
/// </summary>
/// <param name="faults">How many.</param>
/// <param name="progress">Of the load, from 0 to 1.</param>
/// <param name="onEnded">A process ended by itself, and was started again.</param>
internal sealed class Torment(
    IReadOnlyList<Victim> victims, int seed, int faults, Func<double> progress, Action<string> onEnded)
{
    /// <summary>So far the faults may be ahead of the load, as shares of both.</summary>
    private const double AheadMax = 0.1;

    /// <summary>After it is well again, so that something gets done in between.</summary>
    private static readonly TimeSpan SparedFor = TimeSpan.FromSeconds(5);

    private int count;

    /// <summary>Faults so far.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>As many as were asked for.</summary>
    public bool IsEnough => Count >= faults;

    /// <summary>Goes on until there were enough; returns when all are well again.</summary>
    /// <exception cref="InvalidOperationException">A server could not be started again.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        var random = new Random(seed);
        var recoveries = new List<Task>();
        while (!IsEnough && !ct.IsCancellationRequested)
        {
            await Task.Delay(random.Next(500, 3_000), ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (recoveries.Find(one => one.IsFaulted) is { } failed)
            {
                await failed;
            }

            var able = victims.Where(one => !one.IsSpared).ToArray();
            foreach (var ended in able.Where(one => one.ReviveIfEnded()))
            {
                onEnded(ended.Name);
            }

            if (able.Length == 0 || ct.IsCancellationRequested || (double)Count / faults > progress() + AheadMax)
            {
                continue;
            }

            var victim = able[random.Next(able.Length)];
            victim.IsSpared = true;
            var (what, recovery) = victim.Hurt(random, ct);
            Interlocked.Increment(ref count);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  fault {Count}: {victim.Name} {what}"));
            recoveries.Add(recovery);
            _ = SpareAsync(victim, recovery, ct);
        }

        await Task.WhenAll(recoveries);
    }

    private static async Task SpareAsync(Victim victim, Task recovery, CancellationToken ct)
    {
        await recovery.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // its trouble is told by whoever waits for all
        await Task.Delay(SparedFor, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        victim.IsSpared = false;
    }
}
