using System.Text;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;
using Sandan.Customs.Exports;

namespace Sandan.Customs.Tests;

/// <summary>To which declarations and items inventories are summed up.</summary>
public sealed class SummaryGroupingTests
{
    [Theory] // what the second inventory says otherwise → how many declarations
    [InlineData("", 1)]
    [InlineData("mode", 2)]
    [InlineData("transport", 2)]
    [InlineData("port", 2)]
    [InlineData("country", 2)]
    [InlineData("producer", 1)]
    [InlineData("producer", 2, true)]
    [InlineData("producer's name", 2, true)] // of one without a number at customs
    [InlineData("producer's name", 1, true, "3302960009")]
    public void What_one_declaration_has_in_common(string other, int expected, bool byProducer = false, string producer = "NO")
    {
        var one = SummarySamples.Inventory(1) with { ProducerCode = producer };
        var second = SummarySamples.Inventory(2) with { ProducerCode = producer };
        second = other switch
        {
            "mode" => second with { Mode = "1210" },
            "transport" => second with { TransportMode = "2" },
            "port" => second with { PortCode = "2233" },
            "country" => second with { Country = "116" },
            "producer" => second with { ProducerCode = "3302960007" },
            "producer's name" => second with { ProducerName = "另一茶厂" },
            _ => second,
        };
        Assert.Equal(expected, SummaryGrouping.Of([one, second], byProducer, byItemName: true).Count);
    }

    [Theory] // what the second line says otherwise → how many items
    [InlineData("", 1)]
    [InlineData("gcode", 2)]
    [InlineData("country", 2)]
    [InlineData("currency", 2)]
    [InlineData("unit", 2)]
    [InlineData("unit1", 2)]
    [InlineData("unit2", 2)]
    [InlineData("itemName", 1)]
    [InlineData("itemName", 2, true)]
    [InlineData("gname", 1)]
    [InlineData("gname", 1, true)] // the seller's name counts where there is one
    public void What_one_item_has_in_common(string other, int expected, bool byItemName = false)
    {
        var first = SummarySamples.Line(1);
        var second = SummarySamples.Line(2);
        second = other switch
        {
            "currency" => second with { Currency = "300" },
            "unit" => second with { Unit = "011" },
            "gcode" => second with { Goods = second.Goods! with { HsCode = "0902109000" } },
            "country" => second with { Goods = second.Goods! with { Country = "116" } },
            "unit1" => second with { Goods = second.Goods! with { FirstUnit = "011" } },
            "unit2" => second with { Goods = second.Goods! with { SecondQuantity = 1, SecondUnit = "011" } },
            "itemName" => second with { Goods = second.Goods! with { ItemName = "碧螺春" } },
            "gname" => second with { Goods = second.Goods! with { Name = "绿茶（袋泡）" } },
            _ => second,
        };
        var declaration = Assert.Single(SummaryGrouping.Of([SummarySamples.Inventory(1) with { Lines = [first, second] }], byProducer: true, byItemName));
        Assert.Equal(expected, declaration.Goods.Count);
    }

    [Fact]
    public void Quantities_prices_and_weights_are_summed_up()
    {
        var one = SummarySamples.Inventory(1) with { Lines = [SummarySamples.Line(1), SummarySamples.Line(2) with { Quantity = 3, TotalPrice = 105 }] };
        var two = SummarySamples.Inventory(2) with { GrossWeightKg = 1.5m, NetWeightKg = 1.25m };
        var declaration = Assert.Single(SummaryGrouping.Of([two, one], byProducer: false, byItemName: true));

        Assert.Equal((2.5m, 2.05m), (declaration.GrossWeightKg, declaration.NetWeightKg));
        var goods = Assert.Single(declaration.Goods);
        Assert.Equal(("西湖龙井", 5m, 0.75m, 175m, 3), (goods.Name, goods.Quantity, goods.FirstQuantity, goods.TotalPrice, goods.Lines));
        Assert.Null(goods.SecondQuantity);
        Assert.Equal(["1/1", "1/2", "2/1"], declaration.Lines.Select(line => $"{line.Inventory.InventoryNo[^1]}/{line.Line.LineNo}"));
    }

    [Theory] // lines of each inventory, at most in a declaration → inventories of each
    [InlineData("2 2 2", 4, "2 1")]
    [InlineData("2 2 2", 3, "1 1 1")]
    [InlineData("1 5 1", 3, "1 1 1")] // an inventory is never cut
    [InlineData("1 1 1", 3, "3")]
    public void A_declaration_that_is_too_long_is_split_between_inventories(string lines, int most, string expected)
    {
        var inventories = lines.Split(' ').Select((count, at) => SummarySamples.Inventory(at + 1) with
        {
            Lines = [.. Enumerable.Range(1, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)).Select(SummarySamples.Line)],
        });
        Assert.Equal(expected, string.Join(' ', SummaryGrouping.Of(inventories, false, false, most).Select(one => one.Inventories.Count)));
    }

    [Fact]
    public void A_declaration_whose_weight_has_too_many_digits_is_split()
    {
        const decimal Most = 99_999_999_999_999.99999m;
        ExportInventoryAccepted[] inventories = [SummarySamples.Inventory(1) with { GrossWeightKg = Most - 1 }, SummarySamples.Inventory(2), SummarySamples.Inventory(3)];
        Assert.Equal([Most, 1], SummaryGrouping.Of(inventories, false, false).Select(one => one.GrossWeightKg));
    }

    /// <summary>Whatever there is: nothing is lost, doubled or mixed, in whatever order it comes.</summary>
    [Fact]
    public void The_sums_of_all_declarations_are_those_of_the_inventories()
    {
        var random = new Random(792);
        for (var round = 0; round < 300; round++)
        {
            var inventories = Enumerable.Range(1, random.Next(1, 30)).Select(number => SummarySamples.Random(random, number)).ToArray();
            var (byProducer, byItemName, most) = (random.Next(2) == 0, random.Next(2) == 0, random.Next(1, 40));
            var made = SummaryGrouping.Of(inventories, byProducer, byItemName, most);

            Assert.Equal(
                inventories.Select(one => one.InventoryNo).Order(StringComparer.Ordinal),
                made.SelectMany(one => one.Inventories).Select(one => one.InventoryNo).Order(StringComparer.Ordinal));
            Assert.Equal(
                inventories.SelectMany(one => one.Lines, (one, line) => (one.InventoryNo, line.LineNo)).Order(),
                made.SelectMany(one => one.Lines).Select(one => (one.Inventory.InventoryNo, one.Line.LineNo)).Order());
            Assert.Equal(inventories.Sum(one => one.GrossWeightKg), made.Sum(one => one.GrossWeightKg));
            Assert.Equal(inventories.Sum(one => one.NetWeightKg), made.Sum(one => one.NetWeightKg));
            foreach (var (of, sumOf) in ((Func<ExportLine, decimal>, Func<SummedGoods, decimal>)[])
            [
                (line => line.Quantity, goods => goods.Quantity), (line => line.TotalPrice, goods => goods.TotalPrice),
                (line => line.Goods!.FirstQuantity, goods => goods.FirstQuantity), (line => line.Goods!.SecondQuantity ?? 0, goods => goods.SecondQuantity ?? 0),
                (_ => 1, goods => goods.Lines),
            ])
            {
                Assert.Equal(inventories.SelectMany(one => one.Lines).Sum(of), made.SelectMany(one => one.Goods).Sum(sumOf));
                foreach (var currency in (string[])["502", "300"])
                {
                    Assert.Equal(
                        inventories.SelectMany(one => one.Lines).Where(line => line.Currency == currency).Sum(of),
                        made.SelectMany(one => one.Goods).Where(goods => goods.Key.Currency == currency).Sum(sumOf));
                }
            }

            foreach (var declaration in made)
            {
                Assert.Single(declaration.Inventories.Select(one => (one.Mode, one.TransportMode, one.PortCode, one.Country)).Distinct());
                Assert.True(declaration.Lines.Count <= most || declaration.Inventories.Count == 1);
                Assert.Equal(declaration.Goods.Count, declaration.Goods.Select(one => one.Key).Distinct().Count());
            }

            random.Shuffle(inventories);
            Assert.Equal(Text(made), Text(SummaryGrouping.Of(inventories, byProducer, byItemName, most)));
        }

        static string Text(List<SummedDeclaration> made) => string.Join('\n', made.Select(one =>
            $"{one.Key} {string.Join(' ', one.Lines.Select(line => $"{line.Inventory.InventoryNo}/{line.Line.LineNo}"))} {string.Join(' ', one.Goods)}"));
    }

    [Fact]
    public void Each_declaration_is_a_result_that_the_table_of_CEB792_takes()
    {
        var random = new Random(7);
        var inventories = Enumerable.Range(1, 400).Select(number => SummarySamples.Random(random, number)).ToArray();
        var made = SummaryGrouping.Of(inventories, byProducer: true, byItemName: true, linesMax: 3);
        Assert.True(made.Count > Summary.ResultsMax);
        var summary = Summary.Of(SummarySamples.Part(), made, [.. Enumerable.Range(1, made.Count).Select(number => (long)number)], DateTimeOffset.UnixEpoch);

        var reader = new DocumentJsonReader(CebMessage.SummaryResult);
        var documents = summary.Results.Select(one => reader.ReadOne(one, DateTimeOffset.UnixEpoch)).ToArray();
        Assert.All(documents, one => Assert.Empty(one.Errors));
        Assert.Equal(made.Count, documents.Select(one => one.Document!["declSeqNo"]).Distinct().Count());
        Assert.Equal("S19700101000000001", documents[0].Document!["declSeqNo"]);
        var messages = ((made.Count - 1) / 100) + 1;
        Assert.Equal(
            Enumerable.Range(0, made.Count).Select(at => $"{(at / 100) + 1} of {messages}"),
            documents.Select(one => $"{one.Document!["msgSeqNo"]} of {one.Document["msgCount"]}"));
        Assert.Equal(inventories.Length, summary.InventoryNos.Distinct().Count());
        Assert.DoesNotContain("\\u", Encoding.UTF8.GetString(summary.DeclarationsJson()), StringComparison.Ordinal);
    }
}
