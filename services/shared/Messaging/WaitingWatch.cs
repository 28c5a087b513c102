using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Sandan.Shared.Messaging;

/// <summary>
/// Measures what waits, for an alarm: the age of the oldest row in the outbox, and how many items are parked and since when.
/// Apart from the relay, for a relay that hangs is what this must show.
/// </summary>
/// <remarks>
/// Every replica of a service tells the same, that of their database. While the database is away the last values stand;
/// readiness tells of that.
/// </remarks>
internal sealed partial class WaitingWatch(
    NpgsqlDataSource database, string service, TimeProvider time, ILogger<WaitingWatch> log) : BackgroundService
{
    /// <summary>More parked items than this are not counted: a count of many costs.</summary>
    private const int ParkedMax = 10_000;

    private static readonly Gauge<double> OutboxOldest =
        SandanActivity.Meter.CreateGauge<double>("sandan.outbox.oldest.seconds", "s");
    private static readonly Gauge<double> ParkedOldest =
        SandanActivity.Meter.CreateGauge<double>("sandan.parked.oldest.seconds", "s");
    private static readonly Gauge<long> Parked = SandanActivity.Meter.CreateGauge<long>("sandan.parked.items");

    /// <summary>Between two looks. Shorter in tests.</summary>
    internal TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception trouble)
            {
                if (!stoppingToken.IsCancellationRequested)
                {
                    NotSeen(log, service, trouble.Message);
                }
            }

            await Task.Delay(LookEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>By the database's clock, which is that of the rows; 0 where nothing waits.</summary>
    private async Task LookAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT
              coalesce(extract(epoch FROM clock_timestamp() - (SELECT created_at FROM message WHERE told_at IS NULL ORDER BY told_at, id LIMIT 1)), 0)::float8,
              coalesce(extract(epoch FROM clock_timestamp() - (SELECT parked_at FROM parked ORDER BY id LIMIT 1)), 0)::float8,
              (SELECT count(*) FROM (SELECT FROM parked LIMIT {ParkedMax}) AS counted)
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var of = new KeyValuePair<string, object?>("service", service);
        OutboxOldest.Record(reader.GetDouble(0), of);
        ParkedOldest.Record(reader.GetDouble(1), of);
        Parked.Record(reader.GetInt64(2), of);
    }

    [LoggerMessage(LogLevel.Warning, "{Service}: what waits cannot be measured: {Reason}")]
    private static partial void NotSeen(ILogger log, string service, string reason);
}
