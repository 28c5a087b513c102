using Sandan.Contracts;
using Sandan.Customs.Domain;
using Sandan.Customs.Feed;

namespace Sandan.Customs;

/// <summary>What changed on one consignment, to be written and told.</summary>
/// <param name="Before">Null where it is seen for the first time.</param>
/// <param name="Decision">Null where nothing was decided.</param>
/// <param name="Notices">Events beside the one of the decision.</param>
internal sealed record ClearanceChange(
    Clearance? Before, Clearance After, Decision? Decision, IReadOnlyList<FeedEvent> Notices)
{
    /// <summary>What follows from an arrival, with what the rules decide on it; null where nothing does.</summary>
    /// <param name="known">The clearance as it is; null where there is none.</param>
    /// <param name="number">Of the new clearance, where there is none.</param>
    /// <param name="forced">What the order number asks of a sandbox.</param>
    public static ClearanceChange? Of(Arrival arrival, Clearance? known, long number, ForcedOutcome forced, DateTimeOffset now)
    {
        if (arrival.WorkInto(known ?? new() { Key = arrival.Key, Number = number }) is not { } effect)
        {
            return null;
        }

        var notices = effect.IsJudged ? FeedEvents.Of(effect.After) : [];
        return effect.After.DecideByRules(forced, now) is { } decision
            ? new(known, effect.After.With(decision), decision, notices)
            : new(known, effect.After, null, notices);
    }
}
