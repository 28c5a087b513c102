using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>The three documents of a consignment.</summary>
internal sealed record ThreeDocuments(OrderAccepted Order, PaymentAccepted Payment, WaybillAccepted Waybill);

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
internal sealed record MatchRule(
    string Name, RuleWeight DefaultWeight, Func<ThreeDocuments, decimal, Finding?> Check);

/// <summary>
/// Every comparison of the three documents, in the order in which they are reported. Customs publishes no such list:
/// what is demanded follows from the message specification, and from the reject codes that are seen.
/// </summary>
internal static class MatchRules
{
    /// <summary>Names the rules of a verdict; changes with every change of a rule.</summary>
    public const string Version = "import-2026-11";

    /// <summary>The rules, in order.</summary>
    public static readonly IReadOnlyList<MatchRule> All =
    [
        new("OrderAddsUp", RuleWeight.Warning, AmountRules.OrderAddsUp),
        new("LinesAddUp", RuleWeight.Warning, AmountRules.LinesAddUp),
        new("PaidAmount", RuleWeight.Mismatch, AmountRules.PaidAmount),
        new("Currency", RuleWeight.Mismatch, AmountRules.Currency),
        new("BuyerIsPayer", RuleWeight.Mismatch, PartyRules.BuyerIsPayer),
        new("PaymentCompany", RuleWeight.Mismatch, PartyRules.PaymentCompany),
        new("PaymentNumber", RuleWeight.Mismatch, PartyRules.PaymentNumber),
        new("PlatformName", RuleWeight.Mismatch, PartyRules.PlatformName),
        new("ConsigneeName", RuleWeight.Mismatch, ConsigneeRules.Name),
        new("ConsigneeTelephone", RuleWeight.Mismatch, ConsigneeRules.Telephone),
        new("ConsigneeAddress", RuleWeight.Mismatch, ConsigneeRules.Address),
    ];

    /// <summary>All discrepancies of a consignment, in the order of the rules.</summary>
    public static IReadOnlyList<Discrepancy> Compare(ThreeDocuments documents, MatcherOptions options)
    {
        List<Discrepancy>? found = null;
        foreach (var rule in All)
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
