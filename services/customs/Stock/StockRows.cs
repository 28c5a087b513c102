using Npgsql;

namespace Sandan.Customs.Stock;

/// <summary>A bonded account that is kept here.</summary>
/// <param name="AreaCode">The company that keeps it.</param>
internal sealed record StockAccount(string EmsNo, string AreaCode, DateTimeOffset OpenedAt);

/// <summary>A movement as it is kept.</summary>
/// <param name="No">Counts all movements; of those that commit together, and of one article always, in order.</param>
internal sealed record StoredMovement(long No, StockMovement Movement);

/// <summary>How rows of the stock tables are read.</summary>
internal static class StockRows
{
    public const string ItemColumns = "ems_no, record_no, gcode, gname, unit, entered, reserved, released, returned";

    public const string MovementColumns =
        "no, ems_no, record_no, kind, entered, reserved, released, returned, document_no, pre_no, source_no, reason, at";

    /// <summary>All rows of a query for <see cref="ItemColumns"/>.</summary>
    public static async Task<List<StockItem>> ReadItemsAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        var items = new List<StockItem>();
        while (await row.ReadAsync(ct))
        {
            items.Add(new(KeyOf(row, 0), row.GetString(2), row.GetString(3), row.GetString(4), AmountsOf(row, 5)));
        }

        return items;
    }

    /// <summary>All rows of a query for <see cref="MovementColumns"/>.</summary>
    public static async Task<List<StoredMovement>> ReadMovementsAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        var movements = new List<StoredMovement>();
        while (await row.ReadAsync(ct))
        {
            movements.Add(new(row.GetInt64(0), new(
                KeyOf(row, 1), row.GetString(3), AmountsOf(row, 4), row.GetString(8), TextOrNull(row, 9), TextOrNull(row, 10), TextOrNull(row, 11),
                row.GetFieldValue<DateTimeOffset>(12))));
        }

        return movements;
    }

    /// <summary>emsNo and itemRecordNo.</summary>
    public static StockKey KeyOf(NpgsqlDataReader row, int at) => new(row.GetString(at), row.GetString(at + 1));

    /// <summary>Entered, reserved, released and returned.</summary>
    public static StockAmounts AmountsOf(NpgsqlDataReader row, int at) =>
        new(Trim(row.GetDecimal(at)), Trim(row.GetDecimal(at + 1)), Trim(row.GetDecimal(at + 2)), Trim(row.GetDecimal(at + 3)));

    /// <summary>Without the zeros that fill the column's five places.</summary>
    private static decimal Trim(decimal quantity) => quantity / 1.0000000000000000000000000000m;

    private static string? TextOrNull(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetString(at);
}
