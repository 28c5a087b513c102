using System.ComponentModel.DataAnnotations;
using Sandan.Contracts.Events;

namespace Sandan.Matcher;

/// <summary>How documents are compared. Section <c>Matcher</c>.</summary>
internal sealed class MatcherOptions
{
    /// <summary>Amounts may differ by this much and still agree, CNY. Default 0: exact to the fifth decimal.</summary>
    /// <remarks>Customs documents no tolerance; the figure of 1 CNY that is told has no source.</remarks>
    [Range(0, 100)]
    public decimal AmountTolerance { get; init; }

    /// <summary>
    /// Weight of a rule, by its name: Mismatch, Warning or Off. Names not listed keep the default that stands beside
    /// the rule in <c>MatchRules</c>.
    /// </summary>
    public IReadOnlyDictionary<string, RuleWeight> Rules { get; init; } = new Dictionary<string, RuleWeight>();

    /// <summary>A consignment that waits longer is reported once. Default 24 h [proposed: practice told by integrators].</summary>
    [Range(typeof(TimeSpan), "00:00:01", "90.00:00:00")]
    public TimeSpan OverdueAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How often overdue consignments and deliveries are looked for. Default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan OverdueCheckEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Limits of the risk rules.</summary>
    public RiskOptions Risk { get; init; } = new();
}

/// <summary>What a rule does when it fires.</summary>
internal enum RuleWeight
{
    /// <summary>Not checked.</summary>
    Off,

    /// <summary>Recorded; the verdict stays Matched.</summary>
    Warning,

    /// <summary>The verdict is Mismatched.</summary>
    Mismatch,
}

/// <summary>
/// Limits of the risk rules. Customs publishes none: every number here is proposed, from the patterns described in
/// court cases and notices.
/// </summary>
internal sealed class RiskOptions
{
    /// <summary>R05: a waybill may be older than its order by this much. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan WaybillBeforeOrderMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>R05: what then. Default Hold.</summary>
    public RiskSeverity WaybillBeforeOrder { get; init; } = RiskSeverity.Hold;

    /// <summary>R06: what a payment number in a second order does. Default Block.</summary>
    public RiskSeverity PaymentReused { get; init; } = RiskSeverity.Block;

    /// <summary>R07: what a waybill number in a second order does. Default Block.</summary>
    public RiskSeverity WaybillReused { get; init; } = RiskSeverity.Block;

    /// <summary>
    /// R08: a released parcel is to be signed for within this. Default 15 days. Always a risk to watch: what is released
    /// can be neither held nor rejected.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan DeliveredWithin { get; init; } = TimeSpan.FromDays(15);

    /// <summary>R09: ID numbers on one telephone within <see cref="FanOutWindow"/> from which it is watched. Default 3.</summary>
    [Range(2, 10_000)]
    public int IdsPerTelephoneWatch { get; init; } = 3;

    /// <summary>R09: … and held. Default 10.</summary>
    [Range(2, 10_000)]
    public int IdsPerTelephoneHold { get; init; } = 10;

    /// <summary>R10: names on one address within <see cref="FanOutWindow"/> from which it is watched. Default 5.</summary>
    [Range(2, 10_000)]
    public int NamesPerAddressWatch { get; init; } = 5;

    /// <summary>R10: … and held. Default 20.</summary>
    [Range(2, 10_000)]
    public int NamesPerAddressHold { get; init; } = 20;

    /// <summary>R09, R10: the window. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan FanOutWindow { get; init; } = TimeSpan.FromDays(30);

    /// <summary>R15: orders of one buyer within <see cref="SplitWindow"/> may sum up to this, CNY. Default 5,000.</summary>
    [Range(1, 1_000_000)]
    public decimal SplitSumMax { get; init; } = 5_000;

    /// <summary>R15: the window. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan SplitWindow { get; init; } = TimeSpan.FromHours(24);

    /// <summary>R15: what then. Default Hold.</summary>
    public RiskSeverity Split { get; init; } = RiskSeverity.Hold;
}
