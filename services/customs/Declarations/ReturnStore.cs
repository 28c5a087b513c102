using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Declarations;

/// <summary>The table inventory_return; each call is one statement, however many items.</summary>
internal sealed class ReturnStore(NpgsqlDataSource database)
{
    private const string Columns = DeclarationRows.Columns;
    private static readonly PartLocks Locks = new(0x5254, 64); // "RT"

    /// <summary>
    /// Until commit, nobody else works on the returns of these inventories, and none of these inventories gets a result unseen. Taken
    /// behind the lock of the inventories, by whoever needs both.
    /// </summary>
    public static Task LockAsync(UnitOfWork unit, IEnumerable<string> inventoryNos, CancellationToken ct) =>
        Locks.LockAsync(unit, inventoryNos, ct);

    /// <summary>All returns of these inventories, by preNo.</summary>
    public static async Task<Dictionary<string, ReturnRow<ReturnAccepted>>> OfInventoriesAsync(UnitOfWork unit, string[] inventoryNos, CancellationToken ct)
    {
        await using var command = unit.Command($"SELECT {Columns} FROM inventory_return WHERE invt_no = ANY($1)", [inventoryNos]);
        return (await ReadAsync(command, ct)).ToDictionary(one => one.Asked.PreNo);
    }

    /// <summary>Keeps returns as they are now.</summary>
    public static Task PutAsync(UnitOfWork unit, IReadOnlyCollection<ReturnRow<ReturnAccepted>> rows, CancellationToken ct) => unit.ExecuteAsync(
        """
        INSERT INTO inventory_return (pre_no, invt_no, document, receipts, status, code, decided_at, body)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (pre_no) DO UPDATE SET
          document = excluded.document, receipts = excluded.receipts, status = excluded.status, code = excluded.code,
          decided_at = excluded.decided_at, body = excluded.body
        """,
        ct,
        rows.Select(one => one.Asked.PreNo).ToArray(),
        rows.Select(one => one.Asked.InventoryNo).ToArray(),
        rows.Select(one => one.Asked.Document.Id).ToArray(),
        rows.Select(one => (short)one.Receipts).ToArray(),
        rows.Select(one => one.Last?.Status).ToArray(),
        rows.Select(one => one.Last?.Code).ToArray(),
        rows.Select(one => one.DecidedAt).ToArray(),
        rows.Select(one => EventBytes.Write(one.Asked)).ToArray());

    /// <summary>A return; null where there is none.</summary>
    public async Task<ReturnRow<ReturnAccepted>?> FindAsync(string preNo, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM inventory_return WHERE pre_no = $1");
        command.Parameters.Add(new() { Value = preNo });
        return (await ReadAsync(command, ct)).SingleOrDefault();
    }

    private static Task<List<ReturnRow<ReturnAccepted>>> ReadAsync(NpgsqlCommand command, CancellationToken ct) =>
        DeclarationRows.ReadAsync<ReturnAccepted, ReturnRow<ReturnAccepted>>(command, (body, receipts, last, decidedAt) => new(body, receipts, last, decidedAt), ct);
}
