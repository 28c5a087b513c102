using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sandan.Shared;

/// <summary>The source of Sandan's own spans.</summary>
public static class SandanActivity
{
    /// <summary>Listened to by the host's telemetry.</summary>
    public static readonly ActivitySource Source = new("Sandan");

    /// <summary>Sandan's own meter, shown at <c>/metrics</c>.</summary>
    public static readonly Meter Meter = new("Sandan");
}
