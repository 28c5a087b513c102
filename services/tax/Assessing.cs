using Sandan.Contracts.Events;
using Sandan.Tax.Domain;
using Sandan.Tax.Storage;

namespace Sandan.Tax;

/// <summary>All that an assessment rests on beside the consignment: the moment, the list, the limits, the filings.</summary>
/// <param name="Today">Day of Asia/Shanghai.</param>
/// <param name="List">The positive list of the day; null where none is known.</param>
internal sealed record Assessing(
    DateTimeOffset Now, DateOnly Today, PositiveListVersion? List, TaxOptions Options, Filings Filings)
{
    /// <summary>Applies the rules.</summary>
    public Assessment Assess(string sellerCode, TaxableGoods taxable, PersonYear used)
    {
        var goods = taxable.Goods;
        var lines = new ConsignmentLine[goods.Items.Count];
        for (var at = 0; at < lines.Length; at++)
        {
            var item = goods.Items[at];
            lines[at] = new(
                item.LineNo, item.ItemNo, item.ItemName, item.Unit, item.Quantity, item.Price, item.TotalPrice, item.Country);
        }

        return ImportTax.Assess(
            new((ImportMode?)taxable.Mode, sellerCode, goods.BuyerIndex, goods.Freight, goods.InsuredFee, lines),
            Filings.Of(sellerCode), used, List, Options);
    }

    /// <summary>Whether an assessment made for an empty year is the one for this year.</summary>
    public bool IsSameIn(Assessment inEmptyYear, PersonYear used) => inEmptyYear.IsSameIn(used, Options);

    /// <summary>Adds the articles that a consignment names.</summary>
    public static void AddItems(HashSet<ItemKey> items, string sellerCode, ConsignmentGoods goods)
    {
        foreach (var item in goods.Items)
        {
            if (item.ItemNo is not null)
            {
                items.Add(new(sellerCode, item.ItemNo));
            }
        }
    }
}
