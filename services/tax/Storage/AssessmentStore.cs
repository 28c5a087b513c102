using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;
using Sandan.Tax.Domain;

namespace Sandan.Tax.Storage;

/// <summary>
/// Consignments with what was assessed and decided: a handful of statements per set, never one per consignment. Every
/// transaction takes its locks in the same order (filings, known consignments, known persons, then new consignments and
/// new persons), each sorted by key; READ COMMITTED is enough, because nothing is read to be changed before it is locked.
/// </summary>
internal static class AssessmentStore
{
    private const string RowColumns =
        """
        a.id, a.platform_code, a.order_no, a.seller_code, a.judged_revision, a.decision, a.rejected_revision,
        a.released_revision, a.revision, a.attempt, a.route, a.cancelled, a.person_index, a.year, a.quota_cny, a.quota_kg,
        a.details
        """;

    /// <summary>Those of these consignments that are known, locked.</summary>
    public static async Task<Dictionary<ConsignmentKey, ConsignmentRow>> LockAsync(
        UnitOfWork unit, IReadOnlyList<ConsignmentKey> keys, CancellationToken ct)
    {
        var rows = new Dictionary<ConsignmentKey, ConsignmentRow>();
        await using (var command = unit.Command(
            $"""
            SELECT {RowColumns} FROM (SELECT * FROM unnest($1, $2) AS asked (platform_code, order_no) ORDER BY 1, 2) AS asked
            CROSS JOIN LATERAL (
              SELECT * FROM assessment WHERE (platform_code, order_no) = (asked.platform_code, asked.order_no) FOR UPDATE) AS a
            """,
            Columns.Of(keys, key => key.PlatformCode),
            Columns.Of(keys, key => key.OrderNo)))
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                var row = Read(reader);
                rows.Add(row.Key, row);
            }
        }

        return rows.Count == 0 ? rows : await WithReleasesAsync(unit, rows, ct);
    }

    /// <summary>
    /// Notes the releases of what stands as it was assessed. Consignments are locked; those that are not noted yet need
    /// <see cref="LockAsync"/> and a closer look.
    /// </summary>
    /// <param name="released">One per consignment.</param>
    /// <returns>The places of those that were noted, now or before.</returns>
    public static async Task<HashSet<long>> ReleaseAsync(
        UnitOfWork unit, IReadOnlyList<ClearanceDecided> released, CancellationToken ct)
    {
        var (ids, places) = (new List<long>(released.Count), new HashSet<long>(released.Count));
        await using (var command = unit.Command(
            """
            SELECT a.id, asked.place
            FROM (
              SELECT * FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS asked (platform_code, order_no, revision, decision, place)
              ORDER BY 1, 2) AS asked
            CROSS JOIN LATERAL (
              SELECT id FROM assessment
              WHERE (platform_code, order_no) = (asked.platform_code, asked.order_no)
                AND revision = asked.revision AND judged_revision = asked.revision AND route <> $5 AND NOT cancelled
                AND decision < asked.decision AND released_revision IS NULL
              FOR UPDATE) AS a
            """,
            Columns.Of(released, one => one.PlatformCode),
            Columns.Of(released, one => one.OrderNo),
            Columns.Of(released, one => one.Revision),
            Columns.Of(released, one => one.Decision),
            (short)Route.Held))
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                ids.Add(reader.GetInt64(0));
                places.Add(reader.GetInt64(1) - 1);
            }
        }

        if (ids.Count > 0)
        {
            await unit.ExecuteAsync(
                "INSERT INTO released (id) SELECT * FROM unnest($1) ON CONFLICT DO NOTHING", ct, ids.ToArray());
        }

        return places;
    }

    /// <summary>Adds consignments that nobody heard of before.</summary>
    /// <exception cref="RacedException">Another transaction heard of one at the same time.</exception>
    public static Task AddAsync(UnitOfWork unit, List<ConsignmentRow> rows, CancellationToken ct)
    {
        rows.Sort((left, right) => left.Key.CompareTo(right.Key));
        return Columns.AddAsync(
            unit,
            """
            COPY assessment (platform_code, order_no, seller_code, judged_revision, decision, rejected_revision,
              released_revision, revision, attempt, route, cancelled, person_index, year, quota_cny, quota_kg, details)
            FROM STDIN (FORMAT BINARY)
            """,
            rows, WriteAsync, ct);
    }

    /// <summary>Writes consignments that this transaction has locked, in the batch given.</summary>
    public static void Update(NpgsqlBatch batch, IReadOnlyList<ConsignmentRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        batch.Add(
            """
            UPDATE assessment AS a SET
              seller_code = new.seller_code, judged_revision = new.judged_revision, decision = new.decision,
              rejected_revision = new.rejected_revision, released_revision = new.released_revision,
              revision = new.revision, attempt = new.attempt, route = new.route, cancelled = new.cancelled,
              person_index = new.person_index, year = new.year, quota_cny = new.quota_cny, quota_kg = new.quota_kg,
              details = new.details
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) AS new (
              platform_code, order_no, seller_code, judged_revision, decision, rejected_revision, released_revision,
              revision, attempt, route, cancelled, person_index, year, quota_cny, quota_kg, details)
            WHERE a.platform_code = new.platform_code AND a.order_no = new.order_no
            """,
            Columns.Of(rows, row => row.Key.PlatformCode),
            Columns.Of(rows, row => row.Key.OrderNo),
            Columns.Of(rows, row => row.SellerCode),
            Columns.Of(rows, row => row.JudgedRevision),
            Columns.Of(rows, row => row.Decision),
            Columns.Of(rows, NpgsqlDbType.Integer, row => row.RejectedRevision),
            Columns.Of(rows, NpgsqlDbType.Integer, row => row.ReleasedRevision),
            Columns.Of(rows, NpgsqlDbType.Integer, row => row.Assessed?.Revision),
            Columns.Of(rows, NpgsqlDbType.Integer, row => row.Assessed?.Attempt),
            Columns.Of(rows, NpgsqlDbType.Smallint, row => (short?)row.Assessed?.Route),
            Columns.Of(rows, row => row.Assessed?.Cancelled ?? false),
            Columns.Of(rows, NpgsqlDbType.Text, row => row.Assessed?.Person.PersonIndex),
            Columns.Of(rows, NpgsqlDbType.Integer, row => row.Assessed?.Person.Year),
            Columns.Of(rows, NpgsqlDbType.Numeric, row => row.Assessed?.Quota.UsedCny),
            Columns.Of(rows, NpgsqlDbType.Bytea, row => row.Assessed is null ? null : Columns.Kilograms(row.Assessed.Quota)),
            Columns.Of(rows, NpgsqlDbType.Bytea, row => row.Assessed?.DetailsBytes));
    }

    /// <summary>
    /// A statement of its own behind the locks: a release that was waited for is seen only now.
    /// </summary>
    private static async Task<Dictionary<ConsignmentKey, ConsignmentRow>> WithReleasesAsync(
        UnitOfWork unit, Dictionary<ConsignmentKey, ConsignmentRow> rows, CancellationToken ct)
    {
        var released = new HashSet<long>();
        await using (var command = unit.Command(
            "SELECT released.id FROM unnest($1) AS asked (id) JOIN released USING (id)",
            rows.Values.Select(row => row.Id).ToArray()))
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                released.Add(reader.GetInt64(0));
            }
        }

        foreach (var row in rows.Values.Where(row => released.Contains(row.Id)).ToArray())
        {
            rows[row.Key] = row with { ReleasedRevision = row.Assessed!.Revision };
        }

        return rows;
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter import, ConsignmentRow row, CancellationToken ct)
    {
        await import.WriteAsync(row.Key.PlatformCode, NpgsqlDbType.Text, ct);
        await import.WriteAsync(row.Key.OrderNo, NpgsqlDbType.Text, ct);
        await import.WriteAsync(row.SellerCode, NpgsqlDbType.Text, ct);
        await import.WriteAsync(row.JudgedRevision, NpgsqlDbType.Integer, ct);
        await import.WriteAsync(row.Decision, NpgsqlDbType.Integer, ct);
        await import.WriteAsync(row.RejectedRevision, NpgsqlDbType.Integer, ct);
        await import.WriteAsync(row.ReleasedRevision, NpgsqlDbType.Integer, ct);
        if (row.Assessed is not { } assessed)
        {
            await import.WriteNullAsync(ct);
            await import.WriteNullAsync(ct);
            await import.WriteNullAsync(ct);
            await import.WriteAsync(false, NpgsqlDbType.Boolean, ct);
            for (var column = 0; column < 5; column++)
            {
                await import.WriteNullAsync(ct);
            }

            return;
        }

        await import.WriteAsync(assessed.Revision, NpgsqlDbType.Integer, ct);
        await import.WriteAsync(assessed.Attempt, NpgsqlDbType.Integer, ct);
        await import.WriteAsync((short)assessed.Route, NpgsqlDbType.Smallint, ct);
        await import.WriteAsync(assessed.Cancelled, NpgsqlDbType.Boolean, ct);
        await import.WriteAsync(assessed.Person.PersonIndex, NpgsqlDbType.Text, ct);
        await import.WriteAsync(assessed.Person.Year, NpgsqlDbType.Integer, ct);
        await import.WriteAsync(assessed.Quota.UsedCny, NpgsqlDbType.Numeric, ct);
        await import.WriteAsync(Columns.Kilograms(assessed.Quota), NpgsqlDbType.Bytea, ct);
        await import.WriteAsync(assessed.DetailsBytes, NpgsqlDbType.Bytea, ct);
    }

    private static ConsignmentRow Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new(row.GetString(1), row.GetString(2)),
        row.GetString(3),
        row.GetInt32(4),
        row.GetInt32(5),
        row.IsDBNull(6) ? null : row.GetInt32(6),
        row.IsDBNull(7) ? null : row.GetInt32(7),
        row.IsDBNull(8)
            ? null
            : new(
                row.GetInt32(8), row.GetInt32(9), (Route)row.GetInt16(10), row.GetBoolean(11),
                new(row.GetString(12), row.GetInt32(13)), Columns.ReadYear(row, 14, 15), row.GetFieldValue<byte[]>(16)));
}
