using System.Diagnostics;
using System.Globalization;
using HdrHistogram;
using Sandan.Bench.Load;
using Sandan.Bench.Stand;

namespace Sandan.Bench;

/// <summary>Microseconds of CPU, by process.</summary>
internal sealed record CpuSplit(double Services, double Postgres, double RabbitMq, double Generator)
{
    public double Sum => Services + Postgres + RabbitMq + Generator;

    public CpuSplit Per(double count) => new(Services / count, Postgres / count, RabbitMq / count, Generator / count);
}

/// <summary>What was measured at one rate.</summary>
/// <param name="Rate">Consignments a second that were to be sent.</param>
/// <param name="Cleared">Consignments a second that were cleared while sending lasted.</param>
/// <param name="Clearance">Milliseconds from the intended sending of the last document to the clearance event: p50, p90, p99, p99.9.</param>
/// <param name="Answer">Milliseconds from the intended sending of a request to its answer, likewise.</param>
/// <param name="CpuPercent">Of all cores of the machine, while sending lasted.</param>
/// <param name="CpuMicroseconds">For a consignment, until the last was cleared.</param>
/// <param name="AllocatedBytes">By gateway and services, for a document.</param>
/// <param name="DrainSeconds">From the last request to the last clearance.</param>
/// <param name="Keeps">The backlog did not grow, and p99 of the clearance is at most a second.</param>
internal sealed record Level(
    double Rate, double Seconds, double Cleared, double[] Clearance, double[] Answer, double CpuPercent, CpuSplit CpuMicroseconds,
    double WalBytes, double WalSyncs, double AllocatedBytes, double DrainSeconds, int Refusals, double PeakMemoryMb, bool Keeps);

/// <summary>A Sandan under load, with the reader of its feed and everything that is noted.</summary>
internal sealed class Run : IAsyncDisposable
{
    private const double ClearanceMsMax = 1000;
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(180);
    private static readonly double[] Percentiles = [50, 90, 99, 99.9];

    private readonly CancellationTokenSource reading = new();
    private readonly Meter meter;
    private readonly Task reader;
    private readonly TextWriter log;

    private Run(Installation sandan, Traffic traffic, Ledger ledger, Shape shape, string customsKey, TextWriter log)
    {
        (Sandan, Traffic, Ledger, this.log) = (sandan, traffic, ledger, log);
        meter = new(sandan.Machine, sandan.Children);
        Generator = new(sandan.Gateway, traffic, ledger, shape);
        reader = new FeedReader(sandan.Gateway, customsKey, traffic, ledger).RunAsync(reading.Token);
    }

    public Installation Sandan { get; }

    public Traffic Traffic { get; }

    public Ledger Ledger { get; }

    public Generator Generator { get; }

    /// <summary>Starts an installation with empty databases and its companies.</summary>
    /// <param name="capacity">Consignments that will be sent at most.</param>
    public static async Task<Run> StartAsync(
        Machine machine, bool split, Shape shape, int seed, int capacity, TextWriter log, CancellationToken ct)
    {
        var sandan = await Installation.StartAsync(machine, split, ct);
        var now = TimeProvider.System.GetUtcNow();
        var run = (now.ToUnixTimeSeconds() % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
        var world = await sandan.WorldAsync(run, ct);
        var traffic = new Traffic(world, run, seed, now);
        return new(sandan, traffic, new(traffic, capacity), shape, world.CustomsKey, log);
    }

    /// <summary>Lets the compiler and the caches settle; nothing of it is measured.</summary>
    public async Task WarmUpAsync(int consignments, int requestsMax, CancellationToken ct)
    {
        await Generator.RunFlatOutAsync(consignments, requestsMax, ct);
        await DrainAsync(ct);
    }

    /// <summary>Measures a rate for a time, until the last consignment is cleared.</summary>
    public async Task<Level> MeasureAsync(double rate, TimeSpan time, CancellationToken ct)
    {
        Ledger.Measure();
        var (first, accepted, outcomes, refusals) = (Ledger.Sent, Ledger.Accepted, Ledger.Outcomes, Generator.Refusals);
        var before = await meter.ReadAsync(ct);
        var sending = Generator.RunAsync(rate, time, ct);
        var backlog = new List<long>();
        while (!sending.IsCompleted)
        {
            await Task.WhenAny(sending, Task.Delay(1000, ct));
            backlog.Add(Ledger.Expected - Ledger.Outcomes);
            await log.WriteAsync($"\r  {rate:N0}/s: {Ledger.Outcomes:N0} of {Ledger.Expected:N0} cleared, {backlog[^1]:N0} under way   ");
        }

        var sent = await meter.ReadAsync(ct);
        var cleared = (Ledger.Outcomes - outcomes) / sent.Seconds(before);
        var drained = await DrainAsync(ct);
        var after = await meter.ReadAsync(ct);
        var consignments = (double)(Ledger.Sent - first);
        var clearance = Ms(Ledger.Clearance);
        var third = backlog.Count / 3;
        var grows = third > 0 && backlog[^third..].Average() > (backlog.Skip(third).Take(third).Average() * 1.25) + (rate * 0.1);
        await log.WriteLineAsync();
        return new(
            rate,
            sent.Seconds(before),
            cleared,
            clearance,
            Ms(Ledger.Answer),
            sent.Cpu(before).Sum / sent.Seconds(before) / Environment.ProcessorCount / 1e6 * 100,
            after.Cpu(before).Per(consignments),
            (after.WalBytes - before.WalBytes) / consignments,
            (after.WalSyncs - before.WalSyncs) / consignments,
            (after.Allocated - before.Allocated) / Math.Max(1, Ledger.Accepted - accepted),
            drained.TotalSeconds,
            Generator.Refusals - refusals,
            meter.Memory().Peak / 1e6,
            !grows && clearance[2] <= ClearanceMsMax);
    }

    /// <summary>Sends as fast as answers come; returns consignments a second until the last is cleared.</summary>
    public async Task<double> FlatOutAsync(int consignments, int requestsMax, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var first = Ledger.Sent;
        await Generator.RunFlatOutAsync(consignments, requestsMax, ct);
        await DrainAsync(ct);
        return (Ledger.Sent - first) / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Waits until nothing is under way; returns how long that took.</summary>
    public async Task<TimeSpan> DrainAsync(CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        await Generator.SettleAsync(ct);
        while (Ledger.Outcomes < Ledger.Expected && clock.Elapsed < DrainMax)
        {
            await Task.Delay(20, ct);
        }

        return clock.Elapsed;
    }

    /// <summary>Holds everything that was sent against everything that came of it; the faults, none where all is right.</summary>
    public async Task<IReadOnlyCollection<string>> CheckBooksAsync(CancellationToken ct)
    {
        await DrainAsync(ct);
        await Books.CheckAsync(Sandan, Traffic, Ledger, ct);
        return Ledger.Faults;
    }

    public async ValueTask DisposeAsync()
    {
        await Generator.DisposeAsync();
        await reading.CancelAsync();
        await reader;
        reading.Dispose();
        await meter.DisposeAsync();
        await Sandan.DisposeAsync();
    }

    private static double[] Ms(LongHistogram histogram)
    {
        lock (histogram)
        {
            return [.. Percentiles.Select(one => histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(one) / 1000.0)];
        }
    }
}
