using System.Globalization;
using Sandan.Tax.Domain;

namespace Sandan.Tax.Tests;

/// <summary>What goes back to a person's year when goods come back.</summary>
public sealed class ReturnedGoodsTests
{
    [Theory] // a line of 100.00 for 3 pieces and one of 50.00 for 1: returned of each → given back of what is booked
    [InlineData("0", "0", "150", "0")]
    [InlineData("1", "0", "150", "33.33")]
    [InlineData("2", "0", "150", "66.67")]
    [InlineData("3", "0", "150", "100")]
    [InlineData("0", "1", "150", "50")]
    [InlineData("2", "1", "150", "116.67")]
    [InlineData("3", "1", "150", "150")]
    [InlineData("4", "2", "150", "150")] // never more than there was
    [InlineData("1", "0", "0", "0")]     // nothing was booked: held, or general trade
    [InlineData("3", "0", "99.99", "99.99")]
    public void A_part_goes_back_by_its_value_and_all_of_it_to_the_fen(string first, string second, string booked, string expected) => Assert.Equal(
        Number(expected), ReturnedGoods.Of([new(100, 3, Number(first)), new(50, 1, Number(second))], new(Number(booked), PersonYear.Empty.UsedKg)).UsedCny);

    [Theory]
    [InlineData("1.99", false)]
    [InlineData("2", true)]
    public void Weights_go_back_when_all_goods_have(string returned, bool whole)
    {
        var given = ReturnedGoods.Of([new(20, 2, Number(returned))], new(20, new Dictionary<string, decimal> { ["sugar"] = 1.5m }));

        Assert.Equal(whole, given.UsedKg.GetValueOrDefault("sugar") == 1.5m);
        Assert.Equal(whole ? 1 : 0, given.UsedKg.Count);
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
