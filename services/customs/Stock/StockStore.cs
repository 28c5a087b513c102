using NpgsqlTypes;
using Sandan.Customs.Declarations;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Stock;

/// <summary>The tables stock_account, stock_item and stock_movement as they are written; each call is a few statements, however many items.</summary>
internal static class StockStore
{
    /// <summary>
    /// The book of these inventories. Until commit nobody else moves their articles, so that two inventories never both take the last piece.
    /// Articles are locked in order, and behind the returns: whoever releases a return has locked it before he comes here.
    /// </summary>
    /// <param name="rows">On which nobody else works.</param>
    /// <param name="isRequired">As <see cref="CustomsOptions.StockAccountsRequired"/>.</param>
    public static async Task<StockBook> LockAsync(UnitOfWork unit, IReadOnlyCollection<InventoryRow> rows, bool isRequired, CancellationToken ct)
    {
        var holdings = await HoldingsAsync(unit, [.. rows.Select(one => one.Inventory.PreNo)], ct);
        var keepers = await KeepersAsync(unit, [.. rows.Select(one => StockRules.AccountOf(one.Inventory)).OfType<string>().Distinct()], ct);
        StockKey[] keys =
        [
            .. rows.SelectMany(one => StockRules.KeysOf(one.Inventory)).Where(key => keepers.ContainsKey(key.Account))
                .Union(holdings.Select(one => one.Key)),
        ];
        if (keys.Length == 0)
        {
            return new(keepers, [], [], isRequired);
        }

        await ReturnStore.LockAsync(unit, rows.Select(one => one.Inventory.InventoryNo), ct);
        return new(keepers, await LockItemsAsync(unit, keys, ct), holdings, isRequired);
    }

    /// <summary>The book of these entries. Until commit nobody else enters anything into their account, nor moves their articles.</summary>
    public static async Task<StockBook> LockAsync(UnitOfWork unit, string account, IReadOnlyCollection<StockEntry> entries, CancellationToken ct)
    {
        await unit.ExecuteAsync("SELECT FROM stock_account WHERE ems_no = $1 FOR NO KEY UPDATE", ct, account);
        var items = await LockItemsAsync(unit, [.. entries.Select(one => new StockKey(account, one.RecordNo)).Distinct()], ct);
        await using var command = unit.Command(
            $"SELECT {StockRows.MovementColumns} FROM stock_movement WHERE ems_no = $1 AND document_no = ANY($2) AND pre_no IS NULL",
            account,
            entries.Select(one => one.EntryNo).Distinct().ToArray());
        return new(items, (await StockRows.ReadMovementsAsync(command, ct)).Select(one => one.Movement));
    }

    private static async Task<List<StockItem>> LockItemsAsync(UnitOfWork unit, IReadOnlyCollection<StockKey> keys, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"""
            SELECT {StockRows.ItemColumns} FROM stock_item JOIN unnest($1, $2) AS wanted (ems_no, record_no) USING (ems_no, record_no)
            ORDER BY ems_no, record_no FOR UPDATE OF stock_item
            """,
            keys.Select(one => one.Account).ToArray(),
            keys.Select(one => one.RecordNo).ToArray());
        return await StockRows.ReadItemsAsync(command, ct);
    }

    /// <summary>Keeps what moved, and the sums that it leads to.</summary>
    public static async Task WriteAsync(UnitOfWork unit, StockBook book, CancellationToken ct)
    {
        if (book.Movements.Count == 0)
        {
            return;
        }

        StockItem[] items = [.. book.Movements.Select(one => one.Key).Distinct().Select(key => book.Items[key])];
        await unit.ExecuteAsync(
            $"""
            INSERT INTO stock_item ({StockRows.ItemColumns}) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (ems_no, record_no) DO UPDATE SET
              entered = excluded.entered, reserved = excluded.reserved, released = excluded.released, returned = excluded.returned
            """,
            ct,
            items.Select(one => one.Key.Account).ToArray(),
            items.Select(one => one.Key.RecordNo).ToArray(),
            items.Select(one => one.HsCode).ToArray(),
            items.Select(one => one.Name).ToArray(),
            items.Select(one => one.Unit).ToArray(),
            items.Select(one => one.Amounts.Entered).ToArray(),
            items.Select(one => one.Amounts.Reserved).ToArray(),
            items.Select(one => one.Amounts.Released).ToArray(),
            items.Select(one => one.Amounts.Returned).ToArray());
        await unit.CopyAsync(
            "stock_movement (ems_no, record_no, kind, entered, reserved, released, returned, document_no, pre_no, source_no, reason, at)",
            book.Movements,
            (row, one) =>
            {
                row.Write(one.Key.Account, NpgsqlDbType.Text);
                row.Write(one.Key.RecordNo, NpgsqlDbType.Text);
                row.Write(one.Kind, NpgsqlDbType.Text);
                row.Write(one.Change.Entered, NpgsqlDbType.Numeric);
                row.Write(one.Change.Reserved, NpgsqlDbType.Numeric);
                row.Write(one.Change.Released, NpgsqlDbType.Numeric);
                row.Write(one.Change.Returned, NpgsqlDbType.Numeric);
                row.Write(one.DocumentNo, NpgsqlDbType.Text);
                row.Write(one.PreNo, NpgsqlDbType.Text);
                row.Write(one.SourceNo, NpgsqlDbType.Text);
                row.Write(one.Reason, NpgsqlDbType.Text);
                row.Write(one.At, NpgsqlDbType.TimestampTz);
            },
            ct);
    }

    /// <summary>Opens an account, or gives it to another company.</summary>
    public static Task OpenAsync(UnitOfWork unit, StockAccount account, CancellationToken ct) => unit.ExecuteAsync(
        "INSERT INTO stock_account (ems_no, area_code, opened_at) VALUES ($1, $2, $3) ON CONFLICT (ems_no) DO UPDATE SET area_code = excluded.area_code",
        ct,
        account.EmsNo,
        account.AreaCode,
        account.OpenedAt);

    /// <summary>What these inventories hold.</summary>
    private static async Task<List<StockHolding>> HoldingsAsync(UnitOfWork unit, string[] preNos, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT ems_no, record_no, sum(entered), sum(reserved), sum(released), sum(returned), pre_no
            FROM stock_movement WHERE pre_no = ANY($1) GROUP BY pre_no, ems_no, record_no
            """,
            [preNos]);
        await using var row = await command.ExecuteReaderAsync(ct);
        var holdings = new List<StockHolding>();
        while (await row.ReadAsync(ct))
        {
            holdings.Add(new(row.GetString(6), StockRows.KeyOf(row, 0), StockRows.AmountsOf(row, 2)));
        }

        return holdings;
    }

    /// <summary>Of these accounts those that are kept here, each with its company.</summary>
    private static async Task<Dictionary<string, string>> KeepersAsync(UnitOfWork unit, string[] accounts, CancellationToken ct)
    {
        if (accounts.Length == 0)
        {
            return [];
        }

        await using var command = unit.Command("SELECT ems_no, area_code FROM stock_account WHERE ems_no = ANY($1)", [accounts]);
        await using var row = await command.ExecuteReaderAsync(ct);
        var keepers = new Dictionary<string, string>();
        while (await row.ReadAsync(ct))
        {
            keepers.Add(row.GetString(0), row.GetString(1));
        }

        return keepers;
    }
}
