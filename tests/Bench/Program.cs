using System.Globalization;
using Sandan.Bench.Load;
using Sandan.Bench.Stand;

namespace Sandan.Bench;

/// <summary>The benchmark: <c>./sandan bench [SCENARIO] [--rate N] [--seconds S] [--split] [--seed S] [--json FILE]</c>.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        var rate = double.Parse(Option(args, "--rate") ?? "1000", CultureInfo.InvariantCulture);
        var seconds = int.Parse(Option(args, "--seconds") ?? "30", CultureInfo.InvariantCulture);
        var scenario = args.FirstOrDefault(one => !one.StartsWith('-')) ?? "batch";
        var shape = scenario switch
        {
            "single" => new Shape(Format.Json, 1),
            "xml" => new Shape(Format.Xml, 100),
            _ => new Shape(Format.Ndjson, 500),
        };
        var machine = Machine.FromEnvironment();
        var ct = CancellationToken.None;
        await using var sandan = await Installation.StartAsync(machine, args.Contains("--split"), ct);
        var now = TimeProvider.System.GetUtcNow();
        var run = (now.ToUnixTimeSeconds() % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
        var world = await sandan.WorldAsync(run, ct);
        var traffic = new Traffic(world, run, 1, now);
        var ledger = new Ledger(traffic, (int)(rate * (seconds + 30)) + 10_000);
        using var reading = new CancellationTokenSource();
        var reader = new FeedReader(sandan.Gateway, world.CustomsKey, traffic, ledger).RunAsync(reading.Token);
        await using var meter = new Meter(machine, sandan.Children);
        await using (var generator = new Generator(sandan.Gateway, traffic, ledger, shape))
        {
            await generator.RunAsync(Math.Min(rate, 1000), TimeSpan.FromSeconds(15), ct);
            await generator.SettleAsync(ct);
            ledger.Measure();
            var before = await meter.ReadAsync(ct);
            var outcomes = ledger.Outcomes;
            var running = generator.RunAsync(rate, TimeSpan.FromSeconds(seconds), ct);
            while (!running.IsCompleted)
            {
                await Task.WhenAny(running, Task.Delay(2000));
                Console.WriteLine($"  sent {ledger.Expected} cleared {ledger.Outcomes} behind {ledger.Expected - ledger.Outcomes} pending {generator.Pending} mem {meter.Memory().Now / 1e6:0} MB");
            }

            var after = await meter.ReadAsync(ct);
            var cleared = ledger.Outcomes - outcomes;
            var time = after.Seconds(before);
            Console.WriteLine($"sent {running.Result / time:0}/s cleared {cleared / time:0}/s in {time:0.0} s");
            Console.WriteLine($"CPU µs per consignment: services {(after.Services - before.Services) * 1e6 / cleared:0} postgres {(after.Postgres - before.Postgres) * 1e6 / cleared:0} rabbit {(after.RabbitMq - before.RabbitMq) * 1e6 / cleared:0} generator {(after.Generator - before.Generator) * 1e6 / cleared:0}; busy {(after.Services + after.Postgres + after.RabbitMq + after.Generator - before.Services - before.Postgres - before.RabbitMq - before.Generator) / time / 2 * 100:0} %");
            Console.WriteLine($"WAL {(after.WalBytes - before.WalBytes) / cleared:0} B, {(double)(after.WalSyncs - before.WalSyncs) / cleared:0.000} syncs per consignment");
            var clock = System.Diagnostics.Stopwatch.StartNew();
            await generator.SettleAsync(ct);
            while (ledger.Outcomes < ledger.Expected && clock.Elapsed < TimeSpan.FromSeconds(120))
            {
                await Task.Delay(50);
            }
            Console.WriteLine($"drained in {clock.Elapsed.TotalSeconds:0.0} s");
        }

        Console.WriteLine($"clearance ms p50 {ledger.Clearance.GetValueAtPercentile(50) / 1e3:0} p99 {ledger.Clearance.GetValueAtPercentile(99) / 1e3:0}  answer p50 {ledger.Answer.GetValueAtPercentile(50) / 1e3:0} p99 {ledger.Answer.GetValueAtPercentile(99) / 1e3:0}  peak {meter.Memory().Peak / 1e6:0} MB");
        await Books.CheckAsync(sandan, traffic, ledger, ct);
        await reading.CancelAsync();
        await reader;
        foreach (var fault in ledger.Faults)
        {
            Console.WriteLine("FAULT " + fault);
        }

        return ledger.Faults.IsEmpty ? 0 : 1;
    }

    private static string? Option(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}
