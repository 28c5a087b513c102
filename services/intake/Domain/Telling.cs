using Sandan.Contracts.Events;

namespace Sandan.Intake.Domain;

/// <summary>What others are told of a version: itself, and what they must know of those before it.</summary>
/// <remarks>
/// A consumer may see versions in any order, and later ones only: with this it needs none of the others.
/// </remarks>
public static class Telling
{
    /// <summary>Of the last version; null where nobody is told: of a draft, and so of the end of what was only drafted.</summary>
    /// <param name="ever">All versions under its number, oldest first.</param>
    public static DocumentVersion? Of(IReadOnlyList<StoredVersion> ever)
    {
        var versions = IntakeDecision.Current(ever);
        var last = versions.Count - 1;
        if (!IsTold(versions, last))
        {
            return null;
        }

        var newest = versions[last];
        var told = new DocumentVersion(
            newest.Id, newest.Version, newest.AppTime, newest.AppTimeStated, newest.ReceivedAt, newest.Deleted);
        if (last == 0)
        {
            return told; // nearly all
        }

        StoredVersion[] before = [.. Enumerable.Range(0, last).Where(at => IsTold(versions, at)).Select(at => versions[at])];
        if (before.Length == 0)
        {
            return told;
        }

        string[] others = [.. before.Select(one => one.OrderNo).OfType<string>().Where(number => number != newest.OrderNo).Distinct()];
        return told with
        {
            First = new(before[0].AppTime, before[0].AppTimeStated, before[0].ReceivedAt),
            EarlierOrders = others.Length == 0 ? null : others,
        };
    }

    private static bool IsTold(IReadOnlyList<StoredVersion> versions, int at) =>
        !versions[at].Draft && (!versions[at].Deleted || versions.Take(at).Any(one => one is { Draft: false, Deleted: false }));
}
