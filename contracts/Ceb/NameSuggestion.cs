namespace Sandan.Contracts.Ceb;

/// <summary>Finds what a misspelt name was probably meant to be.</summary>
internal static class NameSuggestion
{
    /// <summary>
    /// Most single-letter changes between a name and its suggestion, inclusive; half the length for short names.
    /// </summary>
    private const int DistanceMax = 2;

    /// <summary>The closest of <paramref name="known"/>, letter case aside, or null where none is close.</summary>
    public static string? For(string name, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = Math.Min(DistanceMax, name.Length / 2) + 1;
        foreach (var candidate in known)
        {
            var distance = Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var current = new int[right.Length + 1];
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var change = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(change, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
