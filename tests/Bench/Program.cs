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
        var flat = int.Parse(Option(args, "--flat") ?? "0", CultureInfo.InvariantCulture);
        var warm = int.Parse(Option(args, "--warm") ?? "15000", CultureInfo.InvariantCulture);
        var scenario = args.FirstOrDefault(one => !one.StartsWith('-')) ?? "batch";
        var shape = scenario switch
        {
            "single" => new Shape(Format.Json, 1),
            "xml" => new Shape(Format.Xml, 100),
            _ => new Shape(Format.Ndjson, 500),
        };
        var machine = Machine.FromEnvironment();
        var ct = CancellationToken.None;
        await using var run = await Run.StartAsync(
            machine, args.Contains("--split"), shape, 1, (int)(rate * (seconds + 5)) + warm + flat + 10_000, Console.Out, ct);
        await run.WarmUpAsync(warm, 12, ct);
        if (flat > 0)
        {
            Console.WriteLine($"flat out {await run.FlatOutAsync(flat, 12, ct):0}/s");
        }

        if (rate > 0)
        {
            var level = await run.MeasureAsync(rate, TimeSpan.FromSeconds(seconds), ct);
            Console.WriteLine($"rate {level.Rate} cleared {level.Cleared:0}/s clearance ms {string.Join(' ', level.Clearance.Select(one => one.ToString("0")))} answer ms {string.Join(' ', level.Answer.Select(one => one.ToString("0")))} cpu {level.CpuPercent:0} % keeps {level.Keeps} drain {level.DrainSeconds:0.0}");
            var cpu = level.CpuMicroseconds;
            Console.WriteLine($"cpu µs: services {cpu.Services:0} postgres {cpu.Postgres:0} rabbit {cpu.RabbitMq:0} generator {cpu.Generator:0} sum {cpu.Sum:0}; WAL {level.WalBytes:0} B {level.WalSyncs:0.000} syncs; alloc {level.AllocatedBytes:0} B/doc; peak {level.PeakMemoryMb:0} MB");
        }

        var faults = await run.CheckBooksAsync(ct);
        foreach (var fault in faults)
        {
            Console.WriteLine("FAULT " + fault);
        }

        return faults.Count == 0 ? 0 : 1;
    }

    private static string? Option(string[] args, string name)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}
