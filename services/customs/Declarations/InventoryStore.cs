using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Customs.Domain;
using Sandan.Customs.Exports;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Declarations;

/// <summary>The table inventory; each call is one statement, however many items.</summary>
internal sealed class InventoryStore(NpgsqlDataSource database)
{
    private const string Columns = DeclarationRows.Columns;
    private const string Insert =
        """
        INSERT INTO inventory (
          order_no, seller_code, platform_code, invt_no, document, revision, receipts, status, code, decided_at, body, logistics_code, waybill_no)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        """;

    private static readonly PartLocks Locks = new(0x494E, 64); // "IN"

    /// <summary>
    /// Until commit, nobody else works on the inventories of these consignments. An inventory and a decision that come at the same
    /// time would otherwise not see each other.
    /// </summary>
    public static Task LockAsync(UnitOfWork unit, IEnumerable<ClearanceKey> consignments, CancellationToken ct) =>
        Locks.LockAsync(unit, consignments.Select(one => one.OrderNo), ct);

    /// <summary>The inventories that declare these consignments.</summary>
    public static async Task<List<InventoryRow>> OfConsignmentsAsync(UnitOfWork unit, IReadOnlyCollection<ClearanceKey> consignments, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"SELECT {Columns} FROM inventory JOIN unnest($1, $2) AS wanted (platform_code, order_no) USING (platform_code, order_no)",
            consignments.Select(one => one.PlatformCode).ToArray(),
            consignments.Select(one => one.OrderNo).ToArray());
        return await ReadAsync(command, ct);
    }

    /// <summary>The inventories of these names, by name.</summary>
    public static async Task<Dictionary<(string OrderNo, string SellerCode), InventoryRow>> FindAsync(
        UnitOfWork unit, IReadOnlyCollection<InventoryJudged> judged, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"SELECT {Columns} FROM inventory JOIN unnest($1, $2) AS wanted (order_no, seller_code) USING (order_no, seller_code)",
            judged.Select(one => one.Inventory.OrderNo).ToArray(),
            judged.Select(one => one.Inventory.SellerCode).ToArray());
        return (await ReadAsync(command, ct)).ToDictionary(one => one.Key);
    }

    /// <summary>The inventories of these numbers of customs, by number.</summary>
    public static async Task<Dictionary<string, InventoryRow>> OfNumbersAsync(UnitOfWork unit, IEnumerable<string> numbers, CancellationToken ct)
    {
        await using var command = unit.Command($"SELECT {Columns} FROM inventory WHERE invt_no = ANY($1)", [numbers.Distinct().ToArray()]);
        return (await ReadAsync(command, ct)).ToDictionary(one => one.Inventory.InventoryNo);
    }

    /// <summary>Inventories that were taken in and not compared yet; one that is there stays as it is.</summary>
    public static NpgsqlBatchCommand Accept(IEnumerable<InventoryAccepted> accepted) => UnitOfWork.Statement(
        Insert + " ON CONFLICT DO NOTHING",
        Values([
            .. accepted.GroupBy(one => (one.OrderNo, one.SellerCode)).Select(one => one.MaxBy(version => version.Document.Version)!)
                .OrderBy(one => one.OrderNo, StringComparer.Ordinal).ThenBy(one => one.SellerCode, StringComparer.Ordinal)
                .Select(one => new InventoryRow(new(one, 0, ConsignmentState.Waiting, one.Document.ReceivedAt, []), 0, null, null)),
        ]));

    /// <summary>Keeps inventories as they are now.</summary>
    public static Task PutAsync(UnitOfWork unit, IReadOnlyCollection<InventoryRow> rows, CancellationToken ct) => unit.ExecuteAsync(
        Insert +
        """
         ON CONFLICT (order_no, seller_code) DO UPDATE SET
          platform_code = excluded.platform_code, invt_no = excluded.invt_no, document = excluded.document, revision = excluded.revision,
          receipts = excluded.receipts, status = excluded.status, code = excluded.code, decided_at = excluded.decided_at, body = excluded.body,
          logistics_code = excluded.logistics_code, waybill_no = excluded.waybill_no
        """,
        ct,
        Values(rows));

    /// <summary>An inventory; null where there is none.</summary>
    public async Task<InventoryRow?> FindAsync(string sellerCode, string orderNo, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM inventory WHERE seller_code = $1 AND order_no = $2");
        command.Parameters.Add(new() { Value = sellerCode });
        command.Parameters.Add(new() { Value = orderNo });
        return (await ReadAsync(command, ct)).SingleOrDefault();
    }

    /// <summary>The newest inventory of each of these parcels, whose numbers recur.</summary>
    public async Task<Dictionary<Parcel, InventoryRow>> OfParcelsAsync(string logisticsCompanyCode, IReadOnlyCollection<string> waybillNos, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"SELECT DISTINCT ON (waybill_no) {Columns} FROM inventory WHERE logistics_code = $1 AND waybill_no = ANY($2) ORDER BY waybill_no, document DESC");
        command.Parameters.Add(new() { Value = logisticsCompanyCode });
        command.Parameters.Add(new() { Value = waybillNos.ToArray() });
        return (await ReadAsync(command, ct)).ToDictionary(one => one.Parcel);
    }

    /// <summary>Writes the parcel beside inventories that were taken in before it was kept there; nothing where that was done.</summary>
    public async Task NameParcelsAsync(CancellationToken ct)
    {
        var named = 0;
        do
        {
            await using var command = database.CreateCommand($"SELECT {Columns} FROM inventory WHERE waybill_no IS NULL LIMIT 1000");
            var rows = await ReadAsync(command, ct);
            await using var update = database.CreateCommand(
                """
                UPDATE inventory SET logistics_code = parcel.logistics_code, waybill_no = parcel.waybill_no
                FROM unnest($1, $2, $3) AS parcel (invt_no, logistics_code, waybill_no)
                WHERE inventory.invt_no = parcel.invt_no AND inventory.waybill_no IS NULL
                """);
            update.Parameters.Add(new() { Value = rows.ConvertAll(one => one.Inventory.InventoryNo) });
            update.Parameters.Add(new() { Value = rows.ConvertAll(one => one.Parcel.LogisticsCompanyCode) });
            update.Parameters.Add(new() { Value = rows.ConvertAll(one => one.Parcel.WaybillNo) });
            await update.ExecuteNonQueryAsync(ct);
            named = rows.Count;
        }
        while (named > 0);
    }

    private static object[] Values(IReadOnlyCollection<InventoryRow> rows) =>
    [
        rows.Select(one => one.Inventory.OrderNo).ToArray(),
        rows.Select(one => one.Inventory.SellerCode).ToArray(),
        rows.Select(one => one.Inventory.PlatformCode).ToArray(),
        rows.Select(one => one.Inventory.InventoryNo).ToArray(),
        rows.Select(one => one.Inventory.Document.Id).ToArray(),
        rows.Select(one => one.Judged.Revision).ToArray(),
        rows.Select(one => (short)one.Receipts).ToArray(),
        rows.Select(one => one.Last?.Status).ToArray(),
        rows.Select(one => one.Last?.Code).ToArray(),
        rows.Select(one => one.DecidedAt).ToArray(),
        rows.Select(one => EventBytes.Write(one.Judged)).ToArray(),
        rows.Select(one => one.Parcel.LogisticsCompanyCode).ToArray(),
        rows.Select(one => one.Parcel.WaybillNo).ToArray(),
    ];

    private static Task<List<InventoryRow>> ReadAsync(NpgsqlCommand command, CancellationToken ct) =>
        DeclarationRows.ReadAsync<InventoryJudged, InventoryRow>(command, (body, receipts, last, decidedAt) => new(body, receipts, last, decidedAt), ct);
}
