namespace Sandan.Chaos.Books;

/// <summary>What inventories may have got of an article of a bonded account: who came first got it, but never more than there was.</summary>
internal static class StockOracle
{
    /// <summary>The account has not enough left of an article.</summary>
    public const string Refused = "100 S6301";

    /// <summary>Before its release an inventory has its goods reserved.</summary>
    private static readonly string[] Reserving = ["120", "300", "500"];

    /// <summary>Pieces that are reserved, and that are released, with this result.</summary>
    public static (decimal Reserved, decimal Released) HeldWith(string result, decimal pieces) => result.Split(' ')[0] switch
    {
        "800" => (0, pieces),
        var status when Reserving.Contains(status) => (pieces, 0),
        _ => (0, 0),
    };

    /// <summary>What is wrong with them.</summary>
    /// <param name="entered">Pieces that were entered.</param>
    /// <param name="givenBack">Pieces that inventories had for a time.</param>
    /// <param name="inventories">What each asks for, and its result.</param>
    public static IEnumerable<string> Check(decimal entered, decimal givenBack, IReadOnlyList<(decimal Pieces, string Result)> inventories)
    {
        var held = inventories.Select(one => HeldWith(one.Result, one.Pieces)).Sum(one => one.Reserved + one.Released);
        if (held > entered)
        {
            yield return $"inventories have {held} of {entered} pieces";
        }

        // At no time more was gone than what is now, and what was given back.
        foreach (var one in inventories.Where(one => one.Result == Refused && one.Pieces + held + givenBack <= entered))
        {
            yield return $"an inventory of {one.Pieces} is refused, though of {entered} pieces only {held} are gone, and {givenBack} were for a time";
        }
    }
}
