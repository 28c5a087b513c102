using System.ComponentModel.DataAnnotations;

namespace Sandan.Tax;

/// <summary>
/// Limits, thresholds and switches of the retail import tax. Amounts are CNY. "Recalled" marks a value that is well known
/// but was not re-read at its source, "proposed" one where the rules are silent: check both before relying on them.
/// </summary>
internal sealed class TaxOptions : IValidatableObject
{
    /// <summary>
    /// Largest dutiable value of one order with preferential tax, inclusive. Default 5,000.
    /// Source: Cai Guan Shui [2018] No. 49, from 2019-01-01 (2,000 before, Cai Guan Shui [2016] No. 18).
    /// </summary>
    [Range(typeof(decimal), "0.01", "1000000", ParseLimitsInInvariantCulture = true)]
    public decimal SingleLimitCny { get; init; } = 5_000m;

    /// <summary>
    /// Largest dutiable value of one person in a calendar year, inclusive ("超过" is strictly more). Default 26,000.
    /// Source: Cai Guan Shui [2018] No. 49 (20,000 before); that the year is the calendar year is recalled.
    /// </summary>
    [Range(typeof(decimal), "0.01", "10000000", ParseLimitsInInvariantCulture = true)]
    public decimal AnnualLimitCny { get; init; } = 26_000m;

    /// <summary>
    /// Part of the statutory VAT and consumption tax that is levied inside the limits. Default 0.70.
    /// Source: Cai Guan Shui [2016] No. 18, kept by [2018] No. 49.
    /// </summary>
    [Range(typeof(decimal), "0", "1", ParseLimitsInInvariantCulture = true)]
    public decimal DiscountFactor { get; init; } = 0.70m;

    /// <summary>
    /// Whether a single piece of exactly <see cref="AnnualLimitCny"/> is refused. Default true: the circular admits it
    /// "below" 26,000 (低于), while the annual test is "above". Proposed; source: Cai Guan Shui [2018] No. 49.
    /// </summary>
    public bool RejectSinglePieceAtAnnualLimit { get; init; } = true;

    /// <summary>
    /// Where tax is rounded half-up to the fen. Default per tax and line, then summed. Rounding half-up is recalled, the
    /// level is proposed; one fen of difference is possible.
    /// </summary>
    [EnumDataType(typeof(TaxRounding))]
    public TaxRounding Rounding { get; init; } = TaxRounding.PerTaxPerLine;

    /// <summary>
    /// Dutiable price from which cosmetics by weight or volume carry consumption tax, CNY per kg or litre, inclusive.
    /// Default 10,000, which is 10 CNY/g or CNY/ml. Source: Cai Shui [2016] No. 103 (number recalled), customs tariff.
    /// </summary>
    [Range(typeof(decimal), "0.01", "10000000", ParseLimitsInInvariantCulture = true)]
    public decimal CosmeticsThresholdCnyPerKg { get; init; } = 10_000m;

    /// <summary>
    /// The same for cosmetics by sheet or piece (codes ending in 49), CNY per piece, inclusive. Default 15.
    /// Source: as <see cref="CosmeticsThresholdCnyPerKg"/>.
    /// </summary>
    [Range(typeof(decimal), "0.01", "10000000", ParseLimitsInInvariantCulture = true)]
    public decimal CosmeticsThresholdCnyPerPiece { get; init; } = 15m;

    /// <summary>
    /// Dutiable price from which a watch carries consumption tax, CNY each, inclusive. Default 10,000.
    /// Source: customs tariff, headings 9101 and 9102.
    /// </summary>
    [Range(typeof(decimal), "0.01", "10000000", ParseLimitsInInvariantCulture = true)]
    public decimal WatchThresholdCnyPerPiece { get; init; } = 10_000m;

    /// <summary>
    /// Dutiable price from which beer carries the higher consumption tax, CNY per litre, inclusive. Default 2.64295885, the
    /// tariff of 2026 (2.6576767 in 2024): 370 USD/t at 988 L/t and the rate of that year. Renew it every January.
    /// </summary>
    [Range(typeof(decimal), "0.01", "1000", ParseLimitsInInvariantCulture = true)]
    public decimal BeerThresholdCnyPerLitre { get; init; } = 2.64295885m;

    /// <summary>
    /// Whether a provisional tariff rate, where the list data have one, goes before the MFN rate on the full-rate path.
    /// Default true. Recalled: Tariff Law (2024), MFN goods with a provisional rate take the provisional rate.
    /// </summary>
    public bool UseProvisionalRates { get; init; } = true;

    /// <summary>
    /// Customs numbers and ISO letters, parted by commas, of origins whose goods may carry additional duties; a full-rate
    /// order of such origin is held. Default the USA (502,USA). Proposed; without effect inside the limits, where the tariff
    /// is 0. Not a list, because configuration could only add to the default of one.
    /// </summary>
    [Required(AllowEmptyStrings = true)]
    public string AdditionalDutyOrigins { get; init; } = "502,USA";

    /// <summary>
    /// Most held consignments that are assessed again in one transaction and told of in one event. Default 500, which bounds
    /// the event to some hundred KB however many wait for one filing.
    /// </summary>
    [Range(1, 5_000)]
    public int ReassessedMax { get; init; } = 500;

    /// <summary>
    /// How often to look for held consignments that have fallen due, beside the wake-up after each filing. Default 1 s: what
    /// another instance left behind waits no longer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:05:00")]
    public TimeSpan ReassessEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SingleLimitCny > AnnualLimitCny)
        {
            yield return new ValidationResult(
                $"{nameof(SingleLimitCny)} may not be above {nameof(AnnualLimitCny)}.",
                [nameof(SingleLimitCny), nameof(AnnualLimitCny)]);
        }
    }
}

/// <summary>The level at which tax is rounded to the fen.</summary>
internal enum TaxRounding
{
    /// <summary>Each tax of each line is rounded; the totals are the sums.</summary>
    PerTaxPerLine,

    /// <summary>Each tax is rounded once over all lines; the lines carry parts that add up to it.</summary>
    PerTaxPerConsignment,
}
