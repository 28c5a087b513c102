using Sandan.Contracts.Events;
using static Sandan.Tax.IntegrationTests.Given;

namespace Sandan.Tax.IntegrationTests;

/// <summary>What customs released keeps its assessment and its booking, whatever comes, in any order.</summary>
[Collection(TaxBenchDefinition.Name)]
public sealed class ReleaseTests(TaxBench bench)
{
    private readonly string order = New("order");
    private readonly string person = New("person");
    private readonly string item = New("item");

    [Theory]
    [InlineData(ConsignmentState.Mismatched, true)]
    [InlineData(ConsignmentState.Mismatched, false)]
    [InlineData(ConsignmentState.Waiting, true)]
    [InlineData(ConsignmentState.Waiting, false)]
    [InlineData(ConsignmentState.Ambiguous, true)]
    [InlineData(ConsignmentState.Ambiguous, false)]
    public async Task A_newer_verdict_before_or_after_the_release_takes_nothing_back(ConsignmentState state, bool releaseFirst)
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        if (releaseFirst)
        {
            await bench.WorkInAsync(Decided(order, 1, 1, 800));
        }

        await bench.WorkInAsync(Judged(order, 2, state));
        Assert.Equal(releaseFirst ? 300 : 0, await bench.UsedAsync(person));
        if (!releaseFirst)
        {
            await bench.WorkInAsync(Decided(order, 1, 1, 800));
        }

        await bench.WorkInAsync(Decided(order, 2, 2, 800, 800)); // S6003: changed after the release
        await bench.WorkInAsync(Judged(order, 3, state));
        Assert.Equal((300, "1 Preferential false 300 1"), (await bench.UsedAsync(person), await RowAsync()));
        Assert.Single(await bench.ToldAsync(order)); // a restored assessment was told before
    }

    [Fact]
    public async Task A_newer_matched_revision_after_the_release_is_not_assessed()
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await bench.WorkInAsync(Decided(order, 1, 1, 800));
        await bench.WorkInAsync(Matched(order, New("person"), item, 500, revision: 2));

        Assert.Equal((300, "1 Preferential false 300 1"), (await bench.UsedAsync(person), await RowAsync()));
        Assert.Single(await bench.ToldAsync(order));
    }

    [Fact]
    public async Task A_newer_matched_revision_that_was_assessed_before_the_release_came_stays()
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await bench.WorkInAsync(Matched(order, person, item, 500, revision: 2));
        await bench.WorkInAsync(Decided(order, 1, 1, 800));
        Assert.Equal((500, "2 Preferential false 500 1"), (await bench.UsedAsync(person), await RowAsync()));

        await bench.WorkInAsync(Judged(order, 3, ConsignmentState.Mismatched));
        Assert.Equal((500, "2 Preferential false 500 1"), (await bench.UsedAsync(person), await RowAsync()));
    }

    [Fact]
    public async Task What_is_restored_may_pass_the_annual_limit()
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 5000));
        await bench.WorkInAsync(Judged(order, 2, ConsignmentState.Waiting));
        await bench.WorkInAsync([.. Enumerable.Range(0, 5).Select(_ => Matched(New("order"), person, item, 5000))]);
        await bench.WorkInAsync(Decided(order, 1, 1, 800));
        Assert.Equal(30_000, await bench.UsedAsync(person));

        var next = New("order");
        await bench.WorkInAsync(Matched(next, person, item, 1));
        Assert.Equal("GeneralTrade", await bench.RouteAsync(next));
    }

    [Fact]
    public async Task The_weight_is_booked_again_too()
    {
        await bench.WorkInAsync(Filed(item, Sugar, 1, "035", 1.5m));
        await bench.WorkInAsync(Matched(order, person, item, 20));
        await bench.WorkInAsync(Judged(order, 2, ConsignmentState.Mismatched));
        await bench.WorkInAsync(Decided(order, 1, 1, 800));

        Assert.Equal(20, await bench.UsedAsync(person));
        Assert.Equal([new("sugar", 1.5m)], await bench.UsedKgAsync(person));
    }

    [Fact]
    public async Task A_change_after_the_release_is_no_release_of_its_revision()
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await bench.WorkInAsync(Decided(order, 2, 2, 800, 800)); // overtook the one below
        await bench.WorkInAsync(Judged(order, 2, ConsignmentState.Mismatched));
        await bench.WorkInAsync(Decided(order, 1, 1, 800));

        Assert.Equal((300, "1 Preferential false 300 1"), (await bench.UsedAsync(person), await RowAsync()));
    }

    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(1, 3, 2)]
    [InlineData(2, 1, 3)]
    [InlineData(2, 3, 1)]
    [InlineData(3, 1, 2)]
    [InlineData(3, 2, 1)]
    public async Task A_rejection_before_the_release_leaves_nothing_behind_in_any_order(params int[] decisions)
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(order, person, item, 300));
        foreach (var decision in decisions)
        {
            await bench.WorkInAsync(decision switch
            {
                1 => Decided(order, 1, 1, 100),
                2 => Decided(order, 2, 1, 300, 100),
                _ => Decided(order, 3, 1, 800, 300),
            });
        }

        await TaxBench.UntilAsync(async () => await bench.ScalarAsync<long>("SELECT count(*) FROM due WHERE order_no = $1", order) == 0);
        await bench.WorkInAsync(Judged(order, 2, ConsignmentState.Mismatched));
        Assert.Equal(300, await bench.UsedAsync(person));
        Assert.False(await bench.ScalarAsync<bool>("SELECT cancelled FROM assessment WHERE order_no = $1", order));
    }

    [Fact]
    public async Task A_release_and_its_verdict_give_the_same_in_either_order()
    {
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync([.. Enumerable.Range(0, 6).Select(_ => Matched(New("order"), person, item, 4500))]);
        Assert.Equal(22_500, await bench.UsedAsync(person));

        await bench.WorkInAsync(Decided(order, 1, 1, 800));
        await bench.WorkInAsync(Judged(order, 2, ConsignmentState.Mismatched));
        await bench.WorkInAsync(Matched(order, person, item, 4500)); // customs released it: no limit refuses it
        Assert.Equal((27_000, "1 Preferential false 4500 1"), (await bench.UsedAsync(person), await RowAsync()));
    }

    [Fact]
    public async Task What_was_released_while_held_is_not_assessed_again()
    {
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await bench.WorkInAsync(Decided(order, 1, 1, 300), Decided(order, 2, 1, 800, 300)); // by an officer
        Assert.Equal(0, await bench.ScalarAsync<long>("SELECT count(*) FROM missing_filing WHERE order_no = $1", order));
        await bench.WorkInAsync(Filed(item));
        await bench.WorkInAsync(Matched(New("order"), person, item, 1));

        Assert.Equal((1, "1 Held false 0 1"), (await bench.UsedAsync(person), await RowAsync()));
        Assert.Single(await bench.ToldAsync(order));
    }

    [Fact]
    public async Task What_was_due_when_it_was_released_is_not_assessed_again()
    {
        await bench.WorkInAsync(Matched(order, person, item, 300));
        await using (var unit = await bench.BeginAsync())
        {
            await Assessor.FileAsync(unit, [Filed(item)], default); // due
            await bench.Assessor.DecideAsync(unit, [Decided(order, 1, 1, 800)], default);
            await unit.CommitAsync(default);
        }

        await using (var unit = await bench.BeginAsync())
        {
            await bench.Assessor.ReassessAsync(unit, 100, default);
            await unit.CommitAsync(default);
        }

        Assert.Equal((0, "1 Held false 0 1"), (await bench.UsedAsync(person), await RowAsync()));
    }

    /// <summary>
    /// Forty consignments of one person against an oracle that knows the rules above and nothing of tables: verdicts,
    /// releases, changes and rejections in random order, some of them twice.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Tables_and_oracle_agree_after_every_message(int seed)
    {
        var random = new Random(seed);
        ConsignmentState[] states =
            [ConsignmentState.Matched, ConsignmentState.Mismatched, ConsignmentState.Waiting, ConsignmentState.Ambiguous];
        await bench.WorkInAsync(Filed(item));
        var cases = Enumerable.Range(0, 40).Select(_ => new Oracle(New("order"), random.Next(50, 100))).ToArray();
        foreach (var one in cases)
        {
            one.Judge(1, matched: true, one.Value);
        }

        await WorkAsync([.. cases.Select(one => Matched(one.Order, person, item, one.Value))], []);

        var steps = cases.SelectMany(one => StepsOf(one)).ToArray();
        steps = [.. steps, .. steps.Where(_ => random.Next(3) == 0)];
        random.Shuffle(steps);
        foreach (var step in steps)
        {
            await step();
            Assert.Equal(cases.Sum(one => one.Booked), await bench.UsedAsync(person));
        }

        foreach (var one in cases)
        {
            Assert.Equal(
                $"{one.Assessed} {one.Booked == 0} {one.Booked} {one.Released}",
                await bench.ScalarAsync<string>(
                    $"""
                    SELECT revision || ' ' || CASE WHEN cancelled THEN 'True' ELSE 'False' END || ' ' || trim_scale(booked_cny)
                      || ' ' || coalesce(released_revision, 0)
                    FROM {TaxBench.Rows} WHERE order_no = $1
                    """,
                    one.Order));
        }

        IEnumerable<Func<Task>> StepsOf(Oracle one)
        {
            for (var revision = 2; revision <= 3; revision++)
            {
                var (number, state, value) = (revision, states[random.Next(states.Length)], random.Next(50, 100));
                yield return () =>
                {
                    one.Judge(number, state == ConsignmentState.Matched, value);
                    return WorkAsync(
                        [
                            state == ConsignmentState.Matched
                                ? Matched(one.Order, person, item, value, number)
                                : Judged(one.Order, number, state),
                        ],
                        []);
                };
            }

            if (random.Next(4) == 0)
            {
                yield return () =>
                {
                    one.Reject(1, revision: 1);
                    return WorkAsync([], [Decided(one.Order, 1, 1, 100)]);
                };
                yield break;
            }

            if (random.Next(3) > 0)
            {
                yield return () =>
                {
                    one.Release(1, revision: 1);
                    return WorkAsync([], [Decided(one.Order, 1, 1, 800, 120)]);
                };
                yield return () => WorkAsync([], [Decided(one.Order, 2, 2, 800, 800)]);
                yield return () => WorkAsync([], [Decided(one.Order, 3, 3, 800, 800)]);
            }
        }

        async Task WorkAsync(ConsignmentJudged[] judged, ClearanceDecided[] decided)
        {
            await using var unit = await bench.BeginAsync();
            if (judged.Length > 0)
            {
                await bench.Assessor.JudgeAsync(unit, judged, default);
            }

            if (decided.Length > 0)
            {
                await bench.Assessor.DecideAsync(unit, decided, default);
            }

            await unit.CommitAsync(default);
        }
    }

    /// <summary>Revision, route, cancelled, booked and released revision.</summary>
    private Task<string> RowAsync() => bench.ScalarAsync<string>(
        $"""
        SELECT concat_ws(' ', revision, route, CASE WHEN cancelled THEN 'true' ELSE 'false' END, trim_scale(booked_cny),
          released_revision)
        FROM {TaxBench.Rows} WHERE order_no = $1
        """,
        order);

    /// <summary>What should be booked of one consignment. Its limit is never reached.</summary>
    private sealed class Oracle(string order, decimal value)
    {
        private int judged;
        private int decision;
        private int rejected;
        private decimal taxed;

        public string Order => order;

        public decimal Value => value;

        public int Assessed { get; private set; }

        public int Released { get; private set; }

        public decimal Booked { get; private set; }

        public void Judge(int revision, bool matched, decimal worth)
        {
            if (revision <= judged || Released > 0)
            {
                return;
            }

            judged = revision;
            Booked = 0;
            if (matched)
            {
                (Assessed, taxed) = (revision, worth);
                Booked = rejected == revision ? 0 : worth;
            }
        }

        public void Reject(int number, int revision)
        {
            if (number > decision && Released == 0)
            {
                (decision, rejected) = (number, revision);
                Booked = Assessed == revision ? 0 : Booked;
            }
        }

        public void Release(int number, int revision)
        {
            if (number > decision && Released == 0)
            {
                (decision, rejected, Released) = (number, 0, revision);
                Booked = taxed;
            }
        }
    }
}
