using Npgsql;
using NpgsqlTypes;
using Sandan.Credit.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Credit.Storage;

/// <summary>A bad entry as it is read again.</summary>
internal sealed record BadEntry(
    long Id, string Kind, string Rule, string Code, DateTimeOffset At, string PlatformCode, string OrderNo,
    int Revision);

/// <summary>The record and its daily sums.</summary>
internal sealed class CreditStore(NpgsqlDataSource database)
{
    /// <summary>"VERDICT": transactions that tell matches from corrections wait for one another.</summary>
    private const long VerdictLock = 0x56455244494354;

    /// <summary>
    /// Appends what events say and adds it to the sums. Good news of the first verdict, and releases, are counted together;
    /// the rest keep their consignment.
    /// </summary>
    /// <param name="messageId">One of the messages that are worked in together.</param>
    public static async Task AddAsync(UnitOfWork unit, Guid messageId, IReadOnlyList<object> events, CancellationToken ct)
    {
        var ledger = new Ledger();
        foreach (var one in events)
        {
            ledger.Take(one);
        }

        var known = ledger.Verdicts.Count == 0 ? [] : await VerdictsAsync(unit, ledger.Verdicts, ct);
        List<Entry> settled = [.. ledger.Others, .. Corrections.Settle(known, ledger.Verdicts)];
        CreditMetrics.Unattributed(ledger.Unattributed);
        if (settled.Count == 0)
        {
            return;
        }

        await AppendAsync(unit, messageId, settled, ct);
        await AddToTallyAsync(unit, Tallies.Of(settled), ct);
        CreditMetrics.Recorded(settled.Count);
    }

    /// <summary>Sums of a company from a day on, inclusive.</summary>
    public async Task<IReadOnlyList<Tally>> TalliesAsync(string company, DateOnly from, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT kind, rule, sum(count)::bigint FROM tally WHERE company = $1 AND day >= $2
            GROUP BY kind, rule HAVING sum(count) > 0 ORDER BY kind, rule
            """);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = from });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var tallies = new List<Tally>();
        while (await reader.ReadAsync(ct))
        {
            tallies.Add(new(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        }

        return tallies;
    }

    /// <summary>Bad entries of a company, the latest recorded first.</summary>
    /// <param name="before">Only those with a lower id.</param>
    /// <param name="max">At most so many.</param>
    public async Task<IReadOnlyList<BadEntry>> BadAsync(string company, long before, int max, CancellationToken ct)
    {
        // The kinds stand in the text, as in the partial index: a parameter would hide it from the planner.
        await using var command = database.CreateCommand(
            """
            SELECT id, kind, rule, code, occurred_at, platform_code, order_no, revision FROM record
            WHERE company = $1 AND id < $2
              AND kind IN ('mismatched', 'late', 'risk-watch', 'risk-hold', 'risk-block',
                           'held', 'inspected', 'rejected')
            ORDER BY id DESC LIMIT $3
            """);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = before });
        command.Parameters.Add(new() { Value = max });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var entries = new List<BadEntry>();
        while (await reader.ReadAsync(ct))
        {
            entries.Add(new(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
                reader.GetFieldValue<DateTimeOffset>(4), reader.GetString(5), reader.GetString(6), reader.GetInt32(7)));
        }

        return entries;
    }

    /// <summary>
    /// What is recorded of the consignments of <paramref name="verdicts"/>, net of what was taken back.
    /// </summary>
    private static async Task<List<Entry>> VerdictsAsync(
        UnitOfWork unit, IReadOnlyCollection<Entry> verdicts, CancellationToken ct)
    {
        await unit.ExecuteAsync("SELECT pg_advisory_xact_lock($1)", ct, VerdictLock);

        // A plan made while the record was small would go on reading all of it.
        await unit.ExecuteAsync("SET LOCAL enable_seqscan = off", ct);
        var keys = verdicts.Select(entry => (entry.Of!.Value.PlatformCode, entry.Of.Value.OrderNo)).Distinct().ToList();
        await using var command = unit.Command(
            """
            SELECT company, kind, rule, code, max(occurred_at), platform_code, order_no, revision
            FROM record JOIN unnest($1, $2) AS wanted (platform_code, order_no) USING (platform_code, order_no)
            WHERE order_no IS NOT NULL AND kind IN ('matched', 'corrected', 'mismatched')
            GROUP BY company, kind, rule, code, platform_code, order_no, revision HAVING sum(count) > 0
            """,
            keys.ConvertAll(key => key.PlatformCode).ToArray(),
            keys.ConvertAll(key => key.OrderNo).ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var known = new List<Entry>();
        while (await reader.ReadAsync(ct))
        {
            known.Add(new(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
                reader.GetFieldValue<DateTimeOffset>(4), 1,
                new Reference(reader.GetString(5), reader.GetString(6), reader.GetInt32(7))));
        }

        return known;
    }

    private static Task<int> AppendAsync(UnitOfWork unit, Guid messageId, List<Entry> entries, CancellationToken ct) =>
        unit.ExecuteAsync(
            """
            INSERT INTO record
              (company, kind, rule, code, day, occurred_at, count, platform_code, order_no, revision, message_id)
            SELECT company, kind, rule, code, day, occurred_at, count, platform_code, order_no, revision, $11
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
              AS new (company, kind, rule, code, day, occurred_at, count, platform_code, order_no, revision)
            """,
            ct,
            entries.ConvertAll(entry => entry.Company).ToArray(),
            entries.ConvertAll(entry => entry.Kind).ToArray(),
            entries.ConvertAll(entry => entry.Rule).ToArray(),
            entries.ConvertAll(entry => entry.Code).ToArray(),
            entries.ConvertAll(entry => entry.Day).ToArray(),
            entries.ConvertAll(entry => entry.At.ToUniversalTime()).ToArray(),
            entries.ConvertAll(entry => entry.Count).ToArray(),
            entries.ConvertAll(entry => entry.Of?.PlatformCode).ToArray(),
            entries.ConvertAll(entry => entry.Of?.OrderNo).ToArray(),
            new NpgsqlParameter
            {
                Value = entries.ConvertAll(entry => entry.Of?.Revision).ToArray(),
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer,
            },
            messageId);

    /// <summary>
    /// Adds to the sums in two statements, both in the order of the keys: rows are made empty, then locked and changed.
    /// One upsert would not do: it checks the row it would insert, and a count taken back is negative.
    /// </summary>
    private static async Task AddToTallyAsync(
        UnitOfWork unit, List<KeyValuePair<TallyKey, long>> counts, CancellationToken ct)
    {
        object[] keys =
        [
            counts.ConvertAll(one => one.Key.Company).ToArray(),
            counts.ConvertAll(one => one.Key.Day).ToArray(),
            counts.ConvertAll(one => one.Key.Kind).ToArray(),
            counts.ConvertAll(one => one.Key.Rule).ToArray(),
        ];
        await unit.ExecuteAsync(
            """
            INSERT INTO tally (company, day, kind, rule, count)
            SELECT company, day, kind, rule, 0 FROM unnest($1, $2, $3, $4) AS new (company, day, kind, rule)
            ON CONFLICT DO NOTHING
            """,
            ct,
            keys);
        await unit.ExecuteAsync(
            """
            WITH delta AS (
              SELECT * FROM unnest($1, $2, $3, $4, $5) AS delta (company, day, kind, rule, count)
            ), locked AS MATERIALIZED (
              SELECT tally.company, tally.day, tally.kind, tally.rule
              FROM tally JOIN delta USING (company, day, kind, rule)
              ORDER BY tally.company COLLATE "C", tally.day, tally.kind COLLATE "C", tally.rule COLLATE "C"
              FOR UPDATE OF tally
            )
            UPDATE tally SET count = tally.count + delta.count
            FROM locked JOIN delta USING (company, day, kind, rule)
            WHERE (tally.company, tally.day, tally.kind, tally.rule)
                = (locked.company, locked.day, locked.kind, locked.rule)
            """,
            ct,
            [.. keys, counts.ConvertAll(one => one.Value).ToArray()]);
    }
}
