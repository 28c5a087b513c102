using System.Diagnostics.Metrics;
using Sandan.Shared;

namespace Sandan.Statistics;

/// <summary>What the service counts of its own, shown at <c>/metrics</c>.</summary>
internal static class StatisticsMetrics
{
    private static readonly Counter<long> Changed =
        SandanActivity.Meter.CreateCounter<long>("sandan.statistics.facts.changed");
    private static readonly Counter<long> Old =
        SandanActivity.Meter.CreateCounter<long>("sandan.statistics.facts.superseded");

    /// <summary>
    /// Facts that a message changed, and items that said nothing new (an older revision or decision). Counted before
    /// the commit: a retried transaction counts again.
    /// </summary>
    public static void Worked(int changed, int old)
    {
        Changed.Add(changed);
        Old.Add(old);
    }
}
