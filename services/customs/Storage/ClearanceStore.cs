using Npgsql;
using NpgsqlTypes;
using Sandan.Customs.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Storage;

/// <summary>
/// The tables clearance, clearance_party and decision; each call is one statement, however many items.
/// </summary>
internal sealed class ClearanceStore(NpgsqlDataSource database)
{
    /// <summary>Reads what is there of <paramref name="keys"/> and locks it until the end of the transaction.</summary>
    /// <param name="keys">Sorted: all writers lock in the same order, so none waits in a circle.</param>
    public static async Task<Dictionary<ClearanceKey, Clearance>> LockAsync(
        UnitOfWork unit, IReadOnlyCollection<ClearanceKey> keys, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"""
            SELECT {ClearanceColumns.Selected}
            FROM clearance c
            JOIN unnest($1, $2) AS wanted (platform_code, order_no) USING (platform_code, order_no)
            ORDER BY c.platform_code, c.order_no
            FOR UPDATE OF c
            """,
            keys.Select(key => key.PlatformCode).ToArray(),
            keys.Select(key => key.OrderNo).ToArray());
        await using var rows = await command.ExecuteReaderAsync(ct);
        var found = new Dictionary<ClearanceKey, Clearance>(keys.Count);
        while (await rows.ReadAsync(ct))
        {
            var clearance = ClearanceColumns.Read(rows);
            found.Add(clearance.Key, clearance);
        }

        return found;
    }

    /// <summary>
    /// Inserts rows seen for the first time. A row that another transaction inserted meanwhile is left alone; its key is
    /// not among those returned, and is to be read again.
    /// </summary>
    /// <returns>The numbers given, by key.</returns>
    public static async Task<Dictionary<ClearanceKey, long>> InsertAsync(
        UnitOfWork unit, IReadOnlyList<Clearance> clearances, CancellationToken ct)
    {
        var numbers = new Dictionary<ClearanceKey, long>(clearances.Count);
        if (clearances.Count == 0)
        {
            return numbers;
        }

        await using var command = unit.Command(
            $"""
            INSERT INTO clearance ({ClearanceColumns.Names})
            SELECT * FROM {ClearanceColumns.Unnest}
            ON CONFLICT DO NOTHING
            RETURNING platform_code, order_no, number
            """,
            ClearanceColumns.Parameters(clearances));
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            numbers.Add(new(rows.GetString(0), rows.GetString(1)), rows.GetInt64(2));
        }

        return numbers;
    }

    /// <summary>Writes rows that this transaction has locked.</summary>
    public static async Task UpdateAsync(UnitOfWork unit, IReadOnlyList<Clearance> clearances, CancellationToken ct)
    {
        if (clearances.Count == 0)
        {
            return;
        }

        await unit.ExecuteAsync(
            $"""
            UPDATE clearance c SET {ClearanceColumns.Assignments}
            FROM {ClearanceColumns.Unnest} AS new ({ClearanceColumns.Names})
            WHERE c.platform_code = new.platform_code AND c.order_no = new.order_no
            """,
            ct,
            ClearanceColumns.Parameters(clearances));
    }

    /// <summary>Notes which companies may see which consignment.</summary>
    public static async Task AddPartiesAsync(
        UnitOfWork unit, IReadOnlyList<(string Company, long Number)> parties, CancellationToken ct)
    {
        if (parties.Count == 0)
        {
            return;
        }

        await unit.ExecuteAsync(
            """
            INSERT INTO clearance_party (company, number)
            SELECT company, number FROM unnest($1, $2) AS new (company, number)
            ORDER BY company, number
            ON CONFLICT DO NOTHING
            """,
            ct,
            parties.Select(one => one.Company).ToArray(),
            parties.Select(one => one.Number).ToArray());
    }

    /// <summary>Appends decisions to the history.</summary>
    public static async Task AddDecisionsAsync(
        UnitOfWork unit, IReadOnlyList<(ClearanceKey Key, Decision Decision)> decisions, CancellationToken ct)
    {
        if (decisions.Count == 0)
        {
            return;
        }

        await unit.ExecuteAsync(
            """
            INSERT INTO decision (platform_code, order_no, decision, revision, status, previous_status, code, rule,
              decided_at, decided_by, reason)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            ct,
            decisions.Select(one => one.Key.PlatformCode).ToArray(),
            decisions.Select(one => one.Key.OrderNo).ToArray(),
            decisions.Select(one => one.Decision.Number).ToArray(),
            decisions.Select(one => one.Decision.Revision).ToArray(),
            decisions.Select(one => (short)one.Decision.Status).ToArray(),
            decisions.Select(one => (short?)one.Decision.PreviousStatus).ToArray(),
            decisions.Select(one => one.Decision.Code).ToArray(),
            decisions.Select(one => one.Decision.Rule).ToArray(),
            decisions.Select(one => one.Decision.At).ToArray(),
            decisions.Select(one => one.Decision.By).ToArray(),
            new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                Value = decisions.Select(one => one.Decision.Reason).ToArray(),
            });
    }

    /// <summary>A clearance; null where no verdict came yet.</summary>
    public async Task<Clearance?> FindAsync(ClearanceKey key, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {ClearanceColumns.Selected} FROM clearance c
            WHERE platform_code = $1 AND order_no = $2 AND revision > 0
            """);
        command.Parameters.Add(new() { Value = key.PlatformCode });
        command.Parameters.Add(new() { Value = key.OrderNo });
        await using var rows = await command.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct) ? ClearanceColumns.Read(rows) : null;
    }

    /// <summary>The decisions on a consignment, oldest first.</summary>
    public async Task<IReadOnlyList<Decision>> HistoryAsync(ClearanceKey key, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT decision, revision, status, previous_status, code, rule, decided_at, decided_by, reason
            FROM decision WHERE platform_code = $1 AND order_no = $2 ORDER BY decision
            """);
        command.Parameters.Add(new() { Value = key.PlatformCode });
        command.Parameters.Add(new() { Value = key.OrderNo });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var history = new List<Decision>();
        while (await rows.ReadAsync(ct))
        {
            history.Add(new(
                rows.GetInt32(0), rows.GetInt32(1), (ReturnStatus)rows.GetInt16(2),
                rows.IsDBNull(3) ? null : (ReturnStatus)rows.GetInt16(3),
                rows.GetString(4), rows.GetString(5), rows.GetFieldValue<DateTimeOffset>(6), rows.GetString(7),
                rows.IsDBNull(8) ? null : rows.GetString(8)));
        }

        return history;
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
        await using var command = database.CreateCommand(company is null
            ? $"""
               SELECT {ClearanceColumns.Selected} FROM clearance c
               WHERE c.number < $1 AND c.revision > 0 AND {sameStatus}
               ORDER BY c.number DESC LIMIT $2
               """
            : $"""
               SELECT {ClearanceColumns.Selected} FROM clearance_party p JOIN clearance c USING (number)
               WHERE p.company = $3 AND p.number < $1 AND c.revision > 0 AND {sameStatus}
                 AND $3 IN (c.platform_code, c.seller_code, c.payment_company_code, c.logistics_company_code)
               ORDER BY p.number DESC LIMIT $2
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
            page.Add(ClearanceColumns.Read(rows));
        }

        return page;
    }
}
