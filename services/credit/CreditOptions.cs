using System.ComponentModel.DataAnnotations;

namespace Sandan.Credit;

/// <summary>
/// The numbers of the score. All are proposed: customs publishes how it grades companies (Order 282, 2026) but no such
/// formula. A "percent" is a percent of the rate's own denominator; points are taken in proportion, up to the maximum.
/// </summary>
internal sealed class CreditOptions : IValidatableObject
{
    /// <summary>
    /// Days that count, today included, Asia/Shanghai. Default 30: long enough for a rate, short enough to recover.
    /// </summary>
    [Range(1, 366)]
    public int WindowDays { get; init; } = 30;

    /// <summary>
    /// A rate counts only from this denominator on, inclusive. Default 50: one slip in 50 is 2 %, which still leaves
    /// band B.
    /// </summary>
    [Range(1, 1_000_000)]
    public int VolumeMin { get; init; } = 50;

    /// <summary>Score before anything is known, 0–100. Default 80, in band B.</summary>
    [Range(0d, 100d)]
    public decimal StartScore { get; init; } = 80;

    /// <summary>Lowest score of band A, inclusive. Default 90.</summary>
    [Range(0d, 100d)]
    public decimal BandAMin { get; init; } = 90;

    /// <summary>Lowest score of band B, inclusive. Default 70.</summary>
    [Range(0d, 100d)]
    public decimal BandBMin { get; init; } = 70;

    /// <summary>Lowest score of band C, inclusive; below it is D. Default 50.</summary>
    [Range(0d, 100d)]
    public decimal BandCMin { get; init; } = 50;

    /// <summary>
    /// Points for each percent of consignments mismatched through this company's document. Default 4.
    /// </summary>
    [Range(0d, 100d)]
    public decimal MismatchPointsPerPercent { get; init; } = 4;

    /// <summary>Most points for mismatches. Default 60: alone enough for band D.</summary>
    [Range(0d, 100d)]
    public decimal MismatchPointsMax { get; init; } = 60;

    /// <summary>Part of the mismatch points given back when every mismatch was put right, 0–1. Default 0.5.</summary>
    [Range(0d, 1d)]
    public decimal CorrectionShare { get; init; } = 0.5m;

    /// <summary>Points for each percent of documents that came late. Default 2.</summary>
    [Range(0d, 100d)]
    public decimal LatePointsPerPercent { get; init; } = 2;

    /// <summary>Most points for late documents. Default 30.</summary>
    [Range(0d, 100d)]
    public decimal LatePointsMax { get; init; } = 30;

    /// <summary>Points for each percent of consignments with a risk to watch. Default 1.</summary>
    [Range(0d, 100d)]
    public decimal RiskWatchPointsPerPercent { get; init; } = 1;

    /// <summary>Most points for risks to watch. Default 10: a watched pattern is no proof.</summary>
    [Range(0d, 100d)]
    public decimal RiskWatchPointsMax { get; init; } = 10;

    /// <summary>Points for each percent of consignments with a risk that holds. Default 4.</summary>
    [Range(0d, 100d)]
    public decimal RiskHoldPointsPerPercent { get; init; } = 4;

    /// <summary>Most points for risks that hold. Default 40.</summary>
    [Range(0d, 100d)]
    public decimal RiskHoldPointsMax { get; init; } = 40;

    /// <summary>Points for each percent of consignments with a risk that blocks. Default 10.</summary>
    [Range(0d, 100d)]
    public decimal RiskBlockPointsPerPercent { get; init; } = 10;

    /// <summary>Most points for risks that block. Default 80: alone enough for 0.</summary>
    [Range(0d, 100d)]
    public decimal RiskBlockPointsMax { get; init; } = 80;

    /// <summary>Points for each percent of decisions in which an officer held a consignment. Default 1.</summary>
    [Range(0d, 100d)]
    public decimal HeldPointsPerPercent { get; init; } = 1;

    /// <summary>Most points for holding by officers. Default 10: most held consignments are released.</summary>
    [Range(0d, 100d)]
    public decimal HeldPointsMax { get; init; } = 10;

    /// <summary>Points for each percent of decisions in which an officer rejected a consignment. Default 4.</summary>
    [Range(0d, 100d)]
    public decimal RejectedPointsPerPercent { get; init; } = 4;

    /// <summary>Most points for rejection by officers. Default 40.</summary>
    [Range(0d, 100d)]
    public decimal RejectedPointsMax { get; init; } = 40;

    /// <summary>Rate of matched consignments at which the bonus begins, exclusive, 0–0.999. Default 0.98.</summary>
    [Range(0d, 0.999d)]
    public decimal BonusRateFrom { get; init; } = 0.98m;

    /// <summary>
    /// Bonus at a rate of 1; in proportion between. Default 20, which lifts a faultless company to 100.
    /// </summary>
    [Range(0d, 100d)]
    public decimal BonusPointsMax { get; init; } = 20;

    /// <summary>Bad entries in one answer. Default 100.</summary>
    [Range(1, 1_000)]
    public int EventsMax { get; init; } = 100;

    /// <summary>
    /// How long a message waits for others, so that a company's good news is one row and its counters are raised once for
    /// all of them; scores lag by it. Default 500 ms: nobody waits for a score.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!(BandAMin > BandBMin && BandBMin > BandCMin))
        {
            yield return new(
                "Bands must descend: A above B above C.", [nameof(BandAMin), nameof(BandBMin), nameof(BandCMin)]);
        }
    }
}
