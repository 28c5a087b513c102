using System.Globalization;
using Sandan.Contracts;
using Sandan.Contracts.Events;

namespace Sandan.Statistics.Domain;

/// <summary>The latest verdict on a consignment.</summary>
/// <param name="Hour">Start of the hour in which it fell, UTC.</param>
internal sealed record Verdict(int Revision, ConsignmentState State, DateTimeOffset Hour);

/// <summary>The latest decision on a consignment.</summary>
/// <param name="Status">returnStatus.</param>
/// <param name="Hour">Start of the hour in which it fell, UTC.</param>
internal sealed record Decision(int Number, int Status, DateTimeOffset Hour);

/// <summary>The decision by which the goods left: what counts when a consignment counts as released.</summary>
/// <param name="Mode">Supervision mode, four digits, or <see cref="Fact.Unknown"/>.</param>
internal sealed record Release(int Number, int Status, DateTimeOffset Hour, string Mode, IReadOnlyList<LineSum> Lines);

/// <summary>A consignment: order numbers are unique on one platform only. The order is that of the locks.</summary>
internal readonly record struct FactKey(string PlatformCode, string OrderNo) : IComparable<FactKey>
{
    /// <inheritdoc />
    public int CompareTo(FactKey other)
    {
        var order = string.CompareOrdinal(PlatformCode, other.PlatformCode);
        return order != 0 ? order : string.CompareOrdinal(OrderNo, other.OrderNo);
    }
}

/// <summary>
/// What is known of one consignment, and what it adds to the counters. A fact is what the set of its events says: their
/// order and their repetition make no difference.
/// </summary>
internal sealed record Fact(FactKey Key, Verdict? Verdict, Decision? Decision, Release? Release)
{
    /// <summary>Key of what nobody said.</summary>
    public const string Unknown = "unknown";

    private const int Released = 800;
    private const int Closed = 899;

    /// <summary>A consignment of which nothing is known.</summary>
    public Fact(FactKey key) : this(key, null, null, null)
    {
    }

    /// <summary>The fact with a verdict worked in; itself where the verdict is not newer.</summary>
    public Fact With(ConsignmentJudged judged) =>
        With(new Verdict(judged.Revision, judged.State, HourOf(judged.JudgedAt)));

    /// <summary>
    /// The fact with a decision worked in; itself where it is not newer. The release is the latest 800; an 899 (closed)
    /// follows it and does not move its hour, and stands in for it where it is all there is.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An amount that cannot be counted.</exception>
    public Fact With(ClearanceDecided decided)
    {
        var hour = HourOf(decided.DecidedAt);
        var release = decided.Status is Released or Closed
            ? new Release(decided.Decision, decided.Status, hour, ModeOf(decided.Mode), LineSum.Of(decided.Lines))
            : null;
        return With(new Decision(decided.Decision, decided.Status, hour), release);
    }

    /// <summary>The fact with all that another one says of the same consignment; itself where that is nothing new.</summary>
    public Fact With(Fact other)
    {
        var fact = other.Verdict is { } verdict ? With(verdict) : this;
        return other.Decision is { } decision ? fact.With(decision, other.Release) : fact;
    }

    /// <summary>
    /// Adds what this consignment counts for, <paramref name="sign"/> times (1, or -1 to take it back).
    /// </summary>
    public void AddTo(Counters counters, int sign)
    {
        if (Verdict is { } verdict)
        {
            counters.Add(new(Dimension.State, verdict.Hour, StateOf(verdict.State)), new(sign, 0, 0, 0));
        }

        if (Decision is not { } decision)
        {
            return;
        }

        if (decision.Status is not (Released or Closed))
        {
            counters.Add(new(Dimension.State, decision.Hour, StateOf(decision.Status)), new(sign, 0, 0, 0));
            return;
        }

        var (hour, lines) = (Release!.Hour, Release.Lines);
        var consignment = new Amounts(sign, 0, 0, 0);
        counters.Add(new(Dimension.State, hour, States.Released), consignment);
        var total = consignment;
        if (lines.Count == 0)
        {
            counters.Add(new(Dimension.Country, hour, Unknown), consignment);
            counters.Add(new(Dimension.Chapter, hour, Unknown), consignment);
        }

        for (var at = 0; at < lines.Count; at++)
        {
            var (line, amounts) = (lines[at], Amounts.Of(lines[at], sign));
            total += amounts;
            var country = IsFirst(lines, at, one => one.Country) ? amounts + consignment : amounts;
            counters.Add(new(Dimension.Country, hour, line.Country), country);
            var chapter = IsFirst(lines, at, one => one.Chapter) ? amounts + consignment : amounts;
            counters.Add(new(Dimension.Chapter, hour, line.Chapter), chapter);
        }

        counters.Add(new(Dimension.All, hour, ""), total);
        counters.Add(new(Dimension.Mode, hour, Release.Mode), total);
    }

    /// <summary>Whether no line before has the key: a consignment counts once in each.</summary>
    private static bool IsFirst(IReadOnlyList<LineSum> lines, int at, Func<LineSum, string> keyOf)
    {
        for (var before = 0; before < at; before++)
        {
            if (keyOf(lines[before]) == keyOf(lines[at]))
            {
                return false;
            }
        }

        return true;
    }

    private Fact With(Verdict verdict) =>
        Verdict is { } last && last.Revision >= verdict.Revision ? this : this with { Verdict = verdict };

    /// <param name="release">The release known with the decision, which need not be its own; null where there is none.</param>
    private Fact With(Decision decision, Release? release)
    {
        var fact = Decision is { } last && last.Number >= decision.Number ? this : this with { Decision = decision };
        var replaces = release is not null && (Release is not { } old
            || (release.Status == old.Status ? release.Number > old.Number : release.Status == Released));
        return replaces ? fact with { Release = release } : fact;
    }

    private static string ModeOf(SupervisionMode? mode) => mode switch
    {
        null => Unknown,
        SupervisionMode.B2CDirect => "9610",
        SupervisionMode.B2CBonded => "1210",
        SupervisionMode.B2CBondedA => "1239",
        _ => ((int)mode).ToString(CultureInfo.InvariantCulture),
    };

    private static DateTimeOffset HourOf(DateTimeOffset at) =>
        new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerHour, TimeSpan.Zero);

    private static string StateOf(ConsignmentState state) => state switch
    {
        ConsignmentState.Matched => States.Matched,
        ConsignmentState.Mismatched => States.Mismatched,
        ConsignmentState.Ambiguous => States.Ambiguous,
        _ => States.Waiting,
    };

    private static string StateOf(int status) => status switch
    {
        100 => States.Rejected,
        300 => States.Held,
        500 => States.Inspected,
        _ => States.Other,
    };
}
