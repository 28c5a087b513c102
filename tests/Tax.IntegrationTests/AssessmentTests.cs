using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using static Sandan.Tax.IntegrationTests.Given;

namespace Sandan.Tax.IntegrationTests;

/// <summary>From messages to assessments, bookings and what is told.</summary>
[Collection(TaxBenchDefinition.Name)]
public sealed class AssessmentTests(TaxBench bench)
{
    private readonly string order = New("order");
    private readonly string person = New("person");
    private readonly string item = New("item");

    [Fact]
    public async Task A_matched_consignment_is_assessed_booked_and_told()
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300));

        var told = Assert.Single(await bench.ToldAsync(order));
        Assert.Equal((1, 1, TaxRoute.Preferential), (told.Revision, told.Attempt, told.Route));
        Assert.Equal((300m, 0m, 27.30m, 0m, 27.30m), (told.DutiableValue, told.Tariff, told.Vat, told.ConsumptionTax, told.Total));
        Assert.Equal([new(1, Shampoo, "116", 300, 0, 27.30m, 0)], told.Lines);
        Assert.Empty(told.Reasons);
        Assert.Equal(300, await bench.UsedAsync(person));
    }

    [Fact]
    public async Task A_redelivered_message_and_a_repeated_revision_are_worked_in_once()
    {
        await bench.WorkInAsync(Filed(item));
        var message = new ConsignmentsJudged([Matched(order, person, item, 300)]);
        var id = await bench.SendAsync(message);
        await bench.SendAsync(message, id);
        await bench.WorkInAsync(message); // the same verdict under another id
        await bench.WorkInAsync(Matched(New("order"), person, item, 1)); // behind it in the queue

        Assert.Single(await bench.ToldAsync(order));
        Assert.Equal(301, await bench.UsedAsync(person));
    }

    [Fact]
    public async Task Filing_and_verdict_give_the_same_in_either_order()
    {
        var (other, otherItem, otherPerson) = (New("order"), New("item"), New("person"));
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 425));
        await bench.WorkInAsync(Matched(other, otherPerson, otherItem, 425));
        await bench.WorkInAsync(Filed(otherItem));

        var first = (await bench.ToldAsync(order))[^1];
        var second = (await bench.ToldAsync(other, 2))[^1];
        Assert.Equal(
            (first.Route, first.DutiableValue, first.Tariff, first.Vat, first.ConsumptionTax, first.Total),
            (second.Route, second.DutiableValue, second.Tariff, second.Vat, second.ConsumptionTax, second.Total));
        Assert.Equal(first.Lines, second.Lines);
        Assert.Equal((1, 2), (first.Attempt, second.Attempt));
        Assert.Equal(await bench.UsedAsync(person), await bench.UsedAsync(otherPerson));
    }

    [Fact]
    public async Task A_held_consignment_tells_what_is_still_missing_and_is_assessed_when_it_is_there()
    {
        var second = New("item");
        await bench.WorkInAsync(Matched(order, person, [(item, 100), (second, 200)]));
        Assert.Equal([1, 2], (await bench.ToldAsync(order))[0].Reasons.Select(reason => reason.LineNo));
        Assert.Equal(0, await bench.UsedAsync(person));

        await bench.WorkInAsync(Filed(item));
        var told = (await bench.ToldAsync(order, 2))[1];
        Assert.Equal((TaxRoute.Held, 2), (told.Route, told.Attempt));
        Assert.Equal([new TaxReason(TaxCodes.GoodsNotFiled, 2, null, second)], told.Reasons);

        await bench.WorkInAsync(Filed(second));
        told = (await bench.ToldAsync(order, 3))[2];
        Assert.Equal((TaxRoute.Preferential, 3, 1), (told.Route, told.Attempt, told.Revision));
        Assert.Equal(300, await bench.UsedAsync(person));
        Assert.Equal(0, await bench.ScalarAsync<long>("SELECT count(*) FROM missing_filing WHERE order_no = $1", order));
    }

    [Fact]
    public async Task A_filing_that_was_incomplete_frees_what_it_held_once_it_is_changed()
    {
        await bench.WorkInAsync(Filed(item, SkinCare, version: 1));
        await bench.WorkInAsync(Matched(order, person, item, 425));
        Assert.Equal(TaxCodes.LegalQuantityMissing, (await bench.ToldAsync(order))[0].Reasons[0].Code);

        await bench.WorkInAsync(Filed(item, SkinCare, version: 2, "035", 0.02m));

        var told = (await bench.ToldAsync(order, 2))[1];
        Assert.Equal((TaxRoute.Preferential, 98.00m), (told.Route, told.Total));
        Assert.Equal([(TaxCodes.ThresholdReached, true)], told.Reasons.Select(reason => (reason.Code, reason.Note)));
    }

    [Fact]
    public async Task An_older_filing_never_overwrites_a_newer_one()
    {
        await bench.WorkInAsync(Filed(item, SkinCare, version: 1), Filed(item, version: 3), Filed(item, SkinCare, version: 2));
        await bench.WorkInAsync(Filed(item, "2404120000", version: 2));
        await bench.WorkInAsync(Matched(order, person, item, 300));

        Assert.Equal(27.30m, (await bench.ToldAsync(order))[0].Total);
    }

    [Fact]
    public async Task However_many_wait_for_one_filing_all_are_assessed()
    {
        var orders = Enumerable.Range(0, 11).Select(_ => New("order")).ToArray(); // three at a time
        await bench.WorkInAsync([.. orders.Select(one => Matched(one, New("person"), item, 10))]);
        await bench.WorkInAsync(Filed(item));

        foreach (var one in orders)
        {
            Assert.Equal([TaxRoute.Held, TaxRoute.Preferential], (await bench.ToldAsync(one, 2)).Select(told => told.Route));
        }
    }

    [Fact]
    public async Task Without_a_mode_it_is_held_and_a_revision_that_brings_the_mode_is_assessed()
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300, mode: null));
        await bench.WorkInAsync(Matched(order, person, item, 300, revision: 2));

        var told = await bench.ToldAsync(order, 2);
        Assert.Equal((TaxRoute.Held, TaxCodes.ModeMissing), (told[0].Route, told[0].Reasons[0].Code));
        Assert.Equal((TaxRoute.Preferential, 2, 1), (told[1].Route, told[1].Revision, told[1].Attempt));
        Assert.Equal(300, await bench.UsedAsync(person));
    }

    [Fact]
    public async Task A_newer_revision_gives_the_year_back_and_an_older_one_is_ignored()
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await bench.WorkInAsync(Matched(order, person, item, 200, revision: 3));
        Assert.Equal(200, await bench.UsedAsync(person));

        await bench.WorkInAsync(Matched(order, person, item, 900, revision: 2));
        Assert.Equal(200, await bench.UsedAsync(person));

        await bench.WorkInAsync(Judged(order, 4, ConsignmentState.Mismatched));
        Assert.Equal(0, await bench.UsedAsync(person));
        Assert.True(await bench.ScalarAsync<bool>("SELECT cancelled FROM assessment WHERE order_no = $1", order));

        var otherPerson = New("person");
        await bench.WorkInAsync(Matched(order, otherPerson, item, 400, revision: 5));
        Assert.Equal((0, 400), (await bench.UsedAsync(person), await bench.UsedAsync(otherPerson)));
        Assert.Equal([1, 3, 5], (await bench.ToldAsync(order, 3)).Select(told => told.Revision));
    }

    [Theory]
    [InlineData(ConsignmentState.Mismatched)]
    [InlineData(ConsignmentState.Waiting)]
    [InlineData(ConsignmentState.Ambiguous)]
    public async Task A_revision_that_fell_before_its_older_ones_came_is_not_assessed(ConsignmentState state)
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Judged(order, 2, state));
        await bench.WorkInAsync(Matched(order, person, item, 300));

        Assert.Equal(("", 0), (await bench.RouteAsync(order), await bench.UsedAsync(person)));
    }

    [Fact]
    public async Task A_filing_does_not_bring_back_what_was_superseded()
    {
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await bench.WorkInAsync(Judged(order, 2, ConsignmentState.Waiting));
        await bench.WorkInAsync(Filed(item));
        var next = New("order");
        await bench.WorkInAsync(Matched(next, person, item, 1));

        Assert.Equal(TaxRoute.Preferential, (await bench.ToldAsync(next))[0].Route);
        Assert.Equal(0, await bench.ScalarAsync<long>("SELECT count(*) FROM due WHERE order_no = $1", order));
        Assert.Single(await bench.ToldAsync(order));
        Assert.Equal(1, await bench.UsedAsync(person));
    }

    [Fact]
    public async Task A_rejection_gives_the_year_back_and_one_of_another_revision_does_not()
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await bench.WorkInAsync(Decided(order, 1, 1, 120), Decided(order, 2, 1, 300, 120));
        Assert.Equal(300, await bench.UsedAsync(person));

        await bench.WorkInAsync(Decided(order, 3, 1, 100, 300));
        Assert.Equal(0, await bench.UsedAsync(person));

        await bench.WorkInAsync(Matched(order, person, item, 500, revision: 2));
        await bench.WorkInAsync(Decided(order, 4, 2, 800, 100));
        await bench.WorkInAsync(Decided(order, 3, 1, 100, 300)); // late, under another id
        Assert.Equal(500, await bench.UsedAsync(person));
    }

    [Fact]
    public async Task A_rejection_that_comes_before_its_verdict_books_nothing()
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Decided(order, 1, 1, 100));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        Assert.Equal(("Preferential", 0), (await bench.RouteAsync(order), await bench.UsedAsync(person)));

        await bench.WorkInAsync(Matched(order, person, item, 300, revision: 2));
        Assert.Equal(300, await bench.UsedAsync(person));
    }

    [Fact]
    public async Task A_rejection_that_is_taken_back_books_again()
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await bench.WorkInAsync(Decided(order, 1, 1, 100));
        await bench.WorkInAsync(Decided(order, 2, 1, 300, 100));

        Assert.Equal([1, 2], (await bench.ToldAsync(order, 2)).Select(told => told.Attempt));
        Assert.Equal(300, await bench.UsedAsync(person));
        Assert.False(await bench.ScalarAsync<bool>("SELECT cancelled FROM assessment WHERE order_no = $1", order));
    }

    [Fact]
    public async Task Over_the_annual_limit_it_is_general_trade_also_inside_one_message()
    {
        var orders = Enumerable.Range(0, 6).Select(_ => New("order")).ToArray();
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync([.. orders.Select(one => Matched(one, person, item, 5000))]);
        Assert.Equal(25_000, await bench.UsedAsync(person));

        var told = (await bench.ToldAsync(orders[5]))[0];
        Assert.Equal((TaxRoute.GeneralTrade, 0m), (told.Route, told.Total));
        Assert.Equal(new TaxReason("1313", null, "26,000", "30,000"), Assert.Single(told.Reasons));
        Assert.Equal(TaxRoute.Preferential, (await bench.ToldAsync(orders[4]))[0].Route);

        await bench.WorkInAsync(Matched(order, person, item, 1000)); // exactly full
        Assert.Equal(26_000, await bench.UsedAsync(person));
    }

    [Fact]
    public async Task A_person_has_a_limit_of_weight_too_and_gets_it_back()
    {
        var second = New("order");
        await bench.WorkInAsync(Filed(item, Sugar, 1, "035", 1.5m));
        await bench.WorkInAsync(Matched(order, person, item, 20), Matched(second, person, item, 20));
        Assert.Equal(TaxCodes.AnnualWeightExceeded, (await bench.ToldAsync(second))[0].Reasons[0].Code);

        await bench.WorkInAsync(Judged(order, 2, ConsignmentState.Mismatched));
        await bench.WorkInAsync(Matched(second, person, item, 20, revision: 2));
        Assert.Equal([new("sugar", 1.5m)], await bench.UsedKgAsync(person));
    }

    [Fact]
    public async Task A_poison_item_is_parked_and_its_neighbours_go_on()
    {
        var neighbours = Enumerable.Range(0, 4).Select(_ => New("order")).ToArray();
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(
        [
            Matched(neighbours[0], person, item, 10), Matched(neighbours[1], person, item, 10),
            Judged(order, 1, ConsignmentState.Matched), // matched, and no goods
            Matched(neighbours[2], person, item, 10), Matched(neighbours[3], person, item, 10),
        ]);

        foreach (var neighbour in neighbours)
        {
            Assert.Equal(TaxRoute.Preferential, Assert.Single(await bench.ToldAsync(neighbour)).Route);
        }

        Assert.Equal(40, await bench.UsedAsync(person));
        Assert.Contains("no goods", await bench.ScalarAsync<string>(
            "SELECT reason FROM parked WHERE item ->> 'orderNo' = $1", order), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_held_consignment_that_cannot_be_read_is_parked_and_the_others_go_on()
    {
        var neighbours = Enumerable.Range(0, 4).Select(_ => New("order")).ToArray();
        await bench.WorkInAsync([Matched(order, person, item, 10), .. neighbours.Select(one => Matched(one, person, item, 10))]);
        await bench.ScalarAsync<string>(
            "UPDATE assessment SET details = 'unreadable' WHERE order_no = $1 RETURNING order_no", order);
        await bench.WorkInAsync(Filed(item));

        foreach (var neighbour in neighbours)
        {
            Assert.Equal(TaxRoute.Preferential, (await bench.ToldAsync(neighbour, 2))[1].Route);
        }

        await TaxBench.UntilAsync(() => bench.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM parked WHERE queue = 'due' AND item ->> 'orderNo' = $1)", order));
    }
}
