using Sandan.Contracts.Events;
using Sandan.IntegrationTests;

namespace Sandan.Matcher.IntegrationTests;

/// <summary>In whatever order, how often and how concurrently documents come: the same final state.</summary>
public sealed class ArrivalTests(MatcherInstallation matcher) : IClassFixture<MatcherInstallation>
{
    /// <summary>What is wrong with the second version of a document; the first ones agree.</summary>
    private static readonly (string Name, Func<string, object[]> Documents, ConsignmentState State, string[] Codes)[] Scenarios =
    [
        ("new", no => [Make.Order(no), Make.Payment(no), Make.Waybill(no)], ConsignmentState.Matched, []),
        ("order changed", no => [Make.Order(no), Make.Payment(no), Make.Waybill(no), Make.Order(no, 2) with { BuyerName = Make.Person("x") }],
            ConsignmentState.Mismatched, ["1327"]),
        ("payment changed", no => [Make.Order(no), Make.Payment(no), Make.Waybill(no), Make.Payment(no, 2) with { AmountPaid = 109.09999m }],
            ConsignmentState.Mismatched, ["1332"]),
        ("waybill changed", no => [Make.Order(no), Make.Payment(no), Make.Waybill(no), Make.Waybill(no, 2) with { Consignee = Make.Person("x") }],
            ConsignmentState.Mismatched, ["S4005"]),
        ("payment corrected", no => [Make.Order(no), Make.Payment(no) with { AmountPaid = 1 }, Make.Waybill(no), Make.Payment(no, 2)],
            ConsignmentState.Matched, []),
        ("waybill withdrawn", no => [Make.Order(no), Make.Payment(no), Make.Waybill(no), Make.Waybill(no) with { Document = Make.Version(2, deleted: true) }],
            ConsignmentState.Waiting, []),
        ("waybill moved here", no => [Make.Order(no), Make.Payment(no), Make.Waybill(no) with { OrderNo = $"{no}-wrong" }, Make.Moved(Make.Waybill(no, 2), $"{no}-wrong")],
            ConsignmentState.Matched, ["R07"]),
    ];

    [ServersFact]
    public async Task Every_order_of_arrival_ends_in_the_same_state()
    {
        // Every permutation of every scenario, the n-th document of all of them at a time: older versions after newer ones too.
        var cases = Scenarios
            .SelectMany(scenario => Permutations(scenario.Documents("").Length)
                .Select(places => (scenario, OrderNo: $"{scenario.Name.Replace(' ', '-')}-{string.Concat(places)}", places)))
            .Select(one => (one.scenario, one.OrderNo, one.places, Documents: one.scenario.Documents(one.OrderNo)))
            .ToArray();
        for (var step = 0; step < 4; step++)
        {
            await matcher.TakeAsync([.. cases.Where(one => step < one.places.Length).Select(one => one.Documents[one.places[step]])]);
        }

        foreach (var (scenario, orderNo, _, _) in cases)
        {
            var state = await matcher.Database.ListAsync("SELECT state::text FROM consignment WHERE order_no = $1", orderNo);
            Assert.True(((int)scenario.State).ToString() == state.Single(), $"{orderNo} is {state.Single()}");
            var verdicts = matcher.VerdictsOn(orderNo);
            Assert.Equal(Enumerable.Range(1, verdicts.Count), verdicts.Select(one => one.Revision));
            if (scenario.State != ConsignmentState.Waiting)
            {
                var last = verdicts[^1];
                Assert.Equal(
                    (orderNo, string.Join(',', scenario.Codes)),
                    (orderNo, string.Join(',', last.Discrepancies.Select(one => one.Code).Concat(last.Risks.Select(one => one.Rule)))));
                Assert.Equal(scenario.State, last.State);
            }
            else if (verdicts.Count > 0)
            {
                Assert.Equal(ConsignmentState.Waiting, verdicts[^1].State);
            }
        }
    }

    [ServersFact]
    public async Task Versions_of_one_document_in_one_message_are_worked_in_like_apart()
    {
        await matcher.TakeAsync(
            Make.Order("ONE-1"), Make.Payment("ONE-1"),
            Make.Moved(Make.Waybill("ONE-1", 3), "ONE-0"), Make.Waybill("ONE-1") with { OrderNo = "ONE-0" },
            Make.Moved(Make.Waybill("ONE-1", 2) with { GrossWeightKg = 2 }, "ONE-0"));

        var verdict = matcher.VerdictsOn("ONE-1")[^1];
        Assert.Equal((ConsignmentState.Matched, 3), (verdict.State, verdict.Waybill!.Version));
        Assert.Equal("R07", Assert.Single(verdict.Risks).Rule);
        Assert.Empty(await matcher.Database.ListAsync("SELECT order_no FROM consignment WHERE order_no = 'ONE-0'"));
    }

    [ServersFact]
    public async Task A_redelivered_message_changes_nothing_and_tells_nothing()
    {
        var ids = Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7()).ToArray();
        async Task SendAsync()
        {
            await matcher.PublishBatchAsync([Make.Order("RE-1"), Make.Order("RE-2")], all => new OrdersAccepted(all), ids[0]);
            await matcher.PublishBatchAsync([Make.Payment("RE-1"), Make.Payment("RE-2")], all => new PaymentsAccepted(all), ids[1]);
            await matcher.PublishBatchAsync([Make.Waybill("RE-1"), Make.Waybill("RE-2")], all => new WaybillsAccepted(all), ids[2]);
        }

        await SendAsync();
        await matcher.AllWorkedAsync();
        var before = await matcher.EverythingAsync();
        var told = matcher.Judged.Messages.Count;
        for (var again = 0; again < 5; again++)
        {
            await SendAsync();
        }

        // The queues are worked in order: what comes after the redeliveries proves that they were worked.
        await matcher.TakeAsync(Make.Order("RE-LAST"));
        await matcher.TakeAsync(Make.Payment("RE-LAST"));
        await matcher.TakeAsync(Make.Waybill("RE-LAST"));

        Assert.Equal(before, string.Join('\n', (await matcher.EverythingAsync()).Split('\n').Where(row => !IsLast(row))));
        Assert.Equal(told + 1, matcher.Judged.Messages.Count);
        Assert.Single(matcher.VerdictsOn("RE-1"));
        Assert.Equal(matcher.Judged.Messages.Count, matcher.Judged.Messages.Select(one => one.Id).Distinct().Count());

        bool IsLast(string row) => row.Contains("RE-LAST", StringComparison.Ordinal)
            || (row[0] == 's' && !before.Contains(row, StringComparison.Ordinal));
    }

    [ServersFact]
    public async Task An_older_version_that_comes_late_touches_no_row()
    {
        await matcher.TakeAsync(Make.Order("OLD-1"), Make.Order("OLD-1", 2), Make.Payment("OLD-1"), Make.Waybill("OLD-1"));
        var before = await matcher.EverythingAsync();

        await matcher.TakeAsync(Make.Order("OLD-1") with { ActualPaid = 1 });

        Assert.Equal(before, await matcher.EverythingAsync());
    }

    private static IEnumerable<int[]> Permutations(int count) => Permutations([.. Enumerable.Range(0, count)]);

    private static IEnumerable<int[]> Permutations(int[] all) => all.Length <= 1
        ? [all]
        : all.SelectMany(first => Permutations([.. all.Where(other => other != first)]).Select(rest => (int[])[first, .. rest]));
}
