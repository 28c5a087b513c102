using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Feed;

/// <summary>An event as it is stored.</summary>
/// <param name="Data">JSON.</param>
internal sealed record StoredEvent(
    long Position, Guid Id, string Type, string Subject, DateTimeOffset Time, string? TraceParent, string Data);

/// <summary>Some events in feed order.</summary>
/// <param name="Next">From where to read on: behind the last event given, or behind all where there is no more.</param>
/// <param name="HasMore">True where more is there already.</param>
/// <param name="Last">Position of the newest event of all.</param>
internal sealed record FeedPage(IReadOnlyList<StoredEvent> Events, long Next, bool HasMore, long Last);

/// <summary>The tables of the feed.</summary>
internal sealed class FeedStore(NpgsqlDataSource database)
{
    /// <summary>
    /// Writes events, with the positions that come next. To be the last statement before the commit: it takes the lock
    /// that keeps positions in commit order (see 0002_feed.sql).
    /// </summary>
    public static async Task WriteAsync(UnitOfWork unit, IReadOnlyList<FeedEvent> events, CancellationToken ct)
    {
        if (events.Count == 0)
        {
            return;
        }

        await unit.ExecuteAsync(
            """
            WITH counter AS (UPDATE feed_counter SET last = last + $1 RETURNING last),
            written AS (
              INSERT INTO feed_event (position, id, type, subject, time, parties, traceparent, data)
              SELECT counter.last - $1 + new.at, new.id, new.type, new.subject, new.time,
                array_remove(ARRAY[new.first, new.second, new.third, new.fourth], NULL), $10, new.data::jsonb
              FROM counter, unnest($2, $3, $4, $5, $6, $7, $8, $9, $11, $12) WITH ORDINALITY
                AS new (id, type, number, subject, time, first, second, third, fourth, data, at)
              RETURNING position, type, parties)
            INSERT INTO feed_party (company, type, position)
            SELECT unnest(written.parties), kind.number, written.position
            FROM written JOIN (SELECT DISTINCT * FROM unnest($3, $4) AS all_ (type, number)) kind USING (type)
            """,
            ct,
            (long)events.Count,
            events.Select(one => one.Id).ToArray(),
            events.Select(one => one.Type).ToArray(),
            events.Select(one => FeedTypes.NumberOf(one.Type)).ToArray(),
            events.Select(one => one.Subject).ToArray(),
            events.Select(one => one.Time).ToArray(),
            Party(events, 0),
            Party(events, 1),
            Party(events, 2),
            new NpgsqlParameter
            {
                Value = (object?)Activity.Current?.Id ?? DBNull.Value,
                NpgsqlDbType = NpgsqlDbType.Text,
            },
            Party(events, 3),
            events.Select(one => one.Data).ToArray());
    }

    /// <summary>
    /// Reads on behind a position, in one statement: events and the newest position are of one moment.
    /// </summary>
    /// <param name="company">Only events to which it is a party; null for all.</param>
    /// <param name="types">Only these; null for all.</param>
    public async Task<FeedPage> ReadAsync(
        string? company, IReadOnlyList<string>? types, long after, int limit, CancellationToken ct)
    {
        // Each type by itself is in feed order in its index, so a page is a few short scans put together.
        var positions = (company, types) switch
        {
            (null, null) => "SELECT position FROM feed_event WHERE position > $1 ORDER BY position LIMIT $2",
            (null, _) =>
                """
                SELECT few.position FROM unnest($3) AS kind (type) CROSS JOIN LATERAL (
                  SELECT position FROM feed_event
                  WHERE type = kind.type AND position > $1 ORDER BY position LIMIT $2) few
                ORDER BY few.position LIMIT $2
                """,
            _ =>
                """
                SELECT few.position FROM unnest($3) AS kind (type) CROSS JOIN LATERAL (
                  SELECT position FROM feed_party
                  WHERE company = $4 AND type = kind.type AND position > $1 ORDER BY position LIMIT $2) few
                ORDER BY few.position LIMIT $2
                """,
        };
        await using var command = database.CreateCommand(
            $"""
            SELECT counter.last, e.position, e.id, e.type, e.subject, e.time, e.traceparent, e.data::text
            FROM feed_counter counter LEFT JOIN (
              SELECT * FROM feed_event JOIN ({positions}) page USING (position)) e ON true
            ORDER BY e.position
            """);
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit + 1 }); // one more tells whether there is more
        if (company is not null)
        {
            command.Parameters.Add(new() { Value = (types ?? FeedTypes.All).Select(FeedTypes.NumberOf).ToArray() });
            command.Parameters.Add(new() { Value = company });
        }
        else if (types is not null)
        {
            command.Parameters.Add(new() { Value = types.ToArray() });
        }

        await using var rows = await command.ExecuteReaderAsync(ct);
        var events = new List<StoredEvent>();
        long last = 0;
        while (await rows.ReadAsync(ct))
        {
            last = rows.GetInt64(0);
            if (!rows.IsDBNull(1))
            {
                events.Add(new(
                    rows.GetInt64(1), rows.GetGuid(2), rows.GetString(3), rows.GetString(4),
                    rows.GetFieldValue<DateTimeOffset>(5), rows.IsDBNull(6) ? null : rows.GetString(6),
                    rows.GetString(7)));
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

    private static NpgsqlParameter Party(IReadOnlyList<FeedEvent> events, int at) => new()
    {
        NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        Value = events.Select(one => at < one.Parties.Count ? one.Parties[at] : null).ToArray(),
    };
}
