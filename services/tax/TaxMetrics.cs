using System.Diagnostics.Metrics;
using Sandan.Contracts.Events;
using Sandan.Shared;

namespace Sandan.Tax;

/// <summary>
/// What tax counts. Counted when written, so that a transaction that is repeated after a deadlock counts twice.
/// </summary>
internal static class TaxMetrics
{
    private static readonly Counter<long> Assessments =
        SandanActivity.Meter.CreateCounter<long>("sandan.tax.assessments", description: "Assessments by route.");

    /// <summary>Counts assessments by route.</summary>
    public static void Assessed(IEnumerable<TaxAssessed> assessments)
    {
        foreach (var (route, count) in assessments.CountBy(one => one.Route))
        {
            Assessments.Add(count, new KeyValuePair<string, object?>("route", route.ToString()));
        }
    }
}
