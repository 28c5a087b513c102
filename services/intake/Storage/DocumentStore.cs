using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts.Ceb;
using Sandan.Intake.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Intake.Storage;

/// <summary>A version about to be stored.</summary>
/// <param name="Block">Where its bytes are; see <see cref="BodyBlocks"/>.</param>
internal sealed record NewVersion(string Key, StoredVersion Stored, string Sender, Guid Block);

/// <summary>A version that is stored.</summary>
/// <param name="Sealed">The block that holds its bytes, encrypted; null where it was shredded.</param>
internal sealed record KeptVersion(Guid Id, int Version, DateTimeOffset ReceivedAt, Guid Block, byte[]? Sealed);

/// <summary>A version that is stored, with what its receipts need.</summary>
/// <param name="Sender">Company whose key sent it.</param>
/// <param name="Numbers">Null where its kind has none.</param>
internal sealed record KeptDocument(KeptVersion Version, string Kind, string Sender, bool Draft, GivenNumbers? Numbers);

/// <summary>The last version of a number.</summary>
internal sealed record LastVersion(string Key, Guid Id, int Version, DateTimeOffset AppTime, bool Deleted, bool Draft);

/// <summary>An answer that is remembered under an Idempotency-Key.</summary>
internal sealed record RememberedAnswer(byte[] Fingerprint, int Status, string ContentType, byte[] Answer);

/// <summary>Where one remembered answer belongs.</summary>
internal sealed record AnswerKey(string Company, string Route, string Key);

/// <summary>The tables of the intake; a few statements for a whole group of documents, never one per document.</summary>
internal static class DocumentStore
{
    /// <summary>So many rows go with the commit: the two round trips of a COPY cost more than it saves on them.</summary>
    private const int FewMax = 64;

    /// <summary>Every stored version of the numbers given, oldest first.</summary>
    public static async Task<Dictionary<string, List<StoredVersion>>> HistoryAsync(
        UnitOfWork unit, string kind, string[] keys, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT key, version, id, app_time, content_hash, draft, deleted, app_time_stated, received_at, order_no, number, renews
            FROM document WHERE kind = $1 AND key = ANY($2) ORDER BY key, version
            """,
            kind,
            keys);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var history = new Dictionary<string, List<StoredVersion>>();
        while (await reader.ReadAsync(ct))
        {
            var key = reader.GetString(0);
            if (!history.TryGetValue(key, out var versions))
            {
                history.Add(key, versions = []);
            }

            versions.Add(new(
                reader.GetGuid(2), reader.GetInt32(1), reader.GetFieldValue<DateTimeOffset>(3), (byte[])reader[4],
                reader.GetBoolean(5), reader.GetBoolean(6))
            {
                AppTimeStated = reader.GetBoolean(7),
                ReceivedAt = reader.GetFieldValue<DateTimeOffset>(8),
                OrderNo = reader.IsDBNull(9) ? null : reader.GetString(9),
                Number = reader.IsDBNull(10) ? null : reader.GetInt64(10),
                Renews = reader.GetBoolean(11),
            });
        }

        return history;
    }

    /// <summary>A version as it lies there; null where there is none.</summary>
    /// <param name="version">Which; null for the last.</param>
    public static async Task<KeptVersion?> FindAsync(UnitOfWork unit, string kind, string key, int? version, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT document.id, version, document.received_at, block, sealed
            FROM document LEFT JOIN document_block ON document_block.id = block AND document_block.received_at = document.received_at
            WHERE key = $1 AND kind = $2 AND ($3::integer IS NULL OR version = $3) ORDER BY version DESC LIMIT 1
            """,
            key,
            kind,
            new NpgsqlParameter { Value = (object?)version ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new(
                reader.GetGuid(0), reader.GetInt32(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetGuid(3),
                reader.IsDBNull(4) ? null : (byte[])reader[4])
            : null;
    }

    /// <summary>The document of an id with its first version's time; null where there is none.</summary>
    public static async Task<KeptDocument?> FindAsync(NpgsqlDataSource database, Guid id, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT document.id, version, document.received_at, block, sealed, kind, sender, draft, number,
              (SELECT received_at FROM document first WHERE first.key = document.key AND first.kind = document.kind AND first.version = 1)
            FROM document LEFT JOIN document_block ON document_block.id = block AND document_block.received_at = document.received_at
            WHERE document.id = $1
            """);
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new(
                new(reader.GetGuid(0), reader.GetInt32(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetGuid(3),
                    reader.IsDBNull(4) ? null : (byte[])reader[4]),
                reader.GetString(5),
                reader.GetString(6),
                reader.GetBoolean(7),
                reader.IsDBNull(8) ? null : new(reader.GetInt64(8), reader.GetFieldValue<DateTimeOffset>(9)))
            : null;
    }

    /// <summary>The last versions of numbers that a company sent; those that it did not send are left out.</summary>
    public static async Task<Dictionary<string, LastVersion>> LastOfAsync(
        NpgsqlDataSource database, string kind, string sender, string[] keys, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"SELECT DISTINCT ON (key) {LastColumns} FROM document WHERE kind = $1 AND sender = $2 AND key = ANY($3) ORDER BY key, version DESC");
        command.Parameters.Add(new() { Value = kind });
        command.Parameters.Add(new() { Value = sender });
        command.Parameters.Add(new() { Value = keys });
        await using var row = await command.ExecuteReaderAsync(ct);
        var last = new Dictionary<string, LastVersion>();
        while (await row.ReadAsync(ct))
        {
            last.Add(row.GetString(0), LastIn(row));
        }

        return last;
    }

    /// <summary>The numbers that a company sent between two ids, each with its last version among them.</summary>
    public static async IAsyncEnumerable<LastVersion> LastInAsync(
        NpgsqlDataSource database, string kind, string sender, Guid from, Guid to, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT DISTINCT ON (key) {LastColumns} FROM document
            WHERE kind = $1 AND sender = $2 AND id >= $3 AND id < $4 ORDER BY key, version DESC
            """);
        command.Parameters.Add(new() { Value = kind });
        command.Parameters.Add(new() { Value = sender });
        command.Parameters.Add(new() { Value = from });
        command.Parameters.Add(new() { Value = to });
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            yield return LastIn(row);
        }
    }

    private const string LastColumns = "key, id, version, app_time, deleted, draft";

    private static LastVersion LastIn(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetGuid(1), row.GetInt32(2), row.GetFieldValue<DateTimeOffset>(3), row.GetBoolean(4), row.GetBoolean(5));

    /// <summary>Numbers for new declarations, counting up.</summary>
    public static async Task<Queue<long>> NumbersAsync(UnitOfWork unit, int count, CancellationToken ct)
    {
        await using var command = unit.Command("SELECT nextval('document_number') FROM generate_series(1, $1)", count);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var numbers = new Queue<long>(count);
        while (await reader.ReadAsync(ct))
        {
            numbers.Enqueue(reader.GetInt64(0));
        }

        return numbers;
    }

    /// <summary>
    /// Stores versions and their bytes, with the commit where that pays. A race for a number ends in a unique violation:
    /// decide again.
    /// </summary>
    public static async Task AddAsync(
        UnitOfWork unit,
        string kind,
        IReadOnlyCollection<NewVersion> versions,
        IReadOnlyCollection<SealedBlock> blocks,
        DateTimeOffset now,
        CancellationToken ct)
    {
        if (versions.Count <= FewMax)
        {
            unit.BeforeCommit(Insert(kind, versions, now));
        }
        else
        {
            await CopyAsync(unit, kind, versions, now, ct);
        }

        unit.BeforeCommit(UnitOfWork.Statement(
            "INSERT INTO document_block (id, received_at, sealed) SELECT id, $2, sealed FROM unnest($1, $3) AS new (id, sealed)",
            blocks.Select(one => one.Id).ToArray(),
            now,
            blocks.Select(one => one.Sealed).ToArray()));
    }

    private static Task CopyAsync(
        UnitOfWork unit, string kind, IReadOnlyCollection<NewVersion> versions, DateTimeOffset now, CancellationToken ct) =>
        unit.CopyAsync(
            "document (key, kind, version, id, app_time, content_hash, draft, deleted, app_time_stated, order_no, sender, received_at, block, number, renews)",
            versions,
            (row, one) =>
            {
                row.Write(one.Key, NpgsqlDbType.Text);
                row.Write(kind, NpgsqlDbType.Text);
                row.Write(one.Stored.Version, NpgsqlDbType.Integer);
                row.Write(one.Stored.Id, NpgsqlDbType.Uuid);
                row.Write(one.Stored.AppTime, NpgsqlDbType.TimestampTz);
                row.Write(one.Stored.ContentHash, NpgsqlDbType.Bytea);
                row.Write(one.Stored.Draft, NpgsqlDbType.Boolean);
                row.Write(one.Stored.Deleted, NpgsqlDbType.Boolean);
                row.Write(one.Stored.AppTimeStated, NpgsqlDbType.Boolean);
                row.Write(one.Stored.OrderNo, NpgsqlDbType.Text);
                row.Write(one.Sender, NpgsqlDbType.Text);
                row.Write(now, NpgsqlDbType.TimestampTz);
                row.Write(one.Block, NpgsqlDbType.Uuid);
                row.Write(one.Stored.Number, NpgsqlDbType.Bigint);
                row.Write(one.Stored.Renews, NpgsqlDbType.Boolean);
            },
            ct);

    private static NpgsqlBatchCommand Insert(string kind, IReadOnlyCollection<NewVersion> versions, DateTimeOffset now) =>
        UnitOfWork.Statement(
            """
            INSERT INTO document (key, kind, version, id, app_time, content_hash, draft, deleted, app_time_stated, order_no, sender,
              received_at, block, number, renews)
            SELECT key, $14, version, id, app_time, content_hash, draft, deleted, app_time_stated, order_no, sender, $15, block, number, renews
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
              AS new (key, version, id, app_time, content_hash, draft, deleted, app_time_stated, order_no, sender, block, number, renews)
            """,
            versions.Select(one => one.Key).ToArray(),
            versions.Select(one => one.Stored.Version).ToArray(),
            versions.Select(one => one.Stored.Id).ToArray(),
            versions.Select(one => one.Stored.AppTime).ToArray(),
            versions.Select(one => one.Stored.ContentHash).ToArray(),
            versions.Select(one => one.Stored.Draft).ToArray(),
            versions.Select(one => one.Stored.Deleted).ToArray(),
            versions.Select(one => one.Stored.AppTimeStated).ToArray(),
            versions.Select(one => one.Stored.OrderNo).ToArray(),
            versions.Select(one => one.Sender).ToArray(),
            versions.Select(one => one.Block).ToArray(),
            versions.Select(one => one.Stored.Number).ToArray(),
            versions.Select(one => one.Stored.Renews).ToArray(),
            kind,
            now);

    /// <summary>Answers already given under the keys asked for.</summary>
    public static async Task<Dictionary<AnswerKey, RememberedAnswer>> AnswersAsync(
        UnitOfWork unit, IReadOnlyCollection<AnswerKey> keys, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT company, route, key, fingerprint, status, content_type, answer
            FROM idempotency JOIN unnest($1, $2, $3) AS asked (company, route, key) USING (company, route, key)
            """,
            keys.Select(one => one.Company).ToArray(),
            keys.Select(one => one.Route).ToArray(),
            keys.Select(one => one.Key).ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var answers = new Dictionary<AnswerKey, RememberedAnswer>();
        while (await reader.ReadAsync(ct))
        {
            answers.Add(
                new(reader.GetString(0), reader.GetString(1), reader.GetString(2)),
                new((byte[])reader[3], reader.GetInt32(4), reader.GetString(5), (byte[])reader[6]));
        }

        return answers;
    }

    /// <summary>Remembers the answers to requests, with their documents or not at all.</summary>
    public static Task RememberAsync(
        UnitOfWork unit, List<(AnswerKey Key, RememberedAnswer Answer)> answers, DateTimeOffset now, CancellationToken ct) =>
        unit.ExecuteAsync(
            """
            INSERT INTO idempotency (company, route, key, fingerprint, status, content_type, answer, created_at)
            SELECT *, $8 FROM unnest($1, $2, $3, $4, $5, $6, $7)
            """,
            ct,
            answers.ConvertAll(one => one.Key.Company),
            answers.ConvertAll(one => one.Key.Route),
            answers.ConvertAll(one => one.Key.Key),
            answers.ConvertAll(one => one.Answer.Fingerprint),
            answers.ConvertAll(one => one.Answer.Status),
            answers.ConvertAll(one => one.Answer.ContentType),
            answers.ConvertAll(one => one.Answer.Answer),
            now);

    /// <summary>Makes this month's and the next month's part of the body log; forgets old answers.</summary>
    public static async Task MaintainAsync(
        NpgsqlDataSource database, DateTimeOffset now, TimeSpan answersKeptFor, CancellationToken ct)
    {
        foreach (var month in (Month[])[Month.Of(now), Month.Of(now).Next])
        {
            await using var create = database.CreateCommand(
                $"""
                CREATE TABLE IF NOT EXISTS {month.Part} PARTITION OF document_block
                FOR VALUES FROM ('{month.First:yyyy-MM-dd}Z') TO ('{month.Next.First:yyyy-MM-dd}Z')
                """);
            await create.ExecuteNonQueryAsync(ct);
        }

        await using var forget = database.CreateCommand("DELETE FROM idempotency WHERE created_at < $1");
        forget.Parameters.Add(new() { Value = now - answersKeptFor, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await forget.ExecuteNonQueryAsync(ct);
    }
}
