namespace Sandan.Tax.Domain;

/// <summary>Supervision modes of retail import, with their official numbers (监管方式).</summary>
internal enum ImportMode
{
    /// <summary>直购进口: direct purchase by post or courier.</summary>
    Direct = 9610,

    /// <summary>网购保税: from a bonded zone.</summary>
    Bonded = 1210,

    /// <summary>网购保税A: bonded, outside the pilot cities.</summary>
    BondedA = 1239,
}

/// <summary>What is taxed: an order that its payment and waybill confirm. All amounts are CNY, 5 decimals.</summary>
/// <param name="Mode">Null while no inventory names it.</param>
/// <param name="SellerCode">Customs code of the seller, under which goods are filed (ebcCode).</param>
/// <param name="BuyerIdHash">Keyed hash of the buyer's ID number; opaque here, the key of <see cref="PersonYear"/>.</param>
/// <param name="Freight">Freight to be added to the price of the goods.</param>
/// <param name="InsuredFee">Insurance to be added likewise.</param>
internal sealed record Consignment(
    ImportMode? Mode,
    string SellerCode,
    string BuyerIdHash,
    decimal Freight,
    decimal InsuredFee,
    IReadOnlyList<ConsignmentLine> Lines);

/// <summary>One line of the order (CEB311 orderList).</summary>
/// <param name="Gnum">Line number on the document.</param>
/// <param name="ItemNo">The seller's item number, under which the goods are filed; null where the order has none.</param>
/// <param name="Unit">Declared unit, customs number.</param>
/// <param name="Qty">In the declared unit, above 0.</param>
/// <param name="Price">Per declared unit. The line's value is <paramref name="TotalPrice"/>; that both agree is for intake.</param>
/// <param name="TotalPrice">Retail price of the line; 0 for a gift. Coupons and points are not subtracted.</param>
/// <param name="Country">Origin, customs number or ISO letters; null where the order has none.</param>
internal sealed record ConsignmentLine(
    int Gnum,
    string? ItemNo,
    string Name,
    string? Unit,
    decimal Qty,
    decimal Price,
    decimal TotalPrice,
    string? Country);

/// <summary>The goods as filed (备案), which is where classification and legal quantities come from.</summary>
/// <param name="HsCode">10-digit commodity code.</param>
/// <param name="Unit1">First legal unit, customs number: 035 kg, 095 litre, 011 piece.</param>
/// <param name="Qty1PerUnit">First legal quantity in one declared unit; null where it was not filed.</param>
/// <param name="NetWeightKgPerUnit">Net weight of one declared unit; serves weight limits, never a tax.</param>
/// <param name="Unit2">Second legal unit; sheet cosmetics have kg first and pieces second.</param>
/// <param name="Qty2PerUnit">Second legal quantity in one declared unit.</param>
/// <param name="Unit">
/// The declared unit that the quantities are filed for; in an order by another unit they say nothing. Null: by any.
/// </param>
internal sealed record GoodsFiling(
    string HsCode,
    string? Unit1,
    decimal? Qty1PerUnit,
    decimal? NetWeightKgPerUnit,
    string Name,
    string? OriginCountry,
    string? Unit2 = null,
    decimal? Qty2PerUnit = null,
    string? Unit = null);

/// <summary>What a person has already bought in the calendar year.</summary>
/// <param name="UsedCny">Dutiable value booked so far, CNY.</param>
/// <param name="UsedKg">Weight booked so far by group of <see cref="AnnualWeightLimit"/>, kg; an absent group is 0.</param>
internal sealed record PersonYear(decimal UsedCny, IReadOnlyDictionary<string, decimal> UsedKg)
{
    /// <summary>Nothing bought yet.</summary>
    public static PersonYear Empty { get; } = new(0, new Dictionary<string, decimal>());

    /// <summary>True where nothing was bought, or nothing is booked.</summary>
    public bool IsEmpty => UsedCny == 0 && UsedKg.Count == 0;

    /// <summary>With a booking more.</summary>
    public PersonYear Plus(PersonYear booked) => Combine(booked, 1);

    /// <summary>With a booking given back. Groups of which nothing is left are gone.</summary>
    public PersonYear Less(PersonYear booked) => Combine(booked, -1);

    private PersonYear Combine(PersonYear booked, int sign) => new(
        UsedCny + (sign * booked.UsedCny),
        booked.UsedKg.Count == 0 ? UsedKg : UsedKg.Keys.Union(booked.UsedKg.Keys)
            .Select(group => (group, kg: UsedKg.GetValueOrDefault(group) + (sign * booked.UsedKg.GetValueOrDefault(group))))
            .Where(one => one.kg != 0)
            .ToDictionary(one => one.group, one => one.kg));
}
