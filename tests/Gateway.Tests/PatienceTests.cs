using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Sandan.Contracts.Codes;

namespace Sandan.Gateway.Tests;

/// <summary>A service that restarts is waited for, and no longer, by no more and for no other reason than can be borne.</summary>
public sealed class PatienceTests
{
    [Fact]
    public async Task Requests_wait_for_a_service_that_restarts_while_the_gateway_says_that_it_is_away()
    {
        await using var rig = await GatewayRig.StartAsync("ConnectPatience=00:01:00");
        var address = rig.StandIns["order"].Address;
        using var before = await rig.Client.PostAsync("/v1/orders", new StringContent("before")); // leaves an open connection
        await rig.StandIns["order"].DisposeAsync();
        var waiting = Enumerable.Range(0, 20).Select(at => rig.Client.PostAsync("/v1/orders", new StringContent($"{at}"))).ToArray();
        using var other = await rig.Client.GetAsync("/v1/consignments");
        await UntilAsync(async () => (await NotReadyAsync()).SequenceEqual(["order"]));

        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.DoesNotContain(waiting, one => one.IsCompleted);
        var back = rig.StandIns["order"] = await StandIn.StartAsync(address);
        var answers = await Task.WhenAll(waiting);
        Assert.All(answers, one => Assert.Equal(HttpStatusCode.OK, one.StatusCode));
        Assert.Equal(Enumerable.Range(0, 20).Select(at => $"{at}").Order(), back.Requests.Select(one => one.Body).Order());
        Assert.All(back.Requests, one => Assert.True(ActivityContext.TryParse(one.Headers["traceparent"], null, out _)));
        await UntilAsync(async () => (await NotReadyAsync()).Length == 0);

        async Task<string[]> NotReadyAsync()
        {
            using var answer = await rig.Client.GetAsync("/health/ready");
            var notReady = (await answer.Content.ReadFromJsonAsync<JsonNode>())!["notReady"]!.AsArray().Select(one => $"{one}").ToArray();
            Assert.Equal(notReady.Length == 0 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            return notReady;
        }
    }

    [Fact]
    public async Task A_service_that_stays_away_is_waited_for_once_and_not_by_each()
    {
        await using var rig = await GatewayRig.StartAsync("ConnectPatience=00:00:02");
        var address = rig.StandIns["order"].Address;
        await rig.StandIns["order"].DisposeAsync();
        var since = Stopwatch.GetTimestamp();
        for (var at = 0; at < 30; at++)
        {
            using var away = await rig.Client.PostAsync("/v1/orders", new StringContent("{}"));
            await Answers.ProblemAsync(away, HttpStatusCode.ServiceUnavailable, RequestCodes.ServiceAway);
            Assert.NotNull(away.Headers.RetryAfter);
        }

        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30)); // not 30 times 2 s
        rig.StandIns["order"] = await StandIn.StartAsync(address);
        using var back = await rig.Client.PostAsync("/v1/orders", new StringContent("{}"));
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
    }

    [Fact]
    public async Task Only_so_many_wait_and_the_others_are_refused_at_once()
    {
        await using var rig = await GatewayRig.StartAsync("ConnectPatience=00:01:00", "ConnectionsPerServiceMax=5");
        var address = rig.StandIns["order"].Address;
        await rig.StandIns["order"].DisposeAsync();
        var all = Enumerable.Range(0, 20).Select(_ => rig.Client.PostAsync("/v1/orders", new StringContent("{}"))).ToList();
        await UntilAsync(() => Task.FromResult(all.Count(one => one.IsCompleted) == 15));
        foreach (var refused in all.Where(one => one.IsCompleted))
        {
            await Answers.ProblemAsync(await refused, HttpStatusCode.ServiceUnavailable, RequestCodes.ServiceAway);
            Assert.NotNull((await refused).Headers.RetryAfter);
        }

        var waiting = all.Where(one => !one.IsCompleted).ToArray();
        Assert.Equal(5, waiting.Length);
        rig.StandIns["order"] = await StandIn.StartAsync(address);
        Assert.All(await Task.WhenAll(waiting), one => Assert.Equal(HttpStatusCode.OK, one.StatusCode));
    }

    [Fact]
    public async Task A_key_that_is_not_known_yet_waits_for_a_registry_that_restarts()
    {
        await using var rig = await GatewayRig.StartAsync("ConnectPatience=00:01:00");
        var (address, answers) = (rig.StandIns["registry"].Address, rig.StandIns["registry"].Answer);
        await rig.StandIns["registry"].DisposeAsync();
        var first = rig.Client.GetAsync("/v1/consignments");
        using (var ready = await rig.Client.GetAsync("/health/ready"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        }

        Assert.False(first.IsCompleted);
        rig.StandIns["registry"] = await StandIn.StartAsync(address, answers);
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
    }

    private static async Task UntilAsync(Func<Task<bool>> reached)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await reached())
        {
            await Task.Delay(20, deadline.Token);
        }
    }
}
