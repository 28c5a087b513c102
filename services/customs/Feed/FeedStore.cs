using System.Diagnostics;
using System.Runtime.InteropServices;
using Npgsql;
using NpgsqlTypes;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Feed;

/// <summary>An event as it is stored.</summary>
/// <param name="TypeNumber">Its place in <see cref="FeedTypes.All"/>.</param>
/// <param name="Data">JSON, a part of its block.</param>
internal sealed record StoredEvent(
    long Position,
    Guid Id,
    short TypeNumber,
    string Subject,
    DateTimeOffset Time,
    string? TraceParent,
    ReadOnlyMemory<byte> Data)
{
    public string Type => FeedTypes.All[TypeNumber];
}

/// <summary>Some events in feed order.</summary>
/// <param name="Next">From where to read on: behind the last event given, or behind all where there is no more.</param>
/// <param name="HasMore">True where more is there already.</param>
/// <param name="Last">Position of the newest event of all.</param>
internal sealed record FeedPage(IReadOnlyList<StoredEvent> Events, long Next, bool HasMore, long Last);

/// <summary>The tables of the feed.</summary>
internal sealed class FeedStore(NpgsqlDataSource database)
{
    // A company, or a type of all: its blocks by the position of its last event in each. Each type by itself is in feed
    // order in its index, so a page is a few short scans put together. The first block may begin before the reader's
    // position and then counts too many events: one block more makes up for it.
    private const string BlocksByPlace =
        """
        SELECT counter.last, b.last - b.events + 1, b.body
        FROM feed_counter counter LEFT JOIN (
          SELECT * FROM feed_block WHERE last IN (
            SELECT block FROM (
              SELECT few.block, sum(few.events) OVER (ORDER BY few.position, kind.type) - few.events AS before
              FROM unnest($3) AS kind (type) CROSS JOIN LATERAL (
                SELECT position, block, events FROM {0}
                WHERE {1} AND type = kind.type AND position > $1 ORDER BY position LIMIT $2) few) places
            WHERE before < $2 + $4)) b ON true
        ORDER BY b.last
        """;

    private static readonly string BlocksOfCompany =
        BlocksByPlace.Replace("{0}", "feed_party", StringComparison.Ordinal)
            .Replace("{1}", "company = $5", StringComparison.Ordinal);

    private static readonly string BlocksOfTypes =
        BlocksByPlace.Replace("{0}", "feed_type", StringComparison.Ordinal)
            .Replace("{1}", "true", StringComparison.Ordinal);

    private static readonly short[] AllTypes = [.. FeedTypes.All.Select(FeedTypes.NumberOf)];

    /// <summary>
    /// Writes events, with the positions that come next. To be the last statement before the commit: it takes the lock
    /// that keeps positions in commit order (see 0002_feed.sql).
    /// </summary>
    public static async Task WriteAsync(UnitOfWork unit, List<FeedEvent> events, CancellationToken ct)
    {
        if (events.Count == 0)
        {
            return;
        }

        var (lasts, counts, bodies, places) = (new List<int>(), new List<short>(), new List<byte[]>(), new FeedPlaces());
        var buffer = FeedBlock.Buffer();
        for (int from = 0, count; from < events.Count; from += count)
        {
            count = FeedBlock.Fit(events, from);
            var block = CollectionsMarshal.AsSpan(events).Slice(from, count);
            lasts.Add(from + count);
            counts.Add((short)count);
            bodies.Add(FeedBlock.Write(buffer, Activity.Current?.Id, block));
            places.Add(block, from);
        }

        await unit.ExecuteAsync(
            """
            WITH counter AS (UPDATE feed_counter SET last = last + $1 RETURNING last - $1 AS behind),
            blocks AS (
              INSERT INTO feed_block (last, events, body)
              SELECT behind + last, events, body FROM counter, unnest($2, $3, $4) AS new (last, events, body)),
            places AS (
              SELECT company, type, behind + last AS position, behind + block AS block, events
              FROM counter, unnest($5, $6, $7, $8, $9) AS new (company, type, last, block, events)),
            types AS (
              INSERT INTO feed_type (type, position, block, events)
              SELECT type, position, block, events FROM places WHERE company IS NULL)
            INSERT INTO feed_party (company, type, position, block, events)
            SELECT * FROM places WHERE company IS NOT NULL
            """,
            ct,
            (long)events.Count,
            lasts,
            counts,
            bodies,
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, Value = places.Companies },
            places.Types,
            places.Lasts,
            places.Blocks,
            places.Events);
    }

    /// <summary>
    /// Reads on behind a position, in one statement: events and the newest position are of one moment.
    /// </summary>
    public async Task<FeedPage> ReadAsync(FeedWish wish, int limit, CancellationToken ct)
    {
        var countMax = limit + 1; // one more tells whether there is more
        await using var command = wish is { Company: null, Types: null }
            ? AllBlocks(wish.After, countMax)
            : BlocksByPlaces(wish, countMax);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var events = new List<StoredEvent>();
        long last = 0;
        while (await rows.ReadAsync(ct))
        {
            last = rows.GetInt64(0);
            if (events.Count < countMax && !rows.IsDBNull(1))
            {
                FeedBlock.Read(rows.GetFieldValue<byte[]>(2), rows.GetInt64(1), wish, events, countMax);
            }
        }

        var hasMore = events.Count > limit;
        if (hasMore)
        {
            events.RemoveAt(limit);
        }

        return new(events, hasMore ? events[^1].Position : last, hasMore, last);
    }

    /// <summary>Position of the newest event; 0 where there is none.</summary>
    public async Task<long> LastAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT last FROM feed_counter");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Without gaps the positions themselves say which blocks a page needs.</summary>
    private NpgsqlCommand AllBlocks(long after, int countMax)
    {
        var upTo = long.Min(after, long.MaxValue - countMax - FeedBlock.EventsMax) + countMax;
        var command = database.CreateCommand(
            """
            SELECT counter.last, b.last - b.events + 1, b.body
            FROM feed_counter counter LEFT JOIN feed_block b
              ON b.last > $1 AND b.last < $2 + $3 AND b.last - b.events < $2
            ORDER BY b.last
            """);
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = upTo });
        command.Parameters.Add(new() { Value = FeedBlock.EventsMax });
        return command;
    }

    private NpgsqlCommand BlocksByPlaces(FeedWish wish, int countMax)
    {
        var command = database.CreateCommand(wish.Company is null ? BlocksOfTypes : BlocksOfCompany);
        command.Parameters.Add(new() { Value = wish.After });
        command.Parameters.Add(new() { Value = countMax });
        command.Parameters.Add(new() { Value = wish.Types ?? AllTypes });
        command.Parameters.Add(new() { Value = FeedBlock.EventsMax });
        if (wish.Company is { } company)
        {
            command.Parameters.Add(new() { Value = company });
        }

        return command;
    }
}
