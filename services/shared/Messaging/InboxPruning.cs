using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Sandan.Shared.Messaging;

/// <summary>
/// Forgets messages worked in longer ago than any broker would deliver again: 7 days, looked at every hour. Not at the
/// start: what was not acknowledged before a long stop comes again first.
/// </summary>
internal sealed partial class InboxPruning(NpgsqlDataSource database, TimeProvider time, ILogger<InboxPruning> log)
    : BackgroundService
{
    private const int RowsMax = 10_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

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

    /// <summary>In steps, each a transaction: one statement over a long backlog would never end within its time.</summary>
    internal async Task PruneAsync(CancellationToken ct)
    {
        int pruned;
        do
        {
            await using var command = database.CreateCommand(
                $"""
                DELETE FROM inbox WHERE message_id IN (
                  SELECT message_id FROM inbox WHERE worked_at < $1 LIMIT {RowsMax} FOR UPDATE SKIP LOCKED)
                """);
            command.Parameters.Add(new() { Value = time.GetUtcNow() - Kept });
            pruned = await command.ExecuteNonQueryAsync(ct);
        }
        while (pruned == RowsMax);
    }

    [LoggerMessage(LogLevel.Warning, "The inbox could not be pruned, next try in an hour: {Reason}")]
    private static partial void Failed(ILogger log, string reason);
}
