using System.Globalization;
using Sandan.Bench.Load;
using Sandan.Bench.Stand;

namespace Sandan.Bench;

/// <summary>The benchmark; see <see cref="Usage"/>.</summary>
public static class Program
{
    private const string Usage =
        """
        Usage: ./sandan bench [batch|single|xml] [--rate N] [--seconds S] [--warm N] [--flat N] [--split]
          batch       NDJSON of 500 documents (default); single: one JSON document a request; xml: messages of 100
          --rate      consignments a second, default 1000; 0: none
          --seconds   how long, default 30
          --warm      consignments before, not measured, default 15000
          --flat      consignments sent as fast as answers come, before the rate, default 0
          --split     one process per service
        """;

    private static readonly string[] Numbers = ["--rate", "--seconds", "--warm", "--flat"];

    public static async Task<int> Main(string[] args)
    {
        for (var at = 0; at < args.Length; at++)
        {
            var isNumber = Numbers.Contains(args[at]);
            if ((isNumber && !(at + 1 < args.Length && int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out _)))
                || (!isNumber && args[at] is not ("batch" or "single" or "xml" or "--split")))
            {
                Console.Error.WriteLine(Usage);
                return 2;
            }

            at += isNumber ? 1 : 0;
        }

        var rate = double.Parse(Option(args, "--rate") ?? "1000", CultureInfo.InvariantCulture);
        var seconds = int.Parse(Option(args, "--seconds") ?? "30", CultureInfo.InvariantCulture);
        var flat = int.Parse(Option(args, "--flat") ?? "0", CultureInfo.InvariantCulture);
        var warm = int.Parse(Option(args, "--warm") ?? "15000", CultureInfo.InvariantCulture);
        var scenario = args.FirstOrDefault(one => one is "single" or "xml");
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
