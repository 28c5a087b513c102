using Sandan.Contracts.Events;

namespace Sandan.Customs.Exports;

/// <summary>What the inventories of one customs declaration have in common.</summary>
/// <param name="ProducerCode">ownerCode; null, as the next, where producing units are not kept apart.</param>
/// <param name="ProducerName">ownerName where the unit has no number at customs; else null.</param>
internal sealed record DeclarationKey(
    string Mode, string TransportMode, string PortCode, string Country, string? ProducerCode, string? ProducerName);

/// <summary>What the lines of one item of a declaration have in common.</summary>
/// <param name="Country">Of final destination.</param>
/// <param name="Name">As the seller calls it; null where goods are summed up by their classification.</param>
internal sealed record GoodsKey(string HsCode, string? Country, string Currency, string Unit, string FirstUnit, string? SecondUnit, string? Name);

/// <summary>An item of a declaration.</summary>
/// <param name="Name">As the seller calls it, where goods are summed up by that; else gname of the first line.</param>
/// <param name="SecondQuantity">Null where there is no second unit.</param>
/// <param name="TotalPrice">In the currency of <paramref name="Key"/>.</param>
/// <param name="Lines">How many lines of inventories it sums up.</param>
internal sealed record SummedGoods(
    GoodsKey Key, string Name, decimal Quantity, decimal FirstQuantity, decimal? SecondQuantity, decimal TotalPrice, int Lines);

/// <summary>A line of an inventory in a declaration.</summary>
internal sealed record SummedLine(ExportInventoryAccepted Inventory, ExportLine Line);

/// <summary>A customs declaration to which inventories are summed up.</summary>
/// <param name="Lines">Of all of them, in the order of the goods; the first is gseqno 1.</param>
internal sealed record SummedDeclaration(
    DeclarationKey Key, IReadOnlyList<ExportInventoryAccepted> Inventories, IReadOnlyList<SummedGoods> Goods, IReadOnlyList<SummedLine> Lines)
{
    public decimal GrossWeightKg => Inventories.Sum(one => one.GrossWeightKg);

    public decimal NetWeightKg => Inventories.Sum(one => one.NetWeightKg);
}

/// <summary>Sums inventories up to customs declarations: pure, and the same in whatever order they come.</summary>
/// <remarks>
/// Source: CEB specification (2022-05) §2.21, summaryFlag and itemNameFlag; the keys are those of GACC 2018-194 [recalled]: transport mode,
/// producing unit, country of arrival and port of one declaration, which has one consignor anyhow, and destination, code and currency of one
/// item. That supervision mode and units are kept apart too is inferred: a declaration has one mode, and pieces are no kilograms. How many
/// items a declaration may have is not stated, so that no bound is kept but that of gseqno, which has five digits.
/// </remarks>
internal static class SummaryGrouping
{
    /// <summary>Most lines of inventories in one declaration: gseqno is N5.</summary>
    public const int LinesMax = 99_999;

    /// <summary>Most kilograms of one declaration: grossWeight is N19,5, and no net weight is above it.</summary>
    private const decimal GrossWeightMax = 99_999_999_999_999.99999m;

    /// <summary>ownerCode of a producing unit that has no number at customs (CEB603).</summary>
    private const string NotRegistered = "NO";

    /// <summary>The declarations. Each inventory is in one of them, as a whole.</summary>
    /// <param name="linesMax">Beyond which a declaration is split, as it is where its weight has too many digits; an inventory alone may have more.</param>
    public static List<SummedDeclaration> Of(
        IEnumerable<ExportInventoryAccepted> inventories, bool byProducer, bool byItemName, int linesMax = LinesMax) =>
    [
        .. inventories.OrderBy(one => one.InventoryNo, StringComparer.Ordinal)
            .GroupBy(one => KeyOf(one, byProducer))
            .OrderBy(some => some.Key.ToString(), StringComparer.Ordinal)
            .SelectMany(some => Split(some, linesMax), (some, part) => DeclarationOf(some.Key, part, byItemName)),
    ];

    private static IEnumerable<List<ExportInventoryAccepted>> Split(IEnumerable<ExportInventoryAccepted> inventories, int linesMax)
    {
        var (part, lines, weight) = (new List<ExportInventoryAccepted>(), 0, 0m);
        foreach (var inventory in inventories)
        {
            if (part.Count > 0 && (lines + inventory.Lines.Count > linesMax || weight + inventory.GrossWeightKg > GrossWeightMax))
            {
                yield return part;
                (part, lines, weight) = ([], 0, 0);
            }

            part.Add(inventory);
            (lines, weight) = (lines + inventory.Lines.Count, weight + inventory.GrossWeightKg);
        }

        yield return part;
    }

    private static SummedDeclaration DeclarationOf(DeclarationKey key, List<ExportInventoryAccepted> inventories, bool byItemName)
    {
        var goods = inventories.SelectMany(one => one.Lines, (inventory, line) => new SummedLine(inventory, line))
            .GroupBy(one => KeyOf(one.Line, byItemName)).OrderBy(some => some.Key.ToString(), StringComparer.Ordinal).ToArray();
        return new(
            key,
            inventories,
            Array.ConvertAll(goods, some => new SummedGoods(
                some.Key,
                some.Key.Name ?? some.First().Line.Goods!.Name,
                some.Sum(one => one.Line.Quantity),
                some.Sum(one => one.Line.Goods!.FirstQuantity),
                some.Key.SecondUnit is null ? null : some.Sum(one => one.Line.Goods!.SecondQuantity ?? 0),
                some.Sum(one => one.Line.TotalPrice),
                some.Count())),
            [.. goods.SelectMany(some => some)]);
    }

    private static DeclarationKey KeyOf(ExportInventoryAccepted one, bool byProducer) => new(
        one.Mode, one.TransportMode, one.PortCode, one.Country, byProducer ? one.ProducerCode : null,
        byProducer && one.ProducerCode == NotRegistered ? one.ProducerName : null);

    private static GoodsKey KeyOf(ExportLine line, bool byItemName)
    {
        var goods = line.Goods!;
        return new(
            goods.HsCode, goods.Country, line.Currency, line.Unit, goods.FirstUnit, goods.SecondUnit, byItemName ? goods.ItemName ?? goods.Name : null);
    }
}
