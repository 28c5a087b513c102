using Npgsql;
using NpgsqlTypes;
using Sandan.Customs.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Storage;

/// <summary>The table clearance; each call is one statement, however many items.</summary>
internal sealed class ClearanceStore(NpgsqlDataSource database)
{
    private const string Columns = "c.number, c.platform_code, c.order_no, c.revision, c.status, c.body";

    /// <summary>Reads what is there of <paramref name="keys"/> and locks it until the end of the transaction.</summary>
    /// <param name="keys">Sorted: all writers lock in the same order, so none waits in a circle.</param>
    public static async Task<Dictionary<ClearanceKey, Clearance>> LockAsync(
        UnitOfWork unit, List<ClearanceKey> keys, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"""
            SELECT {Columns}
            FROM clearance c
            JOIN unnest($1, $2) AS wanted (platform_code, order_no) USING (platform_code, order_no)
            ORDER BY c.platform_code, c.order_no
            FOR UPDATE OF c
            """,
            keys.ConvertAll(key => key.PlatformCode),
            keys.ConvertAll(key => key.OrderNo));
        await using var rows = await command.ExecuteReaderAsync(ct);
        var found = new Dictionary<ClearanceKey, Clearance>();
        while (await rows.ReadAsync(ct))
        {
            var clearance = Read(rows);
            found.Add(clearance.Key, clearance);
        }

        return found;
    }

    /// <summary>The consignments on which something was decided, as it stands.</summary>
    public static async Task<Dictionary<ClearanceKey, Clearance>> DecidedAsync(UnitOfWork unit, List<ClearanceKey> keys, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"""
            SELECT {Columns} FROM clearance c JOIN unnest($1, $2) AS wanted (platform_code, order_no) USING (platform_code, order_no)
            WHERE c.status IS NOT NULL
            """,
            keys.ConvertAll(key => key.PlatformCode),
            keys.ConvertAll(key => key.OrderNo));
        await using var rows = await command.ExecuteReaderAsync(ct);
        var decided = new Dictionary<ClearanceKey, Clearance>();
        while (await rows.ReadAsync(ct))
        {
            var clearance = Read(rows);
            decided.Add(clearance.Key, clearance);
        }

        return decided;
    }

    /// <summary>
    /// Inserts rows that are seen for the first time: all of them, or none where another transaction made one of them
    /// meanwhile. COPY takes half the time of an INSERT, but knows no ON CONFLICT.
    /// </summary>
    /// <returns>False where none was inserted.</returns>
    public static async Task<bool> TryInsertAsync(
        UnitOfWork unit, List<ClearanceChange> changes, CancellationToken ct)
    {
        await unit.Transaction.SaveAsync("insert", ct);
        try
        {
            await using var rows = await unit.Connection.BeginBinaryImportAsync(
                "COPY clearance (number, platform_code, order_no, revision, status, body) FROM STDIN (FORMAT binary)", ct);
            foreach (var (_, clearance, _, _) in changes)
            {
                await rows.StartRowAsync(ct);
                await rows.WriteAsync(clearance.Number, NpgsqlDbType.Bigint, ct);
                await rows.WriteAsync(clearance.Key.PlatformCode, NpgsqlDbType.Text, ct);
                await rows.WriteAsync(clearance.Key.OrderNo, NpgsqlDbType.Text, ct);
                await rows.WriteAsync(clearance.Revision, NpgsqlDbType.Integer, ct);
                await rows.WriteAsync((short?)clearance.Status, NpgsqlDbType.Smallint, ct);
                await rows.WriteAsync(ClearanceBytes.Write(clearance), NpgsqlDbType.Bytea, ct);
            }

            await rows.CompleteAsync(ct);
        }
        catch (PostgresException known) when (known.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await unit.Transaction.RollbackAsync("insert", ct);
            return false;
        }

        await unit.Transaction.ReleaseAsync("insert", ct);
        return true;
    }

    /// <summary>Writes rows that this transaction has locked.</summary>
    public static async Task UpdateAsync(UnitOfWork unit, List<ClearanceChange> changes, CancellationToken ct)
    {
        if (changes.Count > 0)
        {
            await unit.ExecuteAsync(
                """
                UPDATE clearance c SET revision = new.revision, status = new.status, body = new.body
                FROM unnest($1, $2, $3, $4) AS new (number, revision, status, body)
                WHERE c.number = new.number
                """,
                ct,
                changes.ConvertAll(one => one.After.Number),
                changes.ConvertAll(one => one.After.Revision),
                changes.ConvertAll(one => (short?)one.After.Status),
                changes.ConvertAll(one => ClearanceBytes.Write(one.After)));
        }
    }

    /// <summary>A clearance; null where no verdict came yet.</summary>
    public async Task<Clearance?> FindAsync(ClearanceKey key, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM clearance c WHERE platform_code = $1 AND order_no = $2 AND revision > 0");
        command.Parameters.Add(new() { Value = key.PlatformCode });
        command.Parameters.Add(new() { Value = key.OrderNo });
        await using var rows = await command.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct) ? Read(rows) : null;
    }

    /// <summary>A page, the last seen first.</summary>
    /// <param name="company">Only where it is a party; null for all.</param>
    /// <param name="before">Only numbers below.</param>
    public async Task<IReadOnlyList<Clearance>> ListAsync(
        string? company, ReturnStatus? status, long before, int limit, CancellationToken ct)
    {
        // The desk's partial index serves only where the statement names its very statuses.
        var sameStatus = status switch
        {
            null => "true",
            ReturnStatus.Held or ReturnStatus.Inspection => $"c.status = {(int)status} AND c.status IN (300, 500)",
            _ => $"c.status = {(int)status}",
        };

        // OFFSET 0: row by row through the index; one range at a time is sorted, however many the company has.
        await using var command = database.CreateCommand(company is null
            ? $"""
               SELECT {Columns} FROM clearance c
               WHERE c.number < $1 AND c.revision > 0 AND {sameStatus}
               ORDER BY c.number DESC LIMIT $2
               """
            : $"""
               SELECT {Columns}
               FROM clearance_party p
               CROSS JOIN LATERAL unnest(p.offsets) AS place (at)
               CROSS JOIN LATERAL (SELECT * FROM clearance WHERE number = p.range + place.at OFFSET 0) c
               WHERE p.company = $3 AND p.range < $1 AND p.range + place.at < $1 AND c.revision > 0 AND {sameStatus}
               ORDER BY p.range DESC, place.at DESC LIMIT $2
               """);
        command.Parameters.Add(new() { Value = before });
        command.Parameters.Add(new() { Value = limit });
        if (company is not null)
        {
            command.Parameters.Add(new() { Value = company });
        }

        await using var rows = await command.ExecuteReaderAsync(ct);
        var page = new List<Clearance>(limit);
        while (await rows.ReadAsync(ct))
        {
            page.Add(Read(rows));
        }

        return page;
    }

    private static Clearance Read(NpgsqlDataReader row) => ClearanceBytes.Read(row.GetFieldValue<byte[]>(5)) with
    {
        Number = row.GetInt64(0),
        Key = new(row.GetString(1), row.GetString(2)),
        Revision = row.GetInt32(3),
        Status = row.IsDBNull(4) ? null : (ReturnStatus)row.GetInt16(4),
    };
}
