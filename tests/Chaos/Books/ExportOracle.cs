namespace Sandan.Chaos.Books;

/// <summary>Whether a departure became whole.</summary>
internal enum Left
{
    /// <summary>It never was.</summary>
    No,

    /// <summary>A part was changed or withdrawn, before it was whole or behind that.</summary>
    Perhaps,

    /// <summary>It did.</summary>
    Yes,
}

/// <summary>Knows what must become of an export inventory, and of a departure, from the documents alone.</summary>
internal static class ExportOracle
{
    private const string Released = "800 2600";
    private const string Departed = "899 S6021";
    private const string Withdrawn = "399 2300";

    /// <summary>Modes and the type of their orders, as far as they are sent.</summary>
    private static readonly Dictionary<string, string> TypeOfMode = new() { ["9610"] = "E", ["9710"] = "B" };

    /// <summary>Results that an inventory may have: more than one where documents changed.</summary>
    /// <param name="inventory">All its versions, oldest first, as of the next two.</param>
    /// <param name="order">Empty where none came, as the next.</param>
    public static IReadOnlySet<string> Of(IList<Version> inventory, IList<Version> order, IList<Version> waybill, Left left)
    {
        IList<Version>[] documents = [inventory, order, waybill];
        var last = Judge([.. documents.Select(one => one.ToArray())]);
        var before = Oracle.Combinations(documents).Where(seen => seen.Zip(documents).Any(one => one.First.Length < one.Second.Count)).ToArray();
        HashSet<string> allowed = [last];
        if (last == Declaration.Nothing)
        {
            // An order or a waybill that is withdrawn leaves what was decided on this version.
            allowed.UnionWith(before.Where(seen => seen[0].Length == inventory.Count).Select(Judge));
        }

        if (before.Any(seen => Judge(seen) == Released))
        {
            allowed.Add(Released); // it may have been released before, and that stands
        }

        if (left != Left.No && allowed.Contains(Released))
        {
            allowed.Add(Departed);
        }

        if (left == Left.Yes)
        {
            allowed.Remove(Released);
        }

        return allowed;
    }

    /// <summary>Whether a departure became whole: then it stays so.</summary>
    /// <param name="parts">All versions, oldest first, of each part.</param>
    public static Left LeftOf(IReadOnlyList<IList<Version>> parts) =>
        IsWhole([.. parts.Select(one => one.ToArray())]) ? Left.Yes
        : Oracle.Combinations(parts).Any(IsWhole) ? Left.Perhaps
        : Left.No;

    /// <summary>Statuses that a part of a departure may have.</summary>
    public static IReadOnlySet<string> OfPart(Version last, Left left) => new HashSet<string>(
        left == Left.Yes || last.Paper.AppType == '3' ? ["399"] : left == Left.No ? ["120"] : ["120", "399"]);

    private static bool IsWhole(Version[][] parts)
    {
        var standing = parts.Where(versions => versions.Length > 0 && versions[^1].Paper.AppType != '3').ToArray();
        return standing.Length > 0 && standing.All(versions => versions[^1].Paper.Facts["msgCount"] == $"{standing.Length}");
    }

    /// <summary>The result where of inventory, order and waybill these versions are known.</summary>
    private static string Judge(Version[][] known)
    {
        if (known[0].Length == 0)
        {
            return Declaration.Nothing;
        }

        var inventory = known[0][^1].Paper;
        if (inventory.AppType == '3')
        {
            return Withdrawn;
        }

        if (known.Any(versions => versions.Length == 0 || versions[^1].Paper.AppType == '3'))
        {
            return Declaration.Nothing;
        }

        var order = known[1][^1].Paper;
        (string Code, bool Differs)[] comparisons =
        [
            ("S4501", inventory.Facts["ebcCode"] != order.Facts["ebcCode"]),
            ("S4502", TypeOfMode[inventory.Facts["tradeMode"]] != order.Facts["orderType"]),
            ("1322", inventory.Pieces > order.Pieces),
        ];
        return Array.Find(comparisons, one => one.Differs).Code is { } code ? $"100 {code}" : Released;
    }
}
