using System.Net;
using Sandan.Contracts.Codes;
using Sandan.Shared.Security;

namespace Sandan.Gateway.Tests;

/// <summary>Routes to services that want no key: announcement 2018-179, called by customs and by platforms.</summary>
public sealed class AnonymousTests
{
    public static TheoryData<string> Routes => ["/v1/179/a-token/platDataOpen", "/v1/179/realTimeDataUpload"];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Without_a_key_the_service_is_told_that_nobody_calls_whatever_the_caller_says(string path)
    {
        await using var rig = await GatewayRig.StartAsync();
        using var client = rig.ClientOf(null);
        client.DefaultRequestHeaders.Add(Caller.Header, new Caller("me", "3302960007", Roles.Operator).Sign(rig.Ring, TimeProvider.System.GetUtcNow()));
        using var answer = await client.PostAsync(path, new FormUrlEncodedContent([new("a", "b")]));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var received = Assert.Single(rig.StandIns["payment"].Requests, one => one.Path == path);
        var caller = Caller.Read(received.Headers[Caller.Header], rig.Ring, TimeProvider.System.GetUtcNow())!;
        Assert.Equal(("", false, false), (caller.Company, Roles.All.Contains(caller.Role), caller.SeesEverything));
        Assert.Equal("a=b", received.Body);
    }

    [Fact]
    public async Task Every_other_route_to_a_service_wants_a_key()
    {
        await using var rig = await GatewayRig.StartAsync();
        using var client = rig.ClientOf(null);
        foreach (var path in (string[])["/v1/original-payments", "/v1/original-payments/addresses", "/v1/original-payments/inquiries", "/v1/179/a/b", "/v1/179/platDataOpen"])
        {
            using var answer = await client.PostAsync(path, new StringContent("{}"));
            Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound, $"{path} {answer.StatusCode}");
        }

        Assert.DoesNotContain(rig.StandIns["payment"].Requests, one => one.Path.StartsWith("/v1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_that_calls_without_a_key_has_a_rate_of_its_own()
    {
        await using var rig = await GatewayRig.StartAsync("AnonymousRequestsPerSecond=1", "AnonymousRequestsBurst=3");
        using var client = rig.ClientOf(null);
        HttpStatusCode status;
        var tries = 0;
        do
        {
            using var answer = await client.PostAsync("/v1/179/realTimeDataUpload", new FormUrlEncodedContent([new("a", "b")]));
            status = answer.StatusCode;
            if (status == HttpStatusCode.TooManyRequests)
            {
                await Answers.ProblemAsync(answer, HttpStatusCode.TooManyRequests, RequestCodes.TooManyRequests);
            }
        }
        while (status == HttpStatusCode.OK && ++tries < 200);

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.True(tries >= 3);
        using var withKey = await rig.Client.GetAsync("/v1/consignments");
        Assert.Equal(HttpStatusCode.OK, withKey.StatusCode);
        using var own = await client.GetAsync("/v1/codes/1332"); // what the gateway answers itself is not counted
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }
}
