using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;
using Sandan.Statistics.Domain;

namespace Sandan.Statistics.Storage;

/// <summary>Works events into the facts, and the difference into the counters.</summary>
internal static class FactStore
{
    /// <summary>The columns of a fact, as <see cref="Read"/> wants them.</summary>
    internal const string Columns =
        """
        platform_code, order_no, revision, state, judged_hour, decision, status, decided_hour,
        release, release_status, release_hour, mode, lines
        """;

    /// <summary>Works items in, each into the fact of its consignment.</summary>
    /// <param name="keyOf">The consignment of an item.</param>
    /// <param name="fold">The fact with the item worked in; the same fact where it says nothing new.</param>
    public static async Task WorkInAsync<TItem>(
        UnitOfWork unit, IReadOnlyCollection<TItem> items, Func<TItem, (string PlatformCode, string OrderNo)> keyOf,
        Func<Fact, TItem, Fact> fold, CancellationToken ct)
    {
        if (items.Count == 0)
        {
            return;
        }

        var byKey = items.ToLookup(keyOf);
        var facts = await LockAsync(unit, [.. byKey.Select(group => group.Key)], ct);
        var counters = new Counters();
        var changed = new List<Fact>(facts.Count);
        foreach (var old in facts)
        {
            var fact = byKey[(old.PlatformCode, old.OrderNo)].Aggregate(old, fold);
            if (ReferenceEquals(fact, old))
            {
                continue;
            }

            old.AddTo(counters, -1);
            fact.AddTo(counters, 1);
            changed.Add(fact);
        }

        await WriteAsync(unit, changed, ct);
        await TallyWriter.AddAsync(unit, [.. counters.NotZero], ct);
        StatisticsMetrics.Worked(changed.Count, items.Count - changed.Count);
    }

    /// <summary>A fact from a row with <see cref="Columns"/>.</summary>
    internal static Fact Read(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.IsDBNull(2)
            ? null
            : new(row.GetInt32(2), (ConsignmentState)row.GetInt16(3), row.GetFieldValue<DateTimeOffset>(4)),
        row.IsDBNull(5) ? null : new(row.GetInt32(5), row.GetInt32(6), row.GetFieldValue<DateTimeOffset>(7)),
        row.IsDBNull(8)
            ? null
            : new(
                row.GetInt32(8), row.GetInt32(9), row.GetFieldValue<DateTimeOffset>(10), row.GetString(11),
                JsonSerializer.Deserialize((byte[])row[12], FactJson.Default.IReadOnlyListLineSum)!));

    /// <summary>Makes the rows that are not there yet, then locks all, both in the order of the key.</summary>
    private static async Task<List<Fact>> LockAsync(
        UnitOfWork unit, List<(string PlatformCode, string OrderNo)> keys, CancellationToken ct)
    {
        keys.Sort(static (left, right) =>
        {
            var order = string.CompareOrdinal(left.PlatformCode, right.PlatformCode);
            return order != 0 ? order : string.CompareOrdinal(left.OrderNo, right.OrderNo);
        });
        object[] parameters =
            [keys.ConvertAll(key => key.PlatformCode).ToArray(), keys.ConvertAll(key => key.OrderNo).ToArray()];
        await unit.ExecuteAsync(
            """
            INSERT INTO fact (platform_code, order_no)
            SELECT platform_code, order_no FROM unnest($1, $2) AS new (platform_code, order_no)
            ON CONFLICT DO NOTHING
            """,
            ct,
            parameters);
        await using var command = unit.Command(
            $"""
            SELECT {Columns}
            FROM fact JOIN unnest($1, $2) AS wanted (platform_code, order_no) USING (platform_code, order_no)
            ORDER BY fact.platform_code COLLATE "C", fact.order_no COLLATE "C"
            FOR UPDATE OF fact
            """,
            parameters);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var facts = new List<Fact>(keys.Count);
        while (await rows.ReadAsync(ct))
        {
            facts.Add(Read(rows));
        }

        return facts;
    }

    private static async Task WriteAsync(UnitOfWork unit, List<Fact> facts, CancellationToken ct)
    {
        if (facts.Count == 0)
        {
            return;
        }

        await unit.ExecuteAsync(
            """
            UPDATE fact SET
              revision = new.revision, state = new.state, judged_hour = new.judged_hour,
              decision = new.decision, status = new.status, decided_hour = new.decided_hour,
              release = new.release, release_status = new.release_status, release_hour = new.release_hour,
              mode = new.mode, lines = new.lines
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) AS new
              (platform_code, order_no, revision, state, judged_hour, decision, status, decided_hour,
               release, release_status, release_hour, mode, lines)
            WHERE (fact.platform_code, fact.order_no) = (new.platform_code, new.order_no)
            """,
            ct,
            facts.ConvertAll(fact => fact.PlatformCode).ToArray(),
            facts.ConvertAll(fact => fact.OrderNo).ToArray(),
            Array(NpgsqlDbType.Integer, facts.ConvertAll(fact => fact.Verdict?.Revision)),
            Array(NpgsqlDbType.Smallint, facts.ConvertAll(fact => (short?)fact.Verdict?.State)),
            Array(NpgsqlDbType.TimestampTz, facts.ConvertAll(fact => fact.Verdict?.Hour)),
            Array(NpgsqlDbType.Integer, facts.ConvertAll(fact => fact.Decision?.Number)),
            Array(NpgsqlDbType.Integer, facts.ConvertAll(fact => fact.Decision?.Status)),
            Array(NpgsqlDbType.TimestampTz, facts.ConvertAll(fact => fact.Decision?.Hour)),
            Array(NpgsqlDbType.Integer, facts.ConvertAll(fact => fact.Release?.Number)),
            Array(NpgsqlDbType.Integer, facts.ConvertAll(fact => fact.Release?.Status)),
            Array(NpgsqlDbType.TimestampTz, facts.ConvertAll(fact => fact.Release?.Hour)),
            Array(NpgsqlDbType.Text, facts.ConvertAll(fact => fact.Release?.Mode)),
            Array(NpgsqlDbType.Bytea, facts.ConvertAll(fact => fact.Release is { } release
                ? JsonSerializer.SerializeToUtf8Bytes(release.Lines, FactJson.Default.IReadOnlyListLineSum)
                : null)));
    }

    private static NpgsqlParameter Array<T>(NpgsqlDbType type, List<T> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
