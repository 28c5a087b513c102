using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Exports;

/// <summary>The tables summary_part, summary_line, summary, summary_result and summary_inventory; each call is one statement, however many items.</summary>
internal sealed class SummaryStore(NpgsqlDataSource database)
{
    private const string Columns = DeclarationRows.Columns;

    /// <summary>All parts of these requests.</summary>
    public static async Task<List<SummaryRow>> FindAsync(UnitOfWork unit, IReadOnlyCollection<SummaryKey> keys, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"SELECT {Columns} FROM summary_part JOIN unnest($1, $2) AS wanted (declarant_code, declarant_no) USING (declarant_code, declarant_no)",
            keys.Select(one => one.DeclarantCode).ToArray(),
            keys.Select(one => one.DeclarantNo).ToArray());
        return await ReadAsync(command, ct);
    }

    /// <summary>Requests without a result that list these inventories.</summary>
    public static async Task<List<SummaryKey>> WaitingAsync(UnitOfWork unit, IEnumerable<string> inventoryNos, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT DISTINCT declarant_code, declarant_no FROM summary_line JOIN summary_part USING (declarant_code, declarant_no, part)
            WHERE invt_no = ANY($1) AND status IS NULL
            """,
            [inventoryNos.ToArray()]);
        await using var row = await command.ExecuteReaderAsync(ct);
        var waiting = new List<SummaryKey>();
        while (await row.ReadAsync(ct))
        {
            waiting.Add(new(row.GetString(0), row.GetString(1)));
        }

        return waiting;
    }

    /// <summary>sumNo of those of these inventories that were summed up, by invtNo.</summary>
    public static async Task<Dictionary<string, string>> SummedAsync(UnitOfWork unit, IEnumerable<string> inventoryNos, CancellationToken ct)
    {
        await using var command = unit.Command("SELECT invt_no, sum_no FROM summary_inventory WHERE invt_no = ANY($1)", [inventoryNos.ToArray()]);
        await using var row = await command.ExecuteReaderAsync(ct);
        var summed = new Dictionary<string, string>();
        while (await row.ReadAsync(ct))
        {
            summed.Add(row.GetString(0), row.GetString(1));
        }

        return summed;
    }

    /// <summary>Keeps parts as they are now.</summary>
    public static Task PutAsync(UnitOfWork unit, IReadOnlyCollection<SummaryRow> rows, CancellationToken ct) => unit.ExecuteAsync(
        """
        INSERT INTO summary_part (declarant_code, declarant_no, part, receipts, status, code, decided_at, body)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (declarant_code, declarant_no, part) DO UPDATE SET
          receipts = excluded.receipts, status = excluded.status, code = excluded.code, decided_at = excluded.decided_at, body = excluded.body
        """,
        ct,
        rows.Select(one => one.Part.DeclarantCode).ToArray(),
        rows.Select(one => one.Part.DeclarantNo).ToArray(),
        rows.Select(one => one.Part.Part).ToArray(),
        rows.Select(one => (short)one.Receipts).ToArray(),
        rows.Select(one => one.Last?.Status).ToArray(),
        rows.Select(one => one.Last?.Code).ToArray(),
        rows.Select(one => one.DecidedAt).ToArray(),
        rows.Select(one => EventBytes.Write(one.Part)).ToArray());

    /// <summary>The inventories that parts list, in place of those that they had; a deleted part has none, nor has one that names a period.</summary>
    public static async Task PutLinesAsync(UnitOfWork unit, IReadOnlyCollection<SummaryPart> parts, CancellationToken ct)
    {
        await unit.ExecuteAsync(
            """
            DELETE FROM summary_line USING unnest($1, $2, $3) AS new (declarant_code, declarant_no, part)
            WHERE (summary_line.declarant_code, summary_line.declarant_no, summary_line.part) = (new.declarant_code, new.declarant_no, new.part)
            """,
            ct,
            parts.Select(one => one.DeclarantCode).ToArray(),
            parts.Select(one => one.DeclarantNo).ToArray(),
            parts.Select(one => one.Part).ToArray());
        await unit.CopyAsync(
            "summary_line (invt_no, declarant_code, declarant_no, part)",
            [
                .. parts.Where(one => !one.Document.Deleted && one.Terms.From is null)
                    .SelectMany(one => one.InventoryNos, (part, number) => (Part: part, Number: number)),
            ],
            (row, one) =>
            {
                row.Write(one.Number, NpgsqlDbType.Text);
                row.Write(one.Part.DeclarantCode, NpgsqlDbType.Text);
                row.Write(one.Part.DeclarantNo, NpgsqlDbType.Text);
                row.Write(one.Part.Part, NpgsqlDbType.Integer);
            },
            ct);
    }

    /// <summary>Numbers of which declSeqNo is made, each given once.</summary>
    public static async Task<List<long>> DeclarationNumbersAsync(UnitOfWork unit, int count, CancellationToken ct)
    {
        await using var command = unit.Command("SELECT nextval('declaration_no') FROM generate_series(1, $1)", count);
        await using var row = await command.ExecuteReaderAsync(ct);
        var numbers = new List<long>(count);
        while (await row.ReadAsync(ct))
        {
            numbers.Add(row.GetInt64(0));
        }

        return numbers;
    }

    /// <summary>Keeps what a request was summed up to.</summary>
    public static async Task AddAsync(UnitOfWork unit, SummaryKey key, Summary summary, CancellationToken ct)
    {
        await unit.ExecuteAsync(
            "INSERT INTO summary (declarant_code, declarant_no, sum_no, declarations) VALUES ($1, $2, $3, $4)",
            ct, key.DeclarantCode, key.DeclarantNo, summary.SumNo, summary.DeclarationsJson());
        await unit.ExecuteAsync(
            """
            INSERT INTO summary_result (declarant_code, declarant_no, no, decl_seq_no, body)
            SELECT $1, $2, * FROM unnest($3, $4, $5)
            """,
            ct, key.DeclarantCode, key.DeclarantNo,
            Enumerable.Range(1, summary.Declarations.Count).ToArray(),
            summary.Declarations.Select(one => one.DeclSeqNo).ToArray(),
            summary.Results.ToArray());
        await unit.ExecuteAsync(
            "INSERT INTO summary_inventory (invt_no, sum_no) SELECT invt_no, $2 FROM unnest($1) AS invt_no",
            ct, summary.InventoryNos.ToArray(), summary.SumNo);
    }

    /// <summary>All parts of a request, in their order; none where there is no such request.</summary>
    public async Task<List<SummaryRow>> FindAsync(SummaryKey key, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM summary_part WHERE declarant_code = $1 AND declarant_no = $2 ORDER BY part");
        command.Parameters.Add(new() { Value = key.DeclarantCode });
        command.Parameters.Add(new() { Value = key.DeclarantNo });
        return await ReadAsync(command, ct);
    }

    /// <summary>sumNo, and the declarations as JSON; null where the request is not summed up.</summary>
    public async Task<(string SumNo, byte[] Declarations)?> FindSummaryAsync(SummaryKey key, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT sum_no, declarations FROM summary WHERE declarant_code = $1 AND declarant_no = $2");
        command.Parameters.Add(new() { Value = key.DeclarantCode });
        command.Parameters.Add(new() { Value = key.DeclarantNo });
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? (row.GetString(0), (byte[])row[1]) : null;
    }

    /// <summary>Results of a request, in their order.</summary>
    /// <param name="behind">Behind this number of a result.</param>
    public async Task<List<byte[]>> ResultsAsync(SummaryKey key, int behind, int most, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "SELECT body FROM summary_result WHERE declarant_code = $1 AND declarant_no = $2 AND no > $3 ORDER BY no LIMIT $4");
        foreach (var value in (object[])[key.DeclarantCode, key.DeclarantNo, behind, most])
        {
            command.Parameters.Add(new() { Value = value });
        }

        await using var row = await command.ExecuteReaderAsync(ct);
        var results = new List<byte[]>();
        while (await row.ReadAsync(ct))
        {
            results.Add((byte[])row[0]);
        }

        return results;
    }

    private static Task<List<SummaryRow>> ReadAsync(NpgsqlCommand command, CancellationToken ct) =>
        DeclarationRows.ReadAsync<SummaryPart, SummaryRow>(command, (body, receipts, last, decidedAt) => new(body, receipts, last, decidedAt), ct);
}
