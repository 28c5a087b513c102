using Microsoft.Extensions.Options;
using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Matcher.Storage;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Matcher;

/// <summary>Tells once of each consignment that waits too long: for a document, or after its release for its delivery (R08).</summary>
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
                while (await TellAsync(ConsignmentsAsync, stoppingToken) > 0)
                {
                    // There may be more than one statement takes.
                }

                while (await TellAsync(DeliveriesAsync, stoppingToken) > 0)
                {
                    // Likewise.
                }
            }
            catch (NpgsqlException trouble)
            {
                Failed(log, trouble.Message);
            }
        }
    }

    /// <summary>Looks at some in a transaction; returns at how many.</summary>
    private async Task<int> TellAsync(Func<UnitOfWork, DateTimeOffset, CancellationToken, Task<int>> look, CancellationToken ct)
    {
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        var looked = await look(unit, time.GetUtcNow(), ct);
        await unit.CommitAsync(ct);
        return looked;
    }

    private async Task<int> ConsignmentsAsync(UnitOfWork unit, DateTimeOffset now, CancellationToken ct)
    {
        var overdue = await ConsignmentStore.MarkOverdueAsync(unit, now - options.Value.OverdueAfter, now, ct);
        if (overdue.Count > 0)
        {
            unit.Publish(new ConsignmentsOverdue(overdue));
        }

        return overdue.Count;
    }

    private async Task<int> DeliveriesAsync(UnitOfWork unit, DateTimeOffset now, CancellationToken ct)
    {
        var (looked, overdue) = await ReleasedStore.TakeOverdueAsync(unit, options.Value.Risk, now, ct);
        if (overdue.Count > 0)
        {
            unit.Publish(new DeliveriesOverdue(overdue));
        }

        return looked;
    }

    [LoggerMessage(LogLevel.Warning, "What is overdue could not be looked for, next try soon: {Reason}")]
    private static partial void Failed(ILogger log, string reason);
}
