using Sandan.Contracts.Events;
using Sandan.Shared.Storage;
using static Sandan.Tax.IntegrationTests.Given;

namespace Sandan.Tax.IntegrationTests;

/// <summary>Two instances of the service share the queues and the database.</summary>
[Collection(TaxBenchDefinition.Name)]
public sealed class ConcurrencyTests(TaxBench bench)
{
    [Fact]
    public async Task The_annual_limit_is_never_passed_and_every_order_has_one_outcome()
    {
        var second = await bench.StartHostAsync(TimeProvider.System);
        var random = new Random(20260301);
        var item = New("item");
        var persons = Enumerable.Range(0, 3).Select(_ => New("person")).ToArray();
        var orders = Enumerable.Range(0, 600).Select(at => (No: New("order"), Person: persons[at % 3], Value: random.Next(50, 3_000)))
            .ToArray();
        await bench.WorkInAsync(Filed(item));

        // 60 messages of 10 orders, persons mixed; then some of them fall, some change, some are rejected, some are repeated.
        var messages = orders.Select(order => Matched(order.No, order.Person, item, order.Value)).Chunk(10)
            .Select(judged => (object)new ConsignmentsJudged(judged))
            .Concat(orders.Chunk(10).Where((_, at) => at % 5 == 0).Select(some => (object)new ConsignmentsJudged(
                [.. some.Select(order => Judged(order.No, 2, ConsignmentState.Mismatched))])))
            .Concat(orders.Chunk(10).Where((_, at) => at % 5 == 1).Select(some => (object)new ConsignmentsJudged(
                [.. some.Select(order => Matched(order.No, order.Person, item, order.Value + 100, revision: 2))])))
            .Concat(orders.Chunk(10).Where((_, at) => at % 5 == 2).Select(some => (object)new ClearancesDecided(
                [.. some.Select(order => Decided(order.No, 1, 1, 100))])))
            .ToArray();
        random.Shuffle(messages);
        var ids = new List<Guid>();
        foreach (var message in messages)
        {
            ids.Add(await SendAsync(message, null));
            if (random.Next(4) == 0)
            {
                await SendAsync(message, ids[^1]);
            }
        }

        var workedIn = 0L;
        await TaxBench.UntilAsync(async () =>
        {
            Assert.Equal(0, await bench.ScalarAsync<long>(
                "SELECT count(*) FROM person_year WHERE person_index = ANY($1) AND used_cny > 26000", (object)persons));
            return (workedIn = await bench.ScalarAsync<long>(
                "SELECT count(*) FROM inbox WHERE message_id = ANY($1)", (object)ids.ToArray())) == ids.Count;
        });
        await bench.StopHostAsync(second);

        foreach (var person in persons)
        {
            var booked = await bench.ScalarAsync<decimal>(
                $"SELECT sum(booked_cny) FROM {TaxBench.Rows} WHERE person_index = $1", person);
            var used = await bench.UsedAsync(person);
            Assert.Equal(booked, used);
            Assert.InRange(used, 20_000, 26_000);
        }

        var numbers = orders.Select(order => order.No).ToArray();
        Assert.Equal(600, await bench.ScalarAsync<long>("SELECT count(*) FROM assessment WHERE order_no = ANY($1)", (object)numbers));
        Assert.Equal(0, await bench.ScalarAsync<long>(
            $"""
            SELECT count(*) FROM {TaxBench.Rows} WHERE order_no = ANY($1)
              AND (route NOT IN ('Preferential', 'GeneralTrade') OR (route = 'GeneralTrade' AND booked_cny > 0))
            """,
            (object)numbers));
        Assert.Equal(0, await bench.ScalarAsync<long>("SELECT count(*) FROM parked WHERE item ->> 'orderNo' = ANY($1)", (object)numbers));
        foreach (var (no, _, _) in orders)
        {
            if (await bench.ScalarAsync<bool>("SELECT max(revision) IS NOT NULL FROM assessment WHERE order_no = $1", no))
            {
                var told = await bench.ToldAsync(no);
                Assert.Equal(told.Length, told.Select(one => (one.Revision, one.Attempt)).Distinct().Count());
                Assert.Equal(0, await bench.ScalarAsync<long>(
                    $"""
                    SELECT count(*) FROM {TaxBench.Rows} WHERE order_no = $1
                      AND route = 'Preferential' AND NOT cancelled AND (revision, booked_cny) <> ($2, $3)
                    """,
                    no, told.Max(one => one.Revision), told.MaxBy(one => one.Revision)!.DutiableValue));
            }
        }

        Task<Guid> SendAsync(object message, Guid? id) => message is ConsignmentsJudged judged
            ? bench.SendAsync(judged, id)
            : bench.SendAsync((ClearancesDecided)message, id);
    }

    [Fact]
    public async Task Whoever_comes_first_what_is_released_stays_booked_and_the_sums_agree()
    {
        var second = await bench.StartHostAsync(TimeProvider.System);
        var random = new Random(20260302);
        var item = New("item");
        var persons = Enumerable.Range(0, 3).Select(_ => New("person")).ToArray();
        var standing = Enumerable.Range(0, 150).Select(at => (No: New("order"), Person: persons[at % 3], Value: random.Next(300, 500)))
            .ToArray();
        var rivals = Enumerable.Range(0, 150).Select(at => (No: New("order"), Person: persons[at % 3], Value: random.Next(300, 500)))
            .ToArray();
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync([.. standing.Select(one => Matched(one.No, one.Person, item, one.Value))]); // 20,000 and more

        // Every third is not released, and falls; for its part of the year the rivals compete with the 800s that restore.
        var released = standing.Chunk(3).Where((_, at) => at % 3 > 0).SelectMany(some => some).ToArray();
        var messages = standing.Chunk(6).Select(some => (object)new ConsignmentsJudged(
                [.. some.Select(one => Judged(one.No, 2, ConsignmentState.Mismatched))]))
            .Concat(released.Chunk(5).Select(some => (object)new ClearancesDecided([.. some.Select(one => Decided(one.No, 1, 1, 800))])))
            .Concat(released.Chunk(5).Select(some => (object)new ClearancesDecided([.. some.Select(one => Decided(one.No, 2, 2, 800, 800))])))
            .Concat(rivals.Chunk(5).Select(some => (object)new ConsignmentsJudged(
                [.. some.Select(one => Matched(one.No, one.Person, item, one.Value))])))
            .ToArray();
        messages = [.. messages, .. messages.Where(_ => random.Next(4) == 0)]; // repeats under other ids
        random.Shuffle(messages);
        var ids = new List<Guid>();
        foreach (var message in messages)
        {
            ids.Add(message is ConsignmentsJudged judged
                ? await bench.SendAsync(judged)
                : await bench.SendAsync((ClearancesDecided)message));
        }

        await TaxBench.UntilAsync(async () => await bench.ScalarAsync<long>(
            "SELECT count(*) FROM inbox WHERE message_id = ANY($1)", (object)ids.ToArray()) == ids.Count);
        await bench.StopHostAsync(second);

        var releasedNumbers = released.Select(one => one.No).ToArray();
        var fallen = standing.Select(one => one.No).Except(releasedNumbers).ToArray();
        Assert.Equal(released.Length, await bench.ScalarAsync<long>(
            $"""
            SELECT count(*) FROM {TaxBench.Rows} JOIN unnest($1, $2) AS one (order_no, value) USING (order_no)
            WHERE NOT cancelled AND revision = 1 AND attempt = 1 AND released_revision = 1 AND booked_cny = value
            """,
            releasedNumbers, released.Select(one => (decimal)one.Value).ToArray()));
        Assert.Equal(fallen.Length, await bench.ScalarAsync<long>(
            $"""
            SELECT count(*) FROM {TaxBench.Rows} JOIN unnest($1, $2) AS one (order_no, value) USING (order_no)
            WHERE cancelled AND released_revision IS NULL AND booked_cny = 0 AND returned_cny = value
            """,
            fallen, standing.Where(one => fallen.Contains(one.No)).Select(one => (decimal)one.Value).ToArray()));
        foreach (var person in persons)
        {
            var rivalNumbers = rivals.Where(one => one.Person == person).Select(one => one.No).ToArray();
            var ofRivals = await bench.ScalarAsync<decimal>(
                $"SELECT sum(booked_cny) FROM {TaxBench.Rows} WHERE order_no = ANY($1)", (object)rivalNumbers);
            var ofReleased = released.Where(one => one.Person == person).Sum(one => one.Value);
            Assert.Equal(ofReleased + ofRivals, await bench.UsedAsync(person));
            Assert.InRange(ofRivals, 0, 26_000); // only what was released may pass the limit
        }

        Assert.Equal(0, await bench.ScalarAsync<long>(
            "SELECT count(*) FROM parked WHERE item ->> 'orderNo' = ANY($1)", (object)standing.Select(one => one.No).ToArray()));
    }

    [Fact]
    public async Task A_release_waits_for_the_verdict_that_cancels_and_books_again()
    {
        var (item, order, person) = (New("item"), New("order"), New("person"));
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await using var judging = await bench.BeginAsync();
        await bench.Assessor.JudgeAsync(judging, [Judged(order, 2, ConsignmentState.Mismatched)], default);

        var releasing = DecideAsync(Decided(order, 1, 1, 800));
        await bench.UntilSomebodyWaitsAsync(releasing);
        await judging.CommitAsync(default);
        await releasing;

        Assert.Equal(300, await bench.UsedAsync(person));
    }

    [Fact]
    public async Task A_verdict_waits_for_the_release_that_is_coming_and_cancels_nothing()
    {
        var (item, order, person) = (New("item"), New("order"), New("person"));
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await using var releasing = await bench.BeginAsync();
        await bench.Assessor.DecideAsync(releasing, [Decided(order, 1, 1, 800)], default);

        var judging = JudgeAsync(Judged(order, 2, ConsignmentState.Mismatched));
        await bench.UntilSomebodyWaitsAsync(judging);
        await releasing.CommitAsync(default);
        await judging;

        Assert.Equal(300, await bench.UsedAsync(person));
    }

    [Fact]
    public async Task Who_hears_of_a_consignment_at_the_same_time_and_second_works_it_in_again()
    {
        var (item, order, person) = (New("item"), New("order"), New("person"));
        await bench.WorkInAsync(Filed(item));
        await using var first = await bench.BeginAsync();
        await bench.Assessor.JudgeAsync(first, [Matched(order, person, item, 300)], default);

        var second = JudgeAsync(Matched(order, New("person"), item, 400, revision: 2));
        await bench.UntilSomebodyWaitsAsync(second);
        await first.CommitAsync(default);
        await Assert.ThrowsAsync<RacedException>(() => second);

        await JudgeAsync(Matched(order, person, item, 400, revision: 2)); // as the inbox does
        Assert.Equal(400, await bench.UsedAsync(person));
        Assert.Equal([1, 2], (await bench.ToldAsync(order, 2)).Select(told => told.Revision));
    }

    [Fact]
    public async Task The_first_two_orders_of_a_person_at_the_same_time_share_the_year()
    {
        var (item, person) = (New("item"), New("person"));
        var orders = Enumerable.Range(0, 6).Select(_ => Matched(New("order"), person, item, 5000)).ToArray();
        await bench.WorkInAsync(Filed(item));
        await using var first = await bench.BeginAsync();
        await bench.Assessor.JudgeAsync(first, orders[..3], default);

        var second = JudgeAsync(orders[3..]);
        await bench.UntilSomebodyWaitsAsync(second);
        await first.CommitAsync(default);
        await Assert.ThrowsAsync<RacedException>(() => second);

        await JudgeAsync(orders[3..]); // as the inbox does
        Assert.Equal(25_000, await bench.UsedAsync(person));
        Assert.Equal("GeneralTrade", await bench.RouteAsync(orders[5].OrderNo));
    }

    [Fact]
    public async Task A_decision_that_was_faster_than_its_verdict_makes_it_worked_in_again()
    {
        var (item, order, person) = (New("item"), New("order"), New("person"));
        await bench.WorkInAsync(Filed(item));
        await using var rejecting = await bench.BeginAsync();
        await bench.Assessor.DecideAsync(rejecting, [Decided(order, 1, 1, 100)], default);

        var judging = JudgeAsync(Matched(order, person, item, 300));
        await bench.UntilSomebodyWaitsAsync(judging);
        await rejecting.CommitAsync(default);
        await Assert.ThrowsAsync<RacedException>(() => judging);

        await JudgeAsync(Matched(order, person, item, 300));
        Assert.Equal((0, "Preferential"), (await bench.UsedAsync(person), await bench.RouteAsync(order)));
    }

    [Fact]
    public async Task No_consignment_stays_held_for_a_filing_that_is_there()
    {
        var second = await bench.StartHostAsync(TimeProvider.System);
        var cases = Enumerable.Range(0, 80).Select(_ => (Order: New("order"), Items: new[] { New("item"), New("item") })).ToArray();
        await Task.WhenAll(cases.SelectMany<(string Order, string[] Items), Task>(one =>
        [
            bench.SendAsync(new GoodsFiled([Filed(one.Items[0])])),
            bench.SendAsync(new ConsignmentsJudged([Matched(one.Order, New("person"), [(one.Items[0], 10), (one.Items[1], 20)])])),
            bench.SendAsync(new GoodsFiled([Filed(one.Items[1])])),
        ]));

        await TaxBench.UntilAsync(async () => await bench.ScalarAsync<long>(
            $"SELECT count(*) FROM {TaxBench.Rows} WHERE order_no = ANY($1) AND route = 'Preferential'",
            (object)cases.Select(one => one.Order).ToArray()) == cases.Length);
        await bench.StopHostAsync(second);
        foreach (var one in cases)
        {
            await TaxBench.UntilAsync(async () => (await bench.ToldAsync(one.Order))[^1].Route == TaxRoute.Preferential);
        }
    }

    [Fact]
    public async Task A_filing_waits_for_the_verdict_that_is_being_held_for_it_and_frees_it()
    {
        var (item, order) = (New("item"), New("order"));
        await bench.WorkInAsync(Matched(New("order"), New("person"), item, 10)); // asked for before
        await using var judging = await bench.BeginAsync();
        await bench.Assessor.JudgeAsync(judging, [Matched(order, New("person"), item, 10)], default);

        var filing = FileAsync(item);
        await bench.UntilSomebodyWaitsAsync(filing);
        await judging.CommitAsync(default);
        await filing;

        await TaxBench.UntilAsync(async () => await bench.RouteAsync(order) == "Preferential");
    }

    [Fact]
    public async Task A_verdict_waits_for_the_filing_that_is_coming()
    {
        var (item, order) = (New("item"), New("order"));
        await using var filing = await bench.BeginAsync();
        await Assessor.FileAsync(filing, [Filed(item)], default);

        var judging = JudgeAsync(Matched(order, New("person"), item, 10));
        await bench.UntilSomebodyWaitsAsync(judging);
        await filing.CommitAsync(default);
        await judging;

        Assert.Equal("Preferential", await bench.RouteAsync(order));
        Assert.Equal(1, Assert.Single(await bench.ToldAsync(order)).Attempt);
    }

    private async Task JudgeAsync(params ConsignmentJudged[] judged)
    {
        await using var unit = await bench.BeginAsync();
        await bench.Assessor.JudgeAsync(unit, judged, default);
        await unit.CommitAsync(default);
    }

    private async Task DecideAsync(ClearanceDecided decided)
    {
        await using var unit = await bench.BeginAsync();
        await bench.Assessor.DecideAsync(unit, [decided], default);
        await unit.CommitAsync(default);
    }

    private async Task FileAsync(string item)
    {
        await using var unit = await bench.BeginAsync();
        await Assessor.FileAsync(unit, [Filed(item)], default);
        await unit.CommitAsync(default);
    }
}
