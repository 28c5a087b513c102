using Sandan.Matcher.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Matcher.Storage;

/// <summary>
/// Order numbers and subjects are locked by part, until commit; the parts are the same in every replica.
/// </summary>
internal static class MatchLocks
{
    private const int Parts = 64;
    private const int LockClass = 0x4D41; // "MA"

    private static readonly string LockStatement = $"SELECT pg_advisory_xact_lock({LockClass}, part) FROM unnest($1) AS part";

    /// <summary>
    /// Until commit, nobody else works on these order numbers. Two transactions that each bring one of the last two
    /// documents of a consignment would otherwise not see each other, and nobody would judge it.
    /// </summary>
    public static Task LockAsync(UnitOfWork unit, IEnumerable<string> orderNumbers, CancellationToken ct)
    {
        var parts = new bool[Parts];
        foreach (var number in orderNumbers)
        {
            parts[PartOf(number)] = true;
        }

        return LockPartsAsync(unit, [.. Enumerable.Range(0, Parts).Where(part => parts[part])], ct);
    }

    /// <summary>Until commit, nobody else works on any order number.</summary>
    public static Task LockAllAsync(UnitOfWork unit, CancellationToken ct) =>
        LockPartsAsync(unit, [.. Enumerable.Range(0, Parts)], ct);

    /// <summary>Until commit, nobody else counts what these are counted for.</summary>
    public static Task LockSubjectsAsync(UnitOfWork unit, IEnumerable<Sighting> sightings, CancellationToken ct)
    {
        var parts = new bool[Parts];
        foreach (var one in sightings)
        {
            parts[one.Buyer & (Parts - 1)] = true;
            parts[one.Telephone & (Parts - 1)] = true;
            parts[one.Address & (Parts - 1)] = true;
            parts[(one.Named ?? one.Payment) & (Parts - 1)] = true;
            parts[one.Payment & (Parts - 1)] = true;
        }

        return LockPartsAsync(unit, [.. Enumerable.Range(0, Parts).Where(part => parts[part]).Select(part => Parts + part)], ct);
    }

    private static Task<int> LockPartsAsync(UnitOfWork unit, int[] parts, CancellationToken ct) =>
        unit.ExecuteAsync(LockStatement, ct, parts);

    /// <summary>FNV-1a: small, and the same in every process, which string.GetHashCode is not.</summary>
    private static int PartOf(string text)
    {
        var hash = 2166136261u;
        foreach (var letter in text)
        {
            hash = unchecked((hash ^ letter) * 16777619u);
        }

        return (int)(hash % Parts);
    }
}
