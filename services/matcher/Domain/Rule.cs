using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>What a rule found: the code, what was compared, and who is to act.</summary>
internal sealed record Finding(
    string Code, IReadOnlyList<ComparedField> Fields, DocumentKind Turn, decimal? Difference = null)
{
    /// <summary>What the rule of that name says of it.</summary>
    public Discrepancy As(string rule, RuleWeight weight, MatcherOptions options) => new(
        rule,
        Code,
        weight == RuleWeight.Mismatch ? DiscrepancySeverity.Mismatch : DiscrepancySeverity.Warning,
        Fields,
        Difference,
        Difference is null ? null : options.AmountTolerance,
        Turn);
}

/// <summary>One rule: its name, what it does when it fires unless configured otherwise, and the check.</summary>
/// <typeparam name="TDocuments">The documents that it compares.</typeparam>
/// <param name="Check">Given the documents and the tolerance for amounts; null where they agree.</param>
internal sealed record Rule<TDocuments>(string Name, RuleWeight DefaultWeight, Func<TDocuments, decimal, Finding?> Check)
{
    /// <summary>All discrepancies, in the order of the rules.</summary>
    public static IReadOnlyList<Discrepancy> Compare(IReadOnlyList<Rule<TDocuments>> rules, TDocuments documents, MatcherOptions options)
    {
        List<Discrepancy>? found = null;
        foreach (var rule in rules)
        {
            var weight = options.Rules.TryGetValue(rule.Name, out var configured) ? configured : rule.DefaultWeight;
            if (weight == RuleWeight.Off || rule.Check(documents, options.AmountTolerance) is not { } finding)
            {
                continue;
            }

            (found ??= []).Add(finding.As(rule.Name, weight, options));
        }

        return found ?? (IReadOnlyList<Discrepancy>)[];
    }
}
