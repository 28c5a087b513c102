using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Shared.Messaging;
using Sandan.Shared.Sandbox;
using Sandan.Shared.Storage;

namespace Sandan.Matcher.Sandbox;

/// <summary>
/// Documents of a sandbox that are to reach the comparison later, or never, as their order numbers ask. Everything that follows
/// from them is late with them.
/// </summary>
internal sealed class HeldBack(ForcedOutcomes forced, TimeProvider time)
{
    private const int DueAtOnceMax = 500;

    /// <summary>What a document may be, by its name in the table.</summary>
    private static readonly Dictionary<string, (Func<object, byte[]> Write, Func<byte[], object> Read)> Kinds = new[]
    {
        KindOf<OrderAccepted>(), KindOf<PaymentAccepted>(), KindOf<WaybillAccepted>(), KindOf<InventoryAccepted>(),
        KindOf<ExportOrderAccepted>(), KindOf<ExportPaymentAccepted>(), KindOf<ExportWaybillAccepted>(), KindOf<ExportInventoryAccepted>(),
    }.ToDictionary(one => one.Name, one => (one.Write, one.Read));

    /// <summary>The documents that go on now; the others are kept until they are due, or dropped.</summary>
    public async Task<IReadOnlyList<object>> KeepAsync(UnitOfWork unit, IReadOnlyList<object> accepted, CancellationToken ct)
    {
        if (!forced.IsSandbox)
        {
            return accepted;
        }

        var (now, later) = (new List<object>(accepted.Count), new List<(DateTimeOffset DueAt, object Document)>());
        foreach (var one in accepted)
        {
            var outcome = forced.Of(OrderNoOf(one));
            if (outcome.Delay > TimeSpan.Zero)
            {
                later.Add((time.GetUtcNow() + outcome.Delay, one));
            }
            else if (!outcome.Silent)
            {
                now.Add(one);
            }
        }

        later.RemoveAll(one => forced.Of(OrderNoOf(one.Document)).Silent);
        if (later.Count > 0)
        {
            await unit.ExecuteAsync(
                "INSERT INTO held_back (due_at, kind, body) SELECT * FROM unnest($1, $2, $3)", ct,
                later.Select(one => one.DueAt).ToArray(),
                later.Select(one => one.Document.GetType().Name).ToArray(),
                later.Select(one => Kinds[one.Document.GetType().Name].Write(one.Document)).ToArray());
        }

        return now;
    }

    /// <summary>Takes some of those that are due out, in the order in which they came.</summary>
    public async Task<IReadOnlyList<object>> TakeDueAsync(UnitOfWork unit, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"""
            WITH due AS (
              DELETE FROM held_back WHERE id = ANY(ARRAY(
                SELECT id FROM held_back WHERE due_at <= $1 ORDER BY id LIMIT {DueAtOnceMax} FOR UPDATE SKIP LOCKED))
              RETURNING id, kind, body)
            SELECT kind, body FROM due ORDER BY id
            """,
            time.GetUtcNow());
        await using var row = await command.ExecuteReaderAsync(ct);
        var due = new List<object>();
        while (await row.ReadAsync(ct))
        {
            due.Add(Kinds[row.GetString(0)].Read(row.GetFieldValue<byte[]>(1)));
        }

        return due;
    }

    /// <summary>Null on an export waybill, which names no order and is never held back.</summary>
    private static string? OrderNoOf(object accepted) => accepted switch
    {
        OrderAccepted order => order.OrderNo,
        PaymentAccepted payment => payment.OrderNo,
        WaybillAccepted waybill => waybill.OrderNo,
        InventoryAccepted inventory => inventory.OrderNo,
        ExportOrderAccepted order => order.OrderNo,
        ExportPaymentAccepted payment => payment.OrderNo,
        ExportInventoryAccepted inventory => inventory.OrderNo,
        _ => null,
    };

    private static (string Name, Func<object, byte[]> Write, Func<byte[], object> Read) KindOf<T>() where T : class =>
        (typeof(T).Name, one => EventBytes.Write((T)one), bytes => EventBytes.Read<T>(bytes));
}

/// <summary>Works in what was held back, from the moment on when the sandbox's clock says that it is due.</summary>
internal sealed partial class HeldBackWatch(
    NpgsqlDataSource database, OutboxSignal signal, HeldBack heldBack, Matching matching, ExportMatching exports, ILogger<HeldBackWatch> log)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await WorkInAsync(stoppingToken) > 0)
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

    private async Task<int> WorkInAsync(CancellationToken ct)
    {
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        var due = await heldBack.TakeDueAsync(unit, ct);
        var (foreign, home) = (due.Where(IsExport).ToArray(), due.Where(one => !IsExport(one)).ToArray());
        await matching.WorkInAsync(unit, home, ct);
        await exports.WorkInAsync(unit, foreign, ct);
        await unit.CommitAsync(ct);
        return due.Count;
    }

    private static bool IsExport(object accepted) => accepted is ExportOrderAccepted or ExportPaymentAccepted or ExportInventoryAccepted;

    [LoggerMessage(LogLevel.Warning, "What was held back could not be worked in, next try soon: {Reason}")]
    private static partial void Failed(ILogger log, string reason);
}
