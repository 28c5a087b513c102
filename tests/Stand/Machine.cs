using System.Globalization;

namespace Sandan.Stand;

/// <summary>Where a benchmark or a chaos run stands: set by <c>./sandan bench</c> and <c>./sandan chaos</c>.</summary>
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

    /// <summary>The base of the ports of what is tried; the gateway has it, the services those behind it.</summary>
    public required int Port { get; init; }

    public static Machine FromEnvironment()
    {
        return new()
        {
            Postgres = Required("SANDAN_POSTGRES"),
            RabbitMq = Required("SANDAN_RABBITMQ"),
            PostgresPid = int.Parse(Required("STAND_POSTGRES_PID"), CultureInfo.InvariantCulture),
            RabbitMqPid = int.Parse(Required("STAND_RABBITMQ_PID"), CultureInfo.InvariantCulture),
            Folder = Required("STAND_FOLDER"),
            Commit = Required("STAND_COMMIT"),
            Root = Required("STAND_ROOT"),
            Port = int.Parse(Required("STAND_PORT"), CultureInfo.InvariantCulture),
        };

        static string Required(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"{name} is not set: start this by ./sandan bench or ./sandan chaos.");
    }

    /// <summary>The program of a project: <c>All</c> is artifacts/bin/All/release/Sandan.All.dll.</summary>
    public string Program(string project) => Path.Combine(Root, "artifacts", "bin", project, "release", $"Sandan.{project}.dll");
}
