using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Perfolizer.Metrology;

namespace Sandan.Bench.Micro;

/// <summary>Time and allocated bytes of what is done to a document, without servers: BenchmarkDotNet over all subjects.</summary>
internal static class MicroBenchmarks
{
    /// <summary>What is measured, and for what its figures are.</summary>
    private static readonly (Type Type, string Of)[] Subjects =
    [
        (typeof(ParseAndValidate), "a document"),
        (typeof(EncryptAndIndex), "a document"),
        (typeof(Rules), "a consignment of three documents"),
        (typeof(EventSerialization<>), $"an item of an event of {Documents.InBatch}"),
    ];

    /// <summary>Runs benchmarks and prints a table for each subject.</summary>
    /// <param name="pattern">Part of the names to run, which are like <c>Rules.Join</c>; <c>*</c> stands for anything.</param>
    /// <returns>The exit code: 0 where all that was asked for was measured.</returns>
    public static int Run(string pattern)
    {
        var summaries = BenchmarkSwitcher.FromTypes([.. Subjects.Select(one => one.Type)])
            .Run(["--filter", $"*{pattern}*"], Config()).ToList();
        if (summaries.Count > 0)
        {
            Console.WriteLine($"\n{string.Join('\n', summaries[0].HostEnvironmentInfo.ToFormattedString())}");
        }

        foreach (var summary in summaries)
        {
            var first = summary.BenchmarksCases[0].Descriptor;
            var (_, of) = Subjects.First(one => one.Type.Name == first.Type.Name);
            Console.WriteLine($"\n{first.DisplayInfo.Split('.')[0]}, for {of}:\n\n{TableOf(summary)}");
        }

        return summaries.Count > 0 && summaries.All(one => !one.HasCriticalValidationErrors && one.Reports.All(report => report.Success))
            ? 0
            : 1;
    }

    /// <summary>Without what stands above every table: the machine and the job are always the same.</summary>
    private static string TableOf(Summary summary)
    {
        var log = new AccumulationLogger();
        MarkdownExporter.Console.ExportToLog(summary, log);
        return string.Join('\n', log.GetLog().Split('\n').Where(line => line.StartsWith('|')).Select(line => line.TrimEnd()));
    }

    /// <remarks>
    /// In this process, which has the settings of the compiler that the services have (Directory.Build.props). For a
    /// process for each benchmark BenchmarkDotNet would restore and build a project of its own, and looks for a
    /// Sandan.Bench.csproj to refer to; ours has the short name.
    /// </remarks>
    private static ManualConfig Config() => ManualConfig.CreateEmpty()
        .AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithIterationTime(TimeInterval.FromMilliseconds(100))
            .WithWarmupCount(5)
            .WithIterationCount(15))
        .AddDiagnoser(new MemoryDiagnoser(new(displayGenColumns: false)))
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddColumn(StatisticColumn.Min) // what it takes where nothing else on the machine disturbs it
        .HideColumns(Column.StdDev, Column.RatioSD, Column.Median)
        .WithSummaryStyle(SummaryStyle.Default.WithTimeUnit(TimeUnit.Microsecond).WithSizeUnit(SizeUnit.B))
        .AddExporter(MarkdownExporter.GitHub)
        .AddLogger(new Progress())
        .WithArtifactsPath(Environment.GetEnvironmentVariable("STAND_FOLDER") is { Length: > 0 } folder
            ? folder
            : throw new InvalidOperationException("STAND_FOLDER is not set: start this by ./sandan bench micro."));

    /// <summary>Shows which benchmark runs, and errors; all else is in the log beside the results.</summary>
    private sealed class Progress : ILogger
    {
        private const string Started = "// Benchmark: ";

        public string Id => nameof(Progress);

        public int Priority => 0;

        public void Write(LogKind logKind, string text)
        {
            if (logKind == LogKind.Error || text.Contains("Exception: ", StringComparison.Ordinal)) // it logs those as usual text
            {
                Console.Error.Write(text);
            }
        }

        public void WriteLine()
        {
        }

        public void WriteLine(LogKind logKind, string text)
        {
            if (text.StartsWith(Started, StringComparison.Ordinal))
            {
                var parameters = text.IndexOf('[', StringComparison.Ordinal);
                Console.WriteLine(text[Started.Length..].Split(": ")[0] + (parameters < 0 ? "" : $" {text[parameters..]}"));
            }

            Write(logKind, text + "\n");
        }

        public void Flush()
        {
        }
    }
}
