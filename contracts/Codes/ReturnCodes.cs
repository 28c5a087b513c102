namespace Sandan.Contracts.Codes;

/// <summary>
/// Status 100 of a return (CEB625), where the specification's list has no number of that meaning. Numbers are never reused.
/// </summary>
public static class ReturnCodes
{
    /// <summary>There is no inventory of this number.</summary>
    public const string InventoryUnknown = "S6101";

    /// <summary>Who asks neither declared the inventory nor sells the goods.</summary>
    public const string NoRight = "S6102";

    /// <summary>Order number, platform or seller are not those of the inventory.</summary>
    public const string DiffersFromInventory = "S6103";

    /// <summary>The identity number is not that of the inventory's buyer.</summary>
    public const string BuyerDiffers = "S6104";

    /// <summary>With what was returned before, a line is more than the inventory has.</summary>
    public const string QuantityAboveInventory = "S6105";

    /// <summary>It came too long after the release.</summary>
    public const string TooLate = "S6106";
}
