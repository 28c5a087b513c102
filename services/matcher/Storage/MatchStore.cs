using Npgsql;
using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Matcher.Storage;

/// <summary>The matcher's tables. Every method is one statement, or one round trip, for a whole message.</summary>
internal static class MatchStore
{
    /// <summary>Order numbers and document numbers are locked by part; the parts are the same in every replica.</summary>
    private const int Parts = 64;

    private const int LockClass = 0x4D41; // "MA"

    private static readonly string LockStatement = $"SELECT pg_advisory_xact_lock({LockClass}, part) FROM unnest($1) AS part";

    /// <summary>
    /// Until commit, nobody else works on these order numbers or on these documents. Two transactions that each bring
    /// one of the last two documents of a consignment would otherwise not see each other, and nobody would judge it.
    /// </summary>
    public static Task LockAsync(
        UnitOfWork unit, IEnumerable<string> orderNumbers, IEnumerable<IncomingDocument> documents, CancellationToken ct)
    {
        var parts = documents.Select(one => PartOf(one.CompanyCode + one.Number))
            .Concat(orderNumbers.Select(number => Parts + PartOf(number)))
            .Distinct().Order().ToArray();
        return LockPartsAsync(unit, parts, ct);
    }

    /// <summary>Until commit, nobody else works on any order number.</summary>
    public static Task LockAllAsync(UnitOfWork unit, CancellationToken ct) =>
        LockPartsAsync(unit, [.. Enumerable.Range(Parts, Parts)], ct);

    private static Task<int> LockPartsAsync(UnitOfWork unit, int[] parts, CancellationToken ct) =>
        unit.ExecuteAsync(LockStatement, ct, parts);

    /// <summary>
    /// Keeps the newest version of each document; of an older one that comes late, only what the first version said.
    /// Returns the order numbers that versions of the changed documents named, earlier ones included.
    /// </summary>
    /// <param name="documents">Each number at most once.</param>
    public static async Task<List<string>> PutDocumentsAsync(
        UnitOfWork unit, IReadOnlyList<IncomingDocument> documents, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            WITH put AS (
              INSERT INTO document AS known
                (kind, company_code, document_no, version, deleted, platform_code, order_no, body,
                 first_version, first_app_time, received_at, earlier_orders)
              SELECT kind, company_code, document_no, version, deleted, platform_code, order_no, body,
                first_version, first_app_time, received_at, string_to_array(earlier_orders, U&'\001F')
              FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS new
                (kind, company_code, document_no, version, deleted, platform_code, order_no, body,
                 first_version, first_app_time, received_at, earlier_orders)
              ON CONFLICT (kind, company_code, document_no) DO UPDATE SET
                (version, deleted, platform_code, order_no, body) = (
                  SELECT newest.* FROM (VALUES
                    (known.version, known.deleted, known.platform_code, known.order_no, known.body),
                    (excluded.version, excluded.deleted, excluded.platform_code, excluded.order_no, excluded.body)
                  ) AS newest (version) ORDER BY newest.version DESC LIMIT 1),
                (first_version, first_app_time, received_at) = (
                  SELECT first.* FROM (VALUES
                    (known.first_version, known.first_app_time, known.received_at),
                    (excluded.first_version, excluded.first_app_time, excluded.received_at)
                  ) AS first (version) ORDER BY first.version LIMIT 1),
                earlier_orders = ARRAY(
                  SELECT DISTINCT number
                  FROM unnest(known.earlier_orders || known.order_no || excluded.earlier_orders || excluded.order_no) AS number
                  WHERE number <> CASE WHEN known.version < excluded.version THEN excluded.order_no ELSE known.order_no END
                  ORDER BY number)
              WHERE known.version < excluded.version OR excluded.first_version < known.first_version
                OR NOT (excluded.earlier_orders || excluded.order_no) <@ (known.earlier_orders || known.order_no)
              RETURNING order_no, earlier_orders)
            SELECT order_no FROM put UNION SELECT unnest(earlier_orders) FROM put
            """,
            documents.Select(one => (short)one.Kind).ToArray(),
            documents.Select(one => one.CompanyCode).ToArray(),
            documents.Select(one => one.Number).ToArray(),
            documents.Select(one => one.Document.Version).ToArray(),
            documents.Select(one => one.Document.Deleted).ToArray(),
            documents.Select(one => one.PlatformCode).ToArray(),
            documents.Select(one => one.OrderNo).ToArray(),
            documents.Select(one => one.Body).ToArray(),
            documents.Select(one => one.First.Version).ToArray(),
            documents.Select(one => one.First.AppTimeStated ? one.First.AppTime : (DateTimeOffset?)null).ToArray(),
            documents.Select(one => one.First.ReceivedAt).ToArray(),
            documents.Select(one => string.Join('\u001F', one.EarlierOrders)).ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var numbers = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            numbers.Add(reader.GetString(0));
        }

        return numbers;
    }

    /// <summary>Every document, not withdrawn, of the order numbers.</summary>
    public static async Task<ILookup<string, HeldDocument>> DocumentsAsync(
        UnitOfWork unit, string[] orderNumbers, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT kind, company_code, document_no, version, platform_code, order_no, first_app_time, received_at,
              earlier_orders, body, first_version
            FROM document WHERE order_no = ANY($1) AND NOT deleted
            """,
            [orderNumbers]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var documents = new List<HeldDocument>();
        while (await reader.ReadAsync(ct))
        {
            documents.Add(ReadDocument(reader));
        }

        return documents.ToLookup(one => one.OrderNo);
    }

    /// <summary>The consignments of the order numbers, as they stand; the overdue watch leaves them alone until commit.</summary>
    public static async Task<ILookup<string, StoredConsignment>> ConsignmentsAsync(
        UnitOfWork unit, string[] orderNumbers, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT platform_code, order_no, state, revision, basis, waiting_since, overdue, missing
            FROM consignment WHERE order_no = ANY($1) FOR UPDATE
            """,
            [orderNumbers]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var consignments = new List<StoredConsignment>();
        while (await reader.ReadAsync(ct))
        {
            consignments.Add(new(
                reader.GetString(0), reader.GetString(1), (ConsignmentState)reader.GetInt16(2), reader.GetInt32(3),
                reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5), reader.GetBoolean(6), KindsOf(reader.GetInt16(7))));
        }

        return consignments.ToLookup(one => one.OrderNo);
    }

    /// <summary>Modes that sellers filed.</summary>
    public static async Task<Dictionary<string, SupervisionMode>> ModesAsync(
        UnitOfWork unit, string[] sellers, CancellationToken ct)
    {
        await using var command = unit.Command(
            "SELECT code, mode FROM company WHERE code = ANY($1) AND mode IS NOT NULL", [sellers]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var modes = new Dictionary<string, SupervisionMode>();
        while (await reader.ReadAsync(ct))
        {
            modes.Add(reader.GetString(0), (SupervisionMode)reader.GetInt16(1));
        }

        return modes;
    }

    /// <summary>Notes sightings and returns what they come to, these included.</summary>
    public static async Task<List<SightingCount>> SightAsync(
        UnitOfWork unit, IReadOnlyList<Sighting> sightings, RiskOptions options, DateTimeOffset now, CancellationToken ct)
    {
        var distinct = sightings
            .DistinctBy(one => (one.Rule, Convert.ToHexString(one.Subject), Convert.ToHexString(one.Seen)))
            .OrderBy(one => one.Rule).ThenBy(one => Convert.ToHexString(one.Subject), StringComparer.Ordinal)
            .ThenBy(one => Convert.ToHexString(one.Seen), StringComparer.Ordinal)
            .ToArray();
        var rules = distinct.Select(one => (short)one.Rule).ToArray();
        var subjects = distinct.Select(one => one.Subject).ToArray();
        await using var batch = new NpgsqlBatch(unit.Connection, unit.Transaction);

        // Two orders of one buyer at the same moment are what R15 looks for: one of the two must see the other.
        batch.BatchCommands.Add(new(LockStatement)
        {
            Parameters = { new() { Value = subjects.Select(one => (2 * Parts) + (one[0] % Parts)).Distinct().Order().ToArray() } },
        });
        batch.BatchCommands.Add(new(
            """
            INSERT INTO sighting (rule, subject, seen, amount, seen_at)
            SELECT rule, subject, seen, amount, $5 FROM unnest($1, $2, $3, $4) AS new (rule, subject, seen, amount)
            ON CONFLICT (rule, subject, seen) DO UPDATE SET amount = excluded.amount, seen_at = excluded.seen_at
            """)
        {
            Parameters =
            {
                new() { Value = rules },
                new() { Value = subjects },
                new() { Value = distinct.Select(one => one.Seen).ToArray() },
                new() { Value = distinct.Select(one => one.Amount).ToArray() },
                new() { Value = now },
            },
        });
        batch.BatchCommands.Add(new(
            """
            SELECT s.rule, s.subject, count(*)::integer, sum(s.amount), max(s.amount)
            FROM (SELECT DISTINCT * FROM unnest($1, $2, $3) AS asked (rule, subject, since)) AS asked
            JOIN sighting s ON s.rule = asked.rule AND s.subject = asked.subject AND s.seen_at > asked.since
            GROUP BY s.rule, s.subject
            """)
        {
            Parameters =
            {
                new() { Value = rules },
                new() { Value = subjects },
                new() { Value = distinct.Select(one => now - RiskRules.WindowOf(one.Rule, options)).ToArray() },
            },
        });
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);   // the first is the locks'
        var counts = new List<SightingCount>();
        while (await reader.ReadAsync(ct))
        {
            counts.Add(new(
                reader.GetInt16(0), (byte[])reader[1], reader.GetInt32(2), reader.GetDecimal(3), reader.GetDecimal(4)));
        }

        return counts;
    }

    /// <summary>Stores consignments and their new verdicts, and drops rows that no document stands for any more.</summary>
    public static async Task PutConsignmentsAsync(
        UnitOfWork unit,
        IReadOnlyList<JudgedConsignment> judged,
        IReadOnlyList<string> namelessGone,
        DateTimeOffset now,
        CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(unit.Connection, unit.Transaction);
        if (namelessGone.Count > 0)
        {
            batch.BatchCommands.Add(new("DELETE FROM consignment WHERE platform_code = '' AND order_no = ANY($1)")
            {
                Parameters = { new() { Value = namelessGone.ToArray() } },
            });
        }

        batch.BatchCommands.Add(PutRows(judged, now));
        var verdicts = judged.Select(one => one.Verdict).OfType<ConsignmentJudged>().ToArray();
        if (verdicts.Length > 0)
        {
            batch.BatchCommands.Add(new("INSERT INTO verdict SELECT * FROM unnest($1, $2, $3, $4, $5, $6)")
            {
                Parameters =
                {
                    new() { Value = verdicts.Select(one => one.PlatformCode).ToArray() },
                    new() { Value = verdicts.Select(one => one.OrderNo).ToArray() },
                    new() { Value = verdicts.Select(one => one.Revision).ToArray() },
                    new() { Value = verdicts.Select(one => (short)one.State).ToArray() },
                    new() { Value = verdicts.Select(one => one.JudgedAt).ToArray() },
                    new() { Value = verdicts.Select(ToBody).ToArray() },
                },
            });
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The verdict without its goods, which tax has.</summary>
    private static byte[] ToBody(ConsignmentJudged verdict) => EventBytes.Write(verdict with { Goods = null });

    private static NpgsqlBatchCommand PutRows(IReadOnlyList<JudgedConsignment> judged, DateTimeOffset now) => new(
        """
        INSERT INTO consignment AS known
          (platform_code, order_no, state, revision, basis, missing, mode, seller_code, payment_company,
           logistics_company, waiting_since, overdue, changed_at)
        SELECT new.*, $13 FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS new
        ON CONFLICT (platform_code, order_no) DO UPDATE SET
          state = excluded.state, revision = excluded.revision, basis = excluded.basis, missing = excluded.missing,
          mode = excluded.mode, seller_code = excluded.seller_code, payment_company = excluded.payment_company,
          logistics_company = excluded.logistics_company, waiting_since = excluded.waiting_since,
          overdue = excluded.overdue, changed_at = excluded.changed_at
        WHERE (known.state, known.basis, known.missing, known.overdue)
          IS DISTINCT FROM (excluded.state, excluded.basis, excluded.missing, excluded.overdue)
        """)
    {
        Parameters =
        {
            new() { Value = judged.Select(one => one.Consignment.PlatformCode).ToArray() },
            new() { Value = judged.Select(one => one.Consignment.OrderNo).ToArray() },
            new() { Value = judged.Select(one => (short)one.Consignment.State).ToArray() },
            new() { Value = judged.Select(one => one.Consignment.Revision).ToArray() },
            new() { Value = judged.Select(one => one.Consignment.Basis).ToArray() },
            new() { Value = judged.Select(one => BitsOf(one.Consignment.Missing)).ToArray() },
            new() { Value = judged.Select(one => (short?)one.Mode).ToArray() },
            new() { Value = judged.Select(one => one.Joined.Order?.Order.SellerCode).ToArray() },
            new() { Value = judged.Select(one => one.Joined.Payment?.CompanyCode).ToArray() },
            new() { Value = judged.Select(one => one.Joined.Waybill?.CompanyCode).ToArray() },
            new() { Value = judged.Select(one => one.Consignment.WaitingSince).ToArray() },
            new() { Value = judged.Select(one => one.Consignment.Overdue).ToArray() },
            new() { Value = now },
        },
    };

    /// <summary>Keeps companies' filed modes; returns order numbers of those sellers' consignments that lack a mode.</summary>
    public static async Task<string[]> PutCompaniesAsync(
        UnitOfWork unit, IReadOnlyList<CompanyRegistered> companies, CancellationToken ct)
    {
        var newest = companies.GroupBy(one => one.Code).Select(one => one.MaxBy(company => company.Version)!)
            .OrderBy(one => one.Code, StringComparer.Ordinal).ToArray();
        var codes = newest.Select(one => one.Code).ToArray();
        await unit.ExecuteAsync(
            """
            INSERT INTO company AS known (code, mode, version) SELECT * FROM unnest($1, $2, $3)
            ON CONFLICT (code) DO UPDATE SET mode = excluded.mode, version = excluded.version
            WHERE known.version < excluded.version
            """,
            ct,
            codes,
            newest.Select(one => (short?)one.Mode).ToArray(),
            newest.Select(one => one.Version).ToArray());
        await using var command = unit.Command(
            "SELECT order_no FROM consignment WHERE mode IS NULL AND seller_code = ANY($1) ORDER BY seq", [codes]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var orderNumbers = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            orderNumbers.Add(reader.GetString(0));
        }

        return [.. orderNumbers.Distinct()];
    }

    /// <summary>Keeps delivery states.</summary>
    public static Task PutDeliveriesAsync(
        UnitOfWork unit, IReadOnlyList<WaybillStatusAccepted> statuses, CancellationToken ct)
    {
        var newest = statuses.GroupBy(one => (one.LogisticsCompanyCode, one.WaybillNo, one.Status))
            .OrderBy(one => one.Key.LogisticsCompanyCode, StringComparer.Ordinal)
            .ThenBy(one => one.Key.WaybillNo, StringComparer.Ordinal).ThenBy(one => one.Key.Status, StringComparer.Ordinal)
            .Select(one => one.MaxBy(status => status.Document.Version)!).ToArray();
        return unit.ExecuteAsync(
            """
            INSERT INTO delivery AS known (logistics_company, waybill_no, status, reached_at, version, deleted)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
            ON CONFLICT (logistics_company, waybill_no, status) DO UPDATE SET
              reached_at = excluded.reached_at, version = excluded.version, deleted = excluded.deleted
            WHERE known.version < excluded.version
            """,
            ct,
            newest.Select(one => one.LogisticsCompanyCode).ToArray(),
            newest.Select(one => one.WaybillNo).ToArray(),
            newest.Select(one => one.Status).ToArray(),
            newest.Select(one => one.ReachedAt).ToArray(),
            newest.Select(one => one.Document.Version).ToArray(),
            newest.Select(one => one.Document.Deleted).ToArray());
    }

    /// <summary>
    /// Marks consignments that wait since before <paramref name="since"/>, at most 1,000, and returns them. Where every
    /// document was withdrawn nothing is waited for.
    /// </summary>
    public static async Task<List<ConsignmentOverdue>> MarkOverdueAsync(
        UnitOfWork unit, DateTimeOffset since, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            UPDATE consignment SET overdue = true
            WHERE (platform_code, order_no) IN (
              SELECT platform_code, order_no FROM consignment
              WHERE waiting_since < $1 AND state = 0 AND missing <> 7 AND NOT overdue ORDER BY seq LIMIT 1000 FOR UPDATE SKIP LOCKED)
            RETURNING platform_code, order_no, missing, waiting_since, seller_code, payment_company, logistics_company
            """,
            since);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var overdue = new List<ConsignmentOverdue>();
        while (await reader.ReadAsync(ct))
        {
            overdue.Add(new(
                reader.GetString(0), reader.GetString(1), KindsOf(reader.GetInt16(2)),
                reader.GetFieldValue<DateTimeOffset>(3), now, Text(reader, 4), Text(reader, 5), Text(reader, 6)));
        }

        return overdue;
    }

    internal static HeldDocument ReadDocument(NpgsqlDataReader reader)
    {
        var kind = (DocumentKind)reader.GetInt16(0);
        var body = (byte[])reader[9];
        return new(
            kind,
            reader.GetString(1),
            reader.GetString(2),
            reader.GetInt32(3),
            reader.GetInt32(10),
            Text(reader, 4),
            reader.GetString(5),
            reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6),
            reader.GetFieldValue<DateTimeOffset>(7),
            reader.GetFieldValue<string[]>(8),
            new(() => kind switch
            {
                DocumentKind.Order => EventBytes.Read<OrderAccepted>(body),
                DocumentKind.Payment => EventBytes.Read<PaymentAccepted>(body),
                _ => EventBytes.Read<WaybillAccepted>(body),
            }));
    }

    internal static IReadOnlyList<DocumentKind> KindsOf(short bits) =>
        [.. Enum.GetValues<DocumentKind>().Where(kind => (bits & (1 << (int)kind)) != 0)];

    private static short BitsOf(IReadOnlyList<DocumentKind> kinds) => (short)kinds.Sum(kind => 1 << (int)kind);

    internal static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>FNV-1a: small, and the same in every process, which string.GetHashCode is not.</summary>
    private static int PartOf(string text)
    {
        var hash = 2166136261u;
        foreach (var letter in text)
        {
            hash = unchecked((hash ^ letter) * 16777619u);
        }

        return (int)(hash % Parts);
    }
}
