using System.Globalization;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>Says a discrepancy in words: what differs, by how much, whose turn it is and what to send.</summary>
internal static class Explanation
{
    /// <summary>One or two sentences in both languages.</summary>
    public static Localized Of(Discrepancy discrepancy)
    {
        var entry = CodeDictionary.Get(discrepancy.Code);
        return new(
            $"{Open(entry.Text.Zh)}：{Fields(discrepancy, Language.Chinese)}{Gap(discrepancy, Language.Chinese)}。"
            + $"由{SenderOf(discrepancy.Turn).Zh}处理：{Open(entry.Fix.Zh)}。",
            $"{Open(entry.Text.En)}: {Fields(discrepancy, Language.English)}{Gap(discrepancy, Language.English)}. "
            + $"It is the turn of the {SenderOf(discrepancy.Turn).En}: {Open(entry.Fix.En)}.");
    }

    /// <summary>Who sends a document.</summary>
    public static Localized SenderOf(DocumentKind kind) => kind switch
    {
        DocumentKind.Order => new("电商平台", "platform"),
        DocumentKind.Payment => new("支付企业", "payment company"),
        DocumentKind.Inventory => new("申报企业", "declarant"),
        _ => new("物流企业", "logistics company"),
    };

    /// <summary>Official message of a document.</summary>
    public static string MessageOf(DocumentKind kind) => kind switch
    {
        DocumentKind.Order => "CEB311",
        DocumentKind.Payment => "CEB411",
        DocumentKind.Inventory => "CEB621",
        _ => "CEB511",
    };

    /// <summary>Code that says that a document is missing.</summary>
    public static string MissingCode(DocumentKind kind) => kind switch
    {
        DocumentKind.Order => MatchCodes.OrderMissing,
        DocumentKind.Payment => MatchCodes.PaymentMissing,
        _ => MatchCodes.WaybillMissing,
    };

    /// <summary>A text of the dictionary, some of which end with a full stop, without it: the sentence goes on.</summary>
    private static string Open(string text) => text.TrimEnd('。', '.');

    private static Localized NameOf(DocumentKind kind) => kind switch
    {
        DocumentKind.Order => new("订单", "order"),
        DocumentKind.Payment => new("支付单", "payment"),
        DocumentKind.Inventory => new("清单", "inventory"),
        _ => new("运单", "waybill"),
    };

    private static string Fields(Discrepancy discrepancy, Language language) => string.Join(
        language == Language.Chinese ? "，" : ", ",
        discrepancy.Fields.Select(field => $"{NameOf(field.Document).In(language)} {field.Field} = {field.Value ?? "–"}"));

    private static string Gap(Discrepancy discrepancy, Language language)
    {
        if (discrepancy.Difference is not { } difference)
        {
            return "";
        }

        var gap = Math.Abs(difference).ToString("0.#####", CultureInfo.InvariantCulture);
        var allowed = (discrepancy.Tolerance ?? 0).ToString("0.#####", CultureInfo.InvariantCulture);
        return language == Language.Chinese ? $"，相差 {gap}（允许 {allowed}）" : $", a difference of {gap} (allowed: {allowed})";
    }
}
