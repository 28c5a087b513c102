using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;
using Sandan.Tax.Domain;
using FiledGoods = Sandan.Tax.Domain.GoodsFiling;
using GoodsFiling = Sandan.Contracts.Events.GoodsFiling;

namespace Sandan.Tax.Storage;

/// <summary>
/// The tables of tax: a handful of statements per message, never one per consignment. Every transaction takes its locks in
/// the same order (filings, consignments, persons), each sorted by key; READ COMMITTED is enough, because nothing is read
/// to be changed before it is locked.
/// </summary>
internal static class TaxStore
{
    private const string RowColumns =
        """
        a.platform_code, a.order_no, a.seller_code, a.judged_revision, a.rejected_revision, a.revision, a.attempt, a.route,
        a.cancelled, a.person_index, a.year, a.booked_cny, a.booked_kg::text, a.reasons::text, a.mode, a.goods,
        a.released_revision, a.returned_cny, a.returned_kg::text
        """;

    private const string FilingColumns =
        """
        seller_code, item_no, hs_code, legal_unit, legal_quantity_per_unit, net_weight_kg_per_unit, name, origin_country, unit
        """;

    /// <summary>The filings of these articles, as far as there are any.</summary>
    public static async Task<Dictionary<ItemKey, FiledGoods>> FilingsAsync(
        UnitOfWork unit, IReadOnlyCollection<ItemKey> items, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"""
            SELECT {FilingColumns} FROM goods_filing JOIN unnest($1, $2) AS asked (seller_code, item_no)
            USING (seller_code, item_no) WHERE version >= 0
            """,
            items.Select(item => item.SellerCode).ToArray(),
            items.Select(item => item.ItemNo).ToArray());
        return await ReadFilingsAsync(command, ct);
    }

    /// <summary>
    /// The same, and none of them, filed or not, changes before this transaction ends: a filing under way is waited for, one
    /// that comes later finds what this transaction wrote into <c>missing_filing</c>.
    /// </summary>
    public static async Task<Dictionary<ItemKey, FiledGoods>> HoldFilingsAsync(
        UnitOfWork unit, IReadOnlyCollection<ItemKey> items, CancellationToken ct)
    {
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
        return await ReadFilingsAsync(command, ct);
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

    /// <summary>
    /// Notes the revisions that are newer than what came before, and returns those consignments, locked, with what was
    /// assessed before. Revisions after the released one are not noted. One per consignment.
    /// </summary>
    public static async Task<List<ConsignmentRow>> JudgeAsync(
        UnitOfWork unit, IReadOnlyList<ConsignmentJudged> judged, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"""
            INSERT INTO assessment AS a (platform_code, order_no, seller_code, judged_revision)
            SELECT * FROM unnest($1, $2, $3, $4) ORDER BY 1, 2
            ON CONFLICT (platform_code, order_no) DO UPDATE
              SET judged_revision = EXCLUDED.judged_revision, seller_code = EXCLUDED.seller_code
              WHERE a.judged_revision < EXCLUDED.judged_revision
                AND (a.released_revision IS NULL OR a.released_revision >= EXCLUDED.judged_revision)
            RETURNING {RowColumns}
            """,
            judged.Select(one => one.PlatformCode).ToArray(),
            judged.Select(one => one.OrderNo).ToArray(),
            judged.Select(one => one.SellerCode).ToArray(),
            judged.Select(one => one.Revision).ToArray());
        return await ReadRowsAsync(command, ct);
    }

    /// <summary>
    /// Notes the decisions that are newer than what came before, and returns those consignments, locked. A release is the
    /// last that is noted. One per consignment.
    /// </summary>
    /// <param name="decided">Decisions that reject, that follow upon a rejection, or that release.</param>
    public static async Task<List<ConsignmentRow>> DecideAsync(
        UnitOfWork unit,
        IReadOnlyList<ClearanceDecided> decided,
        int statusRejected,
        int statusReleased,
        CancellationToken ct)
    {
        await using var command = unit.Command(
            $"""
            INSERT INTO assessment AS a (platform_code, order_no, seller_code, decision, rejected_revision, released_revision)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6) ORDER BY 1, 2
            ON CONFLICT (platform_code, order_no) DO UPDATE
              SET decision = EXCLUDED.decision, rejected_revision = EXCLUDED.rejected_revision,
                released_revision = EXCLUDED.released_revision
              WHERE a.decision < EXCLUDED.decision AND a.released_revision IS NULL
            RETURNING {RowColumns}
            """,
            decided.Select(one => one.PlatformCode).ToArray(),
            decided.Select(one => one.OrderNo).ToArray(),
            decided.Select(one => one.SellerCode).ToArray(),
            decided.Select(one => one.Decision).ToArray(),
            decided.Select(one => one.Status == statusRejected ? one.Revision : (int?)null).ToArray(),
            decided.Select(one => one.Status == statusReleased ? one.Revision : (int?)null).ToArray());
        return await ReadRowsAsync(command, ct);
    }

    /// <summary>Marks consignments to be assessed again; they are locked by this transaction.</summary>
    public static Task MarkDueAsync(UnitOfWork unit, IReadOnlyList<ConsignmentKey> keys, CancellationToken ct) =>
        unit.ExecuteAsync(
            "INSERT INTO due (platform_code, order_no) SELECT * FROM unnest($1, $2) ORDER BY 1, 2 ON CONFLICT DO NOTHING",
            ct, Platforms(keys), OrderNumbers(keys));

    /// <summary>Marks every held consignment: lists, rates and limits may be others than before.</summary>
    public static async Task MarkHeldDueAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            INSERT INTO due (platform_code, order_no)
            SELECT platform_code, order_no FROM assessment
            WHERE route = 'Held' AND NOT cancelled AND released_revision IS NULL ORDER BY 1, 2
            ON CONFLICT DO NOTHING
            """);
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Takes consignments that are due, locked; those that another instance has taken are left to it.</summary>
    public static async Task<List<ConsignmentRow>> TakeDueAsync(UnitOfWork unit, int rowsMax, CancellationToken ct)
    {
        var keys = await TakeDueKeysAsync(unit, rowsMax, ct);
        if (keys.Count == 0)
        {
            return [];
        }

        await using var command = unit.Command(
            $"""
            SELECT {RowColumns} FROM assessment AS a JOIN unnest($1, $2) AS taken (platform_code, order_no)
            USING (platform_code, order_no) ORDER BY 1, 2 FOR UPDATE OF a
            """,
            Platforms(keys), OrderNumbers(keys));
        return await ReadRowsAsync(command, ct);
    }

    /// <summary>Takes the first consignments that are due, without looking at them.</summary>
    public static async Task<List<ConsignmentKey>> TakeDueKeysAsync(UnitOfWork unit, int rowsMax, CancellationToken ct)
    {
        await using var take = unit.Command(
            """
            DELETE FROM due USING
              (SELECT platform_code, order_no FROM due ORDER BY 1, 2 LIMIT $1 FOR UPDATE SKIP LOCKED) AS first
            WHERE due.platform_code = first.platform_code AND due.order_no = first.order_no
            RETURNING due.platform_code, due.order_no
            """,
            rowsMax);
        await using var reader = await take.ExecuteReaderAsync(ct);
        var keys = new List<ConsignmentKey>();
        while (await reader.ReadAsync(ct))
        {
            keys.Add(new(reader.GetString(0), reader.GetString(1)));
        }

        return keys;
    }

    /// <summary>What these persons have bought in these years; the rows exist and are locked from now on.</summary>
    public static async Task<Dictionary<PersonYearKey, PersonYear>> LockPersonYearsAsync(
        UnitOfWork unit, IReadOnlyCollection<PersonYearKey> keys, CancellationToken ct)
    {
        var persons = keys.Select(key => key.PersonIndex).ToArray();
        var years = keys.Select(key => key.Year).ToArray();
        await unit.ExecuteAsync(
            """
            INSERT INTO person_year (person_index, year) SELECT * FROM unnest($1, $2) ORDER BY 1, 2 ON CONFLICT DO NOTHING
            """,
            ct, persons, years);
        await using var command = unit.Command(
            """
            SELECT person_index, year, used_cny, used_kg::text
            FROM person_year JOIN unnest($1, $2) AS asked (person_index, year) USING (person_index, year)
            ORDER BY 1, 2 FOR UPDATE OF person_year
            """,
            persons, years);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var used = new Dictionary<PersonYearKey, PersonYear>();
        while (await reader.ReadAsync(ct))
        {
            used.Add(
                new(reader.GetString(0), reader.GetInt32(1)), new(reader.GetDecimal(2), Kilograms(reader.GetString(3))));
        }

        return used;
    }

    /// <summary>Writes what a transaction decided, in one round trip.</summary>
    /// <param name="assessed">Assessments, one per consignment.</param>
    /// <param name="cancelled">Consignments whose assessment holds no longer.</param>
    /// <param name="kept">Consignments whose assessment was released: it holds, also where it was cancelled.</param>
    /// <param name="used">Years of persons with their new sums.</param>
    public static async Task WriteAsync(
        UnitOfWork unit,
        IReadOnlyList<NewAssessment> assessed,
        IReadOnlyList<ConsignmentKey> cancelled,
        IReadOnlyList<ConsignmentKey> kept,
        IReadOnlyDictionary<PersonYearKey, PersonYear> used,
        CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(unit.Connection, unit.Transaction);
        if (cancelled.Count > 0)
        {
            Add(batch,
                """
                UPDATE assessment AS a SET cancelled = true, booked_cny = 0, booked_kg = '{}',
                  returned_cny = a.booked_cny, returned_kg = a.booked_kg
                FROM unnest($1, $2) AS gone (platform_code, order_no)
                WHERE a.platform_code = gone.platform_code AND a.order_no = gone.order_no
                """,
                Platforms(cancelled), OrderNumbers(cancelled));
        }

        if (kept.Count > 0)
        {
            Add(batch,
                """
                UPDATE assessment AS a SET cancelled = false, booked_cny = a.returned_cny, booked_kg = a.returned_kg,
                  returned_cny = 0, returned_kg = '{}'
                FROM unnest($1, $2) AS kept (platform_code, order_no)
                WHERE a.platform_code = kept.platform_code AND a.order_no = kept.order_no AND a.cancelled
                """,
                Platforms(kept), OrderNumbers(kept));
        }

        if (assessed.Count > 0)
        {
            AddAssessments(batch, assessed);
        }

        if (used.Count > 0)
        {
            Add(batch,
                """
                UPDATE person_year AS p SET used_cny = new.used_cny, used_kg = new.used_kg
                FROM unnest($1, $2, $3, $4) AS new (person_index, year, used_cny, used_kg)
                WHERE p.person_index = new.person_index AND p.year = new.year
                """,
                used.Keys.Select(key => key.PersonIndex).ToArray(),
                used.Keys.Select(key => key.Year).ToArray(),
                used.Values.Select(year => year.UsedCny).ToArray(),
                Jsonb(used.Values.Select(year => Json(year.UsedKg))));
        }

        AddMissing(batch, [.. cancelled, .. kept, .. assessed.Select(one => one.Key)], assessed);
        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(ct);
        }
    }

    private static void AddAssessments(NpgsqlBatch batch, IReadOnlyList<NewAssessment> assessed) => Add(batch,
        """
        UPDATE assessment AS a SET
          revision = new.revision, attempt = new.attempt, route = new.route, cancelled = new.cancelled,
          person_index = new.person_index, year = new.year, booked_cny = new.booked_cny, booked_kg = new.booked_kg,
          dutiable_value = new.dutiable_value, tariff = new.tariff, vat = new.vat, consumption_tax = new.consumption_tax,
          reasons = new.reasons, lines = new.lines, list_from = new.list_from, mode = new.mode, goods = new.goods,
          assessed_at = new.assessed_at, returned_cny = new.returned_cny, returned_kg = new.returned_kg
        FROM unnest(
          $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) AS new (
          platform_code, order_no, revision, attempt, route, cancelled, person_index, year, booked_cny, booked_kg,
          dutiable_value, tariff, vat, consumption_tax, reasons, lines, list_from, mode, goods, assessed_at,
          returned_cny, returned_kg)
        WHERE a.platform_code = new.platform_code AND a.order_no = new.order_no
        """,
        Platforms(assessed.Select(one => one.Key)),
        OrderNumbers(assessed.Select(one => one.Key)),
        assessed.Select(one => one.Event.Revision).ToArray(),
        assessed.Select(one => one.Event.Attempt).ToArray(),
        assessed.Select(one => one.Event.Route.ToString()).ToArray(),
        assessed.Select(one => one.Cancelled).ToArray(),
        assessed.Select(one => one.Person.PersonIndex).ToArray(),
        assessed.Select(one => one.Person.Year).ToArray(),
        assessed.Select(one => one.Booked.UsedCny).ToArray(),
        Jsonb(assessed.Select(one => Json(one.Booked.UsedKg))),
        assessed.Select(one => one.Event.DutiableValue).ToArray(),
        assessed.Select(one => one.Event.Tariff).ToArray(),
        assessed.Select(one => one.Event.Vat).ToArray(),
        assessed.Select(one => one.Event.ConsumptionTax).ToArray(),
        Jsonb(assessed.Select(one => Json(one.Event.Reasons))),
        Jsonb(assessed.Select(one => Json(one.Event.Lines))),
        assessed.Select(one => one.ListFrom).ToArray(),
        assessed.Select(one => one.Taxable.Mode).ToArray(),
        assessed.Select(one => EventBytes.Write(one.Taxable.Goods))
            .ToArray(),
        assessed.Select(one => one.Event.AssessedAt).ToArray(),
        assessed.Select(one => one.Returned.UsedCny).ToArray(),
        Jsonb(assessed.Select(one => Json(one.Returned.UsedKg))));

    /// <summary>What was held for filings is so no longer, except what is held anew.</summary>
    private static void AddMissing(
        NpgsqlBatch batch, ConsignmentKey[] touched, IReadOnlyList<NewAssessment> assessed)
    {
        if (touched.Length == 0)
        {
            return;
        }

        var missing = assessed.SelectMany(one => one.WaitsFor.Select(item => (item, one.Key))).ToArray();
        Add(batch,
            """
            DELETE FROM missing_filing AS m USING unnest($1, $2) AS done (platform_code, order_no)
            WHERE m.platform_code = done.platform_code AND m.order_no = done.order_no
            """,
            Platforms(touched), OrderNumbers(touched));
        if (missing.Length > 0)
        {
            Add(batch,
                """
                INSERT INTO missing_filing (seller_code, item_no, platform_code, order_no)
                SELECT * FROM unnest($1, $2, $3, $4) ORDER BY 1, 2, 3, 4 ON CONFLICT DO NOTHING
                """,
                missing.Select(one => one.item.SellerCode).ToArray(),
                missing.Select(one => one.item.ItemNo).ToArray(),
                Platforms(missing.Select(one => one.Key)),
                OrderNumbers(missing.Select(one => one.Key)));
        }
    }

    /// <summary>As stored in <c>reasons</c> and comparable with <see cref="AssessedRow.ReasonsJson"/> once parsed.</summary>
    public static string Json(IReadOnlyList<TaxReason> reasons) =>
        JsonSerializer.Serialize(reasons, EventJson.Default.IReadOnlyListTaxReason);

    private static string Json(IReadOnlyList<TaxedLine> lines) =>
        JsonSerializer.Serialize(lines, EventJson.Default.IReadOnlyListTaxedLine);

    private static string Json(IReadOnlyDictionary<string, decimal> kilograms) => JsonSerializer.Serialize(kilograms);

    private static Dictionary<string, decimal> Kilograms(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, decimal>>(json)!;

    private static string[] Platforms(IEnumerable<ConsignmentKey> keys) => [.. keys.Select(key => key.PlatformCode)];

    private static string[] OrderNumbers(IEnumerable<ConsignmentKey> keys) => [.. keys.Select(key => key.OrderNo)];

    private static NpgsqlParameter Jsonb(IEnumerable<string> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb };

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        }

        batch.BatchCommands.Add(command);
    }

    private static async Task<Dictionary<ItemKey, FiledGoods>> ReadFilingsAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var filings = new Dictionary<ItemKey, FiledGoods>();
        while (await reader.ReadAsync(ct))
        {
            if (!reader.IsDBNull(2))
            {
                filings.Add(new(reader.GetString(0), reader.GetString(1)), new(
                    reader.GetString(2), Text(3), Number(4), Number(5), reader.GetString(6), Text(7), Unit: Text(8)));
            }
        }

        return filings;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

        decimal? Number(int column) => reader.IsDBNull(column) ? null : reader.GetDecimal(column);
    }

    private static async Task<List<ConsignmentRow>> ReadRowsAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<ConsignmentRow>();
        while (await reader.ReadAsync(ct))
        {
            var assessed = reader.IsDBNull(5) ? null : new AssessedRow(
                reader.GetInt32(5),
                reader.GetInt32(6),
                Enum.Parse<Route>(reader.GetString(7)),
                reader.GetBoolean(8),
                new(reader.GetString(9), reader.GetInt32(10)),
                new(reader.GetDecimal(11), Kilograms(reader.GetString(12))),
                new(reader.GetDecimal(17), Kilograms(reader.GetString(18))),
                reader.GetString(13),
                new(
                    reader.IsDBNull(14) ? null : reader.GetInt32(14),
                    EventBytes.Read<ConsignmentGoods>((byte[])reader[15])));
            rows.Add(new(
                new(reader.GetString(0), reader.GetString(1)),
                reader.GetString(2),
                reader.GetInt32(3),
                reader.IsDBNull(4) ? null : reader.GetInt32(4),
                reader.IsDBNull(16) ? null : reader.GetInt32(16),
                assessed));
        }

        return rows;
    }
}
