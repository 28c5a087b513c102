namespace Sandan.Chaos.Load;

/// <summary>What is drawn.</summary>
internal enum Purpose
{
    /// <summary>The story of an import.</summary>
    Import,

    /// <summary>Its inventory, and what follows on it.</summary>
    Declaration,

    /// <summary>The story of an export.</summary>
    Export,

    /// <summary>Whether its inventory is cancelled.</summary>
    ExportCancellation,

    /// <summary>The story of a departure.</summary>
    Departure,

    /// <summary>What is sent together.</summary>
    Group,
}

/// <summary>Draws that a run with the same seed draws again.</summary>
internal static class Draws
{
    /// <summary>
    /// Draws of a number for a purpose. Their seed is mixed: what <see cref="Random"/> gives for two seeds goes together where these
    /// differ by the same for all numbers, and then each story would have inventories of one kind only.
    /// </summary>
    public static Random Of(int seed, Purpose purpose, int number) =>
        new((int)(Traffic.Mixed(Traffic.Mixed(((ulong)(uint)seed << 32) + (ulong)purpose + 1) ^ (uint)number) & int.MaxValue));

    /// <summary>One of a mix.</summary>
    public static T OneOf<T>((T Story, int InHundred)[] mix, Random random)
    {
        var ofHundred = random.Next(100);
        foreach (var (story, inHundred) in mix)
        {
            if ((ofHundred -= inHundred) < 0)
            {
                return story;
            }
        }

        throw new InvalidOperationException("The mix has less than a hundred.");
    }
}
