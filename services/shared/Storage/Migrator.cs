using System.Reflection;
using Npgsql;

namespace Sandan.Shared.Storage;

/// <summary>
/// Applies the numbered SQL files of an assembly (embedded as <c>…Migrations.0001_name.sql</c>), each once, in order,
/// each in a transaction of its own under one advisory lock, so that several replicas may start at the same time.
/// </summary>
public static class Migrator
{
    private const long LockKey = 0x53414E44414E; // "SANDAN"

    /// <summary>Applies the shared tables (outbox, inbox, parked messages), then the service's own.</summary>
    public static async Task MigrateAsync(
        NpgsqlDataSource database, IEnumerable<Assembly> assemblies, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await AloneAsync(
            connection,
            () => ExecuteAsync(
                connection,
                "CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())",
                ct),
            ct);
        var applied = await AppliedAsync(connection, ct); // others may be by the time of their turn; these are for good
        foreach (var (name, sql) in assemblies.Prepend(typeof(Migrator).Assembly).SelectMany(Scripts)
            .Where(script => !applied.Contains(script.Name)))
        {
            await AloneAsync(connection, () => ApplyAsync(connection, name, sql, ct), ct);
        }
    }

    /// <summary>One transaction under the lock: what fails leaves nothing, and the lock ends with it in any case.</summary>
    private static async Task AloneAsync(NpgsqlConnection connection, Func<Task> step, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({LockKey})", ct);
        await step();
        await transaction.CommitAsync(ct);
    }

    private static async Task<HashSet<string>> AppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("SELECT name FROM migration", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var names = new HashSet<string>();
        while (await reader.ReadAsync(ct))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, string name, string sql, CancellationToken ct)
    {
        await using var mark = new NpgsqlCommand("INSERT INTO migration (name) VALUES ($1) ON CONFLICT DO NOTHING", connection)
        {
            Parameters = { new() { Value = name } },
        };
        if (await mark.ExecuteNonQueryAsync(ct) == 1)
        {
            await ExecuteAsync(connection, sql, ct);
        }
    }

    private static IEnumerable<(string Name, string Sql)> Scripts(Assembly assembly) =>
        assembly.GetManifestResourceNames()
            .Where(name => name.Contains(".Migrations.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return (name, reader.ReadToEnd());
            });

    /// <summary>Without a limit of time: a large table takes as long as it takes, and so does a neighbour with the lock.</summary>
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
