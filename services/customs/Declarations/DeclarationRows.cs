using Npgsql;
using Sandan.Contracts.Events;

namespace Sandan.Customs.Declarations;

/// <summary>What the tables of declarations have in common: what was declared, how many results it has, and the last of them.</summary>
internal static class DeclarationRows
{
    /// <summary>What <see cref="ReadAsync"/> reads, in this order.</summary>
    public const string Columns = "body, receipts, status, code, decided_at";

    /// <summary>All rows of a query for <see cref="Columns"/>.</summary>
    /// <typeparam name="TBody">What the column body holds.</typeparam>
    /// <typeparam name="TRow">What a row is made into.</typeparam>
    public static async Task<List<TRow>> ReadAsync<TBody, TRow>(
        NpgsqlCommand command, Func<TBody, int, DeclarationResult?, DateTimeOffset?, TRow> make, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        var found = new List<TRow>();
        while (await row.ReadAsync(ct))
        {
            found.Add(make(
                EventBytes.Read<TBody>((byte[])row[0]),
                row.GetInt16(1),
                row.IsDBNull(2) ? null : new(row.GetString(2), row.GetString(3)),
                row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4)));
        }

        return found;
    }
}
