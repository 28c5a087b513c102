using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sandan.Contracts.Codes;
using Sandan.Signing;

namespace Sandan.Gateway.Tests;

public sealed class OwnEndpointTests
{
    [Fact]
    public async Task Codes_need_no_key_come_in_one_language_or_both_and_are_not_sent_twice()
    {
        await using var rig = await GatewayRig.StartAsync();
        using var client = rig.ClientOf(null);
        using var both = await client.GetAsync("/v1/codes");
        var english = await client.GetFromJsonAsync<JsonElement>("/v1/codes/S2001?lang=en");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/v1/codes");
        again.Headers.IfNoneMatch.Add(both.Headers.ETag!);
        using var notModified = await client.SendAsync(again);
        using var wrong = await client.GetAsync("/v1/codes?lang=fr");
        using var none = await client.GetAsync("/v1/codes/S9999999");

        var all = (await both.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data");
        Assert.Equal(CodeDictionary.All.Count, all.GetArrayLength());
        Assert.Equal(JsonValueKind.Object, all[0].GetProperty("text").ValueKind);
        Assert.Equal("The request carries no key", english.GetProperty("text").GetString());
        Assert.Equal(HttpStatusCode.NotModified, notModified.StatusCode);
        await Answers.ProblemAsync(wrong, HttpStatusCode.BadRequest, RequestCodes.ParameterInvalid);
        await Answers.ProblemAsync(none, HttpStatusCode.NotFound, RequestCodes.NotFound);
    }

    [Fact]
    public async Task Ready_means_that_every_service_is_and_else_names_those_that_are_not()
    {
        await using var rig = await GatewayRig.StartAsync();
        using var client = rig.ClientOf(null);
        using (var ready = await client.GetAsync("/health/ready"))
        {
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        }

        await using var other = await GatewayRig.StartAsync();
        other.StandIns["tax"].IsReady = false;
        await other.StandIns["credit"].StopAsync();
        using var otherClient = other.ClientOf(null);
        using var notReady = await otherClient.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, notReady.StatusCode);
        var names = (await notReady.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("notReady");
        Assert.Equal(["tax", "credit"], names.EnumerateArray().Select(name => name.GetString()!));
    }

    [Fact]
    public async Task The_linter_names_place_rule_and_remedy_in_the_language_of_the_caller_and_takes_a_megabyte()
    {
        await using var rig = await GatewayRig.StartAsync();
        var client = rig.Client;
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        const string Message = "<ceb:CEB818Message xmlns:ceb=\"http://www.chinaport.gov.cn/ceb\" guid=\"4CDE1CFD-EDED-46B1-946C-B8022E42FC94\" version=\"1.0\">\n"
            + "<ceb:Tax><ceb:TaxHeadStatus><ceb:guid>4CDE1CFD-EDED-46B1-946C-B8022E42FC94</ceb:guid><ceb:returnTime>20260308112701123</ceb:returnTime>"
            + "<ceb:invtNo>1</ceb:invtNo><ceb:taxNo>1_0</ceb:taxNo>\n<ceb:status>9</ceb:status></ceb:TaxHeadStatus></ceb:Tax></ceb:CEB818Message>";
        using var answer = await client.PostAsync("/v1/tools/lint", new StringContent(Message));
        var result = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var finding = Assert.Single(result.GetProperty("findings").EnumerateArray());
        Assert.Equal((1, 0), (result.GetProperty("errors").GetInt32(), result.GetProperty("warnings").GetInt32()));
        Assert.Equal(
            (3, "error", "S1011", "Tax[0]/status"),
            (finding.GetProperty("line").GetInt32(), finding.GetProperty("severity").GetString(), finding.GetProperty("code").GetString(), finding.GetProperty("where").GetString()));
        Assert.StartsWith("CEB818 TaxHeadStatus.status C1", finding.GetProperty("rule").GetString(), StringComparison.Ordinal);

        using var nothing = await client.PostAsync("/v1/tools/lint", new StringContent(""));
        Assert.Equal("S1040", (await nothing.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("findings")[0].GetProperty("code").GetString());
        using var large = await SendTooMuchAsync(client, "/v1/tools/lint");
        await Answers.ProblemAsync(large, HttpStatusCode.RequestEntityTooLarge, RequestCodes.BodyTooLarge);
        using var nobody = rig.ClientOf(null);
        using var refused = await nobody.PostAsync("/v1/tools/lint", new StringContent(Message));
        await Answers.ProblemAsync(refused, HttpStatusCode.Unauthorized, RequestCodes.KeyMissing);
    }

    [Fact]
    public async Task The_doctor_of_signatures_says_what_is_wrong_with_one()
    {
        await using var rig = await GatewayRig.StartAsync();
        var client = rig.Client;
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        const string Message = "<CEB818Message xmlns=\"http://www.chinaport.gov.cn/ceb\" guid=\"4CDE1CFD-EDED-46B1-946C-B8022E42FC94\" version=\"1.0\"><Tax><TaxHeadStatus/></Tax></CEB818Message>";
        using var answer = await client.PostAsync("/v1/tools/signature", new StringContent(Message));
        var found = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.OK, "missing"), (answer.StatusCode, found.GetProperty("fault").GetString()));
        Assert.Contains(CebSignature.Sm2Sm3, found.GetProperty("allowed").GetProperty("signatureMethods").EnumerateArray().Select(one => one.GetString()));

        using var dtd = await client.PostAsync("/v1/tools/signature", new StringContent("<!DOCTYPE x [<!ENTITY a \"b\">]>" + Message));
        await Answers.ProblemAsync(dtd, HttpStatusCode.UnprocessableEntity, FieldCodes.DtdForbidden);
        using var large = await SendTooMuchAsync(client, "/v1/tools/signature");
        await Answers.ProblemAsync(large, HttpStatusCode.RequestEntityTooLarge, RequestCodes.BodyTooLarge);
    }

    /// <summary>The answer comes before the body is sent, which would else break off under it.</summary>
    private static async Task<HttpResponseMessage> SendTooMuchAsync(HttpClient client, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(new byte[(1 << 20) + 1]) };
        request.Headers.ExpectContinue = true;
        return await client.SendAsync(request);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health/live")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/metrics")]
    public async Task What_is_open_needs_no_key(string path)
    {
        await using var rig = await GatewayRig.StartAsync();
        using var client = rig.ClientOf(null);
        using var answer = await client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
