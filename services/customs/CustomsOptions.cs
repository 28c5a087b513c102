using System.ComponentModel.DataAnnotations;

namespace Sandan.Customs;

/// <summary>Returns, bonded accounts and limits of the feed; section <c>Customs</c>.</summary>
internal sealed class CustomsOptions
{
    /// <summary>
    /// Last day on which a return may come, in days of Asia/Shanghai behind that of the release. Default 30: within 30 days of the release
    /// (GACC 2020-45); that the day of the release is not counted is proposed.
    /// </summary>
    [Range(0, 366)]
    public int ReturnWithinDays { get; init; } = 30;

    /// <summary>
    /// True where a bonded inventory whose account is not kept here is rejected. Default false: what enters an account is no message of this
    /// standard, so nobody need have said it here; the inventory then passes, and its view says so (S6303).
    /// </summary>
    public bool StockAccountsRequired { get; init; }

    /// <summary>
    /// How often a process looks for events of other processes. Default 200 ms, which bounds their delay.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:05")]
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Longest wait of <c>Prefer: wait=</c>. Default 30 s: below the idle limits of common proxies (60 s).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan LongPollMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A stream without events sends a comment this often. Default 15 s: the gateway cuts after 100 s of silence.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Open streams of one company in one process. Default 200; the next gets 429.</summary>
    [Range(1, 10_000)]
    public int StreamsPerCompanyMax { get; init; } = 200;

    /// <summary>Events that a stream reads at a time. Default 500: about 1 MB.</summary>
    [Range(1, 1_000)]
    public int StreamPageEvents { get; init; } = 500;
}
