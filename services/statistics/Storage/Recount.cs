using System.Data;
using Npgsql;
using Sandan.Statistics.Domain;

namespace Sandan.Statistics.Storage;

/// <summary>A counter that is not what the facts say.</summary>
internal sealed record Difference(
    string Dimension, DateTimeOffset Hour, string Key, Amounts Counted, Amounts Recounted);

/// <summary>What came of counting anew.</summary>
/// <param name="Equal">Every counter is the sum over the facts.</param>
/// <param name="Facts">Consignments read.</param>
/// <param name="Counters">Counters compared.</param>
/// <param name="DifferenceCount">All differences; <paramref name="Differences"/> lists the first 100.</param>
internal sealed record Recount(
    bool Equal, long Facts, long Counters, long DifferenceCount, IReadOnlyList<Difference> Differences)
{
    private const int ListedMax = 100;

    /// <summary>Reads all facts and all counters as of one moment; consumers go on meanwhile.</summary>
    public static async Task<Recount> RunAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var (counters, facts) = await CountAsync(connection, ct);
        var compared = 0L;
        var differences = new List<Difference>();
        await using (var command = new NpgsqlCommand(
            "SELECT dimension, hour, key, consignments, lines, value, tax FROM tally", connection))
        await using (var rows = await command.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
            {
                var key = new CounterKey(
                    (Dimension)rows.GetInt16(0), rows.GetFieldValue<DateTimeOffset>(1), rows.GetString(2));
                var counted = new Amounts(rows.GetInt64(3), rows.GetInt64(4), rows.GetDecimal(5), rows.GetDecimal(6));
                Compare(key, counted, counters[key]);
                counters.Add(key, -counters[key]);
            }
        }

        foreach (var (key, recounted) in counters.NotZero())
        {
            Compare(key, default, recounted);
        }

        return new(differences.Count == 0, facts, compared, differences.Count, [.. differences.Take(ListedMax)]);

        void Compare(CounterKey key, Amounts counted, Amounts recounted)
        {
            compared++;
            if (counted != recounted)
            {
                differences.Add(new(
                    key.Dimension.ToString().ToLowerInvariant(), key.Hour, key.Key, counted, recounted));
            }
        }
    }

    private static async Task<(Counters Counters, long Facts)> CountAsync(
        NpgsqlConnection connection, CancellationToken ct)
    {
        var counters = new Counters();
        var facts = 0L;
        await using var command = new NpgsqlCommand($"SELECT {FactStore.Columns} FROM fact", connection);
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            FactStore.Read(rows).AddTo(counters, 1);
            facts++;
        }

        return (counters, facts);
    }
}
