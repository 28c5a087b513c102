using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Exports;

/// <summary>A list of parcels that names a waybill.</summary>
/// <param name="Message">CEB215, CEB507, CEB509 or CEB607.</param>
/// <param name="IsWhole">All its parts are there.</param>
internal sealed record TransportNote(string Message, string CompanyCode, string CopNo, bool IsWhole, string? BillNo, string? VoyageNo, DateTimeOffset? LeftAt)
{
    /// <summary>The messages whose lists an export inventory shows.</summary>
    public static readonly string[] Messages = [CebMessage.Arrival.Type, CebMessage.Departure.Type, CebMessage.Manifest.Type];

    public static TransportNote Of(TransportRow row) => new(
        row.Part.Message, row.Part.CompanyCode, row.Part.CompanyNo, row.Status == OfficialCodes.Concluded, row.Part.BillNo, row.Part.VoyageNo, row.Part.LeftAt);
}

/// <summary>The tables transport and transport_line; each call is one statement, however many items.</summary>
internal sealed class TransportStore(NpgsqlDataSource database)
{
    private const string Tallies =
        """
        WITH wanted AS (
          SELECT * FROM unnest($3, $4) AS wanted (waybill_no, logistics_code)
          UNION SELECT waybill_no, logistics_code FROM export_inventory WHERE invt_no = ANY($2)
        )
        SELECT body FROM (
          SELECT message, company_code, company_no, part FROM transport_line WHERE message = $1 AND invt_no = ANY($2)
          UNION
          SELECT message, company_code, company_no, part FROM transport_line JOIN wanted USING (waybill_no, logistics_code)
          WHERE message = $1 AND invt_no IS NULL
        ) AS line JOIN transport USING (message, company_code, company_no, part)
        ORDER BY company_code, company_no
        """;

    /// <summary>All parts of these lists.</summary>
    public static async Task<List<TransportRow>> FindAsync(UnitOfWork unit, IReadOnlyCollection<TransportKey> keys, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT body, receipts, status FROM transport
            JOIN unnest($1, $2, $3) AS wanted (message, company_code, company_no) USING (message, company_code, company_no)
            """,
            keys.Select(one => one.Message).ToArray(),
            keys.Select(one => one.CompanyCode).ToArray(),
            keys.Select(one => one.CompanyNo).ToArray());
        return await ReadAsync(command, ct);
    }

    /// <summary>Keeps parts as they are now.</summary>
    public static Task PutAsync(UnitOfWork unit, IReadOnlyCollection<TransportRow> rows, CancellationToken ct) => unit.ExecuteAsync(
        """
        INSERT INTO transport (message, company_code, company_no, part, receipts, status, body) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (message, company_code, company_no, part) DO UPDATE SET
          receipts = excluded.receipts, status = excluded.status, body = excluded.body
        """,
        ct,
        rows.Select(one => one.Part.Message).ToArray(),
        rows.Select(one => one.Part.CompanyCode).ToArray(),
        rows.Select(one => one.Part.CompanyNo).ToArray(),
        rows.Select(one => one.Part.Part).ToArray(),
        rows.Select(one => (short)one.Receipts).ToArray(),
        rows.Select(one => one.Status).ToArray(),
        rows.Select(one => EventBytes.Write(one.Part)).ToArray());

    /// <summary>The parcels of parts, in place of those that they had; a deleted part has none.</summary>
    public static async Task PutLinesAsync(UnitOfWork unit, IReadOnlyCollection<TransportPart> parts, CancellationToken ct)
    {
        await unit.ExecuteAsync(
            """
            DELETE FROM transport_line USING unnest($1, $2, $3, $4) AS new (message, company_code, company_no, part)
            WHERE (transport_line.message, transport_line.company_code, transport_line.company_no, transport_line.part)
              = (new.message, new.company_code, new.company_no, new.part)
            """,
            ct,
            parts.Select(one => one.Message).ToArray(),
            parts.Select(one => one.CompanyCode).ToArray(),
            parts.Select(one => one.CompanyNo).ToArray(),
            parts.Select(one => one.Part).ToArray());
        await unit.CopyAsync(
            "transport_line (waybill_no, logistics_code, message, company_code, company_no, part, invt_no)",
            [.. parts.Where(one => !one.Document.Deleted).SelectMany(one => one.WaybillNos, (part, waybill) => (Part: part, Waybill: waybill))],
            (row, one) =>
            {
                row.Write(one.Waybill, NpgsqlDbType.Text);
                row.Write(one.Part.LogisticsCompanyCode, NpgsqlDbType.Text);
                row.Write(one.Part.Message, NpgsqlDbType.Text);
                row.Write(one.Part.CompanyCode, NpgsqlDbType.Text);
                row.Write(one.Part.CompanyNo, NpgsqlDbType.Text);
                row.Write(one.Part.Part, NpgsqlDbType.Integer);
                row.Write(one.Part.InventoryNo, NpgsqlDbType.Text);
            },
            ct);
    }

    /// <summary>Warehousings that name one of these parcels, are not concluded, and of whose parcels each has an inventory.</summary>
    public static async Task<List<TransportRow>> InventoriedAsync(UnitOfWork unit, IReadOnlyCollection<Parcel> parcels, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT body, receipts, status FROM transport
            WHERE message = $3 AND status = $4
              AND (message, company_code, company_no, part) IN (
                SELECT message, company_code, company_no, part FROM transport_line
                JOIN unnest($1, $2) AS wanted (logistics_code, waybill_no) USING (logistics_code, waybill_no))
              AND NOT EXISTS (
                SELECT FROM transport_line line
                WHERE (line.message, line.company_code, line.company_no, line.part)
                    = (transport.message, transport.company_code, transport.company_no, transport.part)
                  AND NOT EXISTS (
                    SELECT FROM inventory WHERE inventory.logistics_code = line.logistics_code AND inventory.waybill_no = line.waybill_no))
            """,
            parcels.Select(one => one.LogisticsCompanyCode).ToArray(),
            parcels.Select(one => one.WaybillNo).ToArray(),
            CebMessage.Warehousing.Type,
            OfficialCodes.StoredByCustoms);
        return await ReadAsync(command, ct);
    }

    /// <summary>Those of these parcels that have left: a departure that is whole lists them.</summary>
    public static async Task<List<Parcel>> DepartedAsync(UnitOfWork unit, IReadOnlyCollection<Parcel> parcels, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT DISTINCT logistics_code, waybill_no FROM transport_line
            JOIN unnest($1, $2) AS wanted (logistics_code, waybill_no) USING (logistics_code, waybill_no)
            JOIN transport USING (message, company_code, company_no, part)
            WHERE message = $3 AND status = $4
            """,
            parcels.Select(one => one.LogisticsCompanyCode).ToArray(),
            parcels.Select(one => one.WaybillNo).ToArray(),
            CebMessage.Departure.Type,
            OfficialCodes.Concluded);
        await using var row = await command.ExecuteReaderAsync(ct);
        var departed = new List<Parcel>();
        while (await row.ReadAsync(ct))
        {
            departed.Add(new(row.GetString(0), row.GetString(1)));
        }

        return departed;
    }

    /// <summary>Tallies of what returns of these inventories bring back: those that <see cref="ExportReturnRules.IsOf"/> may take.</summary>
    public static async Task<List<TransportPart>> TalliesAsync(UnitOfWork unit, IReadOnlyCollection<ExportReturnAccepted> returns, CancellationToken ct)
    {
        await using var command = unit.Command(Tallies, TalliesOf(returns));
        return await ReadTalliesAsync(command, ct);
    }

    /// <summary>Tallies of what one return brings back.</summary>
    public async Task<List<TransportPart>> TalliesAsync(ExportReturnAccepted asked, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Tallies);
        command.Parameters.AddRange(TalliesOf([asked]).Select(value => new NpgsqlParameter { Value = value }).ToArray());
        return await ReadTalliesAsync(command, ct);
    }

    /// <summary>A list that comes in one part; null where there is none.</summary>
    public async Task<TransportRow?> FindAsync(TransportKey key, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "SELECT body, receipts, status FROM transport WHERE message = $1 AND company_code = $2 AND company_no = $3");
        command.Parameters.Add(new() { Value = key.Message });
        command.Parameters.Add(new() { Value = key.CompanyCode });
        command.Parameters.Add(new() { Value = key.CompanyNo });
        return (await ReadAsync(command, ct)).SingleOrDefault();
    }

    /// <summary>The lists that name a parcel.</summary>
    /// <param name="messages">Of these messages: numbers of parcels that come in and of those that go out are not told apart.</param>
    public async Task<List<TransportRow>> OfAsync(Parcel parcel, string[] messages, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT body, receipts, status FROM transport_line JOIN transport USING (message, company_code, company_no, part)
            WHERE logistics_code = $1 AND waybill_no = $2 AND message = ANY($3) ORDER BY message, company_code, company_no
            """);
        command.Parameters.Add(new() { Value = parcel.LogisticsCompanyCode });
        command.Parameters.Add(new() { Value = parcel.WaybillNo });
        command.Parameters.Add(new() { Value = messages });
        return await ReadAsync(command, ct);
    }

    /// <summary>All rows of a query for body, receipts and status.</summary>
    private static async Task<List<TransportRow>> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        var found = new List<TransportRow>();
        while (await row.ReadAsync(ct))
        {
            found.Add(new(EventBytes.Read<TransportPart>((byte[])row[0]), row.GetInt16(1), row.IsDBNull(2) ? null : row.GetString(2)));
        }

        return found;
    }

    private static object[] TalliesOf(IReadOnlyCollection<ExportReturnAccepted> returns) =>
    [
        Contracts.Ceb.CebMessage.ReturnTally.Type,
        returns.Select(one => one.InventoryNo).ToArray(),
        returns.Select(one => one.WaybillNo).ToArray(),
        returns.Select(one => one.LogisticsCompanyCode).ToArray(),
    ];

    private static async Task<List<TransportPart>> ReadTalliesAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var row = await command.ExecuteReaderAsync(ct);
        var tallies = new List<TransportPart>();
        while (await row.ReadAsync(ct))
        {
            tallies.Add(EventBytes.Read<TransportPart>((byte[])row[0]));
        }

        return tallies;
    }
}
