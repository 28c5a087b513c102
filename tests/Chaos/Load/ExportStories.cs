namespace Sandan.Chaos.Load;

/// <summary>What happens to an export.</summary>
internal enum ExportStory
{
    /// <summary>Four documents that agree.</summary>
    Plain,

    /// <summary>Three that agree: no receipt of payment comes, and none is waited for.</summary>
    Unpaid,

    /// <summary>The order or the waybill never comes.</summary>
    Waiting,

    /// <summary>The inventory is wrong.</summary>
    Flawed,

    /// <summary>The inventory is wrong, and then changed to be right.</summary>
    Mended,

    /// <summary>The order is of too few pieces, and then changed to be right.</summary>
    OrderMended,

    /// <summary>The order is right, and then changed to be of too few pieces.</summary>
    OrderSpoiled,

    /// <summary>The inventory is withdrawn.</summary>
    Withdrawn,

    /// <summary>The waybill is withdrawn.</summary>
    Recalled,
}

/// <summary>What happens to the departure of a group.</summary>
internal enum DepartureStory
{
    /// <summary>All its parts come.</summary>
    Whole,

    /// <summary>The last part never comes.</summary>
    Short,

    /// <summary>The last part says that there is one more, and is then changed to be right.</summary>
    Recounted,

    /// <summary>The last part is withdrawn.</summary>
    Withdrawn,
}

/// <summary>The stories of exports: everything follows from the seed of the run and the number of the export.</summary>
internal sealed class ExportStories(int seed)
{
    private const int PartsMax = 4;
    private const int DepartInHundred = 60;

    private static readonly (ExportStory Story, int InHundred)[] Mix =
    [
        (ExportStory.Plain, 40), (ExportStory.Unpaid, 10), (ExportStory.Waiting, 8), (ExportStory.Flawed, 8), (ExportStory.Mended, 8),
        (ExportStory.OrderMended, 8), (ExportStory.OrderSpoiled, 6), (ExportStory.Withdrawn, 6), (ExportStory.Recalled, 6),
    ];

    private static readonly (DepartureStory Story, int InHundred)[] DepartureMix =
    [
        (DepartureStory.Whole, 50), (DepartureStory.Short, 15), (DepartureStory.Recounted, 20), (DepartureStory.Withdrawn, 15),
    ];

    private static readonly ExportDefect[] Defects = [ExportDefect.Quantity, ExportDefect.Mode, ExportDefect.Seller];

    /// <summary>How a document is sent; see <see cref="Stories.Of"/>.</summary>
    public IEnumerable<(int Stage, ExportEdition Edition)> Of(int number, Kind kind)
    {
        var random = Draws.Of(seed, Purpose.Export, number);
        var story = Draws.OneOf(Mix, random);
        var (defect, isOrderMissing) = (Defects[random.Next(Defects.Length)], random.Next(2) == 0);
        var right = ExportEdition.First();
        var wrong = ExportEdition.First(defect);
        return (story, kind) switch
        {
            (ExportStory.Unpaid, Kind.ExportPayment) => [],
            (ExportStory.Waiting, Kind.ExportOrder) when isOrderMissing => [],
            (ExportStory.Waiting, Kind.ExportWaybill) when !isOrderMissing => [],
            (ExportStory.Flawed, Kind.ExportInventory) => [(0, wrong)],
            (ExportStory.Mended, Kind.ExportInventory) => [(0, wrong), (1, new('2', 5, ExportDefect.None))],
            (ExportStory.OrderMended, Kind.ExportOrder) => [(0, ExportEdition.First(ExportDefect.Quantity)), (1, new('2', 5, ExportDefect.None))],
            (ExportStory.OrderSpoiled, Kind.ExportOrder) => [(0, right), (1, new('2', 5, ExportDefect.Quantity))],
            (ExportStory.Withdrawn, Kind.ExportInventory) => [(0, right), (1, new('3', 5, ExportDefect.None))],
            (ExportStory.Recalled, Kind.ExportWaybill) => [(0, right), (1, new('3', 5, ExportDefect.None))],
            _ => [(0, right)],
        };
    }

    /// <summary>Whether the declarant asks to cancel the inventory: of one in eight that are not changed.</summary>
    public bool IsCancelled(int number) =>
        Of(number, Kind.ExportInventory).Count() == 1 && Draws.Of(seed, Purpose.ExportCancellation, number).Next(8) == 0;

    /// <summary>How the parts of the departure of a group are sent: the first of them in whatever place, then the others at once.</summary>
    /// <param name="first">Of the group's exports.</param>
    public IEnumerable<(int Stage, DepartureEdition Edition)> DepartureOf(int first, int count)
    {
        var random = Draws.Of(seed, Purpose.Departure, first);
        var story = Draws.OneOf(DepartureMix, random);
        int[] exports = [.. Enumerable.Range(first, count).Where(_ => random.Next(100) < DepartInHundred)];
        var lists = exports.Chunk(Math.Max(1, (exports.Length + PartsMax - 1) / random.Next(1, PartsMax + 1))).ToArray();
        var order = Enumerable.Range(1, lists.Length).ToArray();
        random.Shuffle(order);
        var isLastFirst = story is DepartureStory.Recounted or DepartureStory.Withdrawn; // it is sent twice
        for (var at = 0; at < order.Length; at++)
        {
            var part = order[at];
            var isLast = part == order.Length;
            if (isLast && story == DepartureStory.Short)
            {
                continue;
            }

            var parts = order.Length + (isLast && story == DepartureStory.Recounted ? 1 : 0);
            yield return (isLast && isLastFirst ? 0 : at, new(first, '1', 0, part, parts, lists[part - 1]));
        }

        if (isLastFirst && order.Length > 0)
        {
            var appType = story == DepartureStory.Recounted ? '2' : '3';
            yield return (order.Length, new(first, appType, 5, order.Length, order.Length, lists[^1]));
        }
    }
}
