using System.Text.Json;
using Sandan.Contracts.Events;
using static Sandan.Tax.IntegrationTests.Given;

namespace Sandan.Tax.IntegrationTests;

/// <summary>What comes back goes back to the year of its buyer: once, and in whatever order things come.</summary>
[Collection(TaxBenchDefinition.Name)]
public sealed class ReturnTests(TaxBench bench)
{
    private readonly string order = New("order");
    private readonly string person = New("person");
    private readonly string item = New("item");

    [Fact]
    public async Task Each_return_gives_back_once_and_the_assessment_shows_it()
    {
        await ReleasedAsync(100, 200);
        var (first, second) = (Returned(1), Returned(2));
        await bench.WorkInAsync(new ReturnsReleased([first]));
        Assert.Equal((200, 100), (await bench.UsedAsync(person), await GivenBackAsync()));
        await bench.WorkInAsync(new ReturnsReleased([first, first]));
        Assert.Equal((200, 100), (await bench.UsedAsync(person), await GivenBackAsync()));
        await bench.WorkInAsync(new ReturnsReleased([first, second]));
        Assert.Equal((0, 300), (await bench.UsedAsync(person), await GivenBackAsync()));
        await bench.WorkInAsync(Judged(order, 2, ConsignmentState.Mismatched));
        Assert.Equal((0, 300), (await bench.UsedAsync(person), await GivenBackAsync()));
    }

    [Theory] // v: a newer verdict, which takes back what is not released; c: released; r: a return of 100 of 300
    [InlineData("vcr")]
    [InlineData("vrc")]
    [InlineData("cvr")]
    [InlineData("crv")]
    [InlineData("rvc")]
    [InlineData("rcv")]
    public async Task Return_release_and_a_newer_verdict_end_the_same_in_any_order(string arrival)
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, [(item, 100), (item, 200)]));
        foreach (var one in arrival)
        {
            await (one switch
            {
                'v' => bench.WorkInAsync(Judged(order, 2, ConsignmentState.Mismatched)),
                'c' => bench.WorkInAsync(Decided(order, 1, 1, 800)),
                _ => bench.WorkInAsync(new ReturnsReleased([Returned(1)])),
            });
        }

        Assert.Equal((200, 100), (await bench.UsedAsync(person), await GivenBackAsync()));
    }

    [Fact]
    public async Task A_return_that_is_not_released_yet_in_the_tables_gives_back_nothing()
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await bench.WorkInAsync(new ReturnsReleased([Returned(1)]));
        Assert.Equal((300, 0), (await bench.UsedAsync(person), await GivenBackAsync()));
    }

    [Fact]
    public async Task The_next_assessment_of_the_buyer_sees_it()
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync([.. Enumerable.Range(0, 5).Select(_ => Matched(New("order"), person, item, 5000))]);
        await ReleasedAsync(1000);
        var (refused, taken) = (New("order"), New("order"));
        await bench.WorkInAsync(Matched(refused, person, item, 1000));
        Assert.Equal("GeneralTrade", await bench.RouteAsync(refused));
        await bench.WorkInAsync(new ReturnsReleased([Returned(1)]));
        await bench.WorkInAsync(Matched(taken, person, item, 1000));
        Assert.Equal(("Preferential", 26_000m), (await bench.RouteAsync(taken), await bench.UsedAsync(person)));
    }

    [Fact]
    public async Task It_goes_back_to_the_year_in_which_it_was_counted()
    {
        await ReleasedAsync(300);
        var year = await bench.ScalarAsync<int>("UPDATE assessment SET year = year - 1 WHERE order_no = $1 RETURNING year", order);
        await bench.ScalarAsync<int>("UPDATE person_year SET year = year - 1 WHERE person_index = $1 RETURNING year", person);
        await bench.WorkInAsync(Matched(New("order"), person, item, 50));
        await bench.WorkInAsync(new ReturnsReleased([Returned(1)]));
        Assert.Equal((0, 50), (await bench.UsedAsync(person, year), await bench.UsedAsync(person, year + 1)));
    }

    [Fact]
    public async Task Weights_go_back_with_all_goods()
    {
        await bench.WorkInAsync(Filed(item, Sugar, 1, "035", 1.5m));
        await bench.WorkInAsync(Matched(order, person, item, 20));
        await bench.WorkInAsync(Decided(order, 1, 1, 800));
        await bench.WorkInAsync(new ReturnsReleased([Returned(1)]));
        Assert.True(await bench.ScalarAsync<bool>("SELECT used_cny = 0 AND used_kg IS NULL FROM person_year WHERE person_index = $1", person));
    }

    [Fact]
    public async Task What_was_released_while_held_took_nothing_and_gives_nothing_back()
    {
        await bench.WorkInAsync(Matched(order, person, item, 300)); // not filed
        await bench.WorkInAsync(Decided(order, 1, 1, 800, 300));
        await bench.WorkInAsync(new ReturnsReleased([Returned(1)]));
        Assert.Equal((0, 0), (await bench.UsedAsync(person), await GivenBackAsync()));
    }

    [Fact]
    public async Task Returns_and_releases_at_the_same_time_miss_none()
    {
        await bench.WorkInAsync(Filed(item));
        var orders = Enumerable.Range(0, 40).Select(_ => New("order")).ToArray();
        await bench.WorkInAsync([.. orders.Select(one => Matched(one, person, item, 10))]);
        foreach (var one in orders)
        {
            await bench.SendAsync(new ReturnsReleased([Returned(1, one)]));
            await bench.SendAsync(new ClearancesDecided([Decided(one, 1, 1, 800)]));
        }

        await TaxBench.UntilAsync(async () => await bench.UsedAsync(person) == 0);
        Assert.Equal(400, await bench.ScalarAsync<decimal>("SELECT sum(given_back_cny) FROM goods_return WHERE order_no = ANY($1)", [orders]));
    }

    private async Task ReleasedAsync(params decimal[] values)
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, [.. values.Select(value => (item, value))]));
        await bench.WorkInAsync(Decided(order, 1, 1, 800));
    }

    private ReturnReleased Returned(int gnum, string? orderNo = null) =>
        new(New("T"), Platform, orderNo ?? order, [new(gnum, Shampoo, 1)], TimeProvider.System.GetUtcNow());

    private async Task<decimal> GivenBackAsync()
    {
        using var response = await bench.GetAsync(Platform, order, Seller, "seller");
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("givenBack").GetDecimal();
    }
}
