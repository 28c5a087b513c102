using Microsoft.Extensions.Options;
using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Matcher.Storage;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Matcher;

/// <summary>Tells once of each consignment that waits too long for a document.</summary>
internal sealed partial class OverdueWatch(
    NpgsqlDataSource database, OutboxSignal signal, IOptions<MatcherOptions> options, TimeProvider time, ILogger<OverdueWatch> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.OverdueCheckEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await TellAsync(stoppingToken) > 0)
                {
                    // There may be more than one statement takes.
                }
            }
            catch (NpgsqlException trouble)
            {
                Failed(log, trouble.Message);
            }
        }
    }

    private async Task<int> TellAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        var overdue = await MatchStore.MarkOverdueAsync(unit, now - options.Value.OverdueAfter, now, ct);
        if (overdue.Count > 0)
        {
            unit.Publish(new ConsignmentsOverdue(overdue));
        }

        await unit.CommitAsync(ct);
        return overdue.Count;
    }

    [LoggerMessage(LogLevel.Warning, "Overdue consignments could not be looked for, next try soon: {Reason}")]
    private static partial void Failed(ILogger log, string reason);
}
