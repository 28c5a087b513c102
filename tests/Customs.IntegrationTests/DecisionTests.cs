using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Customs.Feed;

namespace Sandan.Customs.IntegrationTests;

/// <summary>Messages in, decisions out: once, whatever the order.</summary>
[Collection(nameof(RunningService))]
public sealed class DecisionTests(RunningService service)
{
    private readonly Samples it = new();

    [Fact]
    public async Task Verdict_and_tax_in_every_order_and_repeated_give_one_release()
    {
        // v: verdict, t: tax; capitals repeat the message before with its own id, small letters again with a new one.
        string[] orders = ["vt", "tv", "vvt", "vTt", "tVv", "vttv", "tvtv", "ttvv", "vVtT", "tTvVtv"];
        var sent = new List<Guid>();
        foreach (var order in orders)
        {
            var (verdictId, taxId) = (Guid.CreateVersion7(), Guid.CreateVersion7());
            foreach (var letter in order)
            {
                sent.Add(await (letter switch
                {
                    'v' => service.PublishAsync(new ConsignmentsJudged([it.Verdict(order)])),
                    't' => service.PublishAsync(new TaxesAssessed([it.Tax(order)])),
                    'V' => service.PublishAsync(new ConsignmentsJudged([it.Verdict(order)]), verdictId),
                    _ => service.PublishAsync(new TaxesAssessed([it.Tax(order)]), taxId),
                }));
            }
        }

        foreach (var id in sent)
        {
            await service.WorkedInAsync(id);
        }

        await QueuesAreWorkedOffAsync();
        foreach (var order in orders)
        {
            var clearance = await service.Customs.GetJsonAsync($"/v1/clearances/{it.Platform}/{order}");
            Assert.Equal(800, clearance.Number("returnStatus"));
            Assert.Single(
                clearance.GetProperty("history").EnumerateArray(), one => one.Number("returnStatus") == 800);
        }

        var feed = await service.As("platform", it.Platform).FeedAsync();
        Assert.Equal(orders.Order(), feed.Select(one => one.GetProperty("data").Text("orderNo")).Order());
        Assert.All(feed, one => Assert.Equal(FeedTypes.Released, one.Text("type")));
        var published = await service.PublishedAsync(it.Platform, orders.Length);
        Assert.Equal(orders.Order(), published.Select(one => one.OrderNo).Order());
        Assert.All(published, one => Assert.Equal(
            (800, 1, "2600", "rules", 9.8735m), (one.Status, one.Revision, one.Code, one.DecidedBy, one.Lines[0].Vat)));
    }

    [Fact]
    public async Task Two_revisions_in_any_of_24_orders_end_in_one_release_on_the_newer_or_a_recorded_change()
    {
        var orders = Permutations("1234").ToArray(); // 1: verdict 1, 2: verdict 2, 3: tax 1, 4: tax 2
        foreach (var step in Enumerable.Range(0, 4))
        {
            // One message per kind and step: the items of a message go through together.
            await service.JudgeAsync([.. orders.Where(one => one[step] is '1' or '2')
                .Select(one => it.Verdict(one, one[step] - '0'))]);
            await service.AssessAsync([.. orders.Where(one => one[step] is '3' or '4')
                .Select(one => it.Tax(one, one[step] - '2'))]);
        }

        foreach (var order in orders)
        {
            var clearance = await service.Customs.GetJsonAsync($"/v1/clearances/{it.Platform}/{order}");
            var history = clearance.GetProperty("history").EnumerateArray().ToArray();
            Assert.Equal((800, 2), (clearance.Number("returnStatus"), clearance.Number("decidedRevision")));
            var release = Assert.Single(history, one => one.Text("code") == "2600");
            var oldWasReleased = ReleasesOld(order);
            Assert.Equal(oldWasReleased ? 1 : 2, release.Number("revision"));
            Assert.Equal(oldWasReleased ? "S6003" : "2600", clearance.Text("code"));
        }
    }

    [Fact]
    public async Task A_redelivered_message_does_nothing()
    {
        var id = await service.PublishAsync(new ConsignmentsJudged([it.Verdict("A", 1, ConsignmentState.Mismatched)]));
        await service.PublishAsync(new ConsignmentsJudged([it.Verdict("A", 2, ConsignmentState.Mismatched)]), id);
        await service.WorkedInAsync(id);
        await service.JudgeAsync(it.Verdict("B", 1, ConsignmentState.Mismatched));
        var clearance = await service.Customs.GetJsonAsync($"/v1/clearances/{it.Platform}/A");
        Assert.Equal((1, 1), (clearance.Number("revision"), clearance.Number("decision")));
        Assert.Equal(2, (await service.As("platform", it.Platform).FeedAsync()).Count);
    }

    [Fact]
    public async Task A_held_one_is_decided_again_at_the_next_attempt_only()
    {
        await service.AssessAsync(it.Tax("A", 1, 2, TaxRoute.Held, new TaxReason("S5002", 1)));
        await service.AssessAsync(it.Tax("A", 1, 1));
        var held = await service.Customs.GetJsonAsync($"/v1/clearances/{it.Platform}/A");
        Assert.Equal((300, "S5002"), (held.Number("returnStatus"), held.Text("code")));

        await service.AssessAsync(it.Tax("A", 1, 3));
        var released = await service.Customs.GetJsonAsync($"/v1/clearances/{it.Platform}/A");
        Assert.Equal((800, 2), (released.Number("returnStatus"), released.Number("decision")));
        Assert.Equal(
            [FeedTypes.Held, FeedTypes.Released],
            (await service.As("seller", it.Seller).FeedAsync()).Select(one => one.Text("type")));
        Assert.Equal(
            [(null, 300), (300, 800)],
            (await service.PublishedAsync(it.Platform, 2)).Select(one => (one.PreviousStatus, one.Status)));
    }

    [Fact]
    public async Task A_rejected_one_is_opened_by_a_later_match_and_a_decided_one_withdrawn_by_a_deletion()
    {
        await service.JudgeAsync(it.Verdict("A", 1, ConsignmentState.Mismatched));
        await service.JudgeAsync(it.Verdict("A", 2));
        await service.JudgeAsync(it.Verdict("A", 3, ConsignmentState.Waiting));
        await service.JudgeAsync(it.Verdict("A", 4, ConsignmentState.Ambiguous));
        await service.JudgeAsync(it.Verdict("A", 5));
        await service.AssessAsync(it.Tax("A", 5));

        var clearance = await service.Customs.GetJsonAsync($"/v1/clearances/{it.Platform}/A");
        Assert.Equal(
            ["1 100 1332 mismatched", "2 120 1800 tax-awaited", "3 120 S6001 incomplete", "5 120 1800 tax-awaited", "5 800 2600 release"],
            clearance.GetProperty("history").EnumerateArray().Select(one =>
                $"{one.Number("revision")} {one.Number("returnStatus")} {one.Text("code")} {one.Text("rule")}"));
        Assert.Equal(
            [100, 120, 800], (await service.PublishedAsync(it.Platform, 3)).Select(one => one.Status));
        Assert.Equal(
            [FeedTypes.Rejected, FeedTypes.Withdrawn, FeedTypes.Ambiguous, FeedTypes.Released],
            (await service.As("seller", it.Seller).FeedAsync()).Select(one => one.Text("type")));
    }

    [Fact]
    public async Task A_rejection_says_why_in_the_official_form_and_as_data()
    {
        await service.JudgeAsync(it.Verdict("A", 1, ConsignmentState.Mismatched));
        var told = Assert.Single(await service.As("payment", it.Payment).FeedAsync());
        Assert.Equal(
            ("1.0", "/zones/test/customs", $"{it.Platform}/A", "application/json"),
            (told.Text("specversion"), told.Text("source"), told.Text("subject"), told.Text("datacontenttype")));
        var data = told.GetProperty("data");
        Assert.Matches(
            @"^\[Code:1332;Desc:.+\],\[OrderHead\.acturalPaid:561\.89,PaymentHead\.amountPaid:3197\.95\]$", data.Text("returnInfo"));
        var discrepancy = data.GetProperty("discrepancies")[0];
        Assert.Equal(2636.06m, discrepancy.GetProperty("difference").GetDecimal());
        Assert.Equal("Payment", discrepancy.Text("turn"));
        Assert.Equal(it.Logistics, data.GetProperty("companies").Text("logistics"));
    }

    [Fact]
    public async Task A_change_after_the_release_is_told_and_the_release_stands()
    {
        await service.AssessAsync(it.Tax("A"));
        await service.JudgeAsync(it.Verdict("A", 2, ConsignmentState.Mismatched));
        await service.AssessAsync(it.Tax("A", 2, 1, TaxRoute.Reject));
        var clearance = await service.Customs.GetJsonAsync($"/v1/clearances/{it.Platform}/A");
        Assert.Equal((800, "S6003", "Mismatched"), (clearance.Number("returnStatus"), clearance.Text("code"), clearance.Text("state")));
        Assert.Equal("Preferential", clearance.GetProperty("tax").Text("route"));
        var told = await service.As("platform", it.Platform).FeedAsync(types: FeedTypes.ChangedAfterRelease);
        Assert.Equal(2, Assert.Single(told).GetProperty("data").Number("revision"));
        Assert.Equal([null, 800], (await service.PublishedAsync(it.Platform, 2)).Select(one => one.PreviousStatus));
    }

    [Fact]
    public async Task Risks_block_and_hold_and_a_watched_one_passes()
    {
        await service.AssessAsync(
            With("block", Samples.Risk("R06", RiskSeverity.Block)),
            With("hold", Samples.Risk("R05", RiskSeverity.Hold)),
            With("watch", Samples.Risk("R09", RiskSeverity.Watch)));
        var list = await service.As("platform", it.Platform).GetJsonAsync("/v1/clearances");
        Assert.Equal(
            ["watch 800 2600", "hold 300 R05", "block 100 R06"],
            list.GetProperty("data").EnumerateArray().Select(one =>
                $"{one.Text("orderNo")} {one.Number("returnStatus")} {one.Text("code")}"));
        Assert.Empty(await service.As("platform", it.Platform).FeedAsync(types: FeedTypes.RiskDetected));
        var seen = (await service.Customs.FeedAsync(types: FeedTypes.RiskDetected))
            .Where(one => one.GetProperty("data").Text("ebpCode") == it.Platform).ToArray();
        Assert.Equal(3, seen.Length);
        Assert.Equal(3, seen[0].GetProperty("data").GetProperty("risks")[0].Number("observed"));

        TaxAssessed With(string orderNo, Risk risk) => it.Tax(orderNo) with { Verdict = it.Verdict(orderNo, risks: risk) };
    }

    [Fact]
    public async Task An_overdue_delivery_is_told_once_to_customs_alone_and_the_release_stands()
    {
        await service.AssessAsync(it.Tax("A"));
        var overdue = new DeliveriesOverdue([new(
            it.Platform, "A", 1, it.Seller, it.Payment, it.Logistics, "W1", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(16),
            new("R08", RiskSeverity.Watch, 16, 15, ["W1"]))]);
        var id = await service.PublishAsync(overdue);
        await service.PublishAsync(overdue, id);
        await service.WorkedInAsync(id);
        await service.SendAsync(new DeliveriesOverdue([]));

        var told = Assert.Single(
            await service.Customs.FeedAsync(types: FeedTypes.RiskDetected),
            one => one.GetProperty("data").Text("ebpCode") == it.Platform).GetProperty("data");
        Assert.Equal(("R08", 15), (told.Text("code"), told.GetProperty("risks")[0].Number("limit")));
        Assert.Equal(it.Logistics, told.GetProperty("companies").Text("logistics"));
        Assert.Equal(FeedTypes.Released, Assert.Single(await service.As("logistics", it.Logistics).FeedAsync()).Text("type"));
        Assert.Equal(
            800, (await service.Customs.GetJsonAsync($"/v1/clearances/{it.Platform}/A")).Number("returnStatus"));
    }

    [Fact]
    public async Task An_overdue_consignment_is_told_once_to_whom_it_concerns()
    {
        var overdue = new ConsignmentsOverdue([new(
            it.Platform, "A", [DocumentKind.Payment], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1),
            it.Seller, null, it.Logistics)]);
        var id = await service.PublishAsync(overdue);
        await service.PublishAsync(overdue, id);
        await service.WorkedInAsync(id);
        await service.SendAsync(new ConsignmentsOverdue([new(
            it.Platform, "B", [DocumentKind.Order], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, it.Seller, null, null)]));
        Assert.Equal(2, (await service.As("seller", it.Seller).FeedAsync()).Count);
        var told = Assert.Single(await service.As("logistics", it.Logistics).FeedAsync());
        Assert.Equal(FeedTypes.Overdue, told.Text("type"));
        Assert.Equal("Payment", told.GetProperty("data").GetProperty("missing")[0].GetString());
        Assert.Empty(await service.As("payment", it.Payment).FeedAsync());
    }

    [Fact]
    public async Task A_poison_item_is_parked_and_its_neighbours_go_on()
    {
        await service.JudgeAsync(
            it.Verdict("A", 1, ConsignmentState.Mismatched),
            it.Verdict(new string('X', 61), 1, ConsignmentState.Mismatched),
            it.Verdict("B", 1, ConsignmentState.Mismatched),
            it.Verdict("NUL\0", 1, ConsignmentState.Mismatched),
            it.Verdict("C", 1, ConsignmentState.Mismatched));
        await service.SendAsync(new ConsignmentsOverdue([
            new(it.Platform, "NUL\0", [], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, it.Seller, null, null),
            new(it.Platform, "D", [], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, it.Seller, null, null)]));

        var feed = await service.As("platform", it.Platform).FeedAsync();
        Assert.Equal(["A", "B", "C", "D"], feed.Select(one => one.GetProperty("data").Text("orderNo")));
        Assert.Equal(3, await service.CountAsync("SELECT count(*) FROM parked WHERE item ->> 'platformCode' = $1", it.Platform));
        Assert.Equal(["A", "B", "C"], (await service.PublishedAsync(it.Platform, 3)).Select(one => one.OrderNo));
    }

    [Fact]
    public async Task The_history_cannot_be_rewritten()
    {
        await service.AssessAsync(it.Tax("A"));
        foreach (var sql in (string[])
            ["UPDATE decision SET code = '1300' RETURNING 1::bigint", "DELETE FROM decision RETURNING 1::bigint", "TRUNCATE decision"])
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => service.CountAsync(sql));
            Assert.Equal("A decision is never changed or deleted.", refused.MessageText);
        }
    }

    [Fact]
    public async Task Many_consignments_over_both_queues_at_once_are_each_released_once()
    {
        const int messages = 12, items = 250;
        var sent = new List<Guid>();
        for (var message = 0; message < messages; message++)
        {
            // The assessments of a message lie in other messages of verdicts, and in reverse order.
            var number = message;
            sent.Add(await service.PublishAsync(new ConsignmentsJudged(
                [.. Enumerable.Range(0, items).Select(at => (number * items) + at)
                    .Select(one => it.Verdict($"N{one:00000}", RevisionOf(one)))])));
            sent.Add(await service.PublishAsync(new TaxesAssessed(
                [.. Enumerable.Range(0, items).Select(at => (at * messages) + number).Reverse()
                    .Select(one => it.Tax($"N{one:00000}", RevisionOf(one)))])));
        }

        // Of two in three the verdict comes with the tax, of the third by itself.
        static int RevisionOf(int number) => number % 3 == 0 ? 2 : 1;

        foreach (var id in sent)
        {
            await service.WorkedInAsync(id);
        }

        Assert.Equal(messages * items, await service.CountAsync(
            "SELECT count(*) FROM clearance WHERE platform_code = $1 AND status = 800", it.Platform));
        Assert.Equal(messages * items, await service.CountAsync(
            "SELECT count(*) FROM decision d JOIN clearance USING (number) WHERE platform_code = $1 AND d.status = 800", it.Platform));
        Assert.Equal(messages * items, await service.CountAsync(
            "SELECT count(*) FROM clearance_party, unnest(offsets) WHERE company = $1", it.Seller));
        Assert.Equal(messages * items, (await service.As("platform", it.Platform).FeedAsync()).Select(one => one.Text("subject")).Distinct().Count());
    }

    private async Task QueuesAreWorkedOffAsync()
    {
        // Messages are taken in order, if not exactly: a repeated one before the last is most likely worked in with it.
        var other = new Samples();
        await service.JudgeAsync(other.Verdict("last"));
        await service.AssessAsync(other.Tax("last"));
    }

    /// <summary>Tax 1, which brings verdict 1, was there before anything newer; verdict 1 by itself does nothing.</summary>
    private static bool ReleasesOld(string order) =>
        order.IndexOf('3') < order.IndexOf('2') && order.IndexOf('3') < order.IndexOf('4');

    private static IEnumerable<string> Permutations(string letters) => letters.Length <= 1
        ? [letters]
        : letters.SelectMany((letter, at) => Permutations(letters.Remove(at, 1)).Select(rest => letter + rest));
}
