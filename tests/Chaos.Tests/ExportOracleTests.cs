using Sandan.Chaos.Books;
using Version = Sandan.Chaos.Books.Version;

namespace Sandan.Chaos.Tests;

/// <summary>The oracle knows what must become of each export and of each departure, and allows nothing else.</summary>
public sealed class ExportOracleTests
{
    [Fact]
    public void An_export_whose_documents_agree_is_released() => Is("800 2600", [Inventory()], [Order()], [Waybill()]);

    [Fact]
    public void What_waits_for_an_order_or_a_waybill_has_nothing()
    {
        Is("nothing", [Inventory()], [], [Waybill()]);
        Is("nothing", [Inventory()], [Order()], []);
    }

    [Theory]
    [InlineData("ebcCode", "S4501")]
    [InlineData("tradeMode", "S4502")]
    [InlineData("qty", "1322")]
    public void What_differs_is_rejected_by_its_code(string field, string code) => Is($"100 {code}", [Inventory(field)], [Order()], [Waybill()]);

    [Fact]
    public void Several_differences_are_told_by_the_first() => Is("100 S4501", [Inventory("ebcCode", "qty")], [Order()], [Waybill()]);

    [Fact]
    public void An_inventory_that_was_mended_ends_released_and_nothing_else() =>
        Is("800 2600", [Inventory("qty"), Inventory()], [Order()], [Waybill()]);

    [Fact]
    public void An_order_that_was_mended_releases_it_and_one_that_was_spoilt_rejects_it_or_comes_too_late()
    {
        Is("800 2600", [Inventory()], [Order(pieces: 1), Order()], [Waybill()]);
        Is("100 1322, 800 2600", [Inventory()], [Order(), Order(pieces: 1)], [Waybill()]);
    }

    [Fact]
    public void What_is_withdrawn_is_concluded_or_was_released_before()
    {
        Is("399 2300, 800 2600", [Inventory(), Inventory() with { AppType = '3' }], [Order()], [Waybill()]);
        Is("399 2300", [Inventory("qty"), Inventory() with { AppType = '3' }], [Order()], [Waybill()]);
    }

    [Fact]
    public void A_withdrawn_waybill_leaves_nothing_or_what_was_decided_on_this_version()
    {
        Is("800 2600, nothing", [Inventory()], [Order()], [Waybill(), Waybill() with { AppType = '3' }]);
        Is("100 1322, nothing", [Inventory("qty")], [Order()], [Waybill(), Waybill() with { AppType = '3' }]);
    }

    [Fact]
    public void What_is_released_and_has_left_is_closed_and_nothing_else_is()
    {
        Is("899 S6021", Left.Yes, [Inventory()], [Order()], [Waybill()]);
        Is("800 2600, 899 S6021", Left.Perhaps, [Inventory()], [Order()], [Waybill()]);
        Is("100 1322", Left.Yes, [Inventory("qty")], [Order()], [Waybill()]);
        Is("100 1322, 899 S6021", Left.Yes, [Inventory()], [Order(), Order(pieces: 1)], [Waybill()]);
    }

    [Fact]
    public void A_departure_is_whole_when_its_parts_are_there_and_say_how_many_they_are()
    {
        Assert.Equal(Left.Yes, ExportOracle.LeftOf([Versions(Part(2)), Versions(Part(2))]));
        Assert.Equal(Left.No, ExportOracle.LeftOf([Versions(Part(2))]));
        Assert.Equal(Left.No, ExportOracle.LeftOf([Versions(Part(2)), Versions(Part(3))]));
        Assert.Equal(Left.Yes, ExportOracle.LeftOf([Versions(Part(2)), Versions(Part(3), Part(2))]));
        Assert.Equal(Left.Perhaps, ExportOracle.LeftOf([Versions(Part(2)), Versions(Part(2), Part(2) with { AppType = '3' })]));
        Assert.Equal(Left.No, ExportOracle.LeftOf([Versions(Part(3)), Versions(Part(3), Part(3) with { AppType = '3' })]));
    }

    [Fact]
    public void A_part_is_stored_until_the_departure_is_whole()
    {
        Assert.Equal(["399"], ExportOracle.OfPart(Versions(Part(1))[0], Left.Yes));
        Assert.Equal(["120"], ExportOracle.OfPart(Versions(Part(2))[0], Left.No));
        Assert.Equal(["120", "399"], ExportOracle.OfPart(Versions(Part(2))[0], Left.Perhaps).Order());
        Assert.Equal(["399"], ExportOracle.OfPart(Versions(Part(2) with { AppType = '3' })[0], Left.No));
    }

    private static void Is(string allowed, Paper[] inventory, Paper[] order, Paper[] waybill) => Is(allowed, Left.No, inventory, order, waybill);

    private static void Is(string allowed, Left left, Paper[] inventory, Paper[] order, Paper[] waybill) => Assert.Equal(
        allowed, string.Join(", ", ExportOracle.Of(Versions(inventory), Versions(order), Versions(waybill), left).Order(StringComparer.Ordinal)));

    private static IList<Version> Versions(params Paper[] papers) =>
        [.. papers.Select((paper, at) => new Version(at + 1, Guid.CreateVersion7(), paper))];

    private static Paper Order(int pieces = 2) =>
        new(new(Kind.ExportOrder, "P1", "S1\u001FO1"), '1', "1", "O1", "P1", new Dictionary<string, string> { ["ebcCode"] = "S1", ["orderType"] = "E" }) { Quantity = $"{pieces}" };

    private static Paper Waybill() => new(new(Kind.ExportWaybill, "L1", "W1"), '1', "1", "", null, new Dictionary<string, string>());

    private static Paper Inventory(params string[] wrong) => new(new(Kind.ExportInventory, "D1", "C1"), '1', "1", "O1", "P1", new Dictionary<string, string>
    {
        ["ebcCode"] = wrong.Contains("ebcCode") ? "S2" : "S1",
        ["tradeMode"] = wrong.Contains("tradeMode") ? "9710" : "9610",
    }) { Quantity = wrong.Contains("qty") ? "3" : "2" };

    private static Paper Part(int parts) =>
        new(new(Kind.Departure, "L1", "D1\u001F1"), '1', "1", "", null, new Dictionary<string, string> { ["msgCount"] = $"{parts}" });
}
