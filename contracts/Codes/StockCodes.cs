namespace Sandan.Contracts.Codes;

/// <summary>
/// What is said of bonded accounts (账册), of entries into them and of warehousing, where the specification has no number of that meaning.
/// Numbers are never reused.
/// </summary>
public static class StockCodes
{
    /// <summary>Status 100 of an inventory: an article has not that much left in the account.</summary>
    public const string BeyondBalance = "S6301";

    /// <summary>Status 100 of an inventory, or refusal of an entry: its unit is not that in which the account counts the article.</summary>
    public const string UnitDiffers = "S6302";

    /// <summary>Nothing is taken from the account: it is not kept here. Status 100 of an inventory where accounts are required.</summary>
    public const string AccountNotKept = "S6303";

    /// <summary>Warning: the inventory names another warehouse company than keeps the account.</summary>
    public const string KeeperDiffers = "S6304";

    /// <summary>Warning to an inventory, refusal of an entry: HS code is not that of the article in the account.</summary>
    public const string GoodsDiffer = "S6305";

    /// <summary>Refusal: an entry of this number is there and says something else.</summary>
    public const string EntryDiffers = "S6306";

    /// <summary>Refusal: a shortage is more than the article has left.</summary>
    public const string ShortageBeyondBalance = "S6307";

    /// <summary>Warning: means of transport, voyage or master bill of warehousing and inventory differ.</summary>
    public const string TransportDiffers = "S6321";

    /// <summary>No inventory is known of a parcel that is warehoused.</summary>
    public const string InventoryAwaited = "S6322";
}
