using Sandan.Contracts.Events;
using Sandan.Shared.Storage;

namespace Sandan.Tax.Storage;

/// <summary>A row of <c>goods_return</c>.</summary>
/// <param name="GivenBackCny">Null while it waits for the release of its consignment.</param>
internal sealed record ReturnRow(string PreNo, ConsignmentKey Key, IReadOnlyList<ReturnLine> Lines, decimal? GivenBackCny);

/// <summary>Goods that came back. Whoever calls holds the lock of the consignments.</summary>
internal static class ReturnStore
{
    /// <summary>Notes returns; one that is noted stays as it is.</summary>
    public static Task AddAsync(UnitOfWork unit, IReadOnlyList<ReturnReleased> returned, CancellationToken ct) => unit.ExecuteAsync(
        """
        INSERT INTO goods_return (pre_no, platform_code, order_no, lines) SELECT * FROM unnest($1, $2, $3, $4) ORDER BY 1
        ON CONFLICT DO NOTHING
        """,
        ct,
        Columns.Of(returned, one => one.PreNo),
        Columns.Of(returned, one => one.PlatformCode),
        Columns.Of(returned, one => one.OrderNo),
        Columns.Of(returned, one => EventBytes.Write(one.Lines.ToArray())));

    /// <summary>Those of these consignments of which a return waits.</summary>
    public static async Task<List<ConsignmentKey>> WaitingAsync(UnitOfWork unit, IReadOnlyList<ConsignmentKey> keys, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT DISTINCT platform_code, order_no
            FROM unnest($1, $2) AS asked (platform_code, order_no) JOIN goods_return USING (platform_code, order_no)
            WHERE given_back_cny IS NULL
            """,
            Columns.Of(keys, key => key.PlatformCode),
            Columns.Of(keys, key => key.OrderNo));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var waiting = new List<ConsignmentKey>();
        while (await reader.ReadAsync(ct))
        {
            waiting.Add(new(reader.GetString(0), reader.GetString(1)));
        }

        return waiting;
    }

    /// <summary>All returns of these consignments.</summary>
    public static async Task<ILookup<ConsignmentKey, ReturnRow>> OfAsync(UnitOfWork unit, IReadOnlyList<ConsignmentKey> keys, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT pre_no, platform_code, order_no, lines, given_back_cny
            FROM unnest($1, $2) AS asked (platform_code, order_no) JOIN goods_return USING (platform_code, order_no)
            """,
            Columns.Of(keys, key => key.PlatformCode),
            Columns.Of(keys, key => key.OrderNo));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<ReturnRow>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new(
                reader.GetString(0), new(reader.GetString(1), reader.GetString(2)),
                EventBytes.Read<ReturnLine[]>(reader.GetFieldValue<byte[]>(3)), reader.IsDBNull(4) ? null : reader.GetDecimal(4)));
        }

        return rows.ToLookup(one => one.Key);
    }

    /// <summary>Notes what was given back.</summary>
    public static Task SettleAsync(UnitOfWork unit, IReadOnlyList<ReturnRow> rows, CancellationToken ct) => unit.ExecuteAsync(
        """
        UPDATE goods_return AS r SET given_back_cny = new.cny FROM unnest($1, $2) AS new (pre_no, cny) WHERE r.pre_no = new.pre_no
        """,
        ct,
        Columns.Of(rows, one => one.PreNo),
        Columns.Of(rows, one => one.GivenBackCny!.Value));
}
