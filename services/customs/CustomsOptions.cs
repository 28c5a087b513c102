using System.ComponentModel.DataAnnotations;

namespace Sandan.Customs;

/// <summary>Returns, summaries, bonded accounts and limits of the feed; section <c>Customs</c>.</summary>
internal sealed class CustomsOptions
{
    /// <summary>
    /// Last day on which a return may come, in days of Asia/Shanghai behind that of the release. Default 30: within 30 days of the release
    /// (GACC 2020-45); that the day of the release is not counted is proposed.
    /// </summary>
    [Range(0, 366)]
    public int ReturnWithinDays { get; init; } = 30;

    /// <summary>
    /// Last day on which goods of an export may come back, in months behind the day of its release, Asia/Shanghai. Default 12: within a year of
    /// the release (GACC 2020-44); that both the request and the tally have to come by then is proposed.
    /// </summary>
    [Range(0, 120)]
    public int ExportReturnWithinMonths { get; init; } = 12;

    /// <summary>
    /// Whether inventories are summed up when their parcel has left (899), and not already when they are released (800). Default true: the
    /// order of things in which the messages make sense; the specification states none.
    /// </summary>
    public bool SummaryAfterDeparture { get; init; } = true;

    /// <summary>Most inventories that one request may sum up. Default 20,000: some 20 MB of them at a time [proposed].</summary>
    [Range(1, 100_000)]
    public int SummaryInventoriesMax { get; init; } = 20_000;

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
