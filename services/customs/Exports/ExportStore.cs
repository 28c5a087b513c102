using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Exports;

/// <summary>The table export_inventory; each call is one statement, however many items.</summary>
internal sealed class ExportStore(NpgsqlDataSource database)
{
    private const string Columns = DeclarationRows.Columns;

    private const string Insert =
        """
        INSERT INTO export_inventory (declarant_code, declarant_no, invt_no, logistics_code, waybill_no, document, revision, receipts, status, code,
          decided_at, body, seller_code, customs_code, statistics)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """;

    /// <summary>
    /// One part: exports are worked in one transaction after the other. A release and a departure that come at the same time would
    /// otherwise not see each other.
    /// </summary>
    private static readonly PartLocks Locks = new(0x4558, 1); // "EX"

    /// <summary>Until commit, nobody else works on exports.</summary>
    public static Task LockAsync(UnitOfWork unit, CancellationToken ct) => Locks.LockAllAsync(unit, ct);

    /// <summary>The inventories of these names, by name.</summary>
    public static async Task<Dictionary<ExportKey, ExportRow>> FindAsync(UnitOfWork unit, IReadOnlyCollection<ExportKey> keys, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"SELECT {Columns} FROM export_inventory JOIN unnest($1, $2) AS wanted (declarant_code, declarant_no) USING (declarant_code, declarant_no)",
            keys.Select(one => one.DeclarantCode).ToArray(),
            keys.Select(one => one.DeclarantNo).ToArray());
        return (await ReadAsync(command, ct)).ToDictionary(one => one.Key);
    }

    /// <summary>Released inventories of these parcels.</summary>
    public static async Task<List<ExportRow>> ReleasedAsync(UnitOfWork unit, IReadOnlyCollection<Parcel> parcels, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"""
            SELECT {Columns} FROM export_inventory JOIN unnest($1, $2) AS wanted (waybill_no, logistics_code) USING (waybill_no, logistics_code)
            WHERE status = '800'
            """,
            parcels.Select(one => one.WaybillNo).ToArray(),
            parcels.Select(one => one.LogisticsCompanyCode).ToArray());
        return await ReadAsync(command, ct);
    }

    /// <summary>The inventories of these numbers of customs, by number.</summary>
    public static async Task<Dictionary<string, ExportRow>> OfNumbersAsync(UnitOfWork unit, IEnumerable<string> numbers, CancellationToken ct)
    {
        await using var command = unit.Command($"SELECT {Columns} FROM export_inventory WHERE invt_no = ANY($1)", [numbers.Distinct().ToArray()]);
        return (await ReadAsync(command, ct)).ToDictionary(one => one.Inventory.InventoryNo);
    }

    /// <summary>Inventories that a request for a period means, and that were not summed up yet; at most so many.</summary>
    /// <param name="statuses">Of which they were given the last within the period.</param>
    public static async Task<List<ExportRow>> OfPeriodAsync(
        UnitOfWork unit, string declarantCode, SummaryTerms terms, string[] statuses, int most, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"""
            SELECT {Columns} FROM export_inventory
            WHERE declarant_code = $1 AND seller_code = $2 AND customs_code = $3 AND statistics = 'B' AND status = ANY($4)
              AND decided_at >= $5 AND decided_at < $6 AND NOT EXISTS (SELECT FROM summary_inventory AS summed WHERE summed.invt_no = export_inventory.invt_no)
            ORDER BY invt_no LIMIT $7
            """,
            declarantCode,
            terms.SellerCode,
            terms.CustomsCode,
            statuses,
            terms.From!.Value,
            SummaryRules.EndOf(terms),
            most);
        return await ReadAsync(command, ct);
    }

    /// <summary>Inventories that were taken in and not compared yet; one that is there stays as it is.</summary>
    public static NpgsqlBatchCommand Accept(IEnumerable<ExportInventoryAccepted> accepted) => UnitOfWork.Statement(
        Insert + " ON CONFLICT DO NOTHING",
        Values([
            .. accepted.Select(one => new ExportRow(new(one, 0, ConsignmentState.Waiting, one.Document.ReceivedAt, [], []), 0, null, null))
                .GroupBy(one => one.Key).Select(some => some.MaxBy(one => one.Inventory.Document.Version)!)
                .OrderBy(one => one.Key.DeclarantCode, StringComparer.Ordinal).ThenBy(one => one.Key.DeclarantNo, StringComparer.Ordinal),
        ]));

    /// <summary>Keeps inventories as they are now.</summary>
    public static Task PutAsync(UnitOfWork unit, IReadOnlyCollection<ExportRow> rows, CancellationToken ct) => rows.Count == 0 ? Task.CompletedTask : unit.ExecuteAsync(
        Insert +
        """
         ON CONFLICT (declarant_code, declarant_no) DO UPDATE SET
          invt_no = excluded.invt_no, logistics_code = excluded.logistics_code, waybill_no = excluded.waybill_no, document = excluded.document,
          revision = excluded.revision, receipts = excluded.receipts, status = excluded.status, code = excluded.code,
          decided_at = excluded.decided_at, body = excluded.body, seller_code = excluded.seller_code, customs_code = excluded.customs_code,
          statistics = excluded.statistics
        """,
        ct,
        Values(rows));

    /// <summary>An inventory; null where there is none.</summary>
    public async Task<ExportRow?> FindAsync(ExportKey key, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM export_inventory WHERE declarant_code = $1 AND declarant_no = $2");
        command.Parameters.Add(new() { Value = key.DeclarantCode });
        command.Parameters.Add(new() { Value = key.DeclarantNo });
        return (await ReadAsync(command, ct)).SingleOrDefault();
    }

    private static object[] Values(IReadOnlyCollection<ExportRow> rows) =>
    [
        rows.Select(one => one.Key.DeclarantCode).ToArray(),
        rows.Select(one => one.Key.DeclarantNo).ToArray(),
        rows.Select(one => one.Inventory.InventoryNo).ToArray(),
        rows.Select(one => one.Inventory.LogisticsCompanyCode).ToArray(),
        rows.Select(one => one.Inventory.WaybillNo).ToArray(),
        rows.Select(one => one.Inventory.Document.Id).ToArray(),
        rows.Select(one => one.Judged.Revision).ToArray(),
        rows.Select(one => (short)one.Receipts).ToArray(),
        rows.Select(one => one.Last?.Status).ToArray(),
        rows.Select(one => one.Last?.Code).ToArray(),
        rows.Select(one => one.DecidedAt).ToArray(),
        rows.Select(one => EventBytes.Write(one.Judged)).ToArray(),
        rows.Select(one => one.Inventory.SellerCode).ToArray(),
        rows.Select(one => one.Inventory.CustomsCode).ToArray(),
        rows.Select(one => one.Inventory.Statistics).ToArray(),
    ];

    private static Task<List<ExportRow>> ReadAsync(NpgsqlCommand command, CancellationToken ct) =>
        DeclarationRows.ReadAsync<ExportInventoryJudged, ExportRow>(command, (body, receipts, last, decidedAt) => new(body, receipts, last, decidedAt), ct);
}
