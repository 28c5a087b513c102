using Sandan.Contracts;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>What a sandbox finds on documents whose order number asks for it, in place of what they say.</summary>
internal static class Forced
{
    /// <summary>Name of the rule where a rejection was asked for.</summary>
    public const string Rule = "sandbox";

    /// <summary>Nothing where they are to agree, the code asked for where they are to be rejected, else what the rules find.</summary>
    public static IReadOnlyList<Discrepancy> Or(this ForcedOutcome forced, string orderNo, Func<IReadOnlyList<Discrepancy>> found) =>
        forced.Agrees ? []
        : forced.RejectCode is { } code
            ? [new(Rule, code, DiscrepancySeverity.Mismatch, [new(DocumentKind.Order, "orderNo", orderNo)], null, null, DocumentKind.Order)]
            : found();
}
