using Sandan.Contracts.Events;

namespace Sandan.Statistics.Domain;

/// <summary>The lines of a consignment with the same country and HS chapter.</summary>
/// <param name="Country">Country of origin as the order has it (letters in upper case), or
/// <see cref="Fact.Unknown"/>.</param>
/// <param name="Chapter">First two digits of the HS code, or <see cref="Fact.Unknown"/>.</param>
/// <param name="Lines">How many.</param>
/// <param name="Value">Dutiable value, CNY, 5 decimals.</param>
/// <param name="Tax">Tariff, VAT and consumption tax, CNY, 5 decimals.</param>
internal sealed record LineSum(string Country, string Chapter, int Lines, decimal Value, decimal Tax)
{
    private const int Decimals = 5;
    private const int CountryLengthMax = 10;

    /// <summary>
    /// Largest amount of one line, CNY: a hundred million, far above any consignment and far below numeric(19,5).
    /// </summary>
    private const decimal AmountMax = 100_000_000;

    /// <summary>Sums the lines of a decision, sorted by country and chapter.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative or absurd amount: the item is set aside, not
    /// counted.</exception>
    public static IReadOnlyList<LineSum> Of(IReadOnlyList<TaxedLine> lines)
    {
        var sums = new List<LineSum>(1);
        foreach (var line in lines)
        {
            var one = new LineSum(
                CountryOf(line), ChapterOf(line), 1,
                Checked(line, line.Value),
                Checked(line, line.Tariff) + Checked(line, line.Vat) + Checked(line, line.ConsumptionTax));
            var at = sums.FindIndex(sum => sum.Country == one.Country && sum.Chapter == one.Chapter);
            if (at < 0)
            {
                sums.Add(one);
            }
            else
            {
                var sum = sums[at];
                sums[at] = sum with { Lines = sum.Lines + 1, Value = sum.Value + one.Value, Tax = sum.Tax + one.Tax };
            }
        }

        sums.Sort(static (left, right) =>
        {
            var order = string.CompareOrdinal(left.Country, right.Country);
            return order != 0 ? order : string.CompareOrdinal(left.Chapter, right.Chapter);
        });
        return sums;
    }

    private static decimal Checked(TaxedLine line, decimal amount) => amount is >= 0 and <= AmountMax
        ? Math.Round(amount, Decimals, MidpointRounding.AwayFromZero)
        : throw new ArgumentOutOfRangeException(
            nameof(line), amount, $"Line {line.LineNo} has an amount outside 0 to {AmountMax}.");

    private static string CountryOf(TaxedLine line) =>
        line.Country?.Trim().ToUpperInvariant() is { Length: > 0 and <= CountryLengthMax } country
            ? country
            : Fact.Unknown;

    private static string ChapterOf(TaxedLine line) =>
        line.HsCode is { Length: >= 2 } code && char.IsAsciiDigit(code[0]) && char.IsAsciiDigit(code[1])
            ? code[..2]
            : Fact.Unknown;
}
