using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Sandan.Bench.Report;

namespace Sandan.Bench.Stand;

/// <summary>What the machine has used up to a moment; two of them make a measurement.</summary>
/// <param name="Services">CPU seconds of the gateway and the services.</param>
/// <param name="WalBytes">Written to the log of PostgreSQL.</param>
/// <param name="WalSyncs">Flushes of it.</param>
/// <param name="Allocated">Bytes that gateway and services took from the managed heap.</param>
/// <param name="Published">Bytes of the messages that left the outboxes.</param>
internal sealed record Usage(
    long At, double Services, double Postgres, double RabbitMq, double Generator, double WalBytes, long WalSyncs, double Allocated,
    double Published)
{
    public double Seconds(Usage before) => Stopwatch.GetElapsedTime(before.At, At).TotalSeconds;

    public CpuSplit Cpu(Usage before) => new(
        (Services - before.Services) * 1e6, (Postgres - before.Postgres) * 1e6, (RabbitMq - before.RabbitMq) * 1e6,
        (Generator - before.Generator) * 1e6);
}

/// <summary>Reads CPU times from <c>/proc</c> and the log's figures from PostgreSQL.</summary>
internal sealed class Meter(Machine machine, IReadOnlyList<Child> children) : IAsyncDisposable
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on
    private readonly HttpClient http = new();
    private readonly NpgsqlDataSource database = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(machine.Postgres) { Database = "postgres", MaxPoolSize = 1 });

    public async Task<Usage> ReadAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT wal_bytes, wal_sync FROM pg_stat_wal");
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var metrics = await Task.WhenAll(children.Select(child => MetricsAsync(child, ct)));
        return new(
            Stopwatch.GetTimestamp(),
            children.Sum(child => Cpu(child.Process.Id)),
            WithChildren(machine.PostgresPid),
            WithChildren(machine.RabbitMqPid),
            Cpu(System.Environment.ProcessId),
            (double)row.GetDecimal(0),
            row.GetInt64(1),
            metrics.Sum(lines => Sum(lines, "dotnet_gc_heap_total_allocated_total")),
            metrics.Sum(lines => Sum(lines, "sandan_outbox_bytes_total")));
    }

    /// <summary>Memory of gateway and services now, and at its highest since their start, bytes.</summary>
    public (long Now, long Peak) Memory() => (children.Sum(child => Status(child.Process.Id, "VmRSS:")), children.Sum(child => Status(child.Process.Id, "VmHWM:")));

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await database.DisposeAsync();
    }

    /// <summary>What the process says of itself; the gateway alone, and a baseline, have no metrics.</summary>
    private async Task<string[]> MetricsAsync(Child child, CancellationToken ct) =>
        child.Metrics is { } address ? (await http.GetStringAsync(address, ct)).Split('\n') : [];

    private static double Sum(string[] lines, string name) => lines
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] is ' ' or '{')
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static long Status(int pid, string name)
    {
        foreach (var line in File.ReadLines($"/proc/{pid}/status"))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
            }
        }

        return 0;
    }

    private static double Cpu(int pid) => Times(pid) is { } times ? (times[11] + times[12]) / TicksPerSecond : 0;

    /// <summary>The process, its living children and those that it has seen end.</summary>
    private static double WithChildren(int pid)
    {
        var sum = Times(pid) is { } own ? own[11] + own[12] + own[13] + own[14] : 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var child) && Times(child) is { } times && times[1] == pid)
            {
                sum += times[11] + times[12];
            }
        }

        return sum / TicksPerSecond;
    }

    /// <summary>Fields of <c>/proc/PID/stat</c> behind the name: 1 parent, 11 user, 12 system, 13 and 14 those of ended children.</summary>
    private static long[]? Times(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return [.. stat[(stat.LastIndexOf(')') + 2)..].Split(' ').Select(field => long.TryParse(field, out var number) ? number : 0)];
        }
        catch (IOException)
        {
            return null; // it ended meanwhile
        }
    }
}
