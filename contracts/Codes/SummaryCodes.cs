namespace Sandan.Contracts.Codes;

/// <summary>Why export inventories are not summed up, where the specification has no number for it.</summary>
public static class SummaryCodes
{
    /// <summary>The parts do not say the same.</summary>
    public const string PartsDiffer = "S6401";

    /// <summary>No export inventory has the number.</summary>
    public const string InventoryUnknown = "S6402";

    /// <summary>Declarant, seller or customs office are not those of the inventory.</summary>
    public const string DiffersFromInventory = "S6403";

    /// <summary>The inventory is declared in the simplified form.</summary>
    public const string Simplified = "S6404";

    /// <summary>The inventory was rejected or withdrawn.</summary>
    public const string NotReleased = "S6405";

    /// <summary>The inventory was summed up before.</summary>
    public const string SummedUp = "S6406";

    /// <summary>The period was not over when it was asked for.</summary>
    public const string PeriodNotOver = "S6407";

    /// <summary>There is no inventory to sum up.</summary>
    public const string NothingThere = "S6408";

    /// <summary>More inventories than one request may sum up.</summary>
    public const string TooMany = "S6409";
}
