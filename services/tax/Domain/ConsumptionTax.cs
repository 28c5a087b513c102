namespace Sandan.Tax.Domain;

/// <summary>How the consumption tax of a tariff line is levied.</summary>
internal enum ConsumptionTaxKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By value: wine.</summary>
    AdValorem,

    /// <summary>By litre: beer.</summary>
    Specific,

    /// <summary>By value and by litre: spirits.</summary>
    Compound,

    /// <summary>By value from a price per unit on: cosmetics, watches.</summary>
    Threshold,
}

/// <summary>Which threshold of <see cref="TaxOptions"/> a line is measured by.</summary>
internal enum ThresholdGoods
{
    /// <summary>None.</summary>
    None,

    /// <summary>Cosmetics: per kg or litre, or per piece for codes ending in 49.</summary>
    Cosmetics,

    /// <summary>Watches: each.</summary>
    Watch,

    /// <summary>Beer: per litre.</summary>
    Beer,
}

/// <summary>The consumption tax of a tariff line.</summary>
/// <param name="RatePct">Ad valorem rate in percent, at or above the threshold where there is one.</param>
/// <param name="CnyPerLitre">Specific rate, at or above the threshold where there is one.</param>
/// <param name="CnyPerLitreBelow">Specific rate below the threshold.</param>
internal sealed record ConsumptionTax(
    ConsumptionTaxKind Kind,
    ThresholdGoods Threshold,
    decimal RatePct,
    decimal CnyPerLitre,
    decimal CnyPerLitreBelow)
{
    /// <summary>Ending of the 10-digit codes of cosmetics by sheet or piece (标注规格为片或张).</summary>
    private const string PieceCodeEnding = "49";

    /// <summary>
    /// What the tax is measured by. A gift of value 0 reaches no threshold and is not measured for one, but a litre of beer
    /// or spirits is taxed whatever it cost.
    /// </summary>
    public Measure MeasureOf(string hsCode, decimal value) => Kind switch
    {
        ConsumptionTaxKind.Specific or ConsumptionTaxKind.Compound => Measure.Litre,
        ConsumptionTaxKind.Threshold when value == 0 => Measure.None,
        ConsumptionTaxKind.Threshold => ThresholdMeasure(hsCode),
        _ => Measure.None,
    };

    /// <summary>The threshold in CNY per unit of <see cref="MeasureOf"/>; null where the tax has none.</summary>
    public decimal? ThresholdCny(string hsCode, TaxOptions options) => Threshold switch
    {
        ThresholdGoods.Cosmetics => ThresholdMeasure(hsCode) == Measure.Piece
            ? options.CosmeticsThresholdCnyPerPiece
            : options.CosmeticsThresholdCnyPerKg,
        ThresholdGoods.Watch => options.WatchThresholdCnyPerPiece,
        ThresholdGoods.Beer => options.BeerThresholdCnyPerLitre,
        _ => null,
    };

    /// <summary>
    /// Rate and specific amount for a line. <paramref name="quantity"/> is in <see cref="MeasureOf"/> and above 0, or null
    /// where nothing is measured. The comparison multiplies, so that no division rounds at the boundary.
    /// </summary>
    public (decimal RatePct, decimal SpecificCny, bool? Reached) For(
        string hsCode, decimal value, decimal? quantity, TaxOptions options)
    {
        bool? reached = ThresholdCny(hsCode, options) is { } threshold && quantity is { } measured
            ? value >= threshold * measured
            : null;
        return Kind switch
        {
            ConsumptionTaxKind.None => (0, 0, null),
            ConsumptionTaxKind.AdValorem => (RatePct, 0, null),
            ConsumptionTaxKind.Compound => (RatePct, CnyPerLitre * quantity!.Value, null),
            ConsumptionTaxKind.Specific =>
                (0, (reached == false ? CnyPerLitreBelow : CnyPerLitre) * quantity!.Value, reached),
            _ => (reached == true ? RatePct : 0, 0, reached),
        };
    }

    private Measure ThresholdMeasure(string hsCode) => Threshold switch
    {
        ThresholdGoods.Cosmetics when !hsCode.EndsWith(PieceCodeEnding, StringComparison.Ordinal) => Measure.KilogramOrLitre,
        ThresholdGoods.Beer => Measure.Litre,
        _ => Measure.Piece,
    };
}
