using System.Globalization;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts;

/// <summary>What a sandbox decides on a consignment, whatever its documents say.</summary>
public enum ForcedDecision
{
    /// <summary>Nothing is forced: the rules decide.</summary>
    None,

    /// <summary>Released as soon as the documents are there.</summary>
    Accept,

    /// <summary>Rejected (100) with a code.</summary>
    Reject,

    /// <summary>Held for an officer (300).</summary>
    Hold,

    /// <summary>Inspected (500).</summary>
    Inspect,
}

/// <summary>
/// What is to become of a document in a sandbox, asked for by its order number: <c>SBX-</c> and one directive or several, parted by
/// hyphens, up to the first word that is none: <c>SBX-DELAY-30-REJECT-1332-0001</c>. Outside a sandbox such a number is one like any
/// other. The whole table: docs/sandbox.md.
/// </summary>
public sealed record ForcedOutcome
{
    /// <summary>How an order number begins that asks for something.</summary>
    public const string Prefix = "SBX-";

    /// <summary>Longest delay, seconds: a year, which a sandbox's clock makes short.</summary>
    public const int DelaySecondsMax = 366 * 24 * 60 * 60;

    /// <summary>Nothing is asked for.</summary>
    public static readonly ForcedOutcome None = new();

    /// <summary>The directives as they are written; <c>{…}</c> stands for an argument.</summary>
    public static readonly IReadOnlyList<string> Directives =
        ["ACCEPT", "REJECT-{code}", "REFUSE-{code}", "HOLD", "INSPECT", "DELAY-{seconds}", "SILENT", "TWICE", "MIXED"];

    /// <summary>What customs decide.</summary>
    public ForcedDecision Decision { get; private init; }

    /// <summary>Code of the rejection; null unless <see cref="Decision"/> is <see cref="ForcedDecision.Reject"/>.</summary>
    public string? RejectCode { get; private init; }

    /// <summary>Code with which the document is not even taken, one of the e-port's negative ones; null where it is.</summary>
    public string? RefuseCode { get; private init; }

    /// <summary>How long after its receipt a document reaches the comparison.</summary>
    public TimeSpan Delay { get; private init; }

    /// <summary>It never does: nothing is ever heard of it.</summary>
    public bool Silent { get; private init; }

    /// <summary>Every later receipt and every event comes twice.</summary>
    public bool Twice { get; private init; }

    /// <summary>Later receipts, and events read together, come the newest first.</summary>
    public bool Mixed { get; private init; }

    /// <summary>What is wrong with what was asked for, the words that cannot be understood; null where nothing is.</summary>
    public string? Fault { get; private init; }

    /// <summary>True where the documents are to be taken for good, whatever they say.</summary>
    public bool Agrees => Decision is ForcedDecision.Accept or ForcedDecision.Hold or ForcedDecision.Inspect;

    /// <summary>Reads an order number; <see cref="None"/> where it asks for nothing, null is such a one.</summary>
    public static ForcedOutcome Parse(string? orderNo)
    {
        if (orderNo is null || !orderNo.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return None;
        }

        var words = orderNo[Prefix.Length..].Split('-');
        var outcome = None;
        for (var at = 0; at < words.Length; at++)
        {
            var argument = at + 1 < words.Length ? words[at + 1] : null;
            var (next, takesArgument) = words[at] switch
            {
                "ACCEPT" => (outcome with { Decision = ForcedDecision.Accept }, false),
                "HOLD" => (outcome with { Decision = ForcedDecision.Hold }, false),
                "INSPECT" => (outcome with { Decision = ForcedDecision.Inspect }, false),
                "SILENT" => (outcome with { Silent = true }, false),
                "TWICE" => (outcome with { Twice = true }, false),
                "MIXED" => (outcome with { Mixed = true }, false),
                "REJECT" => (CodeOf(argument) is { } code
                    ? outcome with { Decision = ForcedDecision.Reject, RejectCode = code }
                    : outcome with { Fault = $"REJECT-{argument}" }, true),
                "REFUSE" => (CodeOf("-" + argument) is { } code
                    ? outcome with { RefuseCode = code }
                    : outcome with { Fault = $"REFUSE-{argument}" }, true),
                "DELAY" => (SecondsOf(argument) is { } seconds
                    ? outcome with { Delay = TimeSpan.FromSeconds(seconds) }
                    : outcome with { Fault = $"DELAY-{argument}" }, true),
                _ => (null, false),
            };
            if (next is null)
            {
                return at == 0 ? None with { Fault = words[0] } : outcome;
            }

            outcome = next;
            if (outcome.Fault is not null)
            {
                return None with { Fault = outcome.Fault };
            }

            at += takesArgument ? 1 : 0;
        }

        return outcome;
    }

    /// <summary>Later receipts or events in the order and the number that were asked for.</summary>
    public IReadOnlyList<T> Deliver<T>(IReadOnlyList<T> told)
    {
        var mixed = Mixed ? told.Reverse() : told;
        return Twice ? [.. mixed.SelectMany(one => new[] { one, one })] : Mixed ? [.. mixed] : told;
    }

    private static string? CodeOf(string? text) => text is not null && CodeDictionary.Find(text) is { } entry ? entry.Code : null;

    private static int? SecondsOf(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= DelaySecondsMax ? seconds : null;
}
