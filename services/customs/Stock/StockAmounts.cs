namespace Sandan.Customs.Stock;

/// <summary>Names an article of a bonded account: emsNo in upper case, so that two spellings are one account, and itemRecordNo.</summary>
internal readonly record struct StockKey(string Account, string RecordNo);

/// <summary>Quantities of an article, in the account's unit: its sums, what an inventory holds of it, or what a movement adds to either.</summary>
/// <param name="Entered">Entries and surpluses less shortages.</param>
/// <param name="Reserved">By inventories that customs have and have not released.</param>
/// <param name="Returned">Of <paramref name="Released"/>.</param>
internal readonly record struct StockAmounts(decimal Entered, decimal Reserved, decimal Released, decimal Returned)
{
    /// <summary>What the next inventory can have.</summary>
    public decimal Balance => Entered - Reserved - Released + Returned;

    public static StockAmounts operator +(StockAmounts one, StockAmounts other) =>
        new(one.Entered + other.Entered, one.Reserved + other.Reserved, one.Released + other.Released, one.Returned + other.Returned);

    public static StockAmounts operator -(StockAmounts one, StockAmounts other) =>
        new(one.Entered - other.Entered, one.Reserved - other.Reserved, one.Released - other.Released, one.Returned - other.Returned);
}

/// <summary>An article of an account and its sums.</summary>
/// <param name="Unit">Customs unit code, of its first entry as <paramref name="HsCode"/> and <paramref name="Name"/>.</param>
internal sealed record StockItem(StockKey Key, string HsCode, string Name, string Unit, StockAmounts Amounts);

/// <summary>What happens to an article; a book is the sum of these.</summary>
/// <param name="Kind">One of <see cref="StockKinds"/>.</param>
/// <param name="DocumentNo">Its cause: entryNo, invtNo of an inventory, preNo of a return.</param>
/// <param name="PreNo">Of the inventory that holds what is moved; null of an entry.</param>
/// <param name="SourceNo">Of an entry, the document from which it was made; null where it names none.</param>
/// <param name="Reason">Of a surplus or a shortage; else null.</param>
internal sealed record StockMovement(
    StockKey Key, string Kind, StockAmounts Change, string DocumentNo, string? PreNo, string? SourceNo, string? Reason, DateTimeOffset At);

/// <summary>Kinds of movements, as they are stored and shown.</summary>
internal static class StockKinds
{
    public const string Entry = "entry";

    /// <summary>盘盈: more was counted than the book has.</summary>
    public const string Surplus = "surplus";

    /// <summary>盘亏: less was counted than the book has.</summary>
    public const string Shortage = "shortage";
    public const string Reserved = "reserved";
    public const string GivenBack = "givenBack";
    public const string Released = "released";
    public const string Returned = "returned";

    /// <summary>Of what a change of what an inventory holds is.</summary>
    public static string Of(StockAmounts change) => change switch
    {
        { Returned: not 0 } => Returned,
        { Released: not 0 } => Released,
        { Reserved: > 0 } => Reserved,
        _ => GivenBack,
    };
}
