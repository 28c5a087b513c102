using System.Diagnostics;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using Sandan.Shared.Sandbox;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Feed;

/// <summary>An event as it is stored: parts of its block.</summary>
/// <param name="TypeNumber">Its place in <see cref="FeedTypes.All"/>.</param>
/// <param name="Subject">UTF-8.</param>
/// <param name="Data">JSON.</param>
internal sealed record StoredEvent(
    long Position,
    Guid Id,
    short TypeNumber,
    ReadOnlyMemory<byte> Subject,
    DateTimeOffset Time,
    string? TraceParent,
    ReadOnlyMemory<byte> Data);

/// <summary>What a reader of the feed wants.</summary>
/// <param name="Company">Only events to which it is a party; null for all.</param>
/// <param name="Types">Only these; null for all.</param>
/// <param name="After">Only positions above.</param>
internal readonly record struct FeedWish(string? Company, IReadOnlyList<string>? Types, long After);

/// <summary>Some events in feed order.</summary>
/// <param name="Next">From where to read on: behind the last event given, or behind all where there is no more.</param>
/// <param name="HasMore">True where more is there already.</param>
/// <param name="Last">Position of the newest event of all.</param>
internal sealed record FeedPage(IReadOnlyList<StoredEvent> Events, long Next, bool HasMore, long Last);

/// <summary>The tables of the feed.</summary>
internal sealed class FeedStore(NpgsqlDataSource database, ForcedOutcomes forced)
{
    /// <summary>
    /// Writes events, with the positions that come next. To be the last statement before the commit: it takes the lock
    /// that keeps positions in commit order (see 0002_feed.sql).
    /// </summary>
    /// <param name="events">One at least.</param>
    public static NpgsqlBatchCommand Write(List<FeedEvent> events)
    {
        var (blocks, places) = (new List<FeedBlock>(), new FeedPlaces());
        foreach (var block in FeedBlock.Write(events))
        {
            blocks.Add(block);
            places.Add(block, events);
        }

        return UnitOfWork.Statement(
            """
            WITH counter AS (UPDATE feed_counter SET last = last + $1 RETURNING last - $1 AS behind),
            blocks AS (
              INSERT INTO feed_block (last, events, traceparent, body)
              SELECT behind + last, events, $2, body FROM counter, unnest($3, $4, $5) AS new (last, events, body)),
            places AS (
              SELECT company, type, behind + last AS position, behind + first AS first, behind + block AS block,
                events, start, bytes
              FROM counter, unnest($6, $7, $8, $9, $10, $11, $12, $13)
                AS new (company, type, last, first, block, events, start, bytes)),
            types AS (
              INSERT INTO feed_type (type, position, first, block, events, start, bytes)
              SELECT type, position, first, block, events, start, bytes FROM places WHERE company IS NULL)
            INSERT INTO feed_party (company, type, position, first, block, events, start, bytes)
            SELECT * FROM places WHERE company IS NOT NULL
            """,
            (long)events.Count,
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)Activity.Current?.Id ?? DBNull.Value },
            blocks.ConvertAll(one => one.Behind + one.Ends.Length),
            blocks.ConvertAll(one => (short)one.Ends.Length),
            blocks.ConvertAll(one => one.Body),
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = places.Companies },
            places.Types,
            places.Lasts,
            places.Firsts,
            places.Blocks,
            places.Events,
            places.Starts,
            places.Bytes);
    }

    /// <summary>
    /// Reads on behind a position, in one statement: events and the newest position are of one moment.
    /// </summary>
    public async Task<FeedPage> ReadAsync(FeedWish wish, int limit, CancellationToken ct)
    {
        var countMax = limit + 1; // one more tells whether there is more
        var (events, last) = wish is { Company: null, Types: null }
            ? await ReadAllAsync(wish.After, countMax, ct)
            : await ReadPlacesAsync(wish, countMax, ct);
        var hasMore = events.Count > limit;
        if (hasMore)
        {
            events.RemoveRange(limit, events.Count - limit);
        }

        var next = hasMore ? events[^1].Position : last;
        return new(forced.IsSandbox ? Delivered(events) : events, next, hasMore, last);
    }

    /// <summary>
    /// The events of a page as senders want them in a sandbox: some twice, of some the newest first. Ids stay theirs; positions are those
    /// of the place, so that whoever reads on from one misses nothing.
    /// </summary>
    private List<StoredEvent> Delivered(List<StoredEvent> events)
    {
        var bySubject = events.GroupBy(one => Encoding.UTF8.GetString(one.Subject.Span)).ToDictionary(
            some => some.Key, some => new Queue<StoredEvent>(forced.Of(some.Key[(some.Key.IndexOf('/') + 1)..]).Deliver(some.ToArray())));
        var delivered = new List<StoredEvent>(events.Count);
        for (var at = 0; at < events.Count; at++)
        {
            var queue = bySubject[Encoding.UTF8.GetString(events[at].Subject.Span)];
            do
            {
                delivered.Add(queue.Dequeue() with { Position = events[at].Position });
            }
            while (queue.TryPeek(out var again) && again.Id == delivered[^1].Id);
        }

        return delivered;
    }

    /// <summary>Position of the newest event; 0 where there is none.</summary>
    public async Task<long> LastAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT last FROM feed_counter");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Positions have no gaps, and so say which blocks a page needs.</summary>
    private async Task<(List<StoredEvent> Events, long Last)> ReadAllAsync(long after, int countMax, CancellationToken ct)
    {
        var upTo = long.Min(after, long.MaxValue - countMax - FeedBlock.EventsMax) + countMax;
        await using var command = database.CreateCommand(
            """
            SELECT counter.last, b.last - b.events + 1, b.traceparent, b.body
            FROM feed_counter counter LEFT JOIN feed_block b
              ON b.last > $1 AND b.last < $2 + $3 AND b.last - b.events < $2
            ORDER BY b.last
            """);
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = upTo });
        command.Parameters.Add(new() { Value = FeedBlock.EventsMax });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var (events, last) = (new List<StoredEvent>(), 0L);
        while (await rows.ReadAsync(ct))
        {
            last = rows.GetInt64(0);
            if (!rows.IsDBNull(1))
            {
                var block = new FeedPart(rows.GetInt64(1), Trace(rows), rows.GetFieldValue<byte[]>(3));
                FeedBlock.Read(block, null, null, after, events, countMax);
            }
        }

        return (events, last);
    }

    /// <summary>
    /// Each type by itself is in feed order in its index, so a page is a few short scans put together, up to the block in
    /// which there are enough. Of a stretch that begins before the reader's position one event is counted, for so many
    /// there are at least.
    /// </summary>
    private async Task<(List<StoredEvent> Events, long Last)> ReadPlacesAsync(
        FeedWish wish, int countMax, CancellationToken ct)
    {
        // OFFSET 0: block by block through the index, whatever the statistics say of a table that grows fast.
        await using var command = database.CreateCommand(
            $"""
            SELECT counter.last, page.first, b.traceparent, substring(b.body FROM page.start FOR page.bytes), page.type
            FROM feed_counter counter LEFT JOIN (
              SELECT * FROM (
                SELECT few.*, sum(few.counted) OVER (
                  ORDER BY few.block GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                FROM unnest($3) AS kind (type) CROSS JOIN LATERAL (
                  SELECT type, first, block, start, bytes, CASE WHEN first > $1 THEN events ELSE 1 END AS counted
                  FROM {(wish.Company is null ? "feed_type WHERE" : "feed_party WHERE company = $4 AND")}
                    type = kind.type AND position > $1 ORDER BY position LIMIT $2) few) counted
              WHERE before IS NULL OR before < $2) page ON true
            LEFT JOIN LATERAL (SELECT * FROM feed_block WHERE last = page.block OFFSET 0) b ON true
            ORDER BY page.first
            """);
        command.Parameters.Add(new() { Value = wish.After });
        command.Parameters.Add(new() { Value = countMax });
        command.Parameters.Add(new() { Value = (wish.Types ?? FeedTypes.All).Select(FeedTypes.NumberOf).ToArray() });
        if (wish.Company is { } name)
        {
            command.Parameters.Add(new() { Value = name });
        }

        var company = wish.Company is null ? null : Encoding.UTF8.GetBytes(wish.Company);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var (events, last) = (new List<StoredEvent>(), 0L);
        while (await rows.ReadAsync(ct))
        {
            last = rows.GetInt64(0);
            if (!rows.IsDBNull(1))
            {
                var stretch = new FeedPart(rows.GetInt64(1), Trace(rows), rows.GetFieldValue<byte[]>(3));
                FeedBlock.Read(stretch, company, rows.GetInt16(4), wish.After, events, int.MaxValue);
            }
        }

        // Stretches of several types may lie across each other.
        events.Sort(static (one, other) => one.Position.CompareTo(other.Position));
        return (events, last);
    }

    private static string? Trace(NpgsqlDataReader row) => row.IsDBNull(2) ? null : row.GetString(2);
}
