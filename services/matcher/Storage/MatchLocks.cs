using Sandan.Matcher.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Matcher.Storage;

/// <summary>Order numbers and subjects are locked by part, until commit.</summary>
internal static class MatchLocks
{
    private const int Parts = 64;
    private static readonly PartLocks Locks = new(0x4D41, Parts); // "MA"

    /// <summary>
    /// Until commit, nobody else works on these order numbers. Two transactions that each bring one of the last two
    /// documents of a consignment would otherwise not see each other, and nobody would judge it.
    /// </summary>
    public static Task LockAsync(UnitOfWork unit, IEnumerable<string> orderNumbers, CancellationToken ct) => Locks.LockAsync(unit, orderNumbers, ct);

    /// <summary>Until commit, nobody else works on any order number.</summary>
    public static Task LockAllAsync(UnitOfWork unit, CancellationToken ct) => Locks.LockAllAsync(unit, ct);

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

        return Locks.LockAsync(unit, [.. Enumerable.Range(0, Parts).Where(part => parts[part]).Select(part => Parts + part)], ct);
    }
}
