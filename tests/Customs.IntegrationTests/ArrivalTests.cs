using Sandan.Contracts.Events;
using Sandan.Customs.Feed;

namespace Sandan.Customs.IntegrationTests;

/// <summary>A first match comes with its tax; everything else by itself.</summary>
[Collection(nameof(RunningService))]
public sealed class ArrivalTests(RunningService service)
{
    private readonly Samples it = new();

    [Fact]
    public async Task A_first_match_without_its_tax_does_nothing()
    {
        await service.JudgeAsync(it.Verdict("A"), it.Verdict("B", 1, ConsignmentState.Mismatched));
        Assert.Equal(404, (await service.Customs.AskAsync($"/v1/clearances/{it.Platform}/A")).Status);
        Assert.Equal(1, await service.CountAsync("SELECT count(*) FROM clearance WHERE platform_code = $1", it.Platform));
        Assert.Equal($"{it.Platform}/B", Assert.Single(await service.As("seller", it.Seller).FeedAsync()).Text("subject"));
    }

    [Fact]
    public async Task A_verdict_that_comes_with_its_tax_is_one_row_and_one_decision()
    {
        await service.AssessAsync(it.Tax("A"));
        var clearance = await service.As("seller", it.Seller).GetJsonAsync($"/v1/clearances/{it.Platform}/A");
        Assert.Equal(
            (800, 1, 1, "PAYNOA", "WBA", "Matched"),
            (clearance.Number("returnStatus"), clearance.Number("revision"), clearance.Number("decision"),
                clearance.Text("paymentNo"), clearance.Text("waybillNo"), clearance.Text("state")));
        Assert.Equal(9.8735m, clearance.GetProperty("amounts").GetProperty("taxTotal").GetDecimal());
        Assert.Equal(100m, clearance.GetProperty("amounts").GetProperty("goodsValue").GetDecimal());
        Assert.Equal("release", Assert.Single(clearance.GetProperty("history").EnumerateArray()).Text("rule"));
        var told = Assert.Single(await service.As("payment", it.Payment).FeedAsync());
        Assert.Equal((FeedTypes.Released, $"{it.Platform}/A"), (told.Text("type"), told.Text("subject")));
        Assert.False(told.GetProperty("data").TryGetProperty("previousStatus", out _));
        var published = Assert.Single(await service.PublishedAsync(it.Platform, 1));
        Assert.Equal((1, 800, null), (published.Decision, published.Status, published.PreviousStatus));

        // Nothing was written twice: the row is as it was inserted.
        Assert.Equal(1, await service.CountAsync(
            "SELECT count(*) FROM clearance WHERE platform_code = $1 AND xmax = 0", it.Platform));
    }

    [Fact]
    public async Task A_second_match_is_stored_until_its_tax_comes_and_an_older_one_changes_nothing()
    {
        await service.JudgeAsync(it.Verdict("A", 2));
        await service.AssessAsync(it.Tax("A")); // with verdict 1, which is too late
        var stored = await service.Customs.GetJsonAsync($"/v1/clearances/{it.Platform}/A");
        Assert.Equal((120, "1800", 2), (stored.Number("returnStatus"), stored.Text("code"), stored.Number("revision")));
        await service.AssessAsync(it.Tax("A", 2));
        var history = (await service.Customs.GetJsonAsync($"/v1/clearances/{it.Platform}/A")).GetProperty("history");
        Assert.Equal(
            ["2 120 tax-awaited", "2 800 release"],
            history.EnumerateArray().Select(one => $"{one.Number("revision")} {one.Number("returnStatus")} {one.Text("rule")}"));
    }

    [Fact]
    public async Task One_that_is_known_does_not_keep_those_that_come_with_it_from_being_first()
    {
        await service.JudgeAsync(it.Verdict("B", 2));
        await service.AssessAsync(it.Tax("A"), it.Tax("B"), it.Tax("C"), it.Tax("D", 2));
        var list = await service.As("logistics", it.Logistics).GetJsonAsync("/v1/clearances");
        Assert.Equal(
            ["C 800", "A 800", "B 120"],
            list.GetProperty("data").EnumerateArray().Select(one => $"{one.Text("orderNo")} {one.Number("returnStatus")}"));
        Assert.Equal(2, (await service.As("logistics", it.Logistics).FeedAsync()).Count);
        Assert.Equal(2, (await service.PublishedAsync(it.Platform, 2)).Count);
    }

    [Fact]
    public async Task Verdicts_and_assessments_of_one_consignment_in_every_order_end_the_same()
    {
        // 1: tax 1 with verdict 1; 2: a mismatch; 3: verdict 3, matched; 4: tax 3. Of each order one consignment.
        string[] orders = [.. Permutations("1234")];
        for (var step = 0; step < 4; step++)
        {
            await service.JudgeAsync([.. orders.Where(one => one[step] is '2' or '3').Select(one =>
                it.Verdict(one, one[step] - '0', one[step] == '2' ? ConsignmentState.Mismatched : ConsignmentState.Matched))]);
            await service.AssessAsync([.. orders.Where(one => one[step] is '1' or '4').Select(one =>
                it.Tax(one, one[step] == '1' ? 1 : 3))]);
        }

        foreach (var order in orders)
        {
            var clearance = await service.Customs.GetJsonAsync($"/v1/clearances/{it.Platform}/{order}");
            Assert.Equal(
                (800, 3, "Matched", "Preferential"),
                (clearance.Number("returnStatus"), clearance.Number("decidedRevision"), clearance.Text("state"),
                    clearance.GetProperty("tax").Text("route")));
            var told = (await service.As("seller", it.Seller).FeedAsync())
                .Where(one => one.Text("subject") == $"{it.Platform}/{order}").Select(one => one.Text("type")).ToArray();
            Assert.Single(told, FeedTypes.Released);
        }
    }

    private static IEnumerable<string> Permutations(string letters) => letters.Length <= 1
        ? [letters]
        : letters.SelectMany((letter, at) => Permutations(letters.Remove(at, 1)).Select(rest => letter + rest));
}
