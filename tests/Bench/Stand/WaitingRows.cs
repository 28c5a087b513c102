using System.Globalization;
using Npgsql;

namespace Sandan.Bench.Stand;

/// <summary>
/// Consignments that wait since long for their payment and waybill. They are put into the tables of order and matcher by
/// SQL, each a copy of an order that is there with a number of its own: to send ten million would take hours.
/// </summary>
internal static class WaitingRows
{
    private static readonly string Numbers =
        $"(SELECT $1 || lpad(($2 + n / $3)::text, 8, '0') || '{Traffic.CopyMark}' || n % $3 AS number FROM generate_series(0, $5 - 1) AS n) AS new";

    /// <param name="count">How many are added.</param>
    /// <param name="among">Their numbers lie between those of so many consignments, so that those are found among them.</param>
    public static async Task AddAsync(Run run, int count, int among, CancellationToken ct)
    {
        Console.WriteLine($"  adding {count:N0} waiting consignments");
        var first = run.Ledger.Sent;
        var like = run.Traffic.OrderNo(Enumerable.Range(0, first).First(number => Traffic.DefectOf(number).Status == 800));
        var prefix = like[..^8];
        await ExecuteAsync(run, "matcher", $"""
            INSERT INTO dossier (order_no, notes)
            SELECT new.number, known.notes FROM {Numbers} CROSS JOIN (SELECT * FROM dossier WHERE order_no = $4 LIMIT 1) AS known
            """, prefix, first, like);
        await ExecuteAsync(run, "matcher", $"""
            INSERT INTO consignment (waiting_since, changed_at, revision, state, missing, mode, overdue, order_no, platform_code,
              basis, seller_code)
            SELECT waiting_since, changed_at, 0, 0, 6, mode, false, new.number, platform_code,
              split_part(basis, '/', 1) || '/' || new.number || '@1', seller_code
            FROM {Numbers} CROSS JOIN (SELECT * FROM consignment WHERE order_no = $4) AS known
            """, prefix, first, like);
        await ExecuteAsync(run, "order", $"""
            INSERT INTO document (id, block, app_time, received_at, version, draft, deleted, app_time_stated, kind, sender, content_hash, key)
            SELECT gen_random_uuid(), block, app_time, received_at, version, draft, deleted, app_time_stated, kind, sender, content_hash,
              replace(key, $4, new.number)
            FROM {Numbers} CROSS JOIN (SELECT * FROM document WHERE strpos(key, $4) > 0) AS known
            """, prefix, first, like);

        async Task ExecuteAsync(Run of, string service, string sql, params object[] parameters)
        {
            await using var database = of.Sandan.Database(service);
            await using var connection = await database.OpenConnectionAsync(ct);
            await using var insert = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            insert.Parameters.Add(new() { Value = parameters[0] });
            insert.Parameters.Add(new() { Value = parameters[1] });
            insert.Parameters.Add(new() { Value = Math.Max(1, count / among) });
            insert.Parameters.Add(new() { Value = parameters[2] });
            insert.Parameters.Add(new() { Value = count });
            var rows = await insert.ExecuteNonQueryAsync(ct);
            if (rows != count)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{service} got {rows} rows instead of {count}."));
            }

            foreach (var statement in (string[])["VACUUM ANALYZE", "CHECKPOINT"]) // rows that wait since long are on disk
            {
                await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
                await command.ExecuteNonQueryAsync(ct);
            }
        }
    }
}
