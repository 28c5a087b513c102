using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Matcher.Storage;

/// <summary>Documents of exports, and what was told of them. Every method is one statement for a whole group.</summary>
internal static class ExportStore
{
    /// <summary>
    /// One part: exports are worked in one transaction after the other. An order and a waybill that come at the same time would
    /// otherwise not see each other, for only the inventory names both.
    /// </summary>
    private static readonly PartLocks Locks = new(0x4558, 1); // "EX"

    /// <summary>Until commit, nobody else works exports in.</summary>
    public static Task LockAsync(UnitOfWork unit, CancellationToken ct) => Locks.LockAllAsync(unit, ct);

    /// <summary>Keeps versions that are newer than what is there, and says which were.</summary>
    /// <param name="documents">Of each document one version.</param>
    public static async Task<HashSet<(DocumentKind Kind, string Number)>> PutAsync(
        UnitOfWork unit, IReadOnlyCollection<ExportDocument> documents, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            INSERT INTO export_document (kind, number, version, order_ref, waybill_ref, body)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
            ON CONFLICT (number, kind) DO UPDATE SET version = excluded.version, order_ref = excluded.order_ref,
              waybill_ref = excluded.waybill_ref, body = excluded.body
            WHERE excluded.version > export_document.version
            RETURNING kind, number
            """,
            documents.Select(one => (short)one.Kind).ToArray(),
            documents.Select(one => one.Number).ToArray(),
            documents.Select(one => one.Document.Version).ToArray(),
            documents.Select(one => one.OrderRef).ToArray(),
            documents.Select(one => one.WaybillRef).ToArray(),
            documents.Select(one => one.Write()).ToArray());
        await using var row = await command.ExecuteReaderAsync(ct);
        var changed = new HashSet<(DocumentKind, string)>();
        while (await row.ReadAsync(ct))
        {
            changed.Add(((DocumentKind)row.GetInt16(0), row.GetString(1)));
        }

        return changed;
    }

    /// <summary>The inventories among these documents, and those that name one of them.</summary>
    public static Task<List<ExportDocument>> InventoriesOfAsync(UnitOfWork unit, IReadOnlyCollection<ExportDocument> documents, CancellationToken ct)
    {
        var others = documents.Where(one => one.Kind != DocumentKind.Inventory).ToArray();
        return ReadAsync(
            unit,
            """
            SELECT kind, body FROM export_document
            WHERE kind = 3 AND (number = ANY($1) OR order_ref = ANY($2) OR waybill_ref = ANY($3)) ORDER BY number
            """,
            ct,
            documents.Where(one => one.Kind == DocumentKind.Inventory).Select(one => one.Number).ToArray(),
            others.Select(one => one.OrderRef).OfType<string>().ToArray(),
            others.Select(one => one.WaybillRef).OfType<string>().ToArray());
    }

    /// <summary>What inventories declare: orders and receipts of payment of their order numbers, and their waybills.</summary>
    public static Task<List<ExportDocument>> DeclaredByAsync(UnitOfWork unit, IReadOnlyCollection<ExportDocument> inventories, CancellationToken ct) =>
        ReadAsync(
            unit,
            "SELECT kind, body FROM export_document WHERE kind < 3 AND (order_ref = ANY($1) OR waybill_ref = ANY($2))",
            ct,
            inventories.Select(one => one.OrderRef!).Distinct().ToArray(),
            inventories.Select(one => one.WaybillRef!).Distinct().ToArray());

    /// <summary>What was last told of inventories, by number.</summary>
    public static async Task<Dictionary<string, StoredExport>> ToldAsync(UnitOfWork unit, IEnumerable<ExportDocument> inventories, CancellationToken ct)
    {
        await using var command = unit.Command(
            "SELECT number, revision, basis FROM export_inventory WHERE number = ANY($1)", [inventories.Select(one => one.Number).ToArray()]);
        await using var row = await command.ExecuteReaderAsync(ct);
        var told = new Dictionary<string, StoredExport>();
        while (await row.ReadAsync(ct))
        {
            told.Add(row.GetString(0), new(row.GetString(0), row.GetInt32(1), row.GetString(2)));
        }

        return told;
    }

    /// <summary>Stores what is told now.</summary>
    public static Task TellAsync(UnitOfWork unit, IReadOnlyCollection<StoredExport> told, CancellationToken ct) => unit.ExecuteAsync(
        """
        INSERT INTO export_inventory (number, revision, basis) SELECT * FROM unnest($1, $2, $3)
        ON CONFLICT (number) DO UPDATE SET revision = excluded.revision, basis = excluded.basis
        """,
        ct,
        told.Select(one => one.Number).ToArray(),
        told.Select(one => one.Revision).ToArray(),
        told.Select(one => one.Basis).ToArray());

    private static async Task<List<ExportDocument>> ReadAsync(UnitOfWork unit, string sql, CancellationToken ct, params object[] parameters)
    {
        await using var command = unit.Command(sql, parameters);
        await using var row = await command.ExecuteReaderAsync(ct);
        var documents = new List<ExportDocument>();
        while (await row.ReadAsync(ct))
        {
            documents.Add(ExportDocument.Read((DocumentKind)row.GetInt16(0), (byte[])row[1]));
        }

        return documents;
    }
}
