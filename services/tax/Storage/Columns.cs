using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;
using Sandan.Tax.Domain;

namespace Sandan.Tax.Storage;

/// <summary>Rows to columns: parameters of <c>unnest</c>, and rows for <c>COPY</c>.</summary>
internal static class Columns
{
    /// <summary>
    /// Whatever is looked up by the keys of a set is looked up by index: a plan made while a table was small would go on
    /// reading all of it.
    /// </summary>
    public static Task UseIndexesAsync(UnitOfWork unit, CancellationToken ct) =>
        unit.ExecuteAsync("SET LOCAL enable_seqscan = off", ct);

    /// <summary>A column of <paramref name="rows"/>.</summary>
    public static TValue[] Of<TRow, TValue>(IReadOnlyList<TRow> rows, Func<TRow, TValue> value)
    {
        var column = new TValue[rows.Count];
        for (var at = 0; at < column.Length; at++)
        {
            column[at] = value(rows[at]);
        }

        return column;
    }

    /// <summary>The same where values may be null, which tell no type.</summary>
    public static NpgsqlParameter Of<TRow, TValue>(IReadOnlyList<TRow> rows, NpgsqlDbType type, Func<TRow, TValue> value) =>
        new() { Value = Of(rows, value), NpgsqlDbType = NpgsqlDbType.Array | type };

    /// <summary>
    /// Adds rows that are not there, by COPY: it logs whole pages and not each row, and costs half of an INSERT.
    /// </summary>
    /// <param name="rows">In the order of the keys, so that two transactions cannot wait for each other.</param>
    /// <exception cref="RacedException">One of them is there after all.</exception>
    public static async Task AddAsync<TRow>(
        UnitOfWork unit,
        string copy,
        IReadOnlyList<TRow> rows,
        Func<NpgsqlBinaryImporter, TRow, CancellationToken, Task> write,
        CancellationToken ct)
    {
        if (rows.Count == 0)
        {
            return;
        }

        try
        {
            await using var import = await unit.Connection.BeginBinaryImportAsync(copy, ct);
            foreach (var row in rows)
            {
                await import.StartRowAsync(ct);
                await write(import, row, ct);
            }

            await import.CompleteAsync(ct);
        }
        catch (PostgresException raced) when (raced.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new RacedException();
        }
    }

    /// <summary>Weights as stored; null where there are none.</summary>
    public static byte[]? Kilograms(PersonYear year) =>
        year.UsedKg.Count == 0 ? null : EventBytes.Write(new Dictionary<string, decimal>(year.UsedKg));

    /// <summary>A year from its two columns.</summary>
    public static PersonYear ReadYear(NpgsqlDataReader row, int cny, int kg) => new(
        row.GetDecimal(cny),
        row.IsDBNull(kg)
            ? PersonYear.Empty.UsedKg
            : EventBytes.Read<Dictionary<string, decimal>>(row.GetFieldValue<byte[]>(kg)));
}
