using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Shared.Storage;
using Row = Sandan.Customs.Declarations.ReturnRow<Sandan.Contracts.Events.ExportReturnAccepted>;

namespace Sandan.Customs.Exports;

/// <summary>The table export_return; each call is one statement, however many items.</summary>
internal sealed class ExportReturnStore(NpgsqlDataSource database)
{
    private const string Columns = DeclarationRows.Columns;

    /// <summary>All returns of these inventories, by preNo.</summary>
    public static async Task<Dictionary<string, Row>> OfInventoriesAsync(UnitOfWork unit, string[] inventoryNos, CancellationToken ct)
    {
        await using var command = unit.Command($"SELECT {Columns} FROM export_return WHERE invt_no = ANY($1)", [inventoryNos]);
        return (await ReadAsync(command, ct)).ToDictionary(one => one.Asked.PreNo);
    }

    /// <summary>Those that wait for their goods (120) and are of these inventories, or came or left by these parcels.</summary>
    public static async Task<List<Row>> AwaitedAsync(
        UnitOfWork unit, IReadOnlyCollection<string> inventoryNos, IReadOnlyCollection<Parcel> parcels, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"""
            WITH wanted AS (SELECT * FROM unnest($2, $3) AS wanted (waybill_no, logistics_code))
            SELECT {Columns} FROM export_return WHERE status = '120' AND pre_no IN (
              SELECT pre_no FROM export_return WHERE invt_no = ANY($1)
              UNION SELECT pre_no FROM export_return JOIN wanted USING (waybill_no, logistics_code)
              UNION SELECT pre_no FROM export_inventory JOIN wanted USING (waybill_no, logistics_code) JOIN export_return USING (invt_no)
            )
            """,
            inventoryNos.ToArray(),
            parcels.Select(one => one.WaybillNo).ToArray(),
            parcels.Select(one => one.LogisticsCompanyCode).ToArray());
        return await ReadAsync(command, ct);
    }

    /// <summary>Keeps returns as they are now.</summary>
    public static Task PutAsync(UnitOfWork unit, IReadOnlyCollection<Row> rows, CancellationToken ct) => rows.Count == 0 ? Task.CompletedTask : unit.ExecuteAsync(
        """
        INSERT INTO export_return (pre_no, invt_no, logistics_code, waybill_no, document, receipts, status, code, decided_at, body)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (pre_no) DO UPDATE SET
          logistics_code = excluded.logistics_code, waybill_no = excluded.waybill_no, document = excluded.document, receipts = excluded.receipts,
          status = excluded.status, code = excluded.code, decided_at = excluded.decided_at, body = excluded.body
        """,
        ct,
        rows.Select(one => one.Asked.PreNo).ToArray(),
        rows.Select(one => one.Asked.InventoryNo).ToArray(),
        rows.Select(one => one.Asked.LogisticsCompanyCode).ToArray(),
        rows.Select(one => one.Asked.WaybillNo).ToArray(),
        rows.Select(one => one.Asked.Document.Id).ToArray(),
        rows.Select(one => (short)one.Receipts).ToArray(),
        rows.Select(one => one.Last?.Status).ToArray(),
        rows.Select(one => one.Last?.Code).ToArray(),
        rows.Select(one => one.DecidedAt).ToArray(),
        rows.Select(one => EventBytes.Write(one.Asked)).ToArray());

    /// <summary>A return; null where there is none.</summary>
    public async Task<Row?> FindAsync(string preNo, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM export_return WHERE pre_no = $1");
        command.Parameters.Add(new() { Value = preNo });
        return (await ReadAsync(command, ct)).SingleOrDefault();
    }

    private static Task<List<Row>> ReadAsync(NpgsqlCommand command, CancellationToken ct) =>
        DeclarationRows.ReadAsync<ExportReturnAccepted, Row>(command, (body, receipts, last, decidedAt) => new(body, receipts, last, decidedAt), ct);
}
