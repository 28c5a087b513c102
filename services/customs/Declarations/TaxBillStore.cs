using Npgsql;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Declarations;

/// <summary>The tables tax_bill, tax_bill_status and tax_bill_open.</summary>
internal sealed class TaxBillStore(NpgsqlDataSource database)
{
    /// <summary>Keeps bills; of an inventory there is one.</summary>
    /// <param name="dueAt">From when on they may be summed up.</param>
    public static async Task AddAsync(UnitOfWork unit, IReadOnlyCollection<TaxBill> bills, DateTimeOffset dueAt, CancellationToken ct)
    {
        if (bills.Count > 0)
        {
            await unit.ExecuteAsync(
                """
                WITH made AS (INSERT INTO tax_bill (invt_no, body) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING RETURNING invt_no)
                INSERT INTO tax_bill_open (invt_no, due_at) SELECT invt_no, $3 FROM made
                """,
                ct,
                bills.Select(one => one.InventoryNo).ToArray(),
                bills.Select(one => one.Body).ToArray(),
                dueAt);
        }
    }

    /// <summary>Keeps what became of bills; those of which that is known already stay as they are.</summary>
    public static Task CloseAsync(UnitOfWork unit, IReadOnlyCollection<TaxBill> statuses, CancellationToken ct) => unit.ExecuteAsync(
        """
        WITH closed AS (DELETE FROM tax_bill_open WHERE invt_no = ANY($1) RETURNING invt_no)
        INSERT INTO tax_bill_status (invt_no, body)
        SELECT invt_no, body FROM unnest($1, $2) AS new (invt_no, body) JOIN closed USING (invt_no)
        """,
        ct,
        statuses.Select(one => one.InventoryNo).ToArray(),
        statuses.Select(one => one.Body).ToArray());

    /// <summary>Inventories whose bills are due and of which no return is undecided, the oldest first.</summary>
    public static async Task<string[]> DueAsync(UnitOfWork unit, DateTimeOffset now, int rowsMax, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT invt_no FROM tax_bill_open o WHERE due_at <= $1 AND NOT EXISTS (
              SELECT FROM inventory_return r WHERE r.invt_no = o.invt_no AND (r.status IS NULL OR r.status IN ('120', '300')))
            ORDER BY due_at, invt_no LIMIT $2
            """,
            now, rowsMax);
        await using var row = await command.ExecuteReaderAsync(ct);
        var due = new List<string>();
        while (await row.ReadAsync(ct))
        {
            due.Add(row.GetString(0));
        }

        return [.. due];
    }

    /// <summary>The bill of an inventory; null where it is not released.</summary>
    public Task<TaxBill?> FindAsync(string inventoryNo, CancellationToken ct) =>
        FindAsync("SELECT body FROM tax_bill WHERE invt_no = $1", inventoryNo, ct);

    /// <summary>What became of the bill of an inventory; null where nothing did yet.</summary>
    public Task<TaxBill?> FindStatusAsync(string inventoryNo, CancellationToken ct) =>
        FindAsync("SELECT body FROM tax_bill_status WHERE invt_no = $1", inventoryNo, ct);

    private async Task<TaxBill?> FindAsync(string sql, string inventoryNo, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = inventoryNo });
        return await command.ExecuteScalarAsync(ct) is byte[] body ? new(inventoryNo, body) : null;
    }
}
