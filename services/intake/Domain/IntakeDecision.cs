using System.Text.Json.Serialization;

namespace Sandan.Intake.Domain;

/// <summary>What became of a document that was sent.</summary>
[JsonConverter(typeof(IntakeOutcomeConverter))]
public enum IntakeOutcome
{
    /// <summary>Stored as a new document.</summary>
    Created,

    /// <summary>Stored as a new version of a known one (appType 2).</summary>
    Changed,

    /// <summary>Withdrawn (appType 3); the versions before are kept.</summary>
    Deleted,

    /// <summary>Stored as a draft (appStatus 1): kept, and told to nobody until it is declared.</summary>
    Drafted,

    /// <summary>Exactly this is stored already: a safe repeat.</summary>
    Exists,

    /// <summary>Not stored: a version with the same or a newer appTime is there.</summary>
    Stale,

    /// <summary>Not stored: the number is taken by other content, and appType is not 2.</summary>
    Conflict,

    /// <summary>Not stored: it breaks rules.</summary>
    Rejected,
}

/// <summary>Writes an outcome as one lower-case word.</summary>
internal sealed class IntakeOutcomeConverter()
    : JsonStringEnumConverter<IntakeOutcome>(System.Text.Json.JsonNamingPolicy.CamelCase, allowIntegerValues: false);

/// <summary>A version that is stored, as far as the decision needs it, and what others are told of later ones.</summary>
public sealed record StoredVersion(
    Guid Id, int Version, DateTimeOffset AppTime, byte[] ContentHash, bool Draft, bool Deleted)
{
    /// <summary>False where the sender left appTime out and we took the time of receipt.</summary>
    public bool AppTimeStated { get; init; } = true;

    /// <summary>When it was stored, in UTC.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The order number that it names and a change may replace; null where there is none.</summary>
    public string? OrderNo { get; init; }

    /// <summary>It took a number over that another document had before: with those versions it has nothing to do.</summary>
    public bool Renews { get; init; }

    /// <summary>Of which preNo and invtNo are made, the same for all versions; null where its kind has none.</summary>
    public long? Number { get; init; }
}

/// <summary>A valid document that came, as far as the decision needs it.</summary>
/// <param name="AppType">1 new, 2 change, 3 delete.</param>
public sealed record IncomingVersion(char AppType, DateTimeOffset AppTime, byte[] ContentHash, bool Draft);

/// <summary>Decides what becomes of a document, from what is stored under its number.</summary>
/// <remarks>
/// Source: CEB specification (2022-05) §3.1 appType and §7: -301010 exists, -301009 nothing to act on, -301014 old data;
/// the same for payments (-4010xx) and waybills (-5040xx).
/// </remarks>
public static class IntakeDecision
{
    /// <summary>The outcome; <see cref="IntakeOutcome.Rejected"/> here means that there is nothing to change or delete.</summary>
    /// <param name="ever">All versions under the number, oldest first; empty where there are none.</param>
    public static IntakeOutcome Decide(IReadOnlyList<StoredVersion> ever, IncomingVersion incoming)
    {
        if (RepeatOf(ever, incoming) is not null)
        {
            return IntakeOutcome.Exists; // whatever came since: its sender may not have seen the answer
        }

        var history = Current(ever);
        var latest = history.Count == 0 ? null : history[^1];
        if (latest is null || latest.Deleted)
        {
            return incoming.AppType switch
            {
                '1' when latest is not null && incoming.AppTime <= latest.AppTime => IntakeOutcome.Stale,
                '1' => Stored(incoming, IntakeOutcome.Created),
                '3' when latest is not null => IntakeOutcome.Exists,
                _ => IntakeOutcome.Rejected,
            };
        }

        if (incoming.AppType == '3')
        {
            return incoming.AppTime > latest.AppTime ? IntakeOutcome.Deleted : IntakeOutcome.Stale;
        }

        // A change of another time is a change, though it says nothing new: else an older one that comes late would count.
        if (IsIn(latest, incoming) && (incoming.AppType == '1' || incoming.Draft || latest.Draft))
        {
            return IntakeOutcome.Exists;
        }

        return history.LastOrDefault(version => !version.Draft) is { Deleted: false }
            ? DecideDeclared(history, latest, incoming)
            : DecideDraft(history, latest, incoming);
    }

    /// <summary>True where a document that conflicts is another one, which may have the number now.</summary>
    /// <param name="months">After which a number recurs; null where never.</param>
    public static bool Renews(IReadOnlyList<StoredVersion> ever, IncomingVersion incoming, int? months, DateTimeOffset now) =>
        months is { } enough && ever[^1].ReceivedAt.AddMonths(enough) <= now && incoming.AppTime > ever[^1].AppTime;

    /// <summary>The versions of the document that has the number now.</summary>
    /// <param name="ever">All versions under the number, oldest first.</param>
    public static IReadOnlyList<StoredVersion> Current(IReadOnlyList<StoredVersion> ever)
    {
        for (var at = ever.Count - 1; at > 0; at--)
        {
            if (ever[at].Renews)
            {
                return [.. ever.Skip(at)];
            }
        }

        return ever;
    }

    /// <summary>The version that is answered where one exists: the one repeated, else the first that says the same.</summary>
    public static StoredVersion KnownOf(IReadOnlyList<StoredVersion> history, IncomingVersion incoming) =>
        RepeatOf(history, incoming)
        ?? (incoming.AppType == '3' ? null : history.FirstOrDefault(version => IsIn(version, incoming)))
        ?? history[^1];

    /// <summary>
    /// The version that this is a repeat of: the same content, appTime and purpose; null where it is none. Its sender gets
    /// the answer of the first time.
    /// </summary>
    /// <param name="history">All versions under the number, oldest first.</param>
    private static StoredVersion? RepeatOf(IReadOnlyList<StoredVersion> history, IncomingVersion incoming) => history.LastOrDefault(version =>
        Same(version, incoming) && version.AppTime == incoming.AppTime && version.Draft == incoming.Draft
        && version.Deleted == (incoming.AppType == '3'));

    /// <summary>It was declared, and perhaps drafts of a change came since: only a newer change replaces it.</summary>
    private static IntakeOutcome DecideDeclared(
        IReadOnlyList<StoredVersion> history, StoredVersion latest, IncomingVersion incoming)
    {
        if (incoming.AppType == '1')
        {
            // Sent anew with a time of its own, it is still what was stored, though it was changed since.
            return history.Any(version => IsIn(version, incoming)) ? IntakeOutcome.Exists : IntakeOutcome.Conflict;
        }

        // The same content as the latest is here the draft of a change that is now declared.
        return incoming.AppTime > latest.AppTime || (Same(latest, incoming) && incoming.AppTime == latest.AppTime)
            ? Stored(incoming, IntakeOutcome.Changed)
            : IntakeOutcome.Stale;
    }

    /// <summary>Only drafts are there: a newer one replaces them, declared or again as a draft.</summary>
    private static IntakeOutcome DecideDraft(
        IReadOnlyList<StoredVersion> history, StoredVersion latest, IncomingVersion incoming)
    {
        if (Same(latest, incoming))
        {
            return IntakeOutcome.Created;
        }

        var isOlder = incoming.AppType == '2' ? incoming.AppTime <= latest.AppTime : incoming.AppTime < latest.AppTime;
        return isOlder ? IntakeOutcome.Stale : Stored(incoming, incoming.AppType == '2' ? IntakeOutcome.Changed : IntakeOutcome.Created);
    }

    /// <summary>The version holds all that came: the same content, and it is not a draft of what is now declared.</summary>
    private static bool IsIn(StoredVersion stored, IncomingVersion incoming) =>
        Same(stored, incoming) && (incoming.Draft || !stored.Draft);

    private static IntakeOutcome Stored(IncomingVersion incoming, IntakeOutcome outcome) =>
        incoming.Draft ? IntakeOutcome.Drafted : outcome;

    private static bool Same(StoredVersion stored, IncomingVersion incoming) =>
        stored.ContentHash.AsSpan().SequenceEqual(incoming.ContentHash);
}
