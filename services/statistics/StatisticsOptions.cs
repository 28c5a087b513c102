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

    /// <summary>
    /// How long a message waits for others, so that verdict and decision of a consignment are written together; figures lag
    /// by it. Default 500 ms: nobody waits for figures, and that is about the way from the verdict to the decision.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan Gather { get; init; } = TimeSpan.FromMilliseconds(500);
}
