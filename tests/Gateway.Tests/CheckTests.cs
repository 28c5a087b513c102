using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sandan.Contracts.Codes;
using Sandan.Shared.Security;

namespace Sandan.Gateway.Tests;

/// <summary>The bounds of <c>POST /v1/check</c>, and what it asks of whom.</summary>
public sealed class CheckTests
{
    private const string Taken = """{"accepted":true,"results":[{"index":0,"outcome":"created","errors":[]}],"orderNumbers":["N-1"],"told":"AA=="}""";

    public static TheoryData<string, string, string> Unreadable => new()
    {
        { "", "", FieldCodes.BadJson },
        { "{", "", FieldCodes.BadJson },
        { "\"orders\"", "", FieldCodes.MustBeObject },
        { "[]", "", FieldCodes.MustBeObject },
        { "{}", "", FieldCodes.EmptyBody },
        { "{\"orders\":[]}", "", FieldCodes.EmptyBody },
        { "{\"orders\":{}}", "/orders", FieldCodes.MustBeArray },
        { "{\"orders\":null}", "/orders", FieldCodes.MustBeArray },
        { "{\"orders\":[{}],\"orders\":[{}]}", "/orders", FieldCodes.DuplicateMember },
        { "{\"orders\":[{}],\"Order/s~\":[{}]}", "/Order~1s~0", FieldCodes.UnknownMember },
        { "{\"\\ud800\":[{}]}", "", FieldCodes.BadJson },
        { new string('[', 100_000), "", FieldCodes.BadJson },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_body_that_cannot_be_read_says_where_and_why_and_asks_nobody(string body, string pointer, string code)
    {
        await using var rig = await GatewayRig.StartAsync();
        using var answer = await PostAsync(rig.Client, body);
        var problem = await Answers.ProblemAsync(answer, HttpStatusCode.BadRequest, RequestCodes.BodyUnreadable);
        var error = Assert.Single(problem.Errors);
        Assert.Equal((pointer, code), (error.Pointer, error.Code));
        Assert.All(GatewayRig.Services.Where(one => one != "registry"), service => Assert.Empty(rig.StandIns[service].Requests));
    }

    [Fact]
    public async Task A_hundred_documents_and_a_megabyte_are_taken_and_no_more()
    {
        await using var rig = await GatewayRig.StartAsync();
        AnswerAll(rig);
        using var many = await PostAsync(rig.Client, Body(60, 41));
        await Answers.ProblemAsync(many, HttpStatusCode.RequestEntityTooLarge, RequestCodes.TooManyDocuments);
        using var large = await PostAsync(rig.Client, new string(' ', 1 << 20) + "{}");
        await Answers.ProblemAsync(large, HttpStatusCode.RequestEntityTooLarge, RequestCodes.BodyTooLarge);
        using var packed = await PostAsync(rig.Client, Body(1, 0), encoding: "gzip");
        await Answers.ProblemAsync(packed, HttpStatusCode.UnsupportedMediaType, RequestCodes.ContentTypeUnsupported);
        using var lines = await PostAsync(rig.Client, "{}", "application/x-ndjson");
        await Answers.ProblemAsync(lines, HttpStatusCode.UnsupportedMediaType, RequestCodes.ContentTypeUnsupported);
        using var none = await PostAsync(rig.Client, "<x/>", "application/xml");
        var problem = await Answers.ProblemAsync(none, HttpStatusCode.BadRequest, RequestCodes.BodyUnreadable);
        Assert.Equal(FieldCodes.WrongMessage, problem.Errors[0].Code);
        Assert.Empty(rig.StandIns["order"].Requests);

        using var good = await PostAsync(rig.Client, Body(60, 40).PadRight(1 << 20));
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Fact]
    public async Task Each_service_gets_its_own_documents_and_the_matcher_what_they_come_to()
    {
        await using var rig = await GatewayRig.StartAsync();
        AnswerAll(rig);
        using var answer = await PostAsync(rig.Client, "\uFEFF{\"payments\":[{\"a\": 1}], \"orders\":[{\"b\":\"甲\"}], \"waybills\":[]}");
        var result = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(result.GetProperty("wouldPass").GetBoolean());
        Assert.Equal(["payments", "orders"], result.GetProperty("documents").EnumerateObject().Select(one => one.Name));
        Assert.Equal("created", result.GetProperty("documents").GetProperty("orders")[0].GetProperty("outcome").GetString());

        var order = Assert.Single(rig.StandIns["order"].Requests);
        Assert.Equal(("POST", "/internal/check/CEB311", "[{\"b\":\"甲\"}]"), (order.Method, order.Path, order.Body));
        Assert.Equal("[{\"a\": 1}]", Assert.Single(rig.StandIns["payment"].Requests).Body);
        Assert.Empty(rig.StandIns["waybill"].Requests);
        var match = JsonDocument.Parse(Assert.Single(rig.StandIns["matcher"].Requests).Body).RootElement;
        Assert.Equal(["N-1", "N-1"], match.GetProperty("orderNumbers").EnumerateArray().Select(one => one.GetString()!));
        Assert.Equal("AA==", match.GetProperty("orders").GetString());
        Assert.Equal("3302960001", Caller.Read(order.Headers[Caller.Header], rig.Ring, TimeProvider.System.GetUtcNow())!.Company);
    }

    [Fact]
    public async Task Customs_say_what_follows_from_inventories_and_what_they_decide_alone_is_not_matched()
    {
        await using var rig = await GatewayRig.StartAsync();
        AnswerAll(rig);
        rig.StandIns["matcher"].Answer = context => context.Response.WriteAsync(
            """{"fits":true,"consignments":[],"inventories":[{"orderNo":"N-1"}],"exportInventories":[{"copNo":"C-1"}],"unused":[],"judged":{"inventories":"AQ==","exportInventories":"Ag=="}}""");
        rig.StandIns["customs"].Answer = context => context.Response.WriteAsync(context.Request.Path.Value!.EndsWith("/judged", StringComparison.Ordinal)
            ? """{"fits":false,"inventories":[[{"returnStatus":"120","returnInfo":"i"}]],"exportInventories":[[]]}"""
            : """{"accepted":true,"results":[{"index":0,"outcome":"created","errors":[],"receipts":[]}]}""");
        using var answer = await PostAsync(rig.Client, "{\"orders\":[{}]}");
        var result = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.False(result.GetProperty("wouldPass").GetBoolean());
        Assert.Equal("""{"orderNo":"N-1","receipts":[{"returnStatus":"120","returnInfo":"i"}]}""", result.GetProperty("inventories")[0].ToString());
        Assert.Equal("""{"copNo":"C-1","receipts":[]}""", result.GetProperty("exportInventories")[0].ToString());
        Assert.Equal("""{"inventories":"AQ==","exportInventories":"Ag=="}""", Assert.Single(rig.StandIns["customs"].Requests).Body);

        using var alone = await PostAsync(rig.Client, "{\"manifests\":[{}]}");
        Assert.True((await alone.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("wouldPass").GetBoolean());
        Assert.Equal("/internal/check/CEB607", rig.StandIns["customs"].Requests.Last().Path);
        Assert.Single(rig.StandIns["matcher"].Requests);

        rig.StandIns["customs"].Answer = context =>
        {
            context.Response.StatusCode = 429;
            return Task.CompletedTask;
        };
        using var busy = await PostAsync(rig.Client, "{\"orders\":[{}]}");
        Assert.Equal(HttpStatusCode.TooManyRequests, busy.StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_taken_is_not_matched()
    {
        await using var rig = await GatewayRig.StartAsync();
        rig.StandIns["order"].Answer = context => context.Response.WriteAsync("""{"accepted":false,"results":[{"index":0,"outcome":"rejected","errors":[]}],"orderNumbers":[]}""");
        using var answer = await PostAsync(rig.Client, Body(1, 0));
        Assert.False((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("wouldPass").GetBoolean());
        Assert.Empty(rig.StandIns["matcher"].Requests);
    }

    [Theory]
    [InlineData("order")]
    [InlineData("matcher")]
    public async Task A_part_that_is_away_is_503_and_one_that_is_busy_says_so_itself(string service)
    {
        await using var rig = await GatewayRig.StartAsync();
        AnswerAll(rig);
        rig.StandIns[service].Answer = context =>
        {
            (context.Response.StatusCode, context.Response.ContentType, context.Response.Headers.RetryAfter) = (429, "application/problem+json", "1");
            return context.Response.WriteAsync("{\"code\":\"S2004\"}");
        };
        using var busy = await PostAsync(rig.Client, Body(1, 0));
        Assert.Equal((HttpStatusCode.TooManyRequests, "1", "{\"code\":\"S2004\"}"), (busy.StatusCode, busy.Headers.RetryAfter?.ToString(), await busy.Content.ReadAsStringAsync()));

        rig.StandIns[service].Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        using var broken = await PostAsync(rig.Client, Body(1, 1));
        await Answers.ProblemAsync(broken, HttpStatusCode.ServiceUnavailable, RequestCodes.ServiceAway);
        await rig.StandIns[service].StopAsync();
        using var away = await PostAsync(rig.Client, Body(1, 1));
        await Answers.ProblemAsync(away, HttpStatusCode.ServiceUnavailable, RequestCodes.ServiceAway);
        Assert.Equal("2", away.Headers.RetryAfter?.ToString());
    }

    [Theory]
    [InlineData(Roles.Customs)]
    [InlineData(Roles.Operator)]
    public async Task Who_sends_no_documents_checks_none(string role)
    {
        await using var rig = await GatewayRig.StartAsync();
        using var client = rig.ClientOf(rig.AddKey("3302960009", role).Reveal());
        using var answer = await PostAsync(client, Body(1, 0));
        await Answers.ProblemAsync(answer, HttpStatusCode.Forbidden, RequestCodes.RoleNotAllowed);
    }

    private static void AnswerAll(GatewayRig rig)
    {
        foreach (var service in (string[])["order", "payment", "waybill", "customs"])
        {
            rig.StandIns[service].Answer = context => context.Response.WriteAsync(Taken);
        }

        rig.StandIns["matcher"].Answer = context => context.Response.WriteAsync("""{"fits":true,"consignments":[],"inventories":[],"exportInventories":[],"unused":[]}""");
    }

    private static string Body(int orders, int payments) =>
        $"{{\"orders\":[{string.Join(',', Enumerable.Repeat("{}", orders))}],\"payments\":[{string.Join(',', Enumerable.Repeat("{}", payments))}]}}";

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string body, string mediaType = "application/json", string? encoding = null)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        return await client.PostAsync("/v1/check", content);
    }
}
