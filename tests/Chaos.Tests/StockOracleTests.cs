using Sandan.Chaos.Books;

namespace Sandan.Chaos.Tests;

/// <summary>The oracle knows what inventories may have got of an article, and finds what they may not.</summary>
public sealed class StockOracleTests
{
    [Theory] // of three pieces: what was given back, and what each inventory asks for and got
    [InlineData(0, "2 800 2600, 1 120 1800", null)]
    [InlineData(0, "2 800 2600, 2 100 S6301", null)]
    [InlineData(0, "2 800 2600, 2 100 1332, 1 nothing", null)]
    [InlineData(2, "2 100 S6301, 2 100 1332", null)] // another had two of the three for a time
    [InlineData(0, "2 800 2600, 2 120 1800", "inventories have 4 of 3 pieces")]
    [InlineData(0, "1 800 2600, 2 100 S6301", "is refused, though of 3 pieces only 1 are gone, and 0 were for a time")]
    [InlineData(1, "2 100 S6301", "is refused, though of 3 pieces only 0 are gone, and 1 were for a time")]
    public void What_there_is_and_no_more_is_given(int givenBack, string inventories, string? told)
    {
        var wrong = StockOracle.Check(3, givenBack, [.. inventories.Split(", ").Select(one => ((decimal)(one[0] - '0'), one[2..]))]);
        Assert.Equal(told is null, !wrong.Any());
        Assert.Contains(told ?? "", string.Join('\n', wrong), StringComparison.Ordinal);
    }

    [Fact]
    public void Goods_are_reserved_until_they_are_released_and_nobody_else_has_any()
    {
        Assert.Equal((2, 0), StockOracle.HeldWith("120 1800", 2));
        Assert.Equal((0, 2), StockOracle.HeldWith("800 2600", 2));
        Assert.Equal((0, 0), StockOracle.HeldWith("100 S6301", 2));
        Assert.Equal((0, 0), StockOracle.HeldWith("nothing", 2));
    }
}
