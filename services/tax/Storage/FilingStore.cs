using Npgsql;
using Sandan.Shared.Storage;
using FiledGoods = Sandan.Tax.Domain.GoodsFiling;
using GoodsFiling = Sandan.Contracts.Events.GoodsFiling;

namespace Sandan.Tax.Storage;

/// <summary>What sellers filed for their goods.</summary>
internal static class FilingStore
{
    private const string FilingColumns =
        """
        seller_code, item_no, hs_code, legal_unit, legal_quantity_per_unit, net_weight_kg_per_unit, name, origin_country, unit
        """;

    /// <summary>The filings of these articles, as far as there are any.</summary>
    public static async Task<Filings> FindAsync(UnitOfWork unit, HashSet<ItemKey> items, CancellationToken ct)
    {
        var filings = new Filings();
        if (items.Count == 0)
        {
            return filings;
        }

        await using var command = unit.Command(
            $"""
            SELECT {FilingColumns} FROM goods_filing JOIN unnest($1, $2) AS asked (seller_code, item_no)
            USING (seller_code, item_no) WHERE version >= 0
            """,
            items.Select(item => item.SellerCode).ToArray(),
            items.Select(item => item.ItemNo).ToArray());
        await ReadAsync(command, filings, ct);
        return filings;
    }

    /// <summary>
    /// Reads them again, and none of them, filed or not, changes before this transaction ends: a filing under way is waited
    /// for, one that comes later finds what this transaction wrote into <c>missing_filing</c>.
    /// </summary>
    /// <param name="filings">Gets what is read.</param>
    public static async Task HoldAsync(
        UnitOfWork unit, HashSet<ItemKey> items, Filings filings, CancellationToken ct)
    {
        if (items.Count == 0)
        {
            return;
        }

        var sellers = items.Select(item => item.SellerCode).ToArray();
        var numbers = items.Select(item => item.ItemNo).ToArray();
        await unit.ExecuteAsync(
            """
            INSERT INTO goods_filing (seller_code, item_no, version)
            SELECT seller_code, item_no, -1 FROM unnest($1, $2) AS asked (seller_code, item_no) ORDER BY 1, 2
            ON CONFLICT DO NOTHING
            """,
            ct, sellers, numbers);
        await using var command = unit.Command(
            $"""
            SELECT {FilingColumns} FROM goods_filing JOIN unnest($1, $2) AS asked (seller_code, item_no)
            USING (seller_code, item_no) ORDER BY 1, 2 FOR SHARE OF goods_filing
            """,
            sellers, numbers);
        await ReadAsync(command, filings, ct);
    }

    /// <summary>Keeps filings, the newer version wins, and marks due what is held for them. One per article.</summary>
    /// <returns>Whether anything is due.</returns>
    public static async Task<bool> FileAsync(UnitOfWork unit, IReadOnlyList<GoodsFiling> filings, CancellationToken ct)
    {
        var sellers = filings.Select(filing => filing.SellerCode).ToArray();
        var numbers = filings.Select(filing => filing.ItemNo).ToArray();
        await unit.ExecuteAsync(
            """
            INSERT INTO goods_filing AS f (seller_code, item_no, version, hs_code, name, unit, legal_unit,
              legal_quantity_per_unit, net_weight_kg_per_unit, origin_country)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ORDER BY 1, 2
            ON CONFLICT (seller_code, item_no) DO UPDATE SET
              version = EXCLUDED.version, hs_code = EXCLUDED.hs_code, name = EXCLUDED.name, unit = EXCLUDED.unit,
              legal_unit = EXCLUDED.legal_unit, legal_quantity_per_unit = EXCLUDED.legal_quantity_per_unit,
              net_weight_kg_per_unit = EXCLUDED.net_weight_kg_per_unit, origin_country = EXCLUDED.origin_country
            WHERE f.version < EXCLUDED.version
            """,
            ct,
            sellers,
            numbers,
            filings.Select(filing => filing.Version).ToArray(),
            filings.Select(filing => filing.HsCode).ToArray(),
            filings.Select(filing => filing.Name).ToArray(),
            filings.Select(filing => filing.Unit).ToArray(),
            filings.Select(filing => filing.LegalUnit).ToArray(),
            filings.Select(filing => filing.LegalQuantityPerUnit).ToArray(),
            filings.Select(filing => filing.NetWeightKgPerUnit).ToArray(),
            filings.Select(filing => filing.OriginCountry).ToArray());

        // A statement of its own: only now, past the rows of HoldFilingsAsync, does it see all that is held. A row that is due
        // already is locked, or it could be taken, and found wanting, before this filing can be seen.
        return await unit.ExecuteAsync(
            """
            INSERT INTO due (platform_code, order_no)
            SELECT DISTINCT platform_code, order_no
            FROM missing_filing JOIN unnest($1, $2) AS filed (seller_code, item_no) USING (seller_code, item_no)
            ORDER BY 1, 2 ON CONFLICT (platform_code, order_no) DO UPDATE SET order_no = EXCLUDED.order_no
            """,
            ct, sellers, numbers) > 0;
    }

    private static async Task ReadAsync(NpgsqlCommand command, Filings filings, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (!reader.IsDBNull(2))
            {
                filings.Put(new(reader.GetString(0), reader.GetString(1)), new(
                    reader.GetString(2), Text(3), Number(4), Number(5), reader.GetString(6), Text(7), Unit: Text(8)));
            }
        }

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

        decimal? Number(int column) => reader.IsDBNull(column) ? null : reader.GetDecimal(column);
    }
}

/// <summary>Filings by seller, as the rules want them.</summary>
internal sealed class Filings
{
    private static readonly Dictionary<string, FiledGoods> None = [];

    private readonly Dictionary<string, Dictionary<string, FiledGoods>> bySeller = [];

    /// <summary>The filings of a seller by article.</summary>
    public IReadOnlyDictionary<string, FiledGoods> Of(string sellerCode) => bySeller.GetValueOrDefault(sellerCode, None);

    /// <summary>Keeps a filing in the place of one that was read before.</summary>
    public void Put(ItemKey item, FiledGoods filing)
    {
        if (!bySeller.TryGetValue(item.SellerCode, out var filings))
        {
            bySeller.Add(item.SellerCode, filings = []);
        }

        filings[item.ItemNo] = filing;
    }
}
