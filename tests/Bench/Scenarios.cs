using System.Diagnostics;
using System.Globalization;
using Sandan.Bench.Load;
using Sandan.Bench.Report;
using Sandan.Bench.Stand;

namespace Sandan.Bench;

/// <summary>What is measured, each with an installation of its own.</summary>
internal sealed class Scenarios(Machine machine, Options options, CancellationToken ct)
{
    private const int CapacityMax = 8_000_000;
    private const int WarmUp = 60_000;
    private const int FlatOut = 90_000;

    /// <summary>Requests under way when it is sent as fast as answers come.</summary>
    private const int RequestsMax = 12;
    private const int SingleRequestsMax = 64;

    private const double SmallRate = 500;
    private const double RecordRate = 3_407; // a widely repeated figure of the customs' own system, Double 11 of 2020
    private const double Accuracy = 0.05;
    private const int TriesMax = 6;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(2);

    private TimeSpan Length => TimeSpan.FromSeconds(options.Seconds);

    public Task<Result> RunAsync(string scenario) => scenario switch
    {
        "batch" => BatchAsync(),
        "single" => SingleAsync(),
        "xml" => XmlAsync(),
        "resend" => ResendAsync(),
        "burst" => BurstAsync(),
        "deep" => DeepAsync(),
        "mixed" => MixedAsync(),
        "split" => SplitAsync(),
        _ => throw new ArgumentException($"There is no scenario {scenario}.", nameof(scenario)),
    };

    private async Task<Result> BatchAsync()
    {
        var levels = new List<Level>();
        var figures = new List<Figure>();
        var faults = new List<string>();
        Traffic traffic;
        double flat;
        await using (var run = await StartAsync())
        {
            traffic = run.Traffic;
            await Task.Delay(Rest, ct);
            var idle = run.Memory.Now / 1e6;
            var batch = run.Generator(Shape.Batch);
            await run.WarmUpAsync(batch, WarmUp, RequestsMax, ct);
            if (options.Rate is { } rate)
            {
                levels.Add(await run.AtRateAsync(batch, rate, Length, ct));
                return new("batch", levels, figures, await run.CheckBooksAsync(ct));
            }

            levels.Add((await run.FlatOutAsync(batch, FlatOut, RequestsMax, ct)).Level);
            flat = levels[0].Cleared;
            var small = await run.AtRateAsync(batch, SmallRate, Length / 2, ct);
            levels.Add(small);
            var record = await run.AtRateAsync(batch, RecordRate, Length / 2, ct);
            levels.Add(record);
            var (knee, tried) = await SearchAsync(run, batch, flat);
            levels.AddRange(tried);
            figures.AddRange(
            [
                new("sustained", knee, "consignments/s", 5_000),
                new("CPU of the machine at 3,407/s", record.CpuPercent, "%", 75, AtMost: true),
                new("last document → clearance at 3,407/s, p99", record.Clearance.P99, "ms", 500, AtMost: true),
                new("last document → clearance at 500/s, p50", small.Clearance.P50, "ms", 60, AtMost: true),
                new("memory of all our processes at full load", run.Memory.Peak / 1e6, "MB", 1_500, AtMost: true),
                new("memory idle, 10 s after the start", idle, "MB", 500, AtMost: true),
            ]);
            faults.AddRange(await run.CheckBooksAsync(ct));
        }

        figures.Add(new("flat out against naive", flat / await BaselineAsync("Naive", traffic, 1_500, 3_000, faults), "times", 20));
        figures.Add(new("flat out against twin", flat / await BaselineAsync("Twin", traffic, 60_000, 200_000, faults), "times", 0.35));
        return new("batch", levels, figures, faults);
    }

    private async Task<Result> SingleAsync()
    {
        await using var run = await StartAsync();
        var batch = run.Generator(Shape.Batch);
        var single = run.Generator(Shape.Single);
        await run.WarmUpAsync(batch, WarmUp, RequestsMax, ct);
        await run.WarmUpAsync(single, WarmUp / 6, SingleRequestsMax, ct);
        var (many, _) = await run.FlatOutAsync(batch, FlatOut, RequestsMax, ct);
        var (one, _) = await run.FlatOutAsync(single, FlatOut / 3, SingleRequestsMax, ct);
        var level = await run.AtRateAsync(single, options.Rate ?? one.Cleared * 0.7, Length, ct);
        return new(
            "single",
            [many with { Name = "flat out, batch" }, one, level],
            [new("documents/s, single against batch", one.Cleared / many.Cleared * 100, "%", 60)],
            await run.CheckBooksAsync(ct));
    }

    private async Task<Result> XmlAsync()
    {
        await using var run = await StartAsync();
        var xml = run.Generator(Shape.Xml);
        await run.WarmUpAsync(run.Generator(Shape.Batch), WarmUp, RequestsMax, ct);
        await run.WarmUpAsync(xml, WarmUp / 6, RequestsMax, ct);
        var (flat, _) = await run.FlatOutAsync(xml, FlatOut, RequestsMax, ct);
        var level = await run.AtRateAsync(xml, options.Rate ?? flat.Cleared * 0.7, Length, ct);
        return new("xml", [flat, level], [], await run.CheckBooksAsync(ct));
    }

    private async Task<Result> ResendAsync()
    {
        await using var run = await StartAsync();
        var batch = run.Generator(Shape.Batch);
        var resending = run.Generator(Shape.Batch with { RepeatsInHundred = 30 });
        await run.WarmUpAsync(batch, WarmUp, RequestsMax, ct);
        var (once, sent) = await run.FlatOutAsync(batch, FlatOut, RequestsMax, ct);
        var again = await run.MeasureAsync("all of it again", null, batch, () => batch.RepeatAsync(sent, RequestsMax, ct), ct);

        // Nothing new was sent, so what was measured is the sum: it is parted by what was sent again.
        var ofOne = again.CpuMicroseconds.Sum / FlatOut;
        var level = await run.AtRateAsync(resending, options.Rate ?? once.Cleared * 0.7, Length, ct);
        return new(
            "resend",
            [once, level with { Name = level.Name + ", 30 % twice" }],
            [new("CPU of a resent document against a new one", ofOne / once.CpuMicroseconds.Sum * 100, "%", 15, AtMost: true)],
            await run.CheckBooksAsync(ct));
    }

    private async Task<Result> BurstAsync()
    {
        const int Factor = 10;
        await using var run = await StartAsync();
        var batch = run.Generator(Shape.Batch);
        await run.WarmUpAsync(batch, WarmUp, RequestsMax, ct);
        var half = options.Rate ?? (await run.FlatOutAsync(batch, FlatOut, RequestsMax, ct)).Level.Cleared / 2;
        var calm = await run.AtRateAsync(batch, half, Rest, ct);

        // What is refused is not sent again: else it would come on top of the load behind.
        run.Ledger.Measure();
        batch.GivesUp = true;
        await batch.RunAsync(half * Factor, Rest, ct, backlogMax: int.MaxValue);
        await batch.SettleAsync(ct);
        batch.GivesUp = false;
        var answer = Percentiles.Of(run.Ledger.Answer);
        Console.WriteLine($"  burst: answers p50 {answer.P50:0} ms, p99 {answer.P99:0} ms; {batch.Refusals} refused");

        var clock = Stopwatch.StartNew();
        var behind = run.AtRateAsync(batch, half, Rest * 4, ct);
        while (run.Ledger.Expected - run.Ledger.Outcomes > half && !behind.IsCompleted)
        {
            await Task.Delay(Step, ct);
        }

        var gone = clock.Elapsed.TotalSeconds;
        return new(
            "burst",
            [calm, (await behind) with { Name = string.Create(CultureInfo.InvariantCulture, $"{half:0}/s behind {half * Factor:0}/s for 10 s") }],
            [
                new("answer in the burst, p99", answer.P99, "ms", 250, AtMost: true),
                new("backlog gone after", gone, "s", 30, AtMost: true),
            ],
            await run.CheckBooksAsync(ct));
    }

    private async Task<Result> DeepAsync()
    {
        const int Few = 100_000;
        var levels = new List<Level>();
        var faults = new List<string>();
        foreach (var rows in (int[])[Few, options.Rows])
        {
            await using var run = await StartAsync();
            var batch = run.Generator(Shape.Batch);
            await run.WarmUpAsync(batch, WarmUp, RequestsMax, ct);
            await WaitingRows.AddAsync(run, rows, FlatOut * 2, ct);
            levels.Add((await run.FlatOutAsync(batch, FlatOut, RequestsMax, ct)).Level with { Name = $"flat out, {rows:N0} waiting" });
            faults.AddRange(await run.CheckBooksAsync(ct));
        }

        return new(
            "deep",
            levels,
            [new($"rate at {options.Rows:N0} waiting consignments against {Few:N0}", levels[1].Cleared / levels[0].Cleared, "times", 0.85)],
            faults);
    }

    private async Task<Result> MixedAsync()
    {
        await using var run = await StartAsync();
        var batch = run.Generator(Shape.Batch);
        await run.WarmUpAsync(batch, WarmUp, RequestsMax, ct);
        var rate = options.Rate ?? (await run.FlatOutAsync(batch, FlatOut, RequestsMax, ct)).Level.Cleared * 0.6;
        var apart = run.Generator(Shape.Batch with { Spread = (int)(rate * Apart.TotalSeconds / Shape.Batch.DocumentsPerRequest) });

        // Measured is the time between the first consignment that is whole and the last that is begun.
        var sending = apart.RunAsync(rate, Length + Apart, ct);
        await Task.Delay(Apart, ct);
        var level = await run.MeasureAsync($"{rate:0}/s, {Apart.TotalMinutes:0} minutes apart", rate, apart, () => Task.Delay(Length, ct), ct);
        await sending;
        return new("mixed", [level], [], await run.CheckBooksAsync(ct));
    }

    private async Task<Result> SplitAsync()
    {
        var levels = new List<Level>();
        var faults = new List<string>();
        foreach (var split in (bool[])[false, true])
        {
            await using var run = await StartAsync(split);
            var batch = run.Generator(Shape.Batch);
            await run.WarmUpAsync(batch, WarmUp, RequestsMax, ct);
            levels.Add((await run.FlatOutAsync(batch, FlatOut, RequestsMax, ct)).Level with { Name = split ? "flat out, ten processes" : "flat out, one process" });
            faults.AddRange(await run.CheckBooksAsync(ct));
        }

        return new("split", levels, [new("ten processes against one", levels[1].Cleared / levels[0].Cleared, "times", 0.6)], faults);
    }

    /// <summary>The highest rate that it keeps up with for a whole level, between nothing and somewhat above the rate given.</summary>
    private async Task<(double Rate, List<Level> Tried)> SearchAsync(Run run, Generator generator, double flat)
    {
        var (low, high, next) = (0.0, flat * 1.1, flat * 0.9);
        var tried = new List<Level>();
        while (tried.Count < TriesMax && high - low > high * Accuracy)
        {
            var level = await run.AtRateAsync(generator, next, Length, ct);
            tried.Add(level);
            (low, high) = level.Keeps == true ? (next, high) : (low, next);
            next = low > 0 ? (low + high) / 2 : high * 0.8;
        }

        return (low, tried);
    }

    /// <returns>Consignments a second, flat out.</returns>
    private async Task<double> BaselineAsync(string name, Traffic traffic, int warmUp, int flatOut, List<string> faults)
    {
        await using var baseline = await Baseline.StartAsync(machine, name, traffic, warmUp + flatOut, ct);
        await baseline.FlatOutAsync(warmUp, RequestsMax, ct);
        var rate = await baseline.FlatOutAsync(flatOut, RequestsMax, ct);
        Console.WriteLine($"  {name.ToLowerInvariant()}: {rate:0}/s");
        faults.AddRange(await baseline.CheckBooksAsync(ct));
        return rate;
    }

    private Task<Run> StartAsync(bool split = false) => Run.StartAsync(machine, split, CapacityMax, ct);
}
