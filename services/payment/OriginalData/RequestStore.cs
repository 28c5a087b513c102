using Npgsql;
using NpgsqlTypes;
using Sandan.Shared.Storage;

namespace Sandan.Payment.OriginalData;

/// <summary>A request that is due.</summary>
/// <param name="Attempts">Counts this one.</param>
internal sealed record DueRequest(Guid Id, string EbpCode, string OrderNo, string SessionId, int Attempts, int Refusals);

/// <summary>What customs asked a platform for, and what became of it.</summary>
/// <param name="State"><c>waitingForData</c>, <c>waitingForKey</c>, <c>sending</c>, <c>accepted</c> or <c>refused</c>.</param>
/// <param name="Attempts">Uploads begun.</param>
/// <param name="Code">Last answer of customs.</param>
/// <param name="Trouble">Why the last upload had no answer.</param>
internal sealed record RequestView(
    Guid Id, string EbpCode, string OrderNo, string SessionId, DateTimeOffset AskedAt, string State, int Attempts, string? Code, string? Message,
    string? Trouble, DateTimeOffset? NextAttemptAt, DateTimeOffset? EndedAt);

/// <summary>Requests of customs, as a platform has to answer them.</summary>
internal static class RequestStore
{
    /// <summary>The states that there are.</summary>
    public static readonly string[] States = ["waitingForData", "waitingForKey", "sending", "accepted", "refused"];

    /// <summary>Notes a request; the same again changes nothing.</summary>
    /// <param name="hasData">Then it is due at once.</param>
    public static Task AddAsync(
        UnitOfWork unit, string ebpCode, string orderNo, string sessionId, bool hasData, DateTimeOffset now, CancellationToken ct) => unit.ExecuteAsync(
        """
        INSERT INTO original_request (id, ebp_code, order_no, session_id, asked_at, state, next_attempt_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT DO NOTHING
        """,
        ct, Guid.CreateVersion7(), ebpCode, orderNo, sessionId, now, hasData ? "sending" : "waitingForData",
        new NpgsqlParameter { Value = hasData ? now : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });

    /// <summary>Data were deposited: who waits for them is due.</summary>
    public static Task DataCameAsync(UnitOfWork unit, OriginalPayment payment, DateTimeOffset now, CancellationToken ct) => unit.ExecuteAsync(
        "UPDATE original_request SET state = 'sending', next_attempt_at = $3 WHERE ebp_code = $1 AND order_no = ANY($2) AND state = 'waitingForData'",
        ct, payment.Head.EbpCode, payment.Orders.Select(order => order.OrderNo).ToArray(), now);

    /// <summary>At start: keys are configured, so what waited for one that is there now is due.</summary>
    public static async Task KeysCameAsync(NpgsqlDataSource database, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "UPDATE original_request SET state = 'sending', next_attempt_at = $1 WHERE state = 'waitingForKey'");
        command.Parameters.Add(new() { Value = now });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Takes requests that are due; if nothing becomes of one, it is due again at <paramref name="again"/>.</summary>
    public static async Task<List<DueRequest>> ClaimAsync(
        NpgsqlDataSource database, int rowsMax, DateTimeOffset now, DateTimeOffset again, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            UPDATE original_request SET attempts = attempts + 1, next_attempt_at = $2 WHERE id IN (
              SELECT id FROM original_request WHERE next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED)
            RETURNING id, ebp_code, order_no, session_id, attempts, refusals
            """);
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = again });
        command.Parameters.Add(new() { Value = rowsMax });
        await using var row = await command.ExecuteReaderAsync(ct);
        var due = new List<DueRequest>();
        while (await row.ReadAsync(ct))
        {
            due.Add(new(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4), row.GetInt32(5)));
        }

        return due;
    }

    /// <summary>It waits for data or for a key, and no upload was begun.</summary>
    /// <param name="nextAt">When it is looked at again; null where somebody will say so.</param>
    public static Task WaitAsync(NpgsqlDataSource database, DueRequest request, string state, DateTimeOffset? nextAt, CancellationToken ct) => SetAsync(
        database, request, "state = $3, attempts = attempts - 1, next_attempt_at = $4", ct, Text(state), Time(nextAt));

    /// <summary>An upload was answered, or was not.</summary>
    /// <param name="nextAt">When it is sent again; null where that was its end.</param>
    public static Task AnswerAsync(
        NpgsqlDataSource database, DueRequest request, PartnerAnswer answer, DateTimeOffset now, DateTimeOffset? nextAt, CancellationToken ct)
    {
        var isAccepted = answer.Code == PartnerHttp.Accepted;
        return SetAsync(
            database, request,
            """
            state = $3, refusals = refusals + $4, answer_code = coalesce($5, answer_code), answer_message = CASE WHEN $5 IS NULL THEN answer_message ELSE $6 END,
              trouble = $7, next_attempt_at = $8, ended_at = $9
            """,
            ct,
            Text(nextAt is not null ? "sending" : isAccepted ? "accepted" : "refused"),
            new() { Value = answer.Code is not null && !isAccepted ? 1 : 0 },
            Text(answer.Code), Text(answer.Message), Text(answer.Trouble), Time(nextAt), Time(nextAt is null ? now : null));
    }

    /// <summary>Newest first.</summary>
    /// <param name="ebpCode">Of one platform; null for all.</param>
    /// <param name="before">Ids before this one.</param>
    public static async Task<List<RequestView>> ListAsync(
        NpgsqlDataSource database, string? ebpCode, string? orderNo, string? state, Guid? before, int rowsMax, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT id, ebp_code, order_no, session_id, asked_at, state, attempts, answer_code, answer_message, trouble, next_attempt_at, ended_at
            FROM original_request
            WHERE ($1 IS NULL OR ebp_code = $1) AND ($2 IS NULL OR order_no = $2) AND ($3 IS NULL OR state = $3) AND ($4 IS NULL OR id < $4)
            ORDER BY id DESC LIMIT $5
            """);
        command.Parameters.AddRange(new[] { Text(ebpCode), Text(orderNo), Text(state) });
        command.Parameters.Add(new() { Value = (object?)before ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = rowsMax });
        await using var row = await command.ExecuteReaderAsync(ct);
        var found = new List<RequestView>();
        while (await row.ReadAsync(ct))
        {
            found.Add(new(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4), row.GetString(5), row.GetInt32(6),
                row.TextOrNull(7), row.TextOrNull(8), row.TextOrNull(9), row.TimeOrNull(10), row.TimeOrNull(11)));
        }

        return found;
    }

    /// <summary>Whoever was claimed later has the row: an answer that comes late changes nothing.</summary>
    private static async Task SetAsync(NpgsqlDataSource database, DueRequest request, string set, CancellationToken ct, params NpgsqlParameter[] values)
    {
        await using var command = database.CreateCommand($"UPDATE original_request SET {set} WHERE id = $1 AND attempts = $2");
        command.Parameters.Add(new() { Value = request.Id });
        command.Parameters.Add(new() { Value = request.Attempts });
        command.Parameters.AddRange(values);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Time(DateTimeOffset? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
