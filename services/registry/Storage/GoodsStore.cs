using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts.Events;
using Sandan.Registry.Domain;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Registry.Storage;

/// <summary>A filing as stored.</summary>
/// <param name="Version">Counts the changes, from 1.</param>
internal sealed record StoredFiling(Filing Filing, int Version, DateTimeOffset ChangedAt);

/// <summary>The goods that sellers filed.</summary>
internal sealed class GoodsStore(NpgsqlDataSource database, OutboxSignal signal, TimeProvider time)
{
    /// <summary>Most filings in one event.</summary>
    public const int FilingsPerEventMax = 500;

    private const string Columns =
        """
        seller_code, item_no, hs_code, name, model, unit, legal_unit, legal_quantity_per_unit, net_weight_kg_per_unit,
        origin_country, version, changed_at
        """;

    /// <summary>Stores filings, each key at most once, and tells of those that are new or changed.</summary>
    /// <returns>Version by key, of the new and changed ones only.</returns>
    public async Task<IReadOnlyDictionary<(string SellerCode, string ItemNo), int>> StoreAsync(
        IReadOnlyList<Filing> filings, CancellationToken ct)
    {
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        var versions = await UpsertAsync(unit, filings, ct);
        foreach (var part in filings.Where(one => versions.ContainsKey(one.Key)).Chunk(FilingsPerEventMax))
        {
            unit.Publish(new GoodsFiled(
            [
                .. part.Select(one => new GoodsFiling(
                    one.SellerCode, one.ItemNo, one.HsCode, one.Name, one.Unit, one.LegalUnit, one.LegalQuantityPerUnit,
                    one.NetWeightKgPerUnit, one.OriginCountry, versions[one.Key])),
            ]));
        }

        await unit.CommitAsync(ct);
        return versions;
    }

    /// <summary>The filing of an article; null where there is none.</summary>
    public async Task<StoredFiling?> FindAsync(string sellerCode, string itemNo, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM goods WHERE seller_code = $1 AND item_no = $2");
        command.Parameters.Add(new() { Value = sellerCode });
        command.Parameters.Add(new() { Value = itemNo });
        return (await ReadAsync(command, ct)).SingleOrDefault();
    }

    /// <summary>Filings by seller and article number, after a key; of one seller where it is given.</summary>
    public async Task<List<StoredFiling>> ListAsync(
        string? sellerCode, (string SellerCode, string ItemNo) after, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {Columns} FROM goods
            WHERE (seller_code, item_no) > ($1, $2) AND ($3::text IS NULL OR seller_code = $3)
            ORDER BY seller_code, item_no LIMIT $4
            """);
        command.Parameters.Add(new() { Value = after.SellerCode });
        command.Parameters.Add(new() { Value = after.ItemNo });
        command.Parameters.Add(new() { Value = (object?)sellerCode ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = limit });
        return await ReadAsync(command, ct);
    }

    private async Task<Dictionary<(string, string), int>> UpsertAsync(
        UnitOfWork unit, IReadOnlyList<Filing> filings, CancellationToken ct)
    {
        // Sorted by key, so that two requests with the same goods never wait for each other in a circle.
        await using var command = unit.Command(
            """
            INSERT INTO goods (
              seller_code, item_no, hs_code, name, model, unit, legal_unit, legal_quantity_per_unit, net_weight_kg_per_unit,
              origin_country, version, changed_at)
            SELECT new.*, 1, $11
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS new (seller_code, item_no)
            ORDER BY seller_code, item_no
            ON CONFLICT (seller_code, item_no) DO UPDATE
            SET hs_code = excluded.hs_code, name = excluded.name, model = excluded.model, unit = excluded.unit,
                legal_unit = excluded.legal_unit, legal_quantity_per_unit = excluded.legal_quantity_per_unit,
                net_weight_kg_per_unit = excluded.net_weight_kg_per_unit, origin_country = excluded.origin_country,
                version = goods.version + 1, changed_at = excluded.changed_at
            WHERE (goods.hs_code, goods.name, goods.model, goods.unit, goods.legal_unit, goods.legal_quantity_per_unit,
                   goods.net_weight_kg_per_unit, goods.origin_country)
              IS DISTINCT FROM
                  (excluded.hs_code, excluded.name, excluded.model, excluded.unit, excluded.legal_unit,
                   excluded.legal_quantity_per_unit, excluded.net_weight_kg_per_unit, excluded.origin_country)
            RETURNING seller_code, item_no, version
            """,
            Texts(filings.Select(one => one.SellerCode)),
            Texts(filings.Select(one => one.ItemNo)),
            Texts(filings.Select(one => one.HsCode)),
            Texts(filings.Select(one => one.Name)),
            Texts(filings.Select(one => one.Model)),
            Texts(filings.Select(one => one.Unit)),
            Texts(filings.Select(one => one.LegalUnit)),
            Amounts(filings.Select(one => one.LegalQuantityPerUnit)),
            Amounts(filings.Select(one => one.NetWeightKgPerUnit)),
            Texts(filings.Select(one => one.OriginCountry)),
            time.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var versions = new Dictionary<(string, string), int>();
        while (await reader.ReadAsync(ct))
        {
            versions.Add((reader.GetString(0), reader.GetString(1)), reader.GetInt32(2));
        }

        return versions;
    }

    private static async Task<List<StoredFiling>> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var filings = new List<StoredFiling>();
        while (await reader.ReadAsync(ct))
        {
            filings.Add(new(
                new(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetString(2),
                    reader.GetString(3),
                    reader.IsDBNull(4) ? null : reader.GetString(4),
                    reader.GetString(5),
                    reader.IsDBNull(6) ? null : reader.GetString(6),
                    reader.IsDBNull(7) ? null : reader.GetDecimal(7),
                    reader.IsDBNull(8) ? null : reader.GetDecimal(8),
                    reader.GetString(9)),
                reader.GetInt32(10),
                reader.GetFieldValue<DateTimeOffset>(11)));
        }

        return filings;
    }

    private static NpgsqlParameter Texts(IEnumerable<string?> texts) =>
        new() { Value = texts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter Amounts(IEnumerable<decimal?> amounts) =>
        new() { Value = amounts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Numeric };
}
