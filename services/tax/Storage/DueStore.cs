using Npgsql;
using Sandan.Shared.Storage;

namespace Sandan.Tax.Storage;

/// <summary>Consignments that are to be assessed again.</summary>
internal static class DueStore
{
    /// <summary>Marks consignments to be assessed again; they are locked by this transaction.</summary>
    public static Task MarkAsync(UnitOfWork unit, IReadOnlyList<ConsignmentKey> keys, CancellationToken ct) =>
        unit.ExecuteAsync(
            "INSERT INTO due (platform_code, order_no) SELECT * FROM unnest($1, $2) ORDER BY 1, 2 ON CONFLICT DO NOTHING",
            ct, Columns.Of(keys, key => key.PlatformCode), Columns.Of(keys, key => key.OrderNo));

    /// <summary>Marks every held consignment: lists, rates and limits may be others than before.</summary>
    public static async Task MarkHeldAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO due (platform_code, order_no)
            SELECT platform_code, order_no FROM assessment
            WHERE route = 4 AND NOT cancelled AND released_revision IS NULL ORDER BY 1, 2
            ON CONFLICT DO NOTHING
            """);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Takes the first consignments that are due; those that another instance has taken are left to it.</summary>
    public static async Task<List<ConsignmentKey>> TakeAsync(UnitOfWork unit, int rowsMax, CancellationToken ct)
    {
        await using var take = unit.Command(
            """
            DELETE FROM due USING
              (SELECT platform_code, order_no FROM due ORDER BY 1, 2 LIMIT $1 FOR UPDATE SKIP LOCKED) AS first
            WHERE due.platform_code = first.platform_code AND due.order_no = first.order_no
            RETURNING due.platform_code, due.order_no
            """,
            rowsMax);
        await using var reader = await take.ExecuteReaderAsync(ct);
        var keys = new List<ConsignmentKey>();
        while (await reader.ReadAsync(ct))
        {
            keys.Add(new(reader.GetString(0), reader.GetString(1)));
        }

        return keys;
    }

    /// <summary>
    /// Adds to a batch that what was held for filings is so no longer, except what is held anew.
    /// </summary>
    /// <param name="known">Consignments that may have waited.</param>
    /// <param name="waiting">Articles that consignments wait for.</param>
    public static void Wait(
        NpgsqlBatch batch,
        IReadOnlyList<ConsignmentKey> known,
        IReadOnlyList<(ItemKey Item, ConsignmentKey Consignment)> waiting)
    {
        if (known.Count > 0)
        {
            batch.Add(
                """
                DELETE FROM missing_filing AS m USING unnest($1, $2) AS done (platform_code, order_no)
                WHERE m.platform_code = done.platform_code AND m.order_no = done.order_no
                """,
                Columns.Of(known, key => key.PlatformCode), Columns.Of(known, key => key.OrderNo));
        }

        if (waiting.Count > 0)
        {
            batch.Add(
                """
                INSERT INTO missing_filing (seller_code, item_no, platform_code, order_no)
                SELECT * FROM unnest($1, $2, $3, $4) ORDER BY 1, 2, 3, 4 ON CONFLICT DO NOTHING
                """,
                Columns.Of(waiting, one => one.Item.SellerCode),
                Columns.Of(waiting, one => one.Item.ItemNo),
                Columns.Of(waiting, one => one.Consignment.PlatformCode),
                Columns.Of(waiting, one => one.Consignment.OrderNo));
        }
    }
}
