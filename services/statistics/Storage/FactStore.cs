using Npgsql;
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
        fact.platform_code, fact.order_no, fact.revision, fact.state, fact.judged_hour, fact.decision, fact.status,
        fact.decided_hour, fact.release, fact.release_status, fact.release_hour, fact.mode, fact.lines
        """;

    /// <summary>
    /// Works items in. What they say of a consignment comes together first; a consignment that is unknown is then added
    /// complete, one that is known is changed where this says something new.
    /// </summary>
    /// <param name="items">Of <see cref="ConsignmentJudged"/> and <see cref="ClearanceDecided"/>.</param>
    public static async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<object> items, CancellationToken ct)
    {
        if (items.Count == 0)
        {
            return;
        }

        // A plan made while the table was small would go on reading all of it.
        await unit.ExecuteAsync("SET LOCAL enable_seqscan = off", ct);
        var said = Together(items);
        var (counters, changed) = (new Counters(), new List<Fact>());
        foreach (var old in await LockAsync(unit, said.Keys, ct))
        {
            said.Remove(old.Key, out var now);
            var fact = old.With(now!);
            if (!ReferenceEquals(fact, old))
            {
                old.AddTo(counters, -1);
                fact.AddTo(counters, 1);
                changed.Add(fact);
            }
        }

        var added = new List<Fact>(said.Values);
        foreach (var fact in added)
        {
            fact.AddTo(counters, 1);
        }

        await FactWriter.AddAsync(unit, added, ct);
        await FactWriter.ChangeAsync(unit, changed, ct);
        await TallyWriter.AddAsync(unit, counters.NotZero(), ct);
        var facts = added.Count + changed.Count;
        StatisticsMetrics.Worked(facts, items.Count - facts);
    }

    /// <summary>A fact from a row with <see cref="Columns"/>.</summary>
    internal static Fact Read(NpgsqlDataReader row) => new(
        new(row.GetString(0), row.GetString(1)),
        row.IsDBNull(2)
            ? null
            : new(row.GetInt32(2), (ConsignmentState)row.GetInt16(3), row.GetFieldValue<DateTimeOffset>(4)),
        row.IsDBNull(5) ? null : new(row.GetInt32(5), row.GetInt32(6), row.GetFieldValue<DateTimeOffset>(7)),
        row.IsDBNull(8)
            ? null
            : new(
                row.GetInt32(8), row.GetInt32(9), row.GetFieldValue<DateTimeOffset>(10), row.GetString(11),
                FactLines.Read(row.GetFieldValue<byte[]>(12))));

    /// <summary>What the items say, by consignment.</summary>
    private static Dictionary<FactKey, Fact> Together(IReadOnlyList<object> items)
    {
        var said = new Dictionary<FactKey, Fact>(items.Count);
        foreach (var item in items)
        {
            if (item is ConsignmentJudged judged)
            {
                var key = new FactKey(judged.PlatformCode, judged.OrderNo);
                said[key] = said.GetValueOrDefault(key, new(key)).With(judged);
            }
            else
            {
                var decided = (ClearanceDecided)item;
                var key = new FactKey(decided.PlatformCode, decided.OrderNo);
                said[key] = said.GetValueOrDefault(key, new(key)).With(decided);
            }
        }

        return said;
    }

    /// <summary>The facts that are known, locked in the order of the key.</summary>
    private static async Task<List<Fact>> LockAsync(
        UnitOfWork unit, IReadOnlyCollection<FactKey> keys, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"""
            SELECT {Columns}
            FROM (SELECT * FROM unnest($1, $2) AS wanted (platform_code, order_no) ORDER BY 1, 2) AS wanted
            CROSS JOIN LATERAL (
              SELECT * FROM fact WHERE (platform_code, order_no) = (wanted.platform_code, wanted.order_no) FOR UPDATE) AS fact
            """,
            keys.Select(key => key.PlatformCode).ToArray(),
            keys.Select(key => key.OrderNo).ToArray());
        await using var rows = await command.ExecuteReaderAsync(ct);
        var facts = new List<Fact>();
        while (await rows.ReadAsync(ct))
        {
            facts.Add(Read(rows));
        }

        return facts;
    }
}
