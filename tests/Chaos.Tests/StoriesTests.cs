using Sandan.Chaos.Load;

namespace Sandan.Chaos.Tests;

/// <summary>What the load is said to have, it has.</summary>
public sealed class StoriesTests
{
    private const int Numbers = 5_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void A_third_of_the_inventories_has_returns_of_every_kind(int seed)
    {
        var stories = new Stories(seed);
        var declared = Enumerable.Range(0, Numbers).Where(number => stories.Of(number, Kind.Inventory).Any()).ToArray();
        Assert.InRange(declared.Length, Numbers / 6, Numbers / 4);
        var returns = declared.Select(number => (Pieces: Traffic.QuantityOf(number), Asked: stories.ReturnsOf(number))).Where(one => one.Asked.Count > 0).ToArray();
        Assert.InRange(returns.Length, declared.Length / 4, declared.Length / 2);
        Assert.All(
            (int[])[
                returns.Count(one => one.Asked.Sum() == one.Pieces), returns.Count(one => one.Asked.Sum() < one.Pieces),
                returns.Count(one => one.Asked.Count == 2 && one.Asked.Sum() > one.Pieces), returns.Count(one => one.Asked[0] > one.Pieces),
            ],
            kind => Assert.InRange(kind, returns.Length / 40, returns.Length));
        Assert.All(Enumerable.Range(0, Numbers).Except(declared), number => Assert.Empty(stories.ReturnsOf(number)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Some_inventories_that_are_sent_once_and_have_no_returns_are_cancelled(int seed)
    {
        var (imports, exports) = (new Stories(seed), new ExportStories(seed));
        var cancelled = Enumerable.Range(0, Numbers).Where(imports.IsCancelled).ToArray();
        Assert.InRange(cancelled.Length, Numbers / 5 / 15, Numbers / 5 / 5);
        Assert.All(cancelled, number => Assert.Equal((1, 0), (imports.Of(number, Kind.Inventory).Count(), imports.ReturnsOf(number).Count)));
        var recalled = Enumerable.Range(0, Numbers).Where(exports.IsCancelled).ToArray();
        Assert.InRange(recalled.Length, Numbers / 12, Numbers / 7);
        Assert.All(recalled, number => Assert.Single(exports.Of(number, Kind.ExportInventory)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Exports_lack_change_and_withdraw_each_of_their_documents(int seed)
    {
        var stories = new ExportStories(seed);
        var numbers = Enumerable.Range(0, Numbers);
        Assert.All((Kind[])[Kind.ExportOrder, Kind.ExportPayment, Kind.ExportWaybill], kind => Assert.InRange(
            numbers.Count(number => !stories.Of(number, kind).Any()), Numbers * 2 / 100, Numbers * 14 / 100));
        Assert.All((Kind[])[Kind.ExportInventory, Kind.ExportWaybill], kind => Assert.InRange(
            numbers.Count(number => stories.Of(number, kind).Any(one => one.Edition.AppType == '3')), Numbers * 4 / 100, Numbers * 8 / 100));
        foreach (var defect in (ExportDefect[])[ExportDefect.Quantity, ExportDefect.Mode, ExportDefect.Seller])
        {
            Assert.InRange(
                numbers.Count(number => stories.Of(number, Kind.ExportInventory).Any(one => one.Edition.Defect == defect)), Numbers * 3 / 100, Numbers * 8 / 100);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Inventories_and_cancellations_come_with_every_story(int seed)
    {
        var (imports, exports) = (new Stories(seed), new ExportStories(seed));
        foreach (var kind in (Kind[])[Kind.Order, Kind.Payment, Kind.Waybill])
        {
            var changed = Enumerable.Range(0, 10 * Numbers).Where(number => imports.Of(number, kind).Count() != 1).ToArray(); // few orders are
            Assert.InRange(changed.Count(number => imports.Of(number, Kind.Inventory).Any()), changed.Length / 8, changed.Length / 3);
        }

        var spoilt = Enumerable.Range(0, Numbers).Where(number => exports.Of(number, Kind.ExportOrder).Count() != 1).ToArray();
        Assert.InRange(spoilt.Count(exports.IsCancelled), spoilt.Length / 20, spoilt.Length / 5);
    }

    [Fact]
    public void A_departure_has_each_of_its_parts_once_but_for_what_its_story_says()
    {
        var (shorts, recounts, withdrawals) = (0, 0, 0);
        var stories = new ExportStories(1);
        for (var first = 0; first < 500 * 30; first += 30)
        {
            var parts = stories.DepartureOf(first, 30).Select(one => one.Edition).ToArray();
            var count = parts.Length == 0 ? 1 : parts.Min(one => one.Parts); // of one part that never comes nothing comes
            var fresh = parts.Where(one => one.AppType == '1').ToArray();
            Assert.Distinct(fresh.Select(one => one.Part));
            Assert.Distinct(fresh.SelectMany(one => one.Exports));
            shorts += fresh.Length < count ? 1 : 0;
            recounts += parts.Any(one => one.AppType == '2') ? 1 : 0;
            withdrawals += parts.Any(one => one.AppType == '3') ? 1 : 0;
        }

        Assert.All((int[])[shorts, recounts, withdrawals], count => Assert.InRange(count, 25, 150));
    }
}
