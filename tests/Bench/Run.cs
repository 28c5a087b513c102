using System.Diagnostics;
using System.Globalization;
using Sandan.Bench.Load;
using Sandan.Bench.Report;
using Sandan.Bench.Stand;
using Sandan.Demo;

namespace Sandan.Bench;

/// <summary>A Sandan under load, with the reader of its feed and everything that is noted.</summary>
internal sealed class Run : IAsyncDisposable
{
    private const double ClearanceMsMax = 1000;
    private const double GrowthMax = 1.25;
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource reading = new();
    private readonly List<Generator> generators = [];
    private readonly Meter meter;
    private readonly Task reader;

    private Run(Installation sandan, World world, Traffic traffic, Ledger ledger)
    {
        (Sandan, World, Traffic, Ledger) = (sandan, world, traffic, ledger);
        meter = new(sandan.Machine, sandan.Children);
        reader = new FeedReader(sandan.Gateway, world.CustomsKey, traffic, ledger).RunAsync(reading.Token);
    }

    public Installation Sandan { get; }

    public World World { get; }

    public Traffic Traffic { get; }

    public Ledger Ledger { get; }

    /// <summary>Memory of gateway and services now and at its highest, bytes.</summary>
    public (long Now, long Peak) Memory => meter.Memory();

    /// <summary>Starts an installation with empty databases and its companies.</summary>
    /// <param name="capacity">Consignments that will be sent at most.</param>
    public static async Task<Run> StartAsync(Machine machine, bool split, int capacity, CancellationToken ct)
    {
        var sandan = await Installation.StartAsync(machine, split, ct);
        var now = TimeProvider.System.GetUtcNow();
        var run = (now.ToUnixTimeSeconds() % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
        var world = await sandan.WorldAsync(run, ct);
        var traffic = new Traffic(world, run, now);
        return new(sandan, world, traffic, new(traffic, capacity));
    }

    /// <summary>A source of load of this shape.</summary>
    public Generator Generator(Shape shape)
    {
        var generator = new Generator(new(Sandan.Gateway), Traffic, Ledger, shape);
        generators.Add(generator);
        return generator;
    }

    /// <summary>Lets the compiler and the caches settle; nothing of it is measured.</summary>
    public async Task WarmUpAsync(Generator generator, int consignments, int requestsMax, CancellationToken ct)
    {
        Console.WriteLine($"  warming up with {consignments:N0} consignments");
        await generator.RunFlatOutAsync(consignments, requestsMax, ct);
        await DrainAsync(ct);
    }

    /// <summary>Sends at a rate for a time and waits until the last consignment is cleared.</summary>
    public Task<Level> AtRateAsync(Generator generator, double rate, TimeSpan time, CancellationToken ct) => MeasureAsync(
        string.Create(CultureInfo.InvariantCulture, $"{rate:0}/s"), rate, generator, () => generator.RunAsync(rate, time, ct), ct);

    /// <summary>Sends as fast as answers come, and waits likewise.</summary>
    public async Task<(Level Level, Generator.Part Sent)> FlatOutAsync(
        Generator generator, int consignments, int requestsMax, CancellationToken ct)
    {
        var sent = default(Generator.Part);
        var level = await MeasureAsync(
            "flat out", null, generator, async () => sent = await generator.RunFlatOutAsync(consignments, requestsMax, ct), ct);
        return (level, sent);
    }

    /// <summary>Measures some sending until the last consignment of it is cleared.</summary>
    /// <param name="rate">Consignments a second that are to be sent; null: as fast as answers come.</param>
    public async Task<Level> MeasureAsync(
        string name, double? rate, Generator generator, Func<Task> send, CancellationToken ct)
    {
        Ledger.Measure();
        var (first, accepted, outcomes) = (Ledger.Sent, Ledger.Accepted, Ledger.Outcomes);
        var (refusals, bytes) = (generator.Refusals, generator.Bytes);
        var before = await meter.ReadAsync(ct);
        var sending = send();
        var backlog = new List<long>();
        while (!sending.IsCompleted)
        {
            await Task.WhenAny(sending, Task.Delay(Second, ct));
            backlog.Add(Ledger.Expected - Ledger.Outcomes);
            if (!Console.IsOutputRedirected)
            {
                await Console.Out.WriteAsync($"\r  {name}: {Ledger.Outcomes - outcomes:N0} cleared, {backlog[^1]:N0} under way      ");
            }
        }

        await sending;
        var sent = await meter.ReadAsync(ct);
        var clearedWhileSending = (Ledger.Outcomes - outcomes) / sent.Seconds(before);
        var drained = await DrainAsync(ct);
        var after = await meter.ReadAsync(ct);
        var consignments = Math.Max(1.0, Ledger.Sent - first);
        var documents = Math.Max(1, Ledger.Accepted - accepted);
        var clearance = Percentiles.Of(Ledger.Clearance);
        var third = backlog.Count / 3;
        var grows = third > 0 && rate is { } wanted
            && backlog[^third..].Average() > backlog.Skip(third).Take(third).Average() * GrowthMax + wanted * 0.1;
        var level = new Level(
            name,
            rate,
            sent.Seconds(before),
            rate is null ? consignments / after.Seconds(before) : clearedWhileSending,
            rate is null ? null : !grows && clearance.P99 <= ClearanceMsMax,
            clearance,
            Percentiles.Of(Ledger.Answer),
            sent.Cpu(before).Sum / sent.Seconds(before) / Environment.ProcessorCount / 1e6 * 100,
            after.Cpu(before).Per(consignments),
            (after.WalBytes - before.WalBytes) / consignments,
            (after.WalSyncs - before.WalSyncs) / consignments,
            (after.Allocated - before.Allocated) / documents,
            (double)(generator.Bytes - bytes) / documents,
            (after.Published - before.Published) / consignments,
            drained.TotalSeconds,
            generator.Refusals - refusals,
            Memory.Peak / 1e6);
        Console.WriteLine($"{(Console.IsOutputRedirected ? "" : "\r")}  {level.Summary,-100}");
        return level;
    }

    /// <summary>Waits until nothing is under way; returns how long that took.</summary>
    public async Task<TimeSpan> DrainAsync(CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        foreach (var generator in generators)
        {
            await generator.SettleAsync(ct);
        }

        while (Ledger.Outcomes < Ledger.Expected && clock.Elapsed < DrainMax)
        {
            await Task.Delay(Step, ct);
        }

        return clock.Elapsed;
    }

    /// <summary>Holds everything that was sent against everything that came of it; the faults, none where all is right.</summary>
    public async Task<IReadOnlyCollection<string>> CheckBooksAsync(CancellationToken ct)
    {
        await DrainAsync(ct);
        await Books.CheckAsync(this, ct);
        return Ledger.Faults;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var generator in generators)
        {
            await generator.DisposeAsync();
        }

        await reading.CancelAsync();
        await reader;
        reading.Dispose();
        await meter.DisposeAsync();
        await Sandan.DisposeAsync();
    }
}
