using Sandan.Shared.Storage;
using Sandan.Statistics.Domain;

namespace Sandan.Statistics.Storage;

/// <summary>Adds to the counters.</summary>
internal static class TallyWriter
{
    /// <summary>
    /// Adds in two statements, both in the order of the keys: rows are made empty, then locked and changed. One upsert
    /// would not do: it checks the row it would insert, and what is taken back is negative.
    /// </summary>
    /// <param name="changes">Sorted by key, each key once.</param>
    public static async Task AddAsync(
        UnitOfWork unit, List<KeyValuePair<CounterKey, Amounts>> changes, CancellationToken ct)
    {
        if (changes.Count == 0)
        {
            return;
        }

        object[] keys =
        [
            changes.ConvertAll(one => (short)one.Key.Dimension).ToArray(),
            changes.ConvertAll(one => one.Key.Hour).ToArray(),
            changes.ConvertAll(one => one.Key.Key).ToArray(),
        ];
        await unit.ExecuteAsync(
            """
            INSERT INTO tally (dimension, hour, key, consignments, lines, value, tax)
            SELECT dimension, hour, key, 0, 0, 0, 0 FROM unnest($1, $2, $3) AS new (dimension, hour, key)
            ON CONFLICT DO NOTHING
            """,
            ct,
            keys);
        await unit.ExecuteAsync(
            """
            WITH delta AS (
              SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
                AS delta (dimension, hour, key, consignments, lines, value, tax)
            ), locked AS MATERIALIZED (
              SELECT tally.dimension, tally.hour, tally.key
              FROM tally JOIN delta USING (dimension, hour, key)
              ORDER BY tally.dimension, tally.hour, tally.key COLLATE "C"
              FOR UPDATE OF tally
            )
            UPDATE tally SET
              consignments = tally.consignments + delta.consignments,
              lines = tally.lines + delta.lines,
              value = tally.value + delta.value,
              tax = tally.tax + delta.tax
            FROM locked JOIN delta USING (dimension, hour, key)
            WHERE (tally.dimension, tally.hour, tally.key) = (locked.dimension, locked.hour, locked.key)
            """,
            ct,
            [
                .. keys,
                changes.ConvertAll(one => one.Value.Consignments).ToArray(),
                changes.ConvertAll(one => one.Value.Lines).ToArray(),
                changes.ConvertAll(one => one.Value.Value).ToArray(),
                changes.ConvertAll(one => one.Value.Tax).ToArray(),
            ]);
    }
}
