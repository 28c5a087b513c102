using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Customs.Domain;

/// <summary>Codes and texts as the parties read them.</summary>
internal static class Explained
{
    private static readonly FrozenDictionary<string, CodeEntry> Entries =
        CodeDictionary.All.ToFrozenDictionary(entry => entry.Code);

    /// <summary>returnInfo of the codes that were said by themselves: as many as there are codes.</summary>
    private static readonly ConcurrentDictionary<string, string> Plains = new();

    /// <summary>
    /// The text of a code. A code that another service says and this one does not know yet (it may be newer) stands for
    /// itself: no decision is held up for want of a text.
    /// </summary>
    public static Localized TextOf(string code) =>
        Entries.TryGetValue(code, out var entry) ? entry.Text : new(code, code);

    /// <summary>What to do about a code; null where this service does not know it.</summary>
    public static Localized? FixOf(string code) => Entries.TryGetValue(code, out var entry) ? entry.Fix : null;

    /// <summary>
    /// returnInfo as customs writes it:
    /// <c>[Code:1332;Desc:…],[OrderHead.acturalPaid:561.89,PaymentHead.amountPaid:3197.95]</c>.
    /// </summary>
    /// <param name="code">Code of the decision.</param>
    /// <param name="remark">Free text behind a comma, as with 1300; null where there is none.</param>
    /// <param name="cause">The discrepancy that the decision rests on; null where it is another.</param>
    /// <remarks>Source: returnInfo of real receipts, CEB622.</remarks>
    public static string ReturnInfo(string code, string? remark = null, Discrepancy? cause = null)
    {
        if (remark is null && cause is null && Entries.TryGetValue(code, out var known))
        {
            return Plains.GetOrAdd(known.Code, static (_, entry) => $"[Code:{entry.Code};Desc:{Plain(entry.Text.Zh)}]", known);
        }

        var text = new StringBuilder("[Code:").Append(code).Append(";Desc:").Append(Plain(TextOf(code).Zh));
        if (remark is not null)
        {
            text.Append('，').Append(Plain(remark));
        }

        text.Append(']');
        var values = (cause?.Fields ?? []).Where(field => field.Value is not null)
            .Select(field => $"{HeadOf(field.Document)}.{field.Field}:{Plain(field.Value!)}");
        var list = string.Join(',', values);
        return list.Length == 0 ? text.ToString() : text.Append(",[").Append(list).Append(']').ToString();
    }

    /// <summary>A bracket would end the text for whoever parses it.</summary>
    private static string Plain(string text) => text.Replace('[', '(').Replace(']', ')');

    private static string HeadOf(DocumentKind document) => document switch
    {
        DocumentKind.Order => "OrderHead",
        DocumentKind.Payment => "PaymentHead",
        DocumentKind.Waybill => "LogisticsHead",
        _ => document.ToString(),
    };
}
