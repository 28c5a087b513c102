using System.Text.Json;
using System.Text.Json.Serialization;
using Sandan.Bench.Micro;
using Sandan.Bench.Report;

namespace Sandan.Bench;

/// <summary>The benchmark; see <see cref="Options.Usage"/>.</summary>
public static class Program
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static async Task<int> Main(string[] args)
    {
        if (args is ["micro"] or ["micro", "--filter", _])
        {
            return MicroBenchmarks.Run(args is [.., "--filter", var pattern] ? pattern : "");
        }

        var isCheck = args is ["--check", ..]; // of the arguments, before servers are started for them
        if (Options.Of(isCheck ? args[1..] : args) is not { } options)
        {
            Console.Error.WriteLine(Options.Usage);
            return 2;
        }

        if (isCheck)
        {
            return 0;
        }

        var machine = Machine.FromEnvironment();
        var ct = CancellationToken.None;
        var scenarios = new Scenarios(machine, options, ct);
        var results = new List<Result>();
        foreach (var name in options.Scenario == "all" ? Options.Scenarios : [options.Scenario])
        {
            Console.WriteLine($"{name}:");
            results.Add(await scenarios.RunAsync(name));
        }

        var report = new Results($"./sandan bench {string.Join(' ', args)}".Trim(), await Facts.ReadAsync(machine, ct), results);
        var text = Markdown.Write(report);
        Console.WriteLine();
        Console.WriteLine(text);
        if (options.Json is { } file)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(report, Json), ct);
            await File.WriteAllTextAsync(Path.ChangeExtension(file, ".md"), text, ct);
        }

        return results.TrueForAll(one => one.Faults.Count == 0) ? 0 : 1;
    }
}
