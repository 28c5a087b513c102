using System.Diagnostics.Metrics;
using System.Globalization;
using Sandan.Customs.Domain;
using Sandan.Shared;

namespace Sandan.Customs;

/// <summary>What this service counts.</summary>
internal sealed class CustomsMetrics
{
    private static readonly Counter<long> Decisions =
        SandanActivity.Meter.CreateCounter<long>("sandan.customs.decisions");
    private static readonly UpDownCounter<int> Streams =
        SandanActivity.Meter.CreateUpDownCounter<int>("sandan.customs.feed.streams");
    private long feedPosition;

    public CustomsMetrics() =>
        SandanActivity.Meter.CreateObservableGauge("sandan.customs.feed.position", () => FeedPosition);

    /// <summary>Position of the newest event, at most one poll interval old.</summary>
    public long FeedPosition
    {
        get => Volatile.Read(ref feedPosition);
        set => Volatile.Write(ref feedPosition, value);
    }

    /// <summary>Counts a decision under its status.</summary>
    public static void Decided(Decision decision) => Decisions.Add(
        1,
        new("status", ((int)decision.Status).ToString(CultureInfo.InvariantCulture)),
        new("by", decision.By == Clearance.ByRules ? "rules" : "officer"));

    /// <summary>A stream was opened (1) or closed (−1).</summary>
    public static void Stream(int change) => Streams.Add(change);
}
