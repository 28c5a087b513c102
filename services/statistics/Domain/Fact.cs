using System.Globalization;
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

/// <summary>
/// What is known of one consignment, and what it adds to the counters. A fact is what the set of its events says: their
/// order and their repetition make no difference.
/// </summary>
internal sealed record Fact(string PlatformCode, string OrderNo, Verdict? Verdict, Decision? Decision, Release? Release)
{
    /// <summary>Key of what nobody said.</summary>
    public const string Unknown = "unknown";

    private const int Released = 800;
    private const int Closed = 899;

    /// <summary>A consignment of which nothing is known.</summary>
    public Fact(string platformCode, string orderNo) : this(platformCode, orderNo, null, null, null)
    {
    }

    /// <summary>The fact with a verdict worked in; itself where the verdict is not newer.</summary>
    public Fact With(ConsignmentJudged judged) => Verdict is { } last && last.Revision >= judged.Revision
        ? this
        : this with { Verdict = new(judged.Revision, judged.State, HourOf(judged.JudgedAt)) };

    /// <summary>
    /// The fact with a decision worked in; itself where it is not newer. The release is the latest 800; an 899 (closed)
    /// follows it and does not move its hour, and stands in for it where it is all there is.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">An amount that cannot be counted.</exception>
    public Fact With(ClearanceDecided decided)
    {
        var fact = Decision is { } last && last.Number >= decided.Decision
            ? this
            : this with { Decision = new(decided.Decision, decided.Status, HourOf(decided.DecidedAt)) };
        var replaces = decided.Status is Released or Closed && (Release is not { } release
            || (decided.Status == release.Status ? decided.Decision > release.Number : decided.Status == Released));
        return replaces
            ? fact with
            {
                Release = new(
                    decided.Decision, decided.Status, HourOf(decided.DecidedAt),
                    decided.Mode is { } mode ? ((int)mode).ToString(CultureInfo.InvariantCulture) : Unknown,
                    LineSum.Of(decided.Lines)),
            }
            : fact;
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

        var (hour, mode, lines) = (Release!.Hour, Release.Mode, Release.Lines);
        var total = Amounts.Of(lines, sign);
        counters.Add(new(Dimension.State, hour, States.Released), new(sign, 0, 0, 0));
        counters.Add(new(Dimension.All, hour, ""), total);
        counters.Add(new(Dimension.Mode, hour, mode), total);
        AddBy(Dimension.Country, line => line.Country);
        AddBy(Dimension.Chapter, line => line.Chapter);

        void AddBy(Dimension dimension, Func<LineSum, string> keyOf)
        {
            if (lines.Count == 0)
            {
                counters.Add(new(dimension, hour, Unknown), total);
            }

            foreach (var group in lines.GroupBy(keyOf))
            {
                counters.Add(new(dimension, hour, group.Key), Amounts.Of([.. group], sign));
            }
        }
    }

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
