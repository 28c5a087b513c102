using System.Globalization;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using static Sandan.Customs.Declarations.ReasonedResult;

namespace Sandan.Customs.Declarations;

/// <summary>A result of a declaration, and what its receipt says of it (returnInfo).</summary>
internal sealed record ReasonedResult(DeclarationResult Result, string Info)
{
    /// <summary>A result that needs no more than its code.</summary>
    public static ReasonedResult Plain(string status, string code, string? remark = null) => new(new(status, code), ReturnInfo.Of(code, remark));

    /// <summary>The e-port refuses with its negative number; where it has none, customs reject with ours.</summary>
    public static ReasonedResult Refuse(string code, params ReadOnlySpan<(string Field, string Value)> values)
    {
        var shown = new List<string>();
        foreach (var (field, value) in values)
        {
            shown.Add($"{field}:{value.Replace('[', '(').Replace(']', ')')}");
        }

        var detail = shown.Count == 0 ? "" : $"[{string.Join(',', shown)}]";
        return code.StartsWith('-')
            ? new(DeclarationResult.Refused(code), CodeDictionary.Get(code).Text.Zh + detail)
            : new(new(OfficialCodes.Rejected, code), ReturnInfo.Of(code) + (detail.Length == 0 ? "" : "," + detail));
    }

    /// <summary>A number as receipts show it.</summary>
    public static string Number(decimal number) => number.ToString("0.#####", CultureInfo.InvariantCulture);
}

/// <summary>Results that returns have.</summary>
internal static class ReturnResults
{
    /// <summary>It was withdrawn.</summary>
    public static ReasonedResult Withdrawn { get; } = Plain(OfficialCodes.Concluded, OfficialCodes.CustomsReviewPassed);

    /// <summary>It fits its inventory.</summary>
    public static ReasonedResult Fits { get; } = Plain(OfficialCodes.StoredByCustoms, OfficialCodes.CustomsCheckPassed);

    /// <summary>An officer has to see the goods.</summary>
    public static ReasonedResult Held { get; } = Plain(OfficialCodes.ManualReview, OfficialCodes.CustomsAwaitsReview);

    /// <summary>A change, or a deletion, of what is released.</summary>
    public static ReasonedResult TooLate(IReturnAccepted asked) =>
        Refuse(OfficialCodes.ReturnStateForbids, ("InvtRefundHead.preNo", asked.PreNo));

    /// <summary>It came behind the last day.</summary>
    public static ReasonedResult Overdue(DateOnly lastDay) =>
        Refuse(ReturnCodes.TooLate, ("lastDay", lastDay.ToString("yyyyMMdd", CultureInfo.InvariantCulture)));

    /// <summary>The day in Shanghai.</summary>
    public static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.ToOffset(ShanghaiTime.Offset).Date);
}
