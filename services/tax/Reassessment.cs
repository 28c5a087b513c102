using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;
using Sandan.Tax.Storage;

namespace Sandan.Tax;

/// <summary>
/// Assesses again what fell due: some hundreds in a transaction, however many wait for one filing. At start everything held
/// is due, because lists, rates and limits may have changed with the release.
/// </summary>
internal sealed partial class Reassessment(
    NpgsqlDataSource database, OutboxSignal signal, Assessor assessor, IOptions<TaxOptions> options,
    ILogger<Reassessment> log) : BackgroundService
{
    private readonly Channel<bool> wake =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Something is due.</summary>
    public void Wake() => wake.Writer.TryWrite(true);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (marked, rowsMax) = (false, options.Value.ReassessedMax);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!marked)
                {
                    await DueStore.MarkHeldAsync(database, stoppingToken);
                    marked = true;
                }

                if (await ReassessAsync(rowsMax, stoppingToken) == rowsMax)
                {
                    continue;
                }

                rowsMax = options.Value.ReassessedMax;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception trouble) when (Passes(trouble))
            {
                Waiting(log, trouble.Message);
            }
            catch (Exception) when (rowsMax > 1)
            {
                rowsMax = 1; // one by one, until the one that fails stands alone
                continue;
            }
            catch (Exception defect)
            {
                await ParkAsync(defect, stoppingToken);
                continue;
            }

            await WaitAsync(stoppingToken);
        }
    }

    private async Task<int> ReassessAsync(int rowsMax, CancellationToken ct)
    {
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        var taken = await assessor.ReassessAsync(unit, rowsMax, ct);
        await unit.CommitAsync(ct);
        return taken;
    }

    /// <summary>Keeps the consignment that cannot be assessed again, with the reason, and lets the others go on.</summary>
    private async Task ParkAsync(Exception defect, CancellationToken ct)
    {
        try
        {
            await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
            var reason = $"{defect.GetType().Name}: {defect.Message}";
            foreach (var key in await DueStore.TakeAsync(unit, 1, ct))
            {
                Parked(log, key.PlatformCode, key.OrderNo, reason);
                await unit.ExecuteAsync(
                    "INSERT INTO parked (message_id, queue, item, reason) VALUES ($1, 'due', $2, $3)",
                    ct,
                    Guid.CreateVersion7(),
                    new NpgsqlParameter
                    {
                        Value = JsonSerializer.Serialize(key, JsonSerializerOptions.Web), NpgsqlDbType = NpgsqlDbType.Jsonb,
                    },
                    reason);
            }

            await unit.CommitAsync(ct);
        }
        catch (NpgsqlException trouble)
        {
            Waiting(log, trouble.Message);
            await WaitAsync(ct);
        }
    }

    private async Task WaitAsync(CancellationToken ct)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timer.CancelAfter(options.Value.ReassessEvery);
        await wake.Reader.ReadAsync(timer.Token).AsTask()
            .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private static bool Passes(Exception trouble) => trouble switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure } => true,
        NpgsqlException npgsql => npgsql.IsTransient,
        TimeoutException or IOException => true,
        _ => false,
    };

    [LoggerMessage(LogLevel.Warning, "Assessing again waits, nothing is lost: {Reason}")]
    private static partial void Waiting(ILogger log, string reason);

    [LoggerMessage(LogLevel.Error, "{Platform}/{OrderNo} could not be assessed again and is parked: {Reason}")]
    private static partial void Parked(ILogger log, string platform, string orderNo, string reason);
}
