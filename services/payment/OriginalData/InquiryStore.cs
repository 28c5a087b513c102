using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Sandan.Shared.Http;
using Sandan.Shared.Storage;
using Sandan.Signing;

namespace Sandan.Payment.OriginalData;

/// <summary>A call of platDataOpen that is due.</summary>
/// <param name="Attempts">Counts this one.</param>
internal sealed record DueInquiry(Guid Id, string SessionId, string OrderNo, Uri Address, int Attempts);

/// <summary>An inquiry as an upload finds it.</summary>
/// <param name="ContentHash">Of the upload that was taken; null while there is none.</param>
internal sealed record OpenInquiry(Guid Id, string EbpCode, string OrderNo, byte[]? ContentHash);

/// <summary>An inquiry as it is kept.</summary>
internal sealed record StoredInquiry(
    Guid Id, string SessionId, string EbpCode, string OrderNo, DateTimeOffset MadeAt, string State, int Attempts, string? Code, string? Message,
    string? Trouble, string? RefusedCode, DateTimeOffset? RefusedAt, DateTimeOffset? ReceivedAt, IReadOnlyList<Finding>? Findings);

/// <summary>What customs ask platforms for, and what came back.</summary>
internal static class InquiryStore
{
    /// <summary>The states that there are: platDataOpen is to be called, it said 10000, it did not, the data are here.</summary>
    public static readonly string[] States = ["asking", "asked", "notAsked", "uploaded"];

    /// <summary>Registers where a platform is asked.</summary>
    public static Task PutAddressAsync(UnitOfWork unit, string ebpCode, Uri address, DateTimeOffset now, CancellationToken ct) => unit.ExecuteAsync(
        """
        INSERT INTO original_platform (ebp_code, plat_data_open, changed_at) VALUES ($1, $2, $3)
        ON CONFLICT (ebp_code) DO UPDATE SET plat_data_open = excluded.plat_data_open, changed_at = excluded.changed_at
        """,
        ct, ebpCode, address.AbsoluteUri, now);

    /// <summary>Notes an inquiry, due at once. False where the platform has no address.</summary>
    public static async Task<bool> AddAsync(
        UnitOfWork unit, Guid id, string sessionId, string ebpCode, string orderNo, DateTimeOffset now, CancellationToken ct) => await unit.ExecuteAsync(
        """
        INSERT INTO original_inquiry (id, session_id, ebp_code, order_no, made_at, state, next_attempt_at)
        SELECT $1, $2, ebp_code, $4, $5, 'asking', $5 FROM original_platform WHERE ebp_code = $3
        """,
        ct, id, sessionId, ebpCode, orderNo, now) == 1;

    /// <summary>Takes inquiries that are due; if nothing becomes of one, it is due again at <paramref name="again"/>.</summary>
    public static async Task<List<DueInquiry>> ClaimAsync(
        NpgsqlDataSource database, int rowsMax, DateTimeOffset now, DateTimeOffset again, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE original_inquiry inquiry SET attempts = attempts + 1, next_attempt_at = $2
            FROM (SELECT id, plat_data_open FROM original_inquiry JOIN original_platform USING (ebp_code) WHERE next_attempt_at <= $1
              ORDER BY next_attempt_at LIMIT $3 FOR UPDATE OF original_inquiry SKIP LOCKED) AS due
            WHERE inquiry.id = due.id RETURNING inquiry.id, session_id, order_no, plat_data_open, attempts
            """);
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = again });
        command.Parameters.Add(new() { Value = rowsMax });
        await using var row = await command.ExecuteReaderAsync(ct);
        var due = new List<DueInquiry>();
        while (await row.ReadAsync(ct))
        {
            due.Add(new(row.GetGuid(0), row.GetString(1), row.GetString(2), new(row.GetString(3)), row.GetInt32(4)));
        }

        return due;
    }

    /// <summary>A call was answered, or was not. Where the upload was faster than the answer, that stands.</summary>
    /// <param name="nextAt">When it is called again; null where that was the last time.</param>
    public static async Task AnswerAsync(NpgsqlDataSource database, DueInquiry inquiry, PartnerAnswer answer, DateTimeOffset? nextAt, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE original_inquiry SET state = CASE WHEN state = 'uploaded' THEN state ELSE $3 END, answer_code = $4, answer_message = $5, trouble = $6,
              next_attempt_at = CASE WHEN state = 'uploaded' THEN NULL ELSE $7 END
            WHERE id = $1 AND attempts = $2
            """);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            new() { Value = inquiry.Id },
            new() { Value = inquiry.Attempts },
            new() { Value = nextAt is not null ? "asking" : answer.Code == PartnerHttp.Accepted ? "asked" : "notAsked" },
            Text(answer.Code),
            Text(answer.Message),
            Text(answer.Trouble),
            new() { Value = (object?)nextAt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
        });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The inquiry of a session, until commit for this upload alone; null where nobody asked.</summary>
    public static async Task<OpenInquiry?> LockAsync(UnitOfWork unit, string sessionId, CancellationToken ct)
    {
        await using var command = unit.Command(
            "SELECT id, ebp_code, order_no, content_hash FROM original_inquiry WHERE session_id = $1 FOR UPDATE", sessionId);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new(row.GetGuid(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : (byte[])row[3])
            : null;
    }

    /// <summary>Certificates that are registered for a platform and not revoked.</summary>
    public static async Task<List<CebCertificate>> CertificatesAsync(UnitOfWork unit, string ebpCode, CancellationToken ct)
    {
        await using var command = unit.Command("SELECT der FROM certificate WHERE company = $1 AND NOT revoked", ebpCode);
        await using var row = await command.ExecuteReaderAsync(ct);
        var certificates = new List<CebCertificate>();
        while (await row.ReadAsync(ct))
        {
            certificates.Add(CebCertificate.Read(Convert.ToBase64String((byte[])row[0]))!); // the registry took no other
        }

        return certificates;
    }

    /// <summary>An upload was taken.</summary>
    public static Task TakeAsync(
        UnitOfWork unit, Guid id, byte[] contentHash, IReadOnlyList<Finding> findings, DateTimeOffset now, CancellationToken ct) => unit.ExecuteAsync(
        "UPDATE original_inquiry SET state = 'uploaded', received_at = $2, content_hash = $3, findings = $4, next_attempt_at = NULL WHERE id = $1",
        ct, id, now, contentHash, JsonSerializer.Serialize(findings, Problems.Json));

    /// <summary>An upload was refused.</summary>
    public static Task RefuseAsync(UnitOfWork unit, Guid id, string code, DateTimeOffset now, CancellationToken ct) => unit.ExecuteAsync(
        "UPDATE original_inquiry SET refused_code = $2, refused_at = $3 WHERE id = $1", ct, id, code, now);

    /// <summary>Newest first.</summary>
    public static async Task<List<StoredInquiry>> ListAsync(
        NpgsqlDataSource database, string? orderNo, string? state, Guid? before, int rowsMax, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT id, session_id, ebp_code, order_no, made_at, state, attempts, answer_code, answer_message, trouble, refused_code, refused_at,
              received_at, findings
            FROM original_inquiry WHERE ($1 IS NULL OR order_no = $1) AND ($2 IS NULL OR state = $2) AND ($3 IS NULL OR id < $3)
            ORDER BY id DESC LIMIT $4
            """);
        command.Parameters.AddRange(new NpgsqlParameter[]
        {
            Text(orderNo),
            Text(state),
            new() { Value = (object?)before ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { Value = rowsMax },
        });
        await using var row = await command.ExecuteReaderAsync(ct);
        var found = new List<StoredInquiry>();
        while (await row.ReadAsync(ct))
        {
            found.Add(new(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4), row.GetString(5), row.GetInt32(6),
                row.TextOrNull(7), row.TextOrNull(8), row.TextOrNull(9), row.TextOrNull(10), row.TimeOrNull(11), row.TimeOrNull(12),
                row.TextOrNull(13) is { } findings ? JsonSerializer.Deserialize<Finding[]>(findings, Problems.Json) : null));
        }

        return found;
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
