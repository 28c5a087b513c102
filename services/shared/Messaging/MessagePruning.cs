using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Sandan.Shared.Messaging;

/// <summary>
/// Forgets messages worked in longer ago than any broker would deliver again, 7 days, and those told longer ago than anybody
/// would tell again, 1 day: looked at every hour. Not at the start: what was not acknowledged before a long stop comes again
/// first.
/// </summary>
internal sealed partial class MessagePruning(NpgsqlDataSource database, TimeProvider time, ILogger<MessagePruning> log)
    : BackgroundService
{
    private const int RowsMax = 10_000;
    private static readonly TimeSpan WorkedKept = TimeSpan.FromDays(7);
    private static readonly TimeSpan ToldKept = TimeSpan.FromDays(1); // less than the inboxes know

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken).AsTask().ContinueWith(
            tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default))
        {
            try
            {
                await PruneAsync(stoppingToken);
            }
            catch (Exception trouble) when (!stoppingToken.IsCancellationRequested)
            {
                Failed(log, trouble.Message);
            }
        }
    }

    internal async Task PruneAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await PruneAsync("inbox", "worked_at", now - WorkedKept, ct);
        await PruneAsync("message", "told_at", now - ToldKept, ct);
    }

    /// <summary>In steps, each a transaction: one statement over a long backlog would never end within its time.</summary>
    private async Task PruneAsync(string table, string at, DateTimeOffset before, CancellationToken ct)
    {
        int pruned;
        do
        {
            await using var command = database.CreateCommand(
                $"""
                DELETE FROM {table} WHERE ctid = ANY(ARRAY(
                  SELECT ctid FROM {table} WHERE {at} < $1 LIMIT {RowsMax} FOR UPDATE SKIP LOCKED))
                """);
            command.Parameters.Add(new() { Value = before });
            pruned = await command.ExecuteNonQueryAsync(ct);
        }
        while (pruned == RowsMax);
    }

    [LoggerMessage(LogLevel.Warning, "Old messages could not be pruned, next try in an hour: {Reason}")]
    private static partial void Failed(ILogger log, string reason);
}
