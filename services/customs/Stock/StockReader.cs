using Npgsql;

namespace Sandan.Customs.Stock;

/// <summary>What an inventory holds of an article, and what the account has it under.</summary>
/// <param name="AreaCode">The company that keeps the account.</param>
internal sealed record HeldItem(StockKey Key, StockAmounts Amounts, string HsCode, string AreaCode);

/// <summary>The stock book as it is shown.</summary>
internal sealed class StockReader(NpgsqlDataSource database)
{
    /// <summary>An account; null where it is not kept here.</summary>
    public async Task<StockAccount?> FindAsync(string account, CancellationToken ct)
    {
        await using var command = Command("SELECT ems_no, area_code, opened_at FROM stock_account WHERE ems_no = $1", account);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2)) : null;
    }

    /// <summary>Articles of an account, by itemRecordNo.</summary>
    /// <param name="after">Those behind this one.</param>
    public async Task<List<StockItem>> ItemsAsync(string account, string after, int limit, CancellationToken ct)
    {
        await using var command = Command(
            $"SELECT {StockRows.ItemColumns} FROM stock_item WHERE ems_no = $1 AND record_no > $2 ORDER BY record_no LIMIT $3", account, after, limit);
        return await StockRows.ReadItemsAsync(command, ct);
    }

    /// <summary>Movements of an account, the newest first.</summary>
    /// <param name="before">Those before this number.</param>
    public async Task<List<StoredMovement>> MovementsAsync(string account, long before, int limit, CancellationToken ct)
    {
        await using var command = Command(
            $"SELECT {StockRows.MovementColumns} FROM stock_movement WHERE ems_no = $1 AND no < $2 ORDER BY no DESC LIMIT $3", account, before, limit);
        return await StockRows.ReadMovementsAsync(command, ct);
    }

    /// <summary>What an inventory holds.</summary>
    public async Task<List<HeldItem>> HeldAsync(string preNo, CancellationToken ct)
    {
        await using var command = Command(
            """
            SELECT ems_no, record_no, sum(m.entered), sum(m.reserved), sum(m.released), sum(m.returned), gcode, area_code
            FROM stock_movement m JOIN stock_item USING (ems_no, record_no) JOIN stock_account USING (ems_no)
            WHERE pre_no = $1 GROUP BY ems_no, record_no, gcode, area_code ORDER BY ems_no, record_no
            """,
            preNo);
        await using var row = await command.ExecuteReaderAsync(ct);
        var held = new List<HeldItem>();
        while (await row.ReadAsync(ct))
        {
            if (StockRows.AmountsOf(row, 2) is var amounts && amounts != default)
            {
                held.Add(new(StockRows.KeyOf(row, 0), amounts, row.GetString(6), row.GetString(7)));
            }
        }

        return held;
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<object> parameters)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
