using Sandan.Contracts.Events;
using static Sandan.Tax.IntegrationTests.Given;

namespace Sandan.Tax.IntegrationTests;

/// <summary>Customs hears of a first matched verdict only from tax: none may be lost, whatever becomes of it here.</summary>
[Collection(TaxBenchDefinition.Name)]
public sealed class VerdictTests(TaxBench bench)
{
    private readonly string order = New("order");
    private readonly string person = New("person");
    private readonly string item = New("item");

    [Theory]
    [InlineData(TaxRoute.Preferential, 300, Shampoo)]
    [InlineData(TaxRoute.FullRate, 6000, Shampoo)]
    [InlineData(TaxRoute.GeneralTrade, 26_001, Shampoo)]
    [InlineData(TaxRoute.Reject, 300, "2404120000")]
    [InlineData(TaxRoute.Held, 300, null)]
    public async Task The_first_assessment_of_a_first_verdict_carries_it_without_its_items(TaxRoute route, int value, string? hs)
    {
        if (hs is not null)
        {
            await bench.WorkInAsync(Filed(item, hs));
        }

        var verdict = Matched(order, person, item, value) with { PaymentNo = "P1", WaybillNo = "W1" };
        await bench.WorkInAsync(verdict);

        var told = Assert.Single(await bench.ToldAsync(order));
        Assert.Equal((route, 1, 1), (told.Route, told.Revision, told.Attempt));
        AssertCarries(verdict, told);
    }

    [Fact]
    public async Task Only_the_first_attempt_and_only_the_first_revision_carry_it()
    {
        await bench.WorkInAsync(Matched(order, person, item, 300)); // held
        await bench.WorkInAsync(Filed(item));
        await bench.ToldAsync(order, 2);
        await bench.WorkInAsync(Matched(order, person, item, 400, revision: 2));

        var told = await bench.ToldAsync(order, 3);
        Assert.Equal([(1, 1, true), (1, 2, false), (2, 1, false)],
            told.Select(one => (one.Revision, one.Attempt, one.Verdict is not null)));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(800)]
    public async Task A_verdict_that_comes_behind_its_decision_is_told(int status)
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Decided(order, 1, 1, status));
        var verdict = Matched(order, person, item, 300);
        await bench.WorkInAsync(verdict);

        AssertCarries(verdict, Assert.Single(await bench.ToldAsync(order)));
    }

    [Fact]
    public async Task A_first_verdict_behind_a_newer_one_is_not_told()
    {
        var next = New("order");
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Judged(order, 2, ConsignmentState.Mismatched));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await bench.WorkInAsync(Matched(next, person, item, 1));

        await bench.ToldAsync(next);
        Assert.Empty(await bench.ToldAsync(order, 0));
    }

    [Fact]
    public async Task A_repeated_first_verdict_is_told_once_also_inside_one_message()
    {
        var next = New("order");
        await bench.WorkInAsync(Filed(item));
        var verdict = Matched(order, person, item, 300);
        await bench.WorkInAsync(verdict, verdict);
        await bench.WorkInAsync(verdict);
        await bench.WorkInAsync(Matched(next, person, item, 1));

        await bench.ToldAsync(next);
        AssertCarries(verdict, Assert.Single(await bench.ToldAsync(order)));
    }

    [Fact]
    public async Task A_first_verdict_that_is_mismatched_needs_no_row()
    {
        await bench.WorkInAsync(Judged(order, 1, ConsignmentState.Mismatched));
        Assert.Equal(0, await bench.ScalarAsync<long>("SELECT count(*) FROM assessment WHERE order_no = $1", order));

        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300, revision: 2));
        Assert.Null(Assert.Single(await bench.ToldAsync(order)).Verdict);
    }

    private static void AssertCarries(ConsignmentJudged verdict, TaxAssessed told)
    {
        Assert.Empty(told.Verdict!.Goods!.Items);
        Assert.Equal(
            EventBytes.Write(verdict with { Goods = verdict.Goods! with { Items = [] } }), EventBytes.Write(told.Verdict));
    }
}
