using Npgsql;
using NpgsqlTypes;
using Sandan.Customs.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Storage;

/// <summary>The table decision: the history, which only ever grows.</summary>
internal sealed class DecisionStore(NpgsqlDataSource database)
{
    /// <summary>Appends what was decided.</summary>
    public static async Task AddAsync(UnitOfWork unit, List<ClearanceChange> changes, CancellationToken ct)
    {
        if (!changes.Exists(one => one.Decision is not null))
        {
            return;
        }

        await using var rows = await unit.Connection.BeginBinaryImportAsync(
            """
            COPY decision (number, decision, revision, status, previous_status, code, rule, decided_at, decided_by, reason)
            FROM STDIN (FORMAT binary)
            """,
            ct);
        foreach (var (_, clearance, decision, _) in changes)
        {
            if (decision is null)
            {
                continue;
            }

            await rows.StartRowAsync(ct);
            await rows.WriteAsync(clearance.Number, NpgsqlDbType.Bigint, ct);
            await rows.WriteAsync(decision.Number, NpgsqlDbType.Integer, ct);
            await rows.WriteAsync(decision.Revision, NpgsqlDbType.Integer, ct);
            await rows.WriteAsync((short)decision.Status, NpgsqlDbType.Smallint, ct);
            await rows.WriteAsync((short?)decision.PreviousStatus, NpgsqlDbType.Smallint, ct);
            await rows.WriteAsync(decision.Code, NpgsqlDbType.Text, ct);
            await rows.WriteAsync(decision.Rule, NpgsqlDbType.Text, ct);
            await rows.WriteAsync(decision.At, NpgsqlDbType.TimestampTz, ct);
            await rows.WriteAsync(decision.By, NpgsqlDbType.Text, ct);
            await rows.WriteAsync(decision.Reason, NpgsqlDbType.Text, ct);
        }

        await rows.CompleteAsync(ct);
    }

    /// <summary>The decisions on a consignment, oldest first.</summary>
    /// <param name="number">Of its clearance.</param>
    public async Task<IReadOnlyList<Decision>> HistoryAsync(long number, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT decision, revision, status, previous_status, code, rule, decided_at, decided_by, reason
            FROM decision WHERE number = $1 ORDER BY decision
            """);
        command.Parameters.Add(new() { Value = number });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var history = new List<Decision>();
        while (await rows.ReadAsync(ct))
        {
            history.Add(new(
                rows.GetInt32(0), rows.GetInt32(1), (ReturnStatus)rows.GetInt16(2),
                rows.IsDBNull(3) ? null : (ReturnStatus)rows.GetInt16(3),
                rows.GetString(4), rows.GetString(5), rows.GetFieldValue<DateTimeOffset>(6), rows.GetString(7),
                rows.IsDBNull(8) ? null : rows.GetString(8)));
        }

        return history;
    }
}
