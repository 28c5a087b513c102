using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sandan.Contracts.Codes;
using Yarp.ReverseProxy.SessionAffinity;

namespace Sandan.Gateway.Tests;

public sealed class ForwardingTests
{
    [Theory]
    [InlineData("POST", "/v1/orders", "order")]
    [InlineData("POST", "/v1/payments", "payment")]
    [InlineData("POST", "/v1/waybills", "waybill")]
    [InlineData("POST", "/v1/waybill-statuses", "waybill")]
    [InlineData("POST", "/v1/ceb/CEB311", "order")]
    [InlineData("POST", "/v1/ceb/CEB311Message", "order")]
    [InlineData("POST", "/v1/ceb/CEB411", "payment")]
    [InlineData("POST", "/v1/ceb/CEB411Message", "payment")]
    [InlineData("POST", "/v1/ceb/CEB511", "waybill")]
    [InlineData("POST", "/v1/ceb/CEB511Message", "waybill")]
    [InlineData("POST", "/v1/ceb/CEB513", "waybill")]
    [InlineData("POST", "/v1/ceb/CEB513Message", "waybill")]
    [InlineData("POST", "/v1/ceb/CEB621", "customs")]
    [InlineData("POST", "/v1/ceb/CEB621Message", "customs")]
    [InlineData("POST", "/v1/inventories", "customs")]
    [InlineData("GET", "/v1/inventories/3302960002/SD1", "customs")]
    [InlineData("POST", "/v1/inventories/reveal", "customs")]
    [InlineData("GET", "/v1/inventories/3302960002/SD1/tax-bill", "customs")]
    [InlineData("POST", "/v1/cancellations", "customs")]
    [InlineData("POST", "/v1/export-orders", "order")]
    [InlineData("POST", "/v1/export-payments", "payment")]
    [InlineData("POST", "/v1/export-waybills", "waybill")]
    [InlineData("POST", "/v1/export-inventories", "customs")]
    [InlineData("GET", "/v1/export-inventories/3302980005/XCOP1", "customs")]
    [InlineData("POST", "/v1/ceb/CEB303Message", "order")]
    [InlineData("POST", "/v1/ceb/CEB403Message", "payment")]
    [InlineData("POST", "/v1/ceb/CEB505Message", "waybill")]
    [InlineData("POST", "/v1/ceb/CEB603Message", "customs")]
    [InlineData("POST", "/v1/export-cancellations", "customs")]
    [InlineData("POST", "/v1/manifests", "customs")]
    [InlineData("POST", "/v1/arrivals", "customs")]
    [InlineData("POST", "/v1/departures", "customs")]
    [InlineData("POST", "/v1/export-returns", "customs")]
    [InlineData("GET", "/v1/export-returns/T20261120000000001", "customs")]
    [InlineData("POST", "/v1/export-returns/T20261120000000001/actions", "customs")]
    [InlineData("POST", "/v1/export-inventories/3302960005/C1/actions", "customs")]
    [InlineData("POST", "/v1/export-return-tallies", "customs")]
    [InlineData("POST", "/v1/ceb/CEB213Message", "customs")]
    [InlineData("POST", "/v1/ceb/CEB215Message", "customs")]
    [InlineData("POST", "/v1/summaries", "customs")]
    [InlineData("GET", "/v1/summaries/3302980005/SUM1", "customs")]
    [InlineData("GET", "/v1/summaries/3302980005/SUM1/result?message=2", "customs")]
    [InlineData("POST", "/v1/ceb/CEB701Message", "customs")]
    [InlineData("POST", "/v1/reconciliations?type=CEB701", "customs")]
    [InlineData("POST", "/v1/reconciliations?type=CEB213", "customs")]
    [InlineData("POST", "/v1/reconciliations?type=CEB215", "customs")]
    [InlineData("POST", "/v1/warehousings", "customs")]
    [InlineData("GET", "/v1/warehousings/3302960008/RK1", "customs")]
    [InlineData("POST", "/v1/ceb/CEB711Message", "customs")]
    [InlineData("POST", "/v1/reconciliations?type=CEB711", "customs")]
    [InlineData("PUT", "/v1/stock-accounts/T3102W000001", "customs")]
    [InlineData("GET", "/v1/stock-accounts/T3102W000001?after=R1", "customs")]
    [InlineData("POST", "/v1/stock-accounts/T3102W000001/entries", "customs")]
    [InlineData("GET", "/v1/stock-accounts/T3102W000001/movements", "customs")]
    [InlineData("POST", "/v1/reconciliations?type=CEB509", "customs")]
    [InlineData("POST", "/v1/reconciliations?type=CEB603", "customs")]
    [InlineData("POST", "/v1/cancellations/reveal", "customs")]
    [InlineData("GET", "/v1/inventories/3302960002/SD1/tax-bill/status", "customs")]
    [InlineData("POST", "/v1/returns", "customs")]
    [InlineData("POST", "/v1/returns/reveal", "customs")]
    [InlineData("GET", "/v1/returns/T20261120000000001", "customs")]
    [InlineData("POST", "/v1/returns/T20261120000000001/actions", "customs")]
    [InlineData("POST", "/v1/reconciliations?type=CEB311", "order")]
    [InlineData("POST", "/v1/reconciliations?type=CEB411", "payment")]
    [InlineData("POST", "/v1/reconciliations?type=CEB513&from=2026-11-20", "waybill")]
    [InlineData("POST", "/v1/reconciliations?from=2026-11-20&type=CEB623", "customs")]
    [InlineData("POST", "/v1/reconciliations?from=2026-11-20&type=CEB625", "customs")]
    [InlineData("POST", "/v1/reconciliations", "order")]
    [InlineData("POST", "/v1/ceb/CEB623", "customs")]
    [InlineData("POST", "/v1/ceb/CEB623Message", "customs")]
    [InlineData("POST", "/v1/ceb/CEB625", "customs")]
    [InlineData("POST", "/v1/ceb/CEB625Message", "customs")]
    [InlineData("GET", "/v1/consignments?after=x&limit=5", "matcher")]
    [InlineData("GET", "/v1/consignments/3302960001/SD1", "matcher")]
    [InlineData("GET", "/v1/taxes/3302960001/SD1", "tax")]
    [InlineData("GET", "/v1/clearances", "customs")]
    [InlineData("POST", "/v1/clearances/3302960001/SD1/actions", "customs")]
    [InlineData("GET", "/v1/events?types=a,b", "customs")]
    [InlineData("GET", "/v1/events/stream", "customs")]
    [InlineData("GET", "/v1/credit/companies/3302960002", "credit")]
    [InlineData("GET", "/v1/statistics/summary", "statistics")]
    [InlineData("POST", "/v1/companies", "registry")]
    [InlineData("DELETE", "/v1/companies/3302960002/keys/abc", "registry")]
    [InlineData("GET", "/v1/goods?ebcCode=3302960002", "registry")]
    [InlineData("GET", "/v1/goods/3302960002/A%2FB", "registry")]
    public async Task Each_route_leads_to_its_service_with_path_and_query_as_they_were(string method, string path, string service)
    {
        await using var rig = await GatewayRig.StartAsync();
        using var request = new HttpRequestMessage(new(method), path);
        using var answer = await rig.Client.SendAsync(request);

        Assert.Equal("ok", await answer.Content.ReadAsStringAsync());
        var received = rig.StandIns[service].Requests.Single(one => !one.Path.StartsWith("/internal/", StringComparison.Ordinal));
        Assert.Equal((method, path), (received.Method, received.Path));
    }

    [Theory]
    [InlineData("GET", "/internal/keys/abc", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/../internal/keys/abc", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/goods/..%2f..%2finternal", HttpStatusCode.OK)]
    [InlineData("GET", "/order/metrics", HttpStatusCode.NotFound)]
    [InlineData("GET", "/v1/orders", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/v1/consignments", HttpStatusCode.MethodNotAllowed)]
    public async Task What_is_not_public_is_not_reached(string method, string path, HttpStatusCode status)
    {
        await using var rig = await GatewayRig.StartAsync();
        using var request = new HttpRequestMessage(new(method), path);
        using var answer = await rig.Client.SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
        Assert.DoesNotContain(
            rig.StandIns.Values.SelectMany(one => one.Requests),
            one => one.Path.StartsWith("/internal/keys/abc", StringComparison.Ordinal) || one.Path == "/internal");
    }

    [Fact]
    public async Task Another_ceb_message_gets_404_and_is_told_which_are_taken()
    {
        await using var rig = await GatewayRig.StartAsync();
        using var answer = await rig.Client.PostAsync("/v1/ceb/CEB622Message", new StringContent("<x/>"));

        var problem = await Answers.ProblemAsync(answer, HttpStatusCode.NotFound, RequestCodes.NotFound);
        Assert.Equal("CEB213, CEB215, CEB303, CEB311, CEB403, CEB411, CEB505, CEB507, CEB509, CEB511, CEB513, CEB603, CEB605, CEB607, CEB621, CEB623, CEB625, CEB701, CEB711", problem.Errors.Single().Expected);
    }

    [Fact]
    public async Task A_service_that_is_away_is_said_to_be_away_and_the_next_request_finds_it_back()
    {
        await using var rig = await GatewayRig.StartAsync();
        var address = rig.StandIns["order"].Address;
        await rig.StandIns["order"].DisposeAsync();
        using var away = await rig.Client.PostAsync("/v1/orders", new StringContent("{}"));
        rig.StandIns["order"] = await StandIn.StartAsync(address);
        using var back = await rig.Client.PostAsync("/v1/orders", new StringContent("{}"));

        await Answers.ProblemAsync(away, HttpStatusCode.ServiceUnavailable, RequestCodes.ServiceAway);
        Assert.NotNull(away.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
    }

    [Fact]
    public async Task A_request_that_breaks_on_its_way_is_not_sent_again()
    {
        await using var rig = await GatewayRig.StartAsync("ConnectPatience=00:01:00");
        rig.StandIns["order"].Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        using var broken = await rig.Client.PostAsync("/v1/orders", new StringContent("{}"));

        await Answers.ProblemAsync(broken, HttpStatusCode.BadGateway, RequestCodes.ServiceAway);
        Assert.NotNull(broken.Headers.RetryAfter);
        Assert.Single(rig.StandIns["order"].Requests);
    }

    [Fact]
    public async Task A_service_of_a_version_that_keeps_no_connections_is_reached_too()
    {
        await using var rig = await GatewayRig.StartAsync();
        rig.StandIns["order"].KeepsConnections = false;
        using var answer = await rig.Client.PostAsync("/v1/orders", new StringContent("{}"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(rig.StandIns["order"].Requests);
    }

    [Fact]
    public async Task A_problem_of_a_service_comes_through_as_it_is()
    {
        await using var rig = await GatewayRig.StartAsync();
        rig.StandIns["order"].Answer = context =>
        {
            context.Response.StatusCode = 422;
            context.Response.ContentType = "application/problem+json";
            return context.Response.WriteAsync("{\"code\":\"S2008\"}");
        };
        using var answer = await rig.Client.PostAsync("/v1/orders", new StringContent("{}"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("{\"code\":\"S2008\"}", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Server_sent_events_come_one_by_one_while_the_stream_is_open()
    {
        await using var rig = await GatewayRig.StartAsync();
        var next = new SemaphoreSlim(0);
        rig.StandIns["customs"].Answer = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            for (var number = 1; number <= 3; number++)
            {
                await context.Response.WriteAsync($"data: {number}\n\n");
                await context.Response.Body.FlushAsync();
                await next.WaitAsync(context.RequestAborted); // the following event is written only after this one was read
            }
        };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var answer = await rig.Client.GetAsync(
            "/v1/events/stream", HttpCompletionOption.ResponseHeadersRead, patience.Token);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(patience.Token));
        for (var number = 1; number <= 3; number++)
        {
            Assert.Equal($"data: {number}", await reader.ReadLineAsync(patience.Token));
            Assert.Equal("", await reader.ReadLineAsync(patience.Token));
            next.Release();
        }

        Assert.Null(await reader.ReadLineAsync(patience.Token));
    }

    [Fact]
    public async Task A_trace_goes_on_through_the_gateway_and_the_caller_is_told_its_id()
    {
        await using var rig = await GatewayRig.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/consignments");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null }) { BaseAddress = rig.Address };
        client.DefaultRequestHeaders.Authorization = rig.Client.DefaultRequestHeaders.Authorization;
        using var answer = await client.SendAsync(request);

        var parent = rig.StandIns["matcher"].Requests.Single().Headers["traceparent"];
        Assert.True(ActivityContext.TryParse(parent, null, out var context));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", context.TraceId.ToHexString());
        Assert.NotEqual("b7ad6b7169203331", context.SpanId.ToHexString());
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", answer.Headers.GetValues("X-Trace-Id").Single());
    }

    [Fact]
    public async Task Without_a_trace_the_gateway_begins_one_also_for_a_refusal()
    {
        await using var rig = await GatewayRig.StartAsync();
        using var client = rig.ClientOf(null);
        using var answer = await client.GetAsync("/v1/consignments");

        var problem = await Answers.ProblemAsync(answer, HttpStatusCode.Unauthorized, RequestCodes.KeyMissing);
        Assert.Equal(answer.Headers.GetValues("X-Trace-Id").Single(), problem.TraceId);
    }

    [Fact]
    public async Task No_session_is_ever_bound_to_a_destination()
    {
        await using var rig = await GatewayRig.StartAsync();

        Assert.Empty(rig.Parts.GetServices<ISessionAffinityPolicy>());
    }
}
