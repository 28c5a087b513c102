using System.Diagnostics.Metrics;
using Sandan.Shared;

namespace Sandan.Credit;

/// <summary>What the service counts of its own, shown at <c>/metrics</c>.</summary>
internal static class CreditMetrics
{
    private static readonly Counter<long> Rows = SandanActivity.Meter.CreateCounter<long>("sandan.credit.record.rows");
    private static readonly Counter<long> Unknown =
        SandanActivity.Meter.CreateCounter<long>("sandan.credit.late.unattributed");

    /// <summary>Rows appended to the record. Counted before the commit: a retried transaction counts again.</summary>
    public static void Recorded(int rows) => Rows.Add(rows);

    /// <summary>Late documents whose sender nobody named: they count against no one.</summary>
    public static void Unattributed(int documents) => Unknown.Add(documents);
}
