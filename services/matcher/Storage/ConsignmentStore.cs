using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Matcher.Storage;

/// <summary>
/// The consignments, and what sellers filed. Every method is one statement, or one round trip, for a whole group.
/// </summary>
internal static class ConsignmentStore
{
    /// <summary>The consignments of the order numbers, as they stand; the overdue watch leaves them alone until commit, where there will be one.</summary>
    public static async Task<List<StoredConsignment>> OfOrdersAsync(
        UnitOfWork unit, string[] orderNumbers, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"""
            SELECT platform_code, order_no, state, revision, basis, waiting_since, overdue, missing
            FROM consignment WHERE order_no = ANY($1) {(unit.IsReadOnly ? "" : "FOR UPDATE")}
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

        return consignments;
    }

    /// <summary>
    /// Stores consignments with their verdicts: new rows are added, rows that say something else are changed, a verdict
    /// that is superseded is put aside. Drops rows that no document stands for any more.
    /// </summary>
    public static async Task PutAsync(
        UnitOfWork unit,
        IReadOnlyList<JudgedConsignment> judged,
        string[] namelessGone,
        DateTimeOffset now,
        CancellationToken ct)
    {
        if (namelessGone.Length > 0)
        {
            await unit.ExecuteAsync("DELETE FROM consignment WHERE platform_code = '' AND order_no = ANY($1)", ct, [namelessGone]);
        }

        await unit.CopyAsync(
            """
            consignment (platform_code, order_no, state, revision, basis, missing, mode, seller_code, payment_company,
              logistics_company, waiting_since, overdue, changed_at, verdict)
            """,
            [.. judged.Where(one => one.Stored is null)],
            (row, one) => Write(row, one, now),
            ct);
        var changed = judged.Where(one => one.Stored is { } stored && !SaysTheSame(stored, one.Consignment)).ToArray();
        if (changed.Length > 0)
        {
            await ChangeAsync(unit, changed, now, ct);
        }
    }

    private static bool SaysTheSame(StoredConsignment stored, StoredConsignment now) =>
        stored.State == now.State && stored.Basis == now.Basis && stored.Overdue == now.Overdue
        && stored.Missing.SequenceEqual(now.Missing);

    private static async Task ChangeAsync(
        UnitOfWork unit, IReadOnlyList<JudgedConsignment> changed, DateTimeOffset now, CancellationToken ct)
    {
        var platforms = changed.Select(one => one.Consignment.PlatformCode).ToArray();
        var orderNumbers = changed.Select(one => one.Consignment.OrderNo).ToArray();
        var verdicts = changed.Select(one => BodyOf(one.Verdict)).ToArray();
        if (changed.Any(one => one is { Stored.Revision: > 0, Verdict: not null }))
        {
            await unit.ExecuteAsync(
                """
                INSERT INTO superseded_verdict (order_no, platform_code, revision, verdict)
                SELECT order_no, platform_code, revision, consignment.verdict
                FROM consignment JOIN unnest($1, $2, $3) AS new (platform_code, order_no, verdict) USING (platform_code, order_no)
                WHERE revision > 0 AND new.verdict IS NOT NULL
                """,
                ct,
                platforms,
                orderNumbers,
                verdicts);
        }

        await unit.ExecuteAsync(
            """
            UPDATE consignment AS known SET
              state = new.state, revision = new.revision, basis = new.basis, missing = new.missing, mode = new.mode,
              seller_code = new.seller_code, payment_company = new.payment_company, logistics_company = new.logistics_company,
              waiting_since = new.waiting_since, overdue = new.overdue, changed_at = $13,
              verdict = coalesce(new.verdict, known.verdict)
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $14) AS new
              (platform_code, order_no, state, revision, basis, missing, mode, seller_code, payment_company,
               logistics_company, waiting_since, overdue, verdict)
            WHERE known.order_no = new.order_no AND known.platform_code = new.platform_code
            """,
            ct,
            platforms,
            orderNumbers,
            changed.Select(one => (short)one.Consignment.State).ToArray(),
            changed.Select(one => one.Consignment.Revision).ToArray(),
            changed.Select(one => one.Consignment.Basis).ToArray(),
            changed.Select(one => BitsOf(one.Consignment.Missing)).ToArray(),
            changed.Select(one => (short?)one.Mode).ToArray(),
            changed.Select(one => one.Joined.Order?.Order.SellerCode).ToArray(),
            changed.Select(one => one.Joined.Payment?.CompanyCode).ToArray(),
            changed.Select(one => one.Joined.Waybill?.CompanyCode).ToArray(),
            changed.Select(one => one.Consignment.WaitingSince).ToArray(),
            changed.Select(one => one.Consignment.Overdue).ToArray(),
            now,
            verdicts);
    }

    private static void Write(NpgsqlBinaryImporter row, JudgedConsignment one, DateTimeOffset now)
    {
        row.Write(one.Consignment.PlatformCode, NpgsqlDbType.Text);
        row.Write(one.Consignment.OrderNo, NpgsqlDbType.Text);
        row.Write((short)one.Consignment.State, NpgsqlDbType.Smallint);
        row.Write(one.Consignment.Revision, NpgsqlDbType.Integer);
        row.Write(one.Consignment.Basis, NpgsqlDbType.Text);
        row.Write(BitsOf(one.Consignment.Missing), NpgsqlDbType.Smallint);
        row.Write((short?)one.Mode, NpgsqlDbType.Smallint);
        row.Write(one.Joined.Order?.Order.SellerCode, NpgsqlDbType.Text);
        row.Write(one.Joined.Payment?.CompanyCode, NpgsqlDbType.Text);
        row.Write(one.Joined.Waybill?.CompanyCode, NpgsqlDbType.Text);
        row.Write(one.Consignment.WaitingSince, NpgsqlDbType.TimestampTz);
        row.Write(one.Consignment.Overdue, NpgsqlDbType.Boolean);
        row.Write(now, NpgsqlDbType.TimestampTz);
        row.Write(BodyOf(one.Verdict), NpgsqlDbType.Bytea);
    }

    /// <summary>The verdict without its goods, which tax has.</summary>
    private static byte[]? BodyOf(ConsignmentJudged? verdict) =>
        verdict is null ? null : EventBytes.Write(verdict with { Goods = null });

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

    public static IReadOnlyList<DocumentKind> KindsOf(short bits) => KindsByBits[bits];

    private static readonly IReadOnlyList<DocumentKind>[] KindsByBits =
        [.. Enumerable.Range(0, 8).Select(bits => Enum.GetValues<DocumentKind>().Where(kind => (bits & (1 << (int)kind)) != 0).ToArray())];

    private static short BitsOf(IReadOnlyList<DocumentKind> kinds) => (short)kinds.Sum(kind => 1 << (int)kind);

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
