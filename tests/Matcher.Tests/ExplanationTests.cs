using System.Text.RegularExpressions;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;

namespace Sandan.Matcher.Tests;

/// <summary>Whoever reads an explanation knows what differs, by how much, whose turn it is and what to send.</summary>
public sealed partial class ExplanationTests
{
    public static TheoryData<string> Rules => [.. MatchRules.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_rule_is_explained_in_whole_sentences(string rule)
    {
        var found = MatchRules.Compare(Everything.Wrong, new()).Single(one => one.Rule == rule);

        var text = Explanation.Of(found);

        foreach (var language in new[] { text.Zh, text.En })
        {
            Assert.All(found.Fields, field => Assert.Contains($"{field.Field} = {field.Value}", language, StringComparison.Ordinal));
            Assert.DoesNotMatch(EmptyPart(), language);
            Assert.EndsWith(language == text.Zh ? "。" : ".", language, StringComparison.Ordinal);
        }

        Assert.Contains(Explanation.SenderOf(found.Turn).Zh, text.Zh, StringComparison.Ordinal);
        Assert.Contains($"the turn of the {Explanation.SenderOf(found.Turn).En}", text.En, StringComparison.Ordinal);
        Assert.Contains(CodeDictionary.Get(found.Code).Fix.Zh.TrimEnd('。'), text.Zh, StringComparison.Ordinal);
        Assert.Contains(CodeDictionary.Get(found.Code).Fix.En.TrimEnd('.'), text.En, StringComparison.Ordinal);
    }

    [Fact]
    public void Amounts_are_explained_with_difference_and_tolerance()
    {
        var found = MatchRules.Compare(
            Given.Three(payment: one => one with { AmountPaid = 97.5m }), new() { AmountTolerance = 0.01m }).Single();

        var text = Explanation.Of(found);

        Assert.Contains("订单 acturalPaid = 97.6，支付单 amountPaid = 97.5，相差 0.1（允许 0.01）。由支付企业处理：", text.Zh, StringComparison.Ordinal);
        Assert.Contains(
            "order acturalPaid = 97.6, payment amountPaid = 97.5, a difference of 0.1 (allowed: 0.01). It is the turn of the payment company: ",
            text.En, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_not_there_is_shown_as_a_dash() => Assert.Contains(
        "order payCode = –",
        Explanation.Of(new("PaymentCompany", "13035", DiscrepancySeverity.Mismatch, [new(DocumentKind.Order, "payCode", null)], null, null, DocumentKind.Order)).En,
        StringComparison.Ordinal);

    [Fact]
    public void Every_missing_document_has_a_code_of_the_dictionary_and_a_message() => Assert.All(
        [DocumentKind.Order, DocumentKind.Payment, DocumentKind.Waybill],
        kind =>
        {
            Assert.NotEmpty(CodeDictionary.Get(Explanation.MissingCode(kind)).Fix.Zh);
            Assert.Matches("^CEB[345]11$", Explanation.MessageOf(kind));
        });

    // Nothing before or after a separator, doubled ends, or a word left out.
    [GeneratedRegex(@"= *[,.，。)]|: *[.,]|：[，。]|\.\.|。。|, ,|，，| {2}|\( *\)|（）|^[:：]")]
    private static partial Regex EmptyPart();
}
