using System.Collections.Concurrent;
using System.Text;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Contracts.Ceb;

/// <summary>The text of customs' receipts.</summary>
public static class ReturnInfo
{
    /// <summary>Of the codes that were said by themselves: as many as there are codes.</summary>
    private static readonly ConcurrentDictionary<string, string> Plains = new();

    /// <summary>
    /// returnInfo as customs writes it:
    /// <c>[Code:1332;Desc:…],[OrderHead.acturalPaid:561.89,PaymentHead.amountPaid:3197.95]</c>.
    /// </summary>
    /// <param name="code">Code of the decision.</param>
    /// <param name="remark">Free text behind a comma, as with 1300; null where there is none.</param>
    /// <param name="cause">The discrepancy that the decision rests on; null where it is another.</param>
    /// <remarks>Source: returnInfo of real receipts, CEB622.</remarks>
    public static string Of(string code, string? remark = null, Discrepancy? cause = null)
    {
        if (remark is null && cause is null && CodeDictionary.Find(code) is { } known)
        {
            return Plains.GetOrAdd(known.Code, static (_, entry) => $"[Code:{entry.Code};Desc:{Plain(entry.Text.Zh)}]", known);
        }

        var text = new StringBuilder("[Code:").Append(code).Append(";Desc:").Append(Plain(CodeDictionary.Find(code)?.Text.Zh ?? code));
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
        _ => "InventoryHead",
    };
}
