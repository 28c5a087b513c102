using Npgsql;
using Sandan.Statistics.Domain;

namespace Sandan.Statistics.Storage;

/// <summary>What a range adds up to: in rows as asked for, in all, and by state.</summary>
internal sealed record Sums(
    List<KeyValuePair<string, Amounts>> Rows, Amounts Total, Dictionary<string, long> States);

/// <summary>Reads the counters. All reads of one answer see the same moment.</summary>
internal sealed class TallyReader(NpgsqlDataSource database)
{
    /// <summary>
    /// Sums over [from, to) of the dimension asked for, of everything, and of the states; by key, or by hour where
    /// <paramref name="byHour"/> is set (the key is then the hour in ISO form, and the dimension does not matter).
    /// </summary>
    public async Task<Sums> SumAsync(
        Dimension dimension, Func<DateTimeOffset, string>? byHour, DateTimeOffset from, DateTimeOffset to,
        CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT dimension, CASE WHEN dimension = 0 THEN hour END AS at, key,
                   sum(consignments)::bigint, sum(lines)::bigint, sum(value), sum(tax)
            FROM tally WHERE dimension IN (0, 4, $1) AND hour >= $2 AND hour < $3 AND consignments > 0
            GROUP BY dimension, at, key ORDER BY dimension, at, key COLLATE "C"
            """);
        command.Parameters.Add(new() { Value = (short)dimension });
        command.Parameters.Add(new() { Value = from.ToUniversalTime() });
        command.Parameters.Add(new() { Value = to.ToUniversalTime() });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<KeyValuePair<string, Amounts>>();
        var total = default(Amounts);
        var states = new Dictionary<string, long>();
        while (await reader.ReadAsync(ct))
        {
            var amounts = new Amounts(
                reader.GetInt64(3), reader.GetInt64(4), reader.GetDecimal(5), reader.GetDecimal(6));
            switch ((Dimension)reader.GetInt16(0))
            {
                case Dimension.All:
                    total += amounts;
                    if (byHour is not null)
                    {
                        Add(rows, byHour(reader.GetFieldValue<DateTimeOffset>(1)), amounts);
                    }

                    break;
                case Dimension.State:
                    states[reader.GetString(2)] = amounts.Consignments;
                    break;
                default:
                    rows.Add(new(reader.GetString(2), amounts));
                    break;
            }
        }

        return new(rows, total, states);
    }

    /// <summary>Rows come by the hour, so equal keys follow one another.</summary>
    private static void Add(List<KeyValuePair<string, Amounts>> rows, string key, Amounts amounts)
    {
        if (rows is [.., var last] && last.Key == key)
        {
            rows[^1] = new(key, last.Value + amounts);
        }
        else
        {
            rows.Add(new(key, amounts));
        }
    }
}
