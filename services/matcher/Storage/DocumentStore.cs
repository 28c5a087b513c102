using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Matcher.Storage;

/// <summary>The documents that came. Every method is one statement, or one round trip, for a whole group.</summary>
internal static class DocumentStore
{
    /// <summary>What <see cref="Read"/> wants selected.</summary>
    public const string Columns =
        "kind, company_code, document_no, version, first_version, platform_code, order_no, first_app_time, received_at,"
        + " earlier_orders, body";

    private const string SavePoint = "documents";

    /// <summary>Every document, not withdrawn, of the order numbers.</summary>
    public static async Task<List<HeldDocument>> OfOrdersAsync(UnitOfWork unit, string[] orderNumbers, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"SELECT {Columns} FROM document WHERE order_no = ANY($1) AND NOT deleted", [orderNumbers]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var documents = new List<HeldDocument>();
        while (await reader.ReadAsync(ct))
        {
            documents.Add(Read(reader));
        }

        return documents;
    }

    /// <summary>Adds documents; false, with nothing added, where one of the numbers is known already.</summary>
    public static async Task<bool> TryAddAsync(UnitOfWork unit, IReadOnlyList<IncomingDocument> documents, CancellationToken ct)
    {
        await unit.Transaction.SaveAsync(SavePoint, ct);
        try
        {
            await unit.CopyAsync(
                """
                document (kind, company_code, document_no, version, deleted, platform_code, order_no, body,
                  first_version, first_app_time, received_at, earlier_orders)
                """,
                documents,
                Write,
                ct);
            await unit.Transaction.ReleaseAsync(SavePoint, ct);
            return true;
        }
        catch (PostgresException known) when (known.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await unit.Transaction.RollbackAsync(SavePoint, ct);
            return false;
        }
    }

    /// <summary>
    /// Keeps the newest version of each document; of an older one that comes late, only what the first version said.
    /// Returns the order numbers that versions of the changed documents named, earlier ones included.
    /// </summary>
    /// <param name="documents">Each number at most once.</param>
    public static async Task<List<string>> PutAsync(
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
              ON CONFLICT (document_no, company_code, kind) DO UPDATE SET
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
            documents.Select(BodyOf).ToArray(),
            documents.Select(one => one.First.Version).ToArray(),
            documents.Select(FirstAppTime).ToArray(),
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

    /// <summary>The row on which the reader stands.</summary>
    public static HeldDocument Read(NpgsqlDataReader row)
    {
        var kind = (DocumentKind)row.GetInt16(0);
        var body = (byte[])row[10];
        return new(
            kind,
            row.GetString(1),
            row.GetString(2),
            row.GetInt32(3),
            row.GetInt32(4),
            row.IsDBNull(5) ? null : row.GetString(5),
            row.GetString(6),
            row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
            row.GetFieldValue<DateTimeOffset>(8),
            row.IsDBNull(9) ? [] : row.GetFieldValue<string[]>(9),
            new(() => kind switch
            {
                DocumentKind.Order => EventBytes.Read<OrderAccepted>(body),
                DocumentKind.Payment => EventBytes.Read<PaymentAccepted>(body),
                _ => EventBytes.Read<WaybillAccepted>(body),
            }));
    }

    private static void Write(NpgsqlBinaryImporter row, IncomingDocument one)
    {
        row.Write((short)one.Kind, NpgsqlDbType.Smallint);
        row.Write(one.CompanyCode, NpgsqlDbType.Text);
        row.Write(one.Number, NpgsqlDbType.Text);
        row.Write(one.Document.Version, NpgsqlDbType.Integer);
        row.Write(one.Document.Deleted, NpgsqlDbType.Boolean);
        row.Write(one.PlatformCode, NpgsqlDbType.Text);
        row.Write(one.OrderNo, NpgsqlDbType.Text);
        row.Write(BodyOf(one), NpgsqlDbType.Bytea);
        row.Write(one.First.Version, NpgsqlDbType.Integer);
        row.Write(FirstAppTime(one), NpgsqlDbType.TimestampTz);
        row.Write(one.First.ReceivedAt, NpgsqlDbType.TimestampTz);
        row.Write(one.EarlierOrders.Count == 0 ? null : one.EarlierOrders.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text);
    }

    private static DateTimeOffset? FirstAppTime(IncomingDocument one) => one.First.AppTimeStated ? one.First.AppTime : null;

    private static byte[] BodyOf(IncomingDocument one) => one.Content switch
    {
        OrderAccepted order => EventBytes.Write(order),
        PaymentAccepted payment => EventBytes.Write(payment),
        WaybillAccepted waybill => EventBytes.Write(waybill),
        var other => throw new ArgumentException($"{other.GetType().Name} is no document.", nameof(one)),
    };
}
