using System.Globalization;

namespace Sandan.Bench.Stand;

/// <summary>Where the benchmark runs: set by <c>./sandan bench</c>.</summary>
internal sealed record Machine
{
    public required string Postgres { get; init; }
    public required string RabbitMq { get; init; }
    public required int PostgresPid { get; init; }
    public required int RabbitMqPid { get; init; }

    /// <summary>Folder for keys, logs and what the services write.</summary>
    public required string Folder { get; init; }

    /// <summary>The commit that is checked out, with a plus where files were changed since.</summary>
    public required string Commit { get; init; }

    /// <summary>Root of the checkout.</summary>
    public required string Root { get; init; }

    /// <summary>The base of the ports of what is measured; the gateway has it, the services those behind it.</summary>
    public int Port { get; init; } = 18100;

    public static Machine FromEnvironment()
    {
        return new()
        {
            Postgres = Required("SANDAN_POSTGRES"),
            RabbitMq = Required("SANDAN_RABBITMQ"),
            PostgresPid = int.Parse(Required("BENCH_POSTGRES_PID"), CultureInfo.InvariantCulture),
            RabbitMqPid = int.Parse(Required("BENCH_RABBITMQ_PID"), CultureInfo.InvariantCulture),
            Folder = Required("BENCH_FOLDER"),
            Commit = Required("BENCH_COMMIT"),
            Root = Required("BENCH_ROOT"),
        };

        static string Required(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"{name} is not set: start this by ./sandan bench.");
    }

    /// <summary>The program of a project: <c>All</c> is artifacts/bin/All/release/Sandan.All.dll.</summary>
    public string Program(string project) => Path.Combine(Root, "artifacts", "bin", project, "release", $"Sandan.{project}.dll");
}
