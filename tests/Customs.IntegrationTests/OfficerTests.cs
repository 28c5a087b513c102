using System.Net;
using System.Text;
using Sandan.Contracts.Events;
using Sandan.Customs.Feed;
using Sandan.Shared.Security;

namespace Sandan.Customs.IntegrationTests;

/// <summary>Officers act; everyone else reads what concerns them.</summary>
[Collection(nameof(RunningService))]
public sealed class OfficerTests(RunningService service)
{
    private readonly Samples it = new();

    [Fact]
    public async Task An_officer_inspects_and_releases_and_the_audit_knows_who_and_why()
    {
        await HeldAsync("A");
        var (status, inspected) = await service.Customs.ActAsync(it.Platform, "A", "inspect", "weight looks wrong");
        Assert.Equal((200, 500, "S6004"), (status, inspected.Number("returnStatus"), inspected.Text("code")));
        var (_, released) = await service.Customs.ActAsync(it.Platform, "A", "release", " as declared ");
        Assert.Equal((800, "officer-7", "as declared"), (released.Number("returnStatus"), released.Text("decidedBy"), released.Text("reason")));

        var history = (await service.Customs.GetJsonAsync($"/v1/clearances/{it.Platform}/A")).GetProperty("history");
        Assert.Equal(
            ["rules tax-held", "officer-7 officer-inspect", "officer-7 officer-release"],
            history.EnumerateArray().Select(one => $"{one.Text("decidedBy")} {one.Text("rule")}"));
        Assert.Equal("weight looks wrong", history[1].Text("reason"));

        var feed = await service.As("platform", it.Platform).FeedAsync();
        Assert.Equal([FeedTypes.Held, FeedTypes.Inspection, FeedTypes.Released], feed.Select(one => one.Text("type")));
        Assert.DoesNotContain("officer-7", feed[2].GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("weight", feed[1].GetRawText(), StringComparison.Ordinal);
        var published = await service.PublishedAsync(it.Platform, 3);
        Assert.Equal([(300, "rules"), (500, "officer-7"), (800, "officer-7")], published.Select(one => (one.Status, one.DecidedBy)));
        Assert.Single(published[2].Lines);
    }

    [Fact]
    public async Task A_party_sees_the_reason_of_a_rejection_and_of_nothing_else()
    {
        await HeldAsync("A", "B");
        await service.Customs.ActAsync(it.Platform, "A", "inspect", "secret");
        await service.Customs.ActAsync(it.Platform, "B", "reject", "invoice missing");
        var seller = service.As("seller", it.Seller);
        var inspected = await seller.GetJsonAsync($"/v1/clearances/{it.Platform}/A");
        Assert.DoesNotContain("secret", inspected.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("customs", inspected.Text("decidedBy"));
        var rejected = await seller.GetJsonAsync($"/v1/clearances/{it.Platform}/B");
        Assert.Equal("invoice missing", rejected.Text("reason"));
        Assert.Matches(@"^\[Code:1300;Desc:.+，invoice missing\]$", rejected.Text("returnInfo"));
        Assert.DoesNotContain("officer-7", rejected.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_officer_decided_stands_until_the_documents_change()
    {
        await service.JudgeAsync(it.Verdict("A", 2));
        Assert.Equal(200, (await service.Customs.ActAsync(it.Platform, "A", "hold")).Status);
        await service.AssessAsync(it.Tax("A", 2));
        Assert.Equal(300, (await service.Customs.GetJsonAsync($"/v1/clearances/{it.Platform}/A")).Number("returnStatus"));
        await service.JudgeAsync(it.Verdict("A", 3));
        await service.AssessAsync(it.Tax("A", 3));
        var clearance = await service.Customs.GetJsonAsync($"/v1/clearances/{it.Platform}/A");
        Assert.Equal((800, "rules"), (clearance.Number("returnStatus"), clearance.Text("decidedBy")));
    }

    [Fact]
    public async Task What_is_settled_is_refused_with_its_state()
    {
        await service.JudgeAsync(it.Verdict("rejected", 1, ConsignmentState.Mismatched), it.Verdict("stored", 2));
        await service.AssessAsync(it.Tax("released"));
        foreach (var (orderNo, action, state) in ((string, string, string)[])
            [("released", "hold", "800"), ("released", "release", "800"), ("rejected", "release", "100"),
             ("rejected", "inspect", "100"), ("stored", "release", "120")])
        {
            var (status, problem) = await service.Customs.ActAsync(it.Platform, orderNo, action);
            Assert.Equal((409, "S2014"), (status, problem.Text("code")));
            Assert.Equal(state, problem.GetProperty("errors")[0].Text("actual"));
        }

        await service.Customs.ActAsync(it.Platform, "stored", "inspect");
        var (conflict, untaxed) = await service.Customs.ActAsync(it.Platform, "stored", "release");
        Assert.Equal((409, "S6006"), (conflict, untaxed.GetProperty("errors")[0].Text("code")));
        Assert.Equal(1, await service.CountAsync(
            "SELECT count(*) FROM decision JOIN clearance USING (number) WHERE platform_code = $1 AND rule LIKE 'officer%'", it.Platform));
    }

    [Theory]
    [InlineData(null, "because")]
    [InlineData("Release", "because")]
    [InlineData("release", null)]
    [InlineData("release", "   ")]
    [InlineData("release", "501")]
    [InlineData("release", "NUL\0")]
    public async Task An_order_without_action_or_reason_is_refused(string? action, string? reason)
    {
        await HeldAsync("A");
        var (status, problem) = await service.Customs.ActAsync(
            it.Platform, "A", action, reason == "501" ? new string('r', 501) : reason);
        Assert.Equal((400, "S2012"), (status, problem.Text("code")));
        Assert.Single(problem.GetProperty("errors").EnumerateArray());
    }

    [Fact]
    public async Task Two_officers_at_once_are_one_decision_and_one_refusal()
    {
        await HeldAsync("A");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(one =>
            service.As(Roles.Customs, "CUSTOMS", $"officer-{one}").ActAsync(it.Platform, "A", "release")));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(7, answers.Count(answer => answer.Status == 409));
        Assert.Equal(2, (await service.As("platform", it.Platform).FeedAsync()).Count);
    }

    [Fact]
    public async Task Only_customs_acts_and_only_the_gateway_asks()
    {
        await HeldAsync("A");
        foreach (var role in (string[])["platform", "seller", "payment", "logistics", "declarant", "operator"])
        {
            var (status, problem) = await service.As(role, it.Platform).ActAsync(it.Platform, "A", "release");
            Assert.Equal((403, "S2003"), (status, problem.Text("code")));
        }

        using var stranger = new HttpClient { BaseAddress = service.Address };
        foreach (var path in (string[])["/v1/clearances", $"/v1/clearances/{it.Platform}/A", "/v1/events", "/v1/events/stream"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(path)).StatusCode);
        }

        Assert.Equal((404, "S2007"), await NotFoundAsync(service.Customs.ActAsync(it.Platform, "nothing", "release")));
        using var broken = new StringContent("{", Encoding.UTF8, "application/json");
        var answer = await service.Customs.PostAsync($"/v1/clearances/{it.Platform}/A/actions", broken);
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task A_company_sees_what_it_is_a_party_to_and_does_not_learn_of_the_rest()
    {
        var other = new Samples();
        await service.JudgeAsync(it.Verdict("A", 1, ConsignmentState.Mismatched), other.Verdict("A", 1, ConsignmentState.Mismatched));
        foreach (var (role, company) in ((string, string)[])
            [("platform", it.Platform), ("seller", it.Seller), ("payment", it.Payment), ("logistics", it.Logistics)])
        {
            var http = service.As(role, company);
            Assert.Equal(200, (await http.AskAsync($"/v1/clearances/{it.Platform}/A")).Status);
            Assert.Equal((404, "S2007"), await NotFoundAsync(http.AskAsync($"/v1/clearances/{other.Platform}/A")));
            Assert.Equal((404, "S2007"), await NotFoundAsync(http.AskAsync($"/v1/clearances/{it.Platform}/B")));
            Assert.Equal(
                it.Platform,
                Assert.Single((await http.GetJsonAsync("/v1/clearances")).GetProperty("data").EnumerateArray()).Text("ebpCode"));
            Assert.Equal($"{it.Platform}/A", Assert.Single(await http.FeedAsync()).Text("subject"));
            Assert.Single(await http.FeedAsync(types: $"{FeedTypes.Rejected},{FeedTypes.Released}"));
            Assert.Empty(await http.FeedAsync(types: FeedTypes.Released));
        }

        Assert.Empty(await service.As("declarant", "NOBODY").FeedAsync());
        foreach (var role in (string[])["customs", "operator"])
        {
            var subjects = (await service.As(role, "ZONE").FeedAsync()).Select(one => one.Text("subject")).ToArray();
            Assert.Contains($"{it.Platform}/A", subjects);
            Assert.Contains($"{other.Platform}/A", subjects);
            Assert.Equal(200, (await service.As(role, "ZONE").AskAsync($"/v1/clearances/{other.Platform}/A")).Status);
        }
    }

    [Fact]
    public async Task A_company_that_is_replaced_no_longer_sees_the_consignment()
    {
        await service.AssessAsync(it.Tax("A"), it.Tax("B"));
        await service.JudgeAsync(it.Verdict("A", 2) with { PaymentCompanyCode = "NEW" + it.Payment });
        Assert.Equal(["B"], await SeenAsync(it.Payment));
        Assert.Equal(404, (await service.As("payment", it.Payment).AskAsync($"/v1/clearances/{it.Platform}/A")).Status);
        Assert.Equal(["A"], await SeenAsync("NEW" + it.Payment));
        Assert.Equal(["B", "A"], await SeenAsync(it.Seller));

        await service.JudgeAsync(it.Verdict("A", 3));
        Assert.Equal(["B", "A"], await SeenAsync(it.Payment));
        Assert.Empty(await SeenAsync("NEW" + it.Payment));
    }

    [Fact]
    public async Task Tax_that_comes_before_its_verdict_shows_nothing_and_the_verdict_shows_it_to_its_parties()
    {
        await service.AssessAsync(it.Tax("A", 2));
        Assert.Equal(404, (await service.Customs.AskAsync($"/v1/clearances/{it.Platform}/A")).Status);
        Assert.Empty(await SeenAsync(it.Platform));
        await service.JudgeAsync(it.Verdict("A", 2));
        foreach (var company in (string[])[it.Platform, it.Seller, it.Payment, it.Logistics])
        {
            Assert.Equal(["A"], await SeenAsync(company));
        }
    }

    [Fact]
    public async Task The_list_is_paged_newest_first_and_filtered_by_status()
    {
        await service.JudgeAsync([.. Enumerable.Range(0, 4).Select(at => it.Verdict($"O{at}", 2))]);
        await service.JudgeAsync([.. Enumerable.Range(4, 3).Select(at => it.Verdict($"O{at}", 2))]); // another range of numbers
        await service.AssessAsync(it.Tax("O2", 2, route: TaxRoute.Held), it.Tax("O5", 2, route: TaxRoute.Held), it.Tax("O6", 2));
        var http = service.As("platform", it.Platform);
        var seen = new List<string>();
        string? after = null;
        for (var more = true; more;)
        {
            var page = await http.GetJsonAsync($"/v1/clearances?limit=3&after={after}");
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(one => one.Text("orderNo")));
            (after, more) = (page.Text("next"), page.GetProperty("hasMore").GetBoolean());
        }

        Assert.Equal(["O6", "O5", "O4", "O3", "O2", "O1", "O0"], seen);
        Assert.Equal(
            ["O5", "O2"],
            (await http.GetJsonAsync("/v1/clearances?status=300")).GetProperty("data").EnumerateArray().Select(one => one.Text("orderNo")));
        foreach (var wrong in (string[])["status=301", "status=Held", "limit=0", "limit=1001", "limit=x", "after=AWYAAAAAAAAAAQ"])
        {
            Assert.Equal(400, (await http.AskAsync($"/v1/clearances?{wrong}")).Status);
        }
    }

    [Fact]
    public async Task An_order_number_with_a_slash_is_found()
    {
        await service.JudgeAsync(it.Verdict("A/B 1", 1, ConsignmentState.Mismatched));
        Assert.Equal(200, (await service.Customs.AskAsync($"/v1/clearances/{it.Platform}/A%2FB%201")).Status);
    }

    private Task HeldAsync(params string[] orders) => service.AssessAsync(
        [.. orders.Select(one => it.Tax(one, route: TaxRoute.Held, reasons: new TaxReason("S5002", 1)))]);

    private async Task<string[]> SeenAsync(string company) =>
        [.. (await service.As("payment", company).GetJsonAsync("/v1/clearances"))
            .GetProperty("data").EnumerateArray().Select(one => one.Text("orderNo"))];

    private static async Task<(int, string)> NotFoundAsync(Task<(int Status, System.Text.Json.JsonElement Body)> answer)
    {
        var (status, body) = await answer;
        return (status, body.Text("code"));
    }
}
