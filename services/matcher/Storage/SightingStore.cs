using NpgsqlTypes;
using Sandan.Matcher.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Matcher.Storage;

/// <summary>What risk rules count over many consignments.</summary>
internal static class SightingStore
{
    /// <summary>Newest sightings of a subject that are looked at; the rules ask for some dozens at most.</summary>
    private const int PerSubjectMax = 256;

    /// <summary>A sighting is noted again when the last note of it is older than this part of its rule's window.</summary>
    private const int WindowParts = 30;

    private const decimal AmountUnit = 0.00001m;

    /// <summary>Notes sightings and returns what they come to by subject, these included.</summary>
    public static async Task<Dictionary<long, SightingCount>> SightAsync(
        UnitOfWork unit, IReadOnlyList<Sighting> sightings, RiskOptions options, DateTimeOffset now, CancellationToken ct)
    {
        var counts = new Dictionary<long, SightingCount>();
        if (sightings.Count == 0)
        {
            return counts;
        }

        var subjects = new Dictionary<long, Subject>();
        foreach (var one in sightings)
        {
            if (!subjects.TryGetValue(one.Subject, out var subject))
            {
                subjects.Add(one.Subject, subject = new(now - RiskRules.WindowOf(one.Rule, options)));
            }

            subject.Here[one.Seen] = one.Amount;
        }

        // Two orders of one buyer at the same moment are what R15 looks for: one of the two must see the other.
        await MatchLocks.LockSubjectsAsync(unit, subjects.Keys, ct);
        await ReadAsync(unit, subjects, ct);

        var fresh = new List<(long Subject, long Seen, decimal Amount)>();
        foreach (var (key, subject) in subjects)
        {
            var again = now - ((now - subject.Since) / WindowParts);
            foreach (var (seen, amount) in subject.Here)
            {
                if (!subject.Before.TryGetValue(seen, out var known) || known.Amount != amount || known.At < again)
                {
                    fresh.Add((key, seen, amount));
                }

                subject.Before[seen] = (amount, now);
            }

            counts.Add(key, new(
                subject.Before.Count,
                subject.Before.Values.Sum(one => one.Amount),
                subject.Before.Values.Max(one => one.Amount)));
        }

        await unit.CopyAsync("sighting (subject, seen, seen_at, amount)", fresh, (row, one) =>
        {
            row.Write(one.Subject, NpgsqlDbType.Bigint);
            row.Write(one.Seen, NpgsqlDbType.Bigint);
            row.Write(now, NpgsqlDbType.TimestampTz);
            row.Write((long)(one.Amount / AmountUnit), NpgsqlDbType.Bigint);
        }, ct);
        return counts;
    }

    private static async Task ReadAsync(UnitOfWork unit, Dictionary<long, Subject> subjects, CancellationToken ct)
    {
        await using var command = unit.Command(
            $"""
            SELECT asked.subject, s.seen, s.seen_at, s.amount
            FROM unnest($1, $2) AS asked (subject, since)
            CROSS JOIN LATERAL (
              SELECT seen, seen_at, amount FROM sighting
              WHERE subject = asked.subject AND seen_at > asked.since ORDER BY seen_at DESC LIMIT {PerSubjectMax}) s
            """,
            subjects.Keys.ToArray(),
            subjects.Values.Select(one => one.Since).ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            // The newest come first, and of one thing the newest holds.
            subjects[reader.GetInt64(0)].Before.TryAdd(
                reader.GetInt64(1), (reader.GetInt64(3) * AmountUnit, reader.GetFieldValue<DateTimeOffset>(2)));
        }
    }

    /// <summary>A subject: since when it counts, what is seen of it now, and what was seen of it before.</summary>
    private sealed class Subject(DateTimeOffset since)
    {
        public DateTimeOffset Since { get; } = since;

        public Dictionary<long, decimal> Here { get; } = [];

        public Dictionary<long, (decimal Amount, DateTimeOffset At)> Before { get; } = [];
    }
}
