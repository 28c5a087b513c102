namespace Sandan.Shared.Messaging;

/// <summary>Into how many events it goes what a transaction has to tell.</summary>
public static class EventParts
{
    private const int Parts = 4;
    private const int ItemsMin = 100;

    /// <summary>
    /// Items of one event: a quarter, so that who consumes them can begin before all is said, but no fewer than are worth a
    /// message, and no more than the most.
    /// </summary>
    /// <param name="items">That are to be told at once.</param>
    /// <param name="most">At least 1.</param>
    public static int Of(int items, int most) => Math.Min(Math.Max(items / Parts, ItemsMin), most);
}
