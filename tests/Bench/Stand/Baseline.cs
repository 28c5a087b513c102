using System.Globalization;
using System.Text.Json;
using Npgsql;
using Sandan.Bench.Load;

namespace Sandan.Bench.Stand;

/// <summary>One of tests/Baselines at work: what it is sent, and its books.</summary>
internal sealed class Baseline : IAsyncDisposable
{
    private const string Database = "bench_baseline";
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly Machine machine;
    private readonly Child child;
    private readonly HttpClient http;
    private readonly Generator generator;
    private readonly Traffic traffic;
    private readonly Ledger ledger;

    private Baseline(Machine machine, Child child, Uri address, Traffic traffic, int capacity)
    {
        (this.machine, this.child, this.traffic) = (machine, child, traffic);
        http = new() { BaseAddress = address };
        ledger = new(traffic, capacity);
        generator = new(new(address, Tells: false), traffic, ledger, Shape.Batch);
    }

    /// <summary>Starts one with an empty database.</summary>
    /// <param name="name"><c>Naive</c> or <c>Twin</c>.</param>
    /// <param name="traffic">The same documents as Sandan's; nothing of them may have been sent to this baseline.</param>
    public static async Task<Baseline> StartAsync(Machine machine, string name, Traffic traffic, int capacity, CancellationToken ct)
    {
        var child = new Child(machine, name, new Dictionary<string, string>
        {
            ["SANDAN_POSTGRES"] = machine.Postgres,
            ["SANDAN_RABBITMQ"] = machine.RabbitMq,
            ["BASELINE_DATABASE"] = Database,
            ["BASELINE_PREFIX"] = Database + ".",
            ["BASELINE_PORT"] = machine.Port.ToString(CultureInfo.InvariantCulture),
        });
        var baseline = new Baseline(machine, child, new($"http://127.0.0.1:{machine.Port}"), traffic, capacity);
        await Ready.WaitAsync(baseline.http.BaseAddress!, [child], machine.Folder, ct);
        return baseline;
    }

    /// <summary>Sends as fast as answers come; returns consignments a second until the last is through all four services.</summary>
    public async Task<double> FlatOutAsync(int consignments, int requestsMax, CancellationToken ct)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var part = await generator.RunFlatOutAsync(consignments, requestsMax, ct);
        await generator.SettleAsync(ct);
        while ((await ProgressAsync(ct)).Any(count => count < ledger.Expected) && clock.Elapsed < DrainMax)
        {
            await Task.Delay(Step, ct);
        }

        return part.Groups * Shape.Batch.DocumentsPerRequest / clock.Elapsed.TotalSeconds;
    }

    /// <summary>Holds every outcome against the right one; the faults, none where all is right.</summary>
    public async Task<IReadOnlyCollection<string>> CheckBooksAsync(CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(machine.Postgres) { Database = Database, CommandTimeout = 600 });
        await using var command = database.CreateCommand("SELECT order_no, status, code FROM outcome");
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            ledger.Cleared(
                traffic.NumberOf(System.Text.Encoding.ASCII.GetBytes(row.GetString(0))),
                Convert.ToInt32(row[1], CultureInfo.InvariantCulture), row.GetString(2));
        }

        foreach (var count in (await ProgressAsync(ct)).Append(ledger.Outcomes).Where(count => count != ledger.Expected))
        {
            ledger.Fault($"{child.Name}: {count} outcomes instead of {ledger.Expected}");
        }

        return ledger.Faults;
    }

    public async ValueTask DisposeAsync()
    {
        await generator.DisposeAsync();
        http.Dispose();
        await child.StopAsync();
        child.Dispose();
        await Servers.DropAsync(machine, Database, CancellationToken.None);
    }

    /// <summary>Consignments that each of the four services behind the matcher has stored.</summary>
    private async Task<long[]> ProgressAsync(CancellationToken ct)
    {
        using var progress = JsonDocument.Parse(await http.GetStringAsync(new Uri("/progress", UriKind.Relative), ct));
        return [.. progress.RootElement.EnumerateObject().Select(one => one.Value.GetInt64())];
    }
}
