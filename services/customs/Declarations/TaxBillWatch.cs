using Npgsql;
using Sandan.Contracts.Codes;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Declarations;

/// <summary>
/// Sums bills up whose goods can come back no more. Source: GACC 2018-194 (recalled): the guarantor pays on the days behind the 30 on which
/// goods may come back.
/// </summary>
internal sealed partial class TaxBillWatch(NpgsqlDataSource database, OutboxSignal signal, TimeProvider time, ILogger<TaxBillWatch> log)
    : BackgroundService
{
    private const int BillsAtOnceMax = 500;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>Sums up some of those that are due; returns how many.</summary>
    internal async Task<int> SumAsync(CancellationToken ct)
    {
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        var now = time.GetUtcNow();
        var due = await TaxBillStore.DueAsync(unit, now, BillsAtOnceMax, ct);
        if (due.Length == 0)
        {
            return 0;
        }

        await ReturnStore.LockAsync(unit, due, ct);
        var open = (await ReturnStore.OfInventoriesAsync(unit, due, ct)).Values
            .Where(one => one.Last?.Status is null or OfficialCodes.StoredByCustoms or OfficialCodes.ManualReview)
            .Select(one => one.Asked.InventoryNo).ToHashSet(); // of one that came since
        var inventories = await InventoryStore.OfNumbersAsync(unit, due.Where(one => !open.Contains(one)), ct);
        await TaxBillStore.CloseAsync(unit, [.. inventories.Values.Select(one => TaxBill.Sum(one.Inventory, now))], ct);
        await unit.CommitAsync(ct);
        return inventories.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await SumAsync(stoppingToken) > 0)
                {
                    // There may be more than is taken at once.
                }
            }
            catch (Exception trouble) when (trouble is NpgsqlException or IOException or ObjectDisposedException) // the last is a connection that broke between two statements
            {
                Failed(log, trouble.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Tax bills could not be summed up, next try soon: {Reason}")]
    private static partial void Failed(ILogger log, string reason);
}
