using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Shared.Audit;

/// <summary>What somebody did.</summary>
/// <param name="Action">A verb: <c>reveal</c>.</param>
/// <param name="Subject">To what: numbers and codes, nothing personal.</param>
/// <param name="Reason">As given; null where none was asked for.</param>
public sealed record AuditAct(string Action, string Subject, string? Reason = null);

/// <summary>One act as it is kept.</summary>
/// <param name="Number">From 1, without a gap.</param>
/// <param name="At">UTC, whole microseconds.</param>
/// <param name="Client">Id of the API client; <c>sandan</c> where a service acted by itself.</param>
/// <param name="Trace">Of the request; null without tracing.</param>
/// <param name="Hash">See <see cref="AuditTrail"/>; hexadecimal.</param>
public sealed record AuditEntry(
    long Number, DateTimeOffset At, string Client, string Company, string Role, string Action, string Subject, string? Reason,
    string? Trace, string Hash);

/// <summary>
/// Who did what to whom, kept for good (GB/T 22239-2019 §8.1.4.3). Entries are a chain: each has the HMAC-SHA256 of the one before and of itself,
/// under a key derived from index.key, so that nobody without that key can change, drop or insert one and close the chain
/// again. An entry is written in the transaction of the act, or neither is.
/// </summary>
public sealed partial class AuditTrail
{
    /// <summary>Who keeps one.</summary>
    public static readonly IReadOnlyList<string> Services = ["registry", "order", "payment", "waybill", "customs"];

    /// <summary>One writer at a time: an entry has to know the one before it.</summary>
    private const long LockKey = 0x53414E41_55444954; // "SANAUDIT"

    private static readonly byte[] Start = new byte[HMACSHA256.HashSizeInBytes];

    private readonly byte[] key;
    private readonly string service;
    private readonly TimeProvider time;
    private readonly ILogger log;

    /// <param name="service">Its name is part of every hash: no entry can move to another service.</param>
    public AuditTrail(KeyRing keys, string service, TimeProvider time, ILogger log)
    {
        (this.service, this.time, this.log) = (service, time, log);
        key = HKDF.Expand(HashAlgorithmName.SHA256, keys.Index, HMACSHA256.HashSizeInBytes, "sandan audit"u8.ToArray());
    }

    /// <summary>Adds acts of one caller to the transaction, last of all: the lock is held until it ends.</summary>
    /// <returns>The number of the last entry.</returns>
    public async Task<long> AppendAsync(UnitOfWork unit, Caller who, IReadOnlyList<AuditAct> acts, CancellationToken ct)
    {
        await unit.ExecuteAsync("SELECT pg_advisory_xact_lock($1)", ct, LockKey);
        var (number, hash) = await HeadAsync(unit, ct);
        var now = time.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)); // as PostgreSQL keeps it
        var trace = Activity.Current?.TraceId.ToString();
        var entries = new List<AuditEntry>(acts.Count);
        foreach (var act in acts)
        {
            var entry = new AuditEntry(++number, now, who.Client, who.Company, who.Role, act.Action, act.Subject, act.Reason, trace, "");
            hash = HashOf(hash, entry);
            entries.Add(entry with { Hash = Convert.ToHexStringLower(hash) });
        }

        await unit.ExecuteAsync(
            """
            INSERT INTO audit.entry (number, at, client, company, role, action, subject, reason, trace, hash)
            SELECT number, $2, $3, $4, $5, action, subject, reason, $9, hash
            FROM unnest($1, $6, $7, $8, $10) AS new (number, action, subject, reason, hash)
            """,
            ct,
            entries.ConvertAll(one => one.Number).ToArray(),
            now,
            who.Client,
            who.Company,
            who.Role,
            entries.ConvertAll(one => one.Action).ToArray(),
            entries.ConvertAll(one => one.Subject).ToArray(),
            new NpgsqlParameter { Value = entries.ConvertAll(one => one.Reason).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new NpgsqlParameter { Value = (object?)trace ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            entries.ConvertAll(one => Convert.FromHexString(one.Hash)).ToArray());
        unit.AfterCommit(() => Grown(log, service, number, Convert.ToHexStringLower(hash)));
        return number;
    }

    /// <summary>Follows the chain from its start.</summary>
    /// <param name="seen">A head that was seen before; it must still be there, unchanged.</param>
    public async Task<AuditState> VerifyAsync(NpgsqlDataSource database, AuditHead? seen, CancellationToken ct)
    {
        var head = new AuditHead(0, Convert.ToHexStringLower(Start));
        var hash = Start;
        await foreach (var entry in ReadAsync(database, 0, null, ct))
        {
            if (entry.Number != head.Number + 1)
            {
                return new(head, head.Number + 1, "is missing");
            }

            hash = HashOf(hash, entry);
            if (Convert.ToHexStringLower(hash) != entry.Hash)
            {
                return new(head, entry.Number, "is not what was written, or does not follow the one before it");
            }

            head = new(entry.Number, entry.Hash);
            if (seen is not null && seen.Number == head.Number && seen.Hash != head.Hash)
            {
                return new(head, head.Number, "is another one than was seen before");
            }
        }

        return seen is not null && seen.Number > head.Number ? new(head, head.Number + 1, "was there before and is missing") : new(head);
    }

    /// <summary>Entries behind a number, in order.</summary>
    /// <param name="limit">At most so many; null for all.</param>
    public static async IAsyncEnumerable<AuditEntry> ReadAsync(
        NpgsqlDataSource database, long after, int? limit, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT number, at, client, company, role, action, subject, reason, trace, hash FROM audit.entry
            WHERE number > $1 ORDER BY number LIMIT $2
            """);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = (object?)limit ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            yield return new(
                reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.GetString(5), reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetString(7),
                reader.IsDBNull(8) ? null : reader.GetString(8), Convert.ToHexStringLower((byte[])reader[9]));
        }
    }

    /// <summary>True where the role that asks may do more to the trail than add to it.</summary>
    public static async Task<bool> IsExposedAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT has_table_privilege('audit.entry', 'UPDATE, DELETE, TRUNCATE')");
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task<(long Number, byte[] Hash)> HeadAsync(UnitOfWork unit, CancellationToken ct)
    {
        await using var command = unit.Command("SELECT number, hash FROM audit.entry ORDER BY number DESC LIMIT 1");
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? (reader.GetInt64(0), (byte[])reader[1]) : (0, Start);
    }

    private byte[] HashOf(byte[] before, AuditEntry entry)
    {
        byte[] text =
        [
            .. before,
            .. JsonSerializer.SerializeToUtf8Bytes<string?[]>(
            [
                service, $"{entry.Number}", $"{entry.At.UtcDateTime:O}", entry.Client, entry.Company, entry.Role, entry.Action,
                entry.Subject, entry.Reason, entry.Trace,
            ]),
        ];
        return HMACSHA256.HashData(key, text);
    }

    /// <summary>The log is a witness: whoever cuts the end off the table has it to explain.</summary>
    [LoggerMessage(LogLevel.Information, "Audit {Service} {Number} {Hash}")]
    private static partial void Grown(ILogger log, string service, long number, string hash);
}

/// <summary>The end of a chain.</summary>
/// <param name="Number">0 where it is empty.</param>
/// <param name="Hash">Of the last entry, hexadecimal.</param>
public sealed record AuditHead(long Number, string Hash);

/// <summary>What became of a chain.</summary>
/// <param name="Head">As far as it holds.</param>
/// <param name="BrokenAt">The first entry that does not; null where all do.</param>
/// <param name="Fault">What is wrong with that entry; null where all hold.</param>
public sealed record AuditState(AuditHead Head, long? BrokenAt = null, string? Fault = null);
