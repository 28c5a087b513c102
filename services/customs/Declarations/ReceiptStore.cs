using Npgsql;
using Sandan.Contracts.Ceb;
using Sandan.Customs.Feed;
using Sandan.Intake;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Declarations;

/// <summary>The table receipt: every result of every declaration, which only ever grows.</summary>
internal sealed class ReceiptStore(NpgsqlDataSource database) : ILaterReceipts
{
    /// <summary>Keeps results, and says which: one that is there stays as it was.</summary>
    public static async Task<HashSet<(Guid Document, int No)>> AddAsync(
        UnitOfWork unit, IReadOnlyCollection<DeclarationReceipt> receipts, CancellationToken ct)
    {
        var added = new HashSet<(Guid, int)>();
        if (receipts.Count > 0)
        {
            await using var command = unit.Command(
                """
                INSERT INTO receipt (document, no, status, code, info, customs_no, at) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT DO NOTHING RETURNING document, no
                """,
                receipts.Select(one => one.Document).ToArray(),
                receipts.Select(one => (short)one.No).ToArray(),
                receipts.Select(one => one.Result.Status).ToArray(),
                receipts.Select(one => one.Result.Code).ToArray(),
                receipts.Select(one => one.Info).ToArray(),
                receipts.Select(one => one.CustomsNo).ToArray(),
                receipts.Select(one => one.At).ToArray());
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                added.Add((row.GetGuid(0), row.GetInt16(1)));
            }
        }

        return added;
    }

    /// <summary>Keeps results and tells of those that were not there before.</summary>
    /// <param name="told">Each with what the feed says of it; null where it says nothing.</param>
    public static async Task TellAsync(UnitOfWork unit, IReadOnlyCollection<(DeclarationReceipt Receipt, FeedEvent? Event)> told, CancellationToken ct)
    {
        var added = await AddAsync(unit, [.. told.Select(one => one.Receipt)], ct);
        List<FeedEvent> events = [.. told.Where(one => added.Contains((one.Receipt.Document, one.Receipt.No))).Select(one => one.Event).OfType<FeedEvent>()];
        if (events.Count > 0)
        {
            unit.BeforeCommit(FeedStore.Write(events));
        }
    }

    /// <summary>When these versions got this result for the first time; those that never did are left out.</summary>
    public static async Task<Dictionary<Guid, DateTimeOffset>> FirstAsync(UnitOfWork unit, Guid[] documents, string status, CancellationToken ct)
    {
        await using var command = unit.Command("SELECT document, min(at) FROM receipt WHERE document = ANY($1) AND status = $2 GROUP BY document", documents, status);
        await using var row = await command.ExecuteReaderAsync(ct);
        var found = new Dictionary<Guid, DateTimeOffset>();
        while (await row.ReadAsync(ct))
        {
            found.Add(row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1));
        }

        return found;
    }

    /// <summary>The results of versions, the oldest first, as this unit of work sees them.</summary>
    public static async Task<ILookup<Guid, LaterReceipt>> OfAsync(UnitOfWork unit, Guid[] documents, CancellationToken ct)
    {
        await using var command = unit.Command("SELECT status, at, info, customs_no, document FROM receipt WHERE document = ANY($1) ORDER BY no", [documents]);
        await using var row = await command.ExecuteReaderAsync(ct);
        var receipts = new List<(Guid Document, LaterReceipt Receipt)>();
        while (await row.ReadAsync(ct))
        {
            receipts.Add((row.GetGuid(4), Read(row)));
        }

        return receipts.ToLookup(one => one.Document, one => one.Receipt);
    }

    /// <summary>The results of one version, the oldest first.</summary>
    public async Task<List<LaterReceipt>> OfAsync(Guid document, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT status, at, info, customs_no FROM receipt WHERE document = $1 ORDER BY no");
        command.Parameters.Add(new() { Value = document });
        await using var row = await command.ExecuteReaderAsync(ct);
        var receipts = new List<LaterReceipt>();
        while (await row.ReadAsync(ct))
        {
            receipts.Add(Read(row));
        }

        return receipts;
    }

    private static LaterReceipt Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3));

    /// <inheritdoc />
    public async Task<IReadOnlyList<LaterReceipt>?> OfAsync(CebDocument document, Guid id, HttpContext context, CancellationToken ct) => await OfAsync(id, ct);
}
