using Sandan.Customs.Domain;

namespace Sandan.Customs.Tests;

/// <summary>What officers may do, state by state.</summary>
public sealed class OfficerActionsTests
{
    [Theory] // from (0: nothing decided yet) → release, hold, inspect, reject; x: refused
    [InlineData(0, "x", "x", "x", "x")]
    [InlineData(100, "x", "x", "x", "x")]
    [InlineData(120, "x", "300 1200", "500 S6004", "100 1300")]
    [InlineData(300, "800 2600", "x", "500 S6004", "100 1300")]
    [InlineData(500, "800 2600", "x", "x", "100 1300")]
    [InlineData(800, "x", "x", "x", "x")]
    public void The_table(int from, string release, string hold, string inspect, string reject) => Assert.Equal(
        [release, hold, inspect, reject],
        Enum.GetValues<OfficerAction>().Select(action =>
            OfficerActions.Find(action, from == 0 ? null : (ReturnStatus)from) is { } to ? $"{(int)to.To} {to.Code}" : "x"));

    [Theory]
    [InlineData("Release", 300, true, null)]
    [InlineData("Release", 300, false, "S6006")]
    [InlineData("Release", 120, false, "S2014")]
    [InlineData("Reject", 120, false, null)]
    [InlineData("Inspect", 120, false, null)]
    [InlineData("Hold", 800, true, "S2014")]
    public void Nothing_is_released_before_its_tax_is_assessed(string action, int from, bool taxAssessed, string? refusal) =>
        Assert.Equal(refusal, OfficerActions.Refusal(Enum.Parse<OfficerAction>(action), (ReturnStatus)from, taxAssessed));

    [Theory]
    [InlineData("release", "Release")]
    [InlineData("hold", "Hold")]
    [InlineData("inspect", "Inspect")]
    [InlineData("reject", "Reject")]
    [InlineData("Release", null)]
    [InlineData("0", null)]
    [InlineData(null, null)]
    public void Actions_have_one_name_each(string? name, string? action) =>
        Assert.Equal(action, OfficerActions.Parse(name)?.ToString());
}
