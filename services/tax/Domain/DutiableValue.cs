namespace Sandan.Tax.Domain;

/// <summary>Dutiable value (完税价格): retail price, freight and insurance.</summary>
/// <remarks>
/// Source: Cai Guan Shui [2016] No. 18, article 1. That it is rounded half-up to the fen is recalled; that freight and
/// insurance follow the lines' prices and the last line takes the remainder is proposed.
/// </remarks>
internal static class DutiableValue
{
    /// <summary>The consignment's value to the fen.</summary>
    public static decimal Of(Consignment consignment) => TaxFormula.ToFen(
        consignment.Lines.Sum(line => line.TotalPrice) + consignment.Freight + consignment.InsuredFee);

    /// <summary>
    /// The value of each line to the fen, in the order of lines: its price and its share of freight and insurance. They add
    /// up to <see cref="Of"/> exactly; a gift of price 0 stays 0. At least one line has a price.
    /// </summary>
    public static decimal[] OfLines(Consignment consignment)
    {
        decimal[] prices = [.. consignment.Lines.Select(line => line.TotalPrice)];
        var goods = TaxFormula.ToFen(prices.Sum());
        var charges = Of(consignment) - goods;
        return [.. Spread(goods, prices).Zip(Spread(charges, prices), (price, share) => price + share)];
    }

    /// <summary>
    /// Spreads an amount by weights: each line its rounded share but no more than is left, the last that weighs anything
    /// takes the remainder. Without the bound, many shares rounded up would leave less than nothing to the last.
    /// </summary>
    private static decimal[] Spread(decimal amount, decimal[] weights)
    {
        var (sum, left) = (weights.Sum(), amount);
        var last = Array.FindLastIndex(weights, weight => weight > 0);
        var shares = new decimal[weights.Length];
        for (var i = 0; i < last; i++)
        {
            shares[i] = Math.Min(left, TaxFormula.ToFen(amount * weights[i] / sum));
            left -= shares[i];
        }

        shares[last] = left;
        return shares;
    }
}
