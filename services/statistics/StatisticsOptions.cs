using System.ComponentModel.DataAnnotations;

namespace Sandan.Statistics;

/// <summary>Limits of the service.</summary>
internal sealed class StatisticsOptions
{
    /// <summary>
    /// Longest range of one summary, in days, inclusive. Default 366: a leap year, at most some hundred thousand
    /// counters.
    /// </summary>
    [Range(1, 3_660)]
    public int RangeDaysMax { get; init; } = 366;
}
