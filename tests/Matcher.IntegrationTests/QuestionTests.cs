using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.IntegrationTests;

namespace Sandan.Matcher.IntegrationTests;

/// <summary>A matcher whose tax service is a stand-in that answers as told, and whose customs service is away.</summary>
public sealed class QuestionedMatcher : MatcherInstallation
{
    private WebApplication tax = null!;

    /// <summary>What tax answers.</summary>
    public RequestDelegate Tax { get; set; } = context =>
    {
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    };

    protected override string[] Options =>
        [$"--SANDAN_URL_TAX={tax.Urls.First()}", $"--SANDAN_URL_CUSTOMS=http://127.0.0.1:{FreePort()}"];

    protected override async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        tax = builder.Build();
        tax.Run(context => Tax(context));
        await tax.StartAsync();
        await base.StartAsync();
        await TakeAsync([
            .. Enumerable.Range(0, 12).SelectMany(at => new object[]
            {
                Make.Order($"Q-{at:D2}") with { Mode = at % 2 == 0 ? SupervisionMode.B2CBonded : SupervisionMode.B2CDirect },
                Make.Payment($"Q-{at:D2}") with { AmountPaid = at == 5 ? 1 : 109.1m },
            }),
            .. Enumerable.Range(0, 10).Select(at => Make.Waybill($"Q-{at:D2}")),
            Make.Order("Q-OTHER", platform: "PLATFORM-9", seller: "SELLER-9"),
            new WaybillStatusAccepted(Make.Version(), Make.Carrier, "W-Q-00", "S", Make.Time.AddDays(2)),
        ]);
    }
}

/// <summary>Questions about consignments over HTTP.</summary>
public sealed class QuestionTests(QuestionedMatcher matcher) : IClassFixture<QuestionedMatcher>
{
    [ServersFact]
    public async Task The_cursor_leads_through_every_consignment_once_newest_first()
    {
        var seen = new List<string>();
        string? next = null;
        do
        {
            var page = await AskAsync($"/v1/consignments?limit=5{(next is null ? "" : $"&after={next}")}");
            var numbers = page["data"]!.AsArray().Select(one => (string)one!["orderNo"]!).ToArray();
            Assert.InRange(numbers.Length, 1, 5);
            seen.AddRange(numbers);
            next = (bool)page["hasMore"]! ? (string)page["next"]! : null;
        }
        while (next is not null);

        Assert.Equal(12, seen.Distinct().Count());
        Assert.Equal(12, seen.Count);
        var bySequence = await matcher.Database.ListAsync("SELECT order_no FROM consignment WHERE platform_code = $1 ORDER BY seq DESC", Make.Platform);
        Assert.Equal(bySequence, seen);
    }

    [ServersFact]
    public async Task Filters_hold_together()
    {
        async Task<int> CountAsync(string query) => (await AskAsync($"/v1/consignments?{query}"))["data"]!.AsArray().Count;

        Assert.Equal(9, await CountAsync("state=matched"));
        Assert.Equal(1, await CountAsync("state=Mismatched"));
        Assert.Equal(2, await CountAsync("state=Waiting"));
        Assert.Equal(0, await CountAsync("state=Ambiguous"));
        Assert.Equal(6, await CountAsync("mode=1210"));
        Assert.Equal(5, await CountAsync("mode=1210&state=Matched"));
        Assert.Equal(1, await CountAsync("limit=1"));
        Assert.Equal(12, await CountAsync("limit=500"));
    }

    [ServersTheory]
    [InlineData("limit=0")]
    [InlineData("limit=501")]
    [InlineData("limit=-1")]
    [InlineData("limit=ten")]
    [InlineData("state=Lost")]
    [InlineData("state=1")]
    [InlineData("state=Waiting,Matched")]
    [InlineData("mode=9999")]
    [InlineData("mode=B2CBonded")]
    [InlineData("after=%21%21%21")]
    [InlineData("after=AAAA")]
    [InlineData("after=AAAAAAAAAAAAAAAA")]
    [InlineData("after=A")]
    public async Task What_cannot_be_meant_is_a_problem(string query)
    {
        using var answer = await GetAsync($"/v1/consignments?{query}", Make.Platform, "platform");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Contains(query.Split('=')[0], (string)problem["errors"]![0]!["pointer"]!, StringComparison.Ordinal);
    }

    [ServersFact]
    public async Task Every_party_sees_its_consignments_and_others_see_404()
    {
        foreach (var (company, role) in new[]
        {
            (Make.Platform, "platform"), (Make.Seller, "seller"), (Make.Bank, "payment"), (Make.Carrier, "logistics"),
            ("CUSTOMS", "customs"), ("OPERATOR", "operator"),
        })
        {
            using var own = await GetAsync($"/v1/consignments/{Make.Platform}/Q-00", company, role);
            Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        }

        using var other = await GetAsync($"/v1/consignments/{Make.Platform}/Q-00", "PLATFORM-9", "platform");
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Equal("application/problem+json", other.Content.Headers.ContentType!.MediaType);
        var list = JsonNode.Parse(await (await GetAsync("/v1/consignments", "PLATFORM-9", "platform")).Content.ReadAsStringAsync())!;
        Assert.Equal(["Q-OTHER"], list["data"]!.AsArray().Select(one => (string)one!["orderNo"]!));
        using var unsigned = await matcher.Http.GetAsync(new Uri(new Uri(matcher.Matcher.Urls.First()), "/v1/consignments"));
        Assert.Equal(HttpStatusCode.Unauthorized, unsigned.StatusCode);
    }

    [ServersFact]
    public async Task A_consignment_tells_its_documents_discrepancies_and_history()
    {
        var wrong = await AskAsync($"/v1/consignments/{Make.Platform}/Q-05");

        Assert.Equal("Mismatched", (string)wrong["state"]!);
        var found = Assert.Single(wrong["discrepancies"]!.AsArray())!;
        Assert.Equal(("1332", "CEB411, appType 2"), ((string)found["code"]!, (string)found["send"]!));
        Assert.NotEmpty((string)found["explanation"]!["zh"]!);
        Assert.NotEmpty((string)found["explanation"]!["en"]!);
        Assert.Equal(
            ["judged", "received", "received", "received"],
            wrong["history"]!.AsArray().Select(one => (string)one!["what"]!).Order(StringComparer.Ordinal));

        var delivered = await AskAsync($"/v1/consignments/{Make.Platform}/Q-00");
        Assert.Equal(Make.Time.AddDays(2), (DateTimeOffset)delivered["documents"]!["waybill"]!["signedForAt"]!);
        var waiting = await AskAsync($"/v1/consignments/{Make.Platform}/Q-11");
        Assert.Equal(["S4103"], waiting["missing"]!.AsArray().Select(one => (string)one!["code"]!));
        Assert.Equal("Waybill", (string)waiting["missing"]![0]!["document"]!);
    }

    [ServersFact]
    public async Task A_delivery_that_is_withdrawn_is_no_longer_shown_in_whatever_order_it_came()
    {
        await matcher.TakeAsync(
            new WaybillStatusAccepted(Make.Version(2, deleted: true), Make.Carrier, "W-Q-01", "S", Make.Time.AddDays(2)));
        await matcher.TakeAsync(new WaybillStatusAccepted(Make.Version(1), Make.Carrier, "W-Q-01", "S", Make.Time.AddDays(2)));

        var shown = await AskAsync($"/v1/consignments/{Make.Platform}/Q-01");
        Assert.Null(shown["documents"]!["waybill"]!["signedForAt"]);
    }

    [ServersTheory]
    [InlineData(200, "application/json", "{\"route\":\"Preferential\"}", true, true)]
    [InlineData(200, "application/json", "{\"route\":", false, false)]
    [InlineData(404, "application/problem+json", "{}", false, true)]
    [InlineData(500, "application/problem+json", "{}", false, false)]
    [InlineData(503, "text/plain", "no", false, false)]
    public async Task Whatever_a_neighbour_answers_the_consignment_is_told_and_who_is_away_is_named(int status, string type, string body, bool shown, bool available)
    {
        matcher.Tax = context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            return context.Response.WriteAsync(body);
        };

        var answer = await AskAsync($"/v1/consignments/{Make.Platform}/Q-03");

        Assert.Equal("Matched", (string)answer["state"]!);
        Assert.Equal(shown, answer["tax"] is not null);
        Assert.Equal(
            available ? ["customs"] : ["tax", "customs"], answer["unavailable"]!.AsArray().Select(one => (string)one!));
    }

    private Task<HttpResponseMessage> GetAsync(string path, string company, string role) =>
        matcher.SendAsync(matcher.Matcher, HttpMethod.Get, path, company, role);

    private async Task<JsonNode> AskAsync(string path)
    {
        using var answer = await GetAsync(path, Make.Platform, "platform");
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }
}
