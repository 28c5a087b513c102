using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>The three documents of a consignment.</summary>
internal sealed record ThreeDocuments(OrderAccepted Order, PaymentAccepted Payment, WaybillAccepted Waybill);

/// <summary>
/// Every comparison of the three documents, in the order in which they are reported. Customs publishes no such list:
/// what is demanded follows from the message specification, and from the reject codes that are seen.
/// </summary>
internal static class MatchRules
{
    /// <summary>Names the rules of a verdict; changes with every change of a rule.</summary>
    public const string Version = "import-2026-11";

    /// <summary>The rules, in order.</summary>
    public static readonly IReadOnlyList<Rule<ThreeDocuments>> All =
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
    public static IReadOnlyList<Discrepancy> Compare(ThreeDocuments documents, MatcherOptions options) =>
        Rule<ThreeDocuments>.Compare(All, documents, options);
}
