using System.Globalization;
using System.Text.RegularExpressions;

namespace Sandan.Tax.Domain;

/// <summary>The net content that a product name states, such as 50ml or 30克.</summary>
internal static partial class NetContent
{
    /// <summary>
    /// Kilograms or litres of one piece; null where the name states none, several, or a multiple (2×50ml, 套装): a hint for
    /// a person, never a tax base.
    /// </summary>
    public static decimal? KgOrLitres(string name)
    {
        var matches = Content().Matches(name);
        if (matches.Count != 1 || Multiple().IsMatch(name))
        {
            return null;
        }

        var number = decimal.Parse(matches[0].Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        return number == 0 ? null : matches[0].Groups["unit"].Value.ToUpperInvariant() switch
        {
            "ML" or "毫升" or "G" or "克" => number / 1000,
            _ => number,
        };
    }

    [GeneratedRegex(
        @"(?<number>[0-9]{1,6}(\.[0-9]{1,3})?) ?(?<unit>ml|毫升|kg|千克|公斤|g|克|l|升)(?![a-z])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Content();

    [GeneratedRegex(
        @"[0-9] ?[x×*]|[x×*] ?[0-9]|套|组合",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Multiple();
}
