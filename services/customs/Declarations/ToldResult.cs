using System.Globalization;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Customs.Declarations;

/// <summary>A result of a declaration, and what its receipt says of it (returnInfo).</summary>
internal sealed record ToldResult(DeclarationResult Result, string Info)
{
    /// <summary>A result that needs no more than its code.</summary>
    public static ToldResult Plain(string status, string code, string? remark = null) => new(new(status, code), ReturnInfo.Of(code, remark));

    /// <summary>The e-port refuses with its negative number; where it has none, customs reject with ours.</summary>
    public static ToldResult Refuse(string code, params ReadOnlySpan<(string Field, string Value)> values)
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

    /// <summary>A quantity as receipts show it.</summary>
    public static string Number(decimal number) => number.ToString("0.#####", CultureInfo.InvariantCulture);
}
