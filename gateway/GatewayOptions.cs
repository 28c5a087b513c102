using System.ComponentModel.DataAnnotations;

namespace Sandan.Gateway;

/// <summary>Limits of the gateway, section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>Longest body taken, bytes, inclusive. Default 64 MiB: 5,000 orders with long texts fit.</summary>
    [Range(1024, 1024L * 1024 * 1024)]
    public long BodyBytesMax { get; init; } = 64L * 1024 * 1024;

    /// <summary>Requests per second that one company may send for long. Default 2,000.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; init; } = 2_000;

    /// <summary>Requests that one company may send at once after a pause. Default 4,000: two seconds' worth.</summary>
    [Range(1, 1_000_000)]
    public int RequestsBurst { get; init; } = 4_000;

    /// <summary>Requests per second that one remote address may send for long to services that answer without a key. Default 20.</summary>
    [Range(1, 1_000_000)]
    public int AnonymousRequestsPerSecond { get; init; } = 20;

    /// <summary>Such requests at once after a pause. Default 100.</summary>
    [Range(1, 1_000_000)]
    public int AnonymousRequestsBurst { get; init; } = 100;

    /// <summary>How long a key is believed without asking the registry: the longest time that a revoked one still works. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan KeyFreshFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an id that the registry does not know is refused without asking again. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan KeyUnknownFor { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Age up to which a known key still serves while the registry is away. Default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan KeyStaleMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Most keys remembered, known and unknown ones each. Default 10,000, some 5 MB.</summary>
    [Range(1, 1_000_000)]
    public int KeysMax { get; init; } = 10_000;

    /// <summary>Failed attempts at once that one remote address has before it must wait. Default 20.</summary>
    [Range(1, 1_000_000)]
    public int FailuresBurst { get; init; } = 20;

    /// <summary>Failed attempts per second that a remote address gets back. Default 2.</summary>
    [Range(1, 1_000_000)]
    public int FailuresPerSecond { get; init; } = 2;

    /// <summary>Longest wait for the registry and for a service's readiness. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan InternalTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait for a connection to a service. Default 2 s: inside one network a service answers or is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long requests wait for a service that takes no connection: it restarts. Default 10 s. When it is away for longer they
    /// are refused at once, and before that all but <see cref="ConnectionsPerServiceMax"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ConnectPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most connections to one service, and most requests that wait for it to come back. Default 1,024.</summary>
    [Range(1, 65_535)]
    public int ConnectionsPerServiceMax { get; init; } = 1_024;
}
