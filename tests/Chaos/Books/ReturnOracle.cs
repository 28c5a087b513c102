namespace Sandan.Chaos.Books;

/// <summary>What must have become of the returns of an import: from what became of its inventory, and from each other.</summary>
internal static class ReturnOracle
{
    private const string Held = "300 1200";
    private const string TooMuch = "100 S6105";
    private const string Forbidden = "-625022 -625022";

    /// <summary>What is wrong with them.</summary>
    /// <param name="inventory">Result of the inventory.</param>
    /// <param name="isChanged">It, or what it rests on, was changed: a return may have come when it was rejected.</param>
    /// <param name="pieces">Declared.</param>
    /// <param name="returns">What each asks for, and its result.</param>
    public static IEnumerable<string> Check(
        string inventory, bool isChanged, decimal pieces, IReadOnlyList<(decimal Pieces, string Result)> returns)
    {
        string[] allowed = inventory.Split(' ')[0] switch
        {
            "800" => isChanged ? [Held, TooMuch, Forbidden] : [Held, TooMuch],
            "100" => [Forbidden],
            _ => isChanged ? [Declaration.Nothing, Forbidden] : [Declaration.Nothing], // it waits, and so do they
        };
        foreach (var one in returns.Where(one => !allowed.Contains(one.Result)))
        {
            yield return $"a return has {one.Result}; allowed where the inventory has {inventory}: {string.Join(" or ", allowed)}";
        }

        // Which of two that ask together for too much is the later one, nobody can say: what came first is held.
        var held = returns.Where(one => one.Result == Held).Sum(one => one.Pieces);
        if (held > pieces)
        {
            yield return $"of {pieces} pieces {held} are on their way back";
        }

        foreach (var one in returns.Where(one => one.Result == TooMuch && one.Pieces + held <= pieces))
        {
            yield return $"a return of {one.Pieces} is refused, though of {pieces} pieces only {held} are on their way back";
        }
    }
}
