using Sandan.Demo;

namespace Sandan.Chaos.Load;

/// <summary>What happens to a consignment.</summary>
internal enum Story
{
    /// <summary>Three documents that agree.</summary>
    Plain,

    /// <summary>A document is wrong or never comes.</summary>
    Flawed,

    /// <summary>The payment is wrong, and then changed to be right.</summary>
    Mended,

    /// <summary>The payment is right, and then changed to be wrong.</summary>
    Spoiled,

    /// <summary>Two changes of the payment race; the one with the newer appTime is right.</summary>
    Raced,

    /// <summary>The payment names an order that nobody knows, and then the right one.</summary>
    Moved,

    /// <summary>The waybill is withdrawn.</summary>
    Withdrawn,
}

/// <summary>The stories of imports: everything follows from the seed of the run and the number of the consignment.</summary>
internal sealed class Stories(int seed)
{
    private static readonly (Story Story, int InHundred)[] Mix =
    [
        (Story.Plain, 60), (Story.Flawed, 9), (Story.Mended, 8), (Story.Spoiled, 6), (Story.Raced, 7), (Story.Moved, 4), (Story.Withdrawn, 6),
    ];

    /// <summary>
    /// How a document is sent: stage 0 first, and when that is answered all later stages at once, in any order.
    /// </summary>
    public IEnumerable<(int Stage, Edition Edition)> Of(int number, Kind kind)
    {
        if (kind == Kind.Inventory)
        {
            return InventoryOf(number);
        }

        var random = Draws.Of(seed, Purpose.Import, number);
        var defect = Traffic.Defects[random.Next(Traffic.Defects.Count)];
        var story = Draws.OneOf(Mix, random);
        var right = Edition.First(Defect.None);
        return (story, kind) switch
        {
            (Story.Flawed, _) => Traffic.IsSent(defect, kind) ? [(0, Edition.First(defect))] : [],
            (Story.Mended, Kind.Payment) => [(0, Edition.First(Defect.PaidAmount)), (1, new('2', 5, Defect.None))],
            (Story.Spoiled, Kind.Payment) => [(0, right), (1, new('2', 5, Defect.PaidAmount))],
            (Story.Raced, Kind.Payment) => [(0, right), (1, new('2', 5, Defect.PaidAmount)), (2, new('2', 6, Defect.None))],
            (Story.Moved, Kind.Payment) => [(0, right with { IsAstray = true }), (1, new('2', 5, Defect.None))],
            (Story.Withdrawn, Kind.Waybill) => [(0, right), (1, new('3', 5, Defect.None))],
            _ => [(0, right)],
        };
    }

    /// <summary>Every fifth consignment is declared, of these one in ten wrongly, and one in ten at first.</summary>
    private IEnumerable<(int Stage, Edition Edition)> InventoryOf(int number) => DeclarationRandom(number).Next(50) switch
    {
        >= 10 => [],
        0 => [(0, Edition.First(Defect.PaidAmount))],
        1 => [(0, Edition.First(Defect.PaidAmount)), (1, new('2', 5, Defect.None))],
        _ => [(0, Edition.First(Defect.None))],
    };

    /// <summary>
    /// How many pieces each return of a consignment asks for: a third of the inventories has returns. Two ask together for more than there
    /// is, or one alone does.
    /// </summary>
    public IReadOnlyList<int> ReturnsOf(int number)
    {
        var (random, pieces) = (DeclarationRandom(number), Traffic.QuantityOf(number));
        if (random.Next(50) >= 10)
        {
            return []; // it is not declared
        }

        return random.Next(15) switch
        {
            0 => [pieces],
            1 => [1],
            2 => [1, 1],
            3 => [pieces, pieces],
            4 => [pieces + 1],
            _ => [],
        };
    }

    /// <summary>Whether the declarant asks to cancel the inventory: of one in five that have no returns and are not changed.</summary>
    public bool IsCancelled(int number)
    {
        var random = DeclarationRandom(number);
        return random.Next(50) is < 10 and not 1 && random.Next(15) is 5 or 6;
    }

    /// <summary>One for all, so that none has returns and is cancelled too.</summary>
    private Random DeclarationRandom(int number) => Draws.Of(seed, Purpose.Declaration, number);
}
