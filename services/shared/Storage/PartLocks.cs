namespace Sandan.Shared.Storage;

/// <summary>
/// Locks texts by part, until commit: many texts at the price of a few locks. The parts are the same in every replica.
/// </summary>
/// <param name="lockClass">First key of the advisory locks: one for each purpose in a database.</param>
/// <param name="parts">How many parts there are.</param>
public sealed class PartLocks(int lockClass, int parts)
{
    private readonly string statement = $"SELECT pg_advisory_xact_lock({lockClass}, part) FROM unnest($1) AS part";

    /// <summary>Until commit, nobody else has these texts.</summary>
    public Task LockAsync(UnitOfWork unit, IEnumerable<string> texts, CancellationToken ct)
    {
        var wanted = new bool[parts];
        foreach (var text in texts)
        {
            wanted[PartOf(text)] = true;
        }

        return LockAsync(unit, [.. Enumerable.Range(0, parts).Where(part => wanted[part])], ct);
    }

    /// <summary>Until commit, nobody else has any text.</summary>
    public Task LockAllAsync(UnitOfWork unit, CancellationToken ct) => LockAsync(unit, [.. Enumerable.Range(0, parts)], ct);

    /// <summary>Until commit, nobody else has these parts.</summary>
    /// <param name="chosen">Sorted: all lock in the same order, so none waits in a circle.</param>
    public Task LockAsync(UnitOfWork unit, int[] chosen, CancellationToken ct) => unit.ExecuteAsync(statement, ct, chosen);

    /// <summary>FNV-1a: small, and the same in every process, which string.GetHashCode is not.</summary>
    private int PartOf(string text)
    {
        var hash = 2166136261u;
        foreach (var letter in text)
        {
            hash = unchecked((hash ^ letter) * 16777619u);
        }

        return (int)(hash % parts);
    }
}
