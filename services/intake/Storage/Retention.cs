using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Sandan.Shared.Audit;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Intake.Storage;

/// <summary>
/// The end of personal data (PIPL art. 19, 47): the data key of a month that is over for longer than it is to be kept is
/// deleted, and with it what it encrypted, here and in every backup of the database. Numbers, times and hashes of the documents stay:
/// they keep a number from being used twice.
/// </summary>
internal sealed partial class Retention(
    NpgsqlDataSource database, DataKeys keys, DataKeyFiles files, AuditTrail audit, OutboxSignal signal, IOptions<IntakeOptions> options,
    ILogger<Retention> log)
{
    private static readonly Caller Self = new("sandan", "", "system");

    /// <summary>Shreds what is due. What was broken off is taken up the next time.</summary>
    public async Task ShredAsync(DateTimeOffset now, CancellationToken ct)
    {
        var due = Month.Of(now).After(-options.Value.PersonalDataKeptMonths - 1);
        foreach (var month in await MonthsAsync("shredded_at IS NULL AND id <= $1", ct, due.Number))
        {
            await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
            if (await unit.ExecuteAsync("UPDATE data_key SET shredded_at = $2 WHERE id = $1 AND shredded_at IS NULL", ct, month.Number, now) == 1)
            {
                await audit.AppendAsync(unit, Self, [new("shred", $"data key {keys.Owner}-{month.Number}")], ct);
                await unit.CommitAsync(ct);
                Shredded(log, keys.Owner, month.Number);
            }
        }

        // Also those of before: a file may have come back from a copy, and a backup of the database brings its rows back.
        foreach (var month in await MonthsAsync("shredded_at IS NOT NULL", ct))
        {
            files.Delete(keys.Owner, month.Number);
            await DropAsync(month, ct);
        }
    }

    /// <summary>What nobody can read any more need not lie there. Waits only a moment for the writers of other parts.</summary>
    private async Task DropAsync(Month month, CancellationToken ct)
    {
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        await using (var exists = unit.Command("SELECT to_regclass($1) IS NOT NULL", month.Part))
        {
            if (await exists.ExecuteScalarAsync(ct) is true)
            {
                await unit.ExecuteAsync("SET LOCAL lock_timeout = '2s'", ct);
                await unit.ExecuteAsync($"DROP TABLE {month.Part}", ct);
            }
        }

        await unit.ExecuteAsync(
            "DELETE FROM document_block_default WHERE received_at >= $1 AND received_at < $2", ct,
            month.First.ToDateTime(default, DateTimeKind.Utc), month.Next.First.ToDateTime(default, DateTimeKind.Utc));
        await unit.CommitAsync(ct);
    }

    private async Task<List<Month>> MonthsAsync(string which, CancellationToken ct, params object[] parameters)
    {
        await using var command = database.CreateCommand($"SELECT id FROM data_key WHERE {which} ORDER BY id");
        foreach (var value in parameters)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync(ct);
        var months = new List<Month>();
        while (await reader.ReadAsync(ct))
        {
            months.Add(Month.Of(reader.GetInt32(0)));
        }

        return months;
    }

    [LoggerMessage(LogLevel.Information, "Personal data of {Owner} received in {Month} are shredded")]
    private static partial void Shredded(ILogger log, string owner, int month);
}
