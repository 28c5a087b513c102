using Sandan.Chaos.Books;

namespace Sandan.Chaos.Tests;

/// <summary>The oracle knows what must become of the returns of an inventory, and finds every other result.</summary>
public sealed class ReturnOracleTests
{
    private const string Held = "300 1200";
    private const string TooMuch = "100 S6105";
    private const string Forbidden = "-625022 -625022";
    private const string Nothing = "nothing";

    [Theory] // of two pieces: the inventory's result, and what each return asks for and got
    [InlineData("800 2600", "2 300 1200")]
    [InlineData("800 2600", "1 300 1200, 1 300 1200")]
    [InlineData("800 2600", "2 300 1200, 2 100 S6105")]
    [InlineData("800 2600", "2 100 S6105, 2 300 1200")]
    [InlineData("800 2600", "3 100 S6105")]
    [InlineData("100 1322", "1 -625022 -625022")]
    [InlineData("nothing", "1 nothing")]
    [InlineData("120 1800", "1 nothing")]
    public void What_follows_is_allowed(string inventory, string returns) => Assert.Empty(Check(inventory, false, returns));

    [Theory]
    [InlineData("800 2600", "2 nothing", "allowed where the inventory has 800 2600")] // stuck
    [InlineData("800 2600", "2 800 2600", "allowed where")] // nobody released it
    [InlineData("800 2600", "1 -625022 -625022", "allowed where")]
    [InlineData("100 1322", "1 300 1200", "allowed where the inventory has 100 1322")]
    [InlineData("nothing", "1 300 1200", "allowed where")]
    [InlineData("nothing", "1 -625022 -625022", "allowed where")]
    [InlineData("800 2600", "2 300 1200, 1 300 1200", "of 2 pieces 3 are on their way back")]
    [InlineData("800 2600", "2 100 S6105, 2 100 S6105", "is refused, though of 2 pieces only 0")]
    [InlineData("800 2600", "1 300 1200, 1 100 S6105", "is refused, though of 2 pieces only 1")]
    public void What_does_not_follow_is_found(string inventory, string returns, string told) =>
        Assert.Contains(told, string.Join('\n', Check(inventory, false, returns)), StringComparison.Ordinal);

    [Fact]
    public void Where_a_document_was_changed_a_return_may_have_come_before_the_change()
    {
        Assert.Empty(Check("800 2600", true, $"1 {Held}, 1 {Forbidden}, 2 {TooMuch}"));
        Assert.Empty(Check("nothing", true, $"1 {Nothing}, 1 {Forbidden}"));
        Assert.NotEmpty(Check("800 2600", true, $"1 {Nothing}"));
        Assert.NotEmpty(Check("100 1322", true, $"1 {Held}"));
    }

    private static string[] Check(string inventory, bool isChanged, string returns) =>
    [
        .. ReturnOracle.Check(inventory, isChanged, 2, [.. returns.Split(", ").Select(one => ((decimal)(one[0] - '0'), one[2..]))]),
    ];
}
