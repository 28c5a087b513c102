using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;
using RabbitMQ.Client;

namespace Sandan.Bench.Report;

/// <summary>Where and with what was measured.</summary>
/// <param name="PostgresSettings">Those that are not PostgreSQL's defaults.</param>
internal sealed record Facts(
    DateTimeOffset At,
    string Commit,
    string Processor,
    int Cores,
    double MemoryGb,
    string Kernel,
    string Runtime,
    string Postgres,
    string RabbitMq,
    IReadOnlyDictionary<string, string> PostgresSettings)
{
    public static async Task<Facts> ReadAsync(Machine machine, CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(machine.Postgres) { Database = "postgres", Pooling = false });
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await using (var command = database.CreateCommand(
            """
            SELECT name, current_setting(name) FROM pg_settings
            WHERE source = 'configuration file' AND name NOT IN ('port', 'listen_addresses', 'unix_socket_directories')
            UNION ALL SELECT 'server_version', current_setting('server_version')
            """))
        {
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                settings.Add(row.GetString(0), row.GetString(1));
            }
        }

        settings.Remove("server_version", out var postgres);
        await using var broker = await new ConnectionFactory { Uri = new(machine.RabbitMq) }.CreateConnectionAsync(ct);
        var rabbitMq = broker.ServerProperties?["version"] is byte[] version ? System.Text.Encoding.ASCII.GetString(version) : "unknown";
        return new(
            TimeProvider.System.GetUtcNow(),
            machine.Commit,
            Line("/proc/cpuinfo", "model name"),
            System.Environment.ProcessorCount,
            double.Parse(Line("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) / (1 << 20),
            File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
            RuntimeInformation.FrameworkDescription,
            postgres!,
            rabbitMq,
            settings);
    }

    private static string Line(string file, string name) => File.ReadLines(file)
        .First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':', 2)[1].Trim();
}
