using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Matcher.Endpoints;

namespace Sandan.Matcher.Storage;

/// <summary>What the questions about consignments read.</summary>
internal sealed class ConsignmentReader(NpgsqlDataSource database)
{
    private const string Visible =
        "($1::text IS NULL OR platform_code = $1 OR seller_code = $1 OR payment_company = $1 OR logistics_company = $1)";

    /// <summary>A consignment row; null where it does not exist or is not the company's.</summary>
    /// <param name="company">Null for those who see everything.</param>
    public async Task<ConsignmentSummary?> FindAsync(string? company, string platform, string orderNo, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM consignment WHERE {Visible} AND platform_code = $2 AND order_no = $3");
        AddCompany(command, company);
        command.Parameters.Add(new() { Value = platform });
        command.Parameters.Add(new() { Value = orderNo });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Summary(reader) : null;
    }

    /// <summary>Consignments that came before a place in the list, newest first, with their places.</summary>
    public async Task<List<(long Seq, ConsignmentSummary Consignment)>> ListAsync(
        string? company, ConsignmentState? state, SupervisionMode? mode, long before, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT {Columns}, seq FROM consignment
            WHERE {Visible} AND seq < $2 AND ($3::smallint IS NULL OR state = $3) AND ($4::smallint IS NULL OR mode = $4)
            ORDER BY seq DESC LIMIT $5
            """);
        AddCompany(command, company);
        command.Parameters.Add(new() { Value = before });
        command.Parameters.Add(new() { Value = (object?)(short?)state ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Smallint });
        command.Parameters.Add(new() { Value = (object?)(short?)mode ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Smallint });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var page = new List<(long, ConsignmentSummary)>();
        while (await reader.ReadAsync(ct))
        {
            page.Add((reader.GetInt64(9), Summary(reader)));
        }

        return page;
    }

    /// <summary>Every verdict on a consignment, oldest first.</summary>
    public async Task<List<ConsignmentJudged>> VerdictsAsync(string platform, string orderNo, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT verdict FROM (
              SELECT revision, verdict FROM superseded_verdict WHERE platform_code = $1 AND order_no = $2
              UNION ALL SELECT revision, verdict FROM consignment WHERE platform_code = $1 AND order_no = $2 AND revision > 0) AS ever
            ORDER BY revision
            """);
        command.Parameters.Add(new() { Value = platform });
        command.Parameters.Add(new() { Value = orderNo });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var verdicts = new List<ConsignmentJudged>();
        while (await reader.ReadAsync(ct))
        {
            verdicts.Add(EventBytes.Read<ConsignmentJudged>((byte[])reader[0]));
        }

        return verdicts;
    }

    /// <summary>Every verdict on the consignments of an order number, in the order in which they were given.</summary>
    public async Task<List<ConsignmentJudged>> VerdictsAsync(string orderNo, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT verdict FROM superseded_verdict WHERE order_no = $1
            UNION ALL SELECT verdict FROM consignment WHERE order_no = $1 AND revision > 0
            """);
        command.Parameters.Add(new() { Value = orderNo });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var verdicts = new List<ConsignmentJudged>();
        while (await reader.ReadAsync(ct))
        {
            verdicts.Add(EventBytes.Read<ConsignmentJudged>((byte[])reader[0]));
        }

        return [.. verdicts.OrderBy(one => one.JudgedAt).ThenBy(one => one.Revision)];
    }

    /// <summary>The last verdict on each consignment of these order numbers.</summary>
    public async Task<List<ConsignmentJudged>> LastVerdictsAsync(string[] orderNumbers, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT verdict FROM consignment WHERE order_no = ANY($1) AND revision > 0");
        command.Parameters.Add(new() { Value = orderNumbers });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var verdicts = new List<ConsignmentJudged>();
        while (await reader.ReadAsync(ct))
        {
            verdicts.Add(EventBytes.Read<ConsignmentJudged>((byte[])reader[0]));
        }

        return verdicts;
    }

    /// <summary>Documents elsewhere that may be what a waiting consignment lacks.</summary>
    public async Task<List<HeldDocument>> ElsewhereAsync(JoinedConsignment joined, CancellationToken ct)
    {
        var payment = joined is { Payment: null, Order.Order: { PaymentNo: { } number, PaymentCompanyCode: { } company } }
            ? RiskRules.Digest(company, number)
            : (long?)null;
        await using var command = database.CreateCommand(
            """
            SELECT order_no, notes FROM dossier WHERE order_no = ANY($1)
            UNION ALL
            SELECT order_no, notes FROM dossier JOIN (SELECT DISTINCT order_no FROM dossier WHERE payment = $2) AS elsewhere USING (order_no)
            """);
        command.Parameters.Add(new() { Value = NearMisses.VariantsOf(joined.OrderNo).ToArray() });
        command.Parameters.Add(new() { Value = (object?)payment ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        await using var row = await command.ExecuteReaderAsync(ct);
        var dossiers = new Dictionary<string, Dossier>();
        while (await row.ReadAsync(ct))
        {
            var orderNo = row.GetString(0);
            if (!dossiers.TryGetValue(orderNo, out var dossier))
            {
                dossiers.Add(orderNo, dossier = new(orderNo));
            }

            dossier.Read(DossierStore.NotesIn(row, 1));
        }

        return [.. dossiers.Values.SelectMany(one => one.Documents)];
    }

    /// <summary>Every document, not withdrawn, of an order number.</summary>
    public async Task<List<HeldDocument>> DocumentsAsync(string orderNo, CancellationToken ct) =>
        [.. (await DossierStore.FindAsync(database, orderNo, ct)).Documents];

    /// <summary>When a parcel was signed for; null where it was not.</summary>
    public async Task<DateTimeOffset?> SignedForAsync(string logisticsCompany, string waybillNo, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "SELECT reached_at FROM delivery WHERE logistics_company = $1 AND waybill_no = $2 AND status = 'S' AND NOT deleted");
        command.Parameters.Add(new() { Value = logisticsCompany });
        command.Parameters.Add(new() { Value = waybillNo });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? reader.GetFieldValue<DateTimeOffset>(0) : null;
    }

    /// <summary>Which revision was released and when its overdue delivery (R08) was told; null where it is not overdue.</summary>
    public async Task<(int Revision, DateTimeOffset ReleasedAt, DateTimeOffset ToldAt)?> DeliveryOverdueAsync(
        string platform, string orderNo, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "SELECT revision, released_at, told_at FROM overdue_delivery WHERE platform_code = $1 AND order_no = $2");
        command.Parameters.Add(new() { Value = platform });
        command.Parameters.Add(new() { Value = orderNo });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? (reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetFieldValue<DateTimeOffset>(2))
            : null;
    }

    private const string Columns =
        "platform_code, order_no, state, revision, missing, mode, waiting_since, overdue, changed_at";

    private static void AddCompany(NpgsqlCommand command, string? company) =>
        command.Parameters.Add(new() { Value = (object?)company ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });

    private static ConsignmentSummary Summary(NpgsqlDataReader reader) => new(
        reader.GetString(0),
        reader.GetString(1),
        Direction.Import,
        reader.IsDBNull(5) ? null : (SupervisionMode)reader.GetInt16(5),
        (ConsignmentState)reader.GetInt16(2),
        reader.GetInt32(3),
        ConsignmentStore.KindsOf(reader.GetInt16(4)),
        reader.GetFieldValue<DateTimeOffset>(6),
        reader.GetBoolean(7),
        reader.GetFieldValue<DateTimeOffset>(8));
}
