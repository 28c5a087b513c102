using System.Net;
using Sandan.Contracts.Codes;
using Sandan.Shared.Security;

namespace Sandan.Gateway.Tests;

public sealed class KeyTests
{
    [Fact]
    public async Task A_good_key_reaches_the_service_as_its_company_and_role_and_as_nothing_else()
    {
        await using var rig = await GatewayRig.StartAsync();
        using var answer = await rig.Client.PostAsync("/v1/orders", new StringContent("{\"role\":\"operator\",\"company\":\"X\"}"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var received = Assert.Single(rig.StandIns["order"].Requests);
        Assert.Equal(
            new Caller(rig.Platform.Id, "3302960001", Roles.Platform),
            Caller.Read(received.Headers[Caller.Header], rig.Ring, TimeProvider.System.GetUtcNow()));
        Assert.DoesNotContain("Authorization", received.Headers.Keys);
        Assert.Equal("{\"role\":\"operator\",\"company\":\"X\"}", received.Body);
    }

    [Fact]
    public async Task Forged_internal_headers_are_dropped()
    {
        await using var rig = await GatewayRig.StartAsync();
        var forged = new Caller("me", "3302960007", Roles.Operator).Sign(rig.Ring, TimeProvider.System.GetUtcNow());
        rig.Client.DefaultRequestHeaders.Add("x-sandan-caller", forged);
        rig.Client.DefaultRequestHeaders.Add("X-Sandan-Anything", "1");
        using var answer = await rig.Client.GetAsync("/v1/consignments");

        var received = Assert.Single(rig.StandIns["matcher"].Requests);
        Assert.Equal(Roles.Platform, Caller.Read(received.Headers[Caller.Header], rig.Ring, TimeProvider.System.GetUtcNow())!.Role);
        Assert.DoesNotContain("X-Sandan-Anything", received.Headers.Keys);
    }

    [Fact]
    public async Task A_forged_internal_header_without_a_key_opens_nothing()
    {
        await using var rig = await GatewayRig.StartAsync();
        using var client = rig.ClientOf(null);
        client.DefaultRequestHeaders.Add(
            Caller.Header, new Caller("me", "3302960007", Roles.Operator).Sign(rig.Ring, TimeProvider.System.GetUtcNow()));
        using var answer = await client.GetAsync("/v1/consignments");

        await Answers.ProblemAsync(answer, HttpStatusCode.Unauthorized, RequestCodes.KeyMissing);
        Assert.Empty(rig.StandIns["matcher"].Requests);
    }

    [Theory]
    [InlineData(null, RequestCodes.KeyMissing)]
    [InlineData("Basic c2RuOnNkbg==", RequestCodes.KeyMissing)]
    [InlineData("Bearer", RequestCodes.KeyMissing)]
    [InlineData("Bearer x", RequestCodes.KeyUnknown)]
    [InlineData("Bearer sdn_live_short_secret", RequestCodes.KeyUnknown)]
    [InlineData("Bearer sdn_prod_000000000000_0000000000000000000000000000000000000000000", RequestCodes.KeyUnknown)]
    [InlineData("Bearer sdn_live_00000000000/_0000000000000000000000000000000000000000000", RequestCodes.KeyUnknown)]
    [InlineData("Bearer sdn_live_000000000000_0000000000000000000000000000000000000000000", RequestCodes.KeyUnknown)]
    public async Task What_is_no_known_key_gets_401_and_is_told_how(string? authorization, string code)
    {
        await using var rig = await GatewayRig.StartAsync();
        using var client = rig.ClientOf(null);
        if (authorization is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        }

        using var answer = await client.PostAsync("/v1/orders", new StringContent("{}"));

        await Answers.ProblemAsync(answer, HttpStatusCode.Unauthorized, code);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Empty(rig.StandIns["order"].Requests);
    }

    [Fact]
    public async Task The_right_id_with_a_wrong_secret_or_environment_or_after_revocation_gets_401()
    {
        await using var rig = await GatewayRig.StartAsync();
        var revoked = rig.AddKey("3302960002", Roles.Seller, revoked: true);
        foreach (var key in new[]
        {
            (rig.Platform with { Secret = ApiKey.Create(ApiKey.Live).Secret }).Reveal(),
            (rig.Platform with { Environment = ApiKey.Test }).Reveal(),
            revoked.Reveal(),
        })
        {
            using var client = rig.ClientOf(key);
            using var answer = await client.GetAsync("/v1/consignments");
            await Answers.ProblemAsync(answer, HttpStatusCode.Unauthorized, RequestCodes.KeyUnknown);
        }
    }

    [Fact]
    public async Task A_revoked_key_stops_working_when_its_time_in_memory_is_over()
    {
        await using var rig = await GatewayRig.StartAsync("KeyFreshFor=00:00:00");
        using var before = await rig.Client.GetAsync("/v1/consignments");
        rig.Set(rig.Platform, "3302960001", Roles.Platform, revoked: true);
        using var after = await rig.Client.GetAsync("/v1/consignments");

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Fact]
    public async Task The_registry_is_asked_once_for_many_requests_with_one_key()
    {
        await using var rig = await GatewayRig.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 32).Select(async _ =>
        {
            using var answer = await rig.Client.GetAsync("/v1/consignments");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }));

        Assert.Equal(1, rig.KeyQuestions);
    }

    [Fact]
    public async Task An_unknown_id_is_asked_about_once_while_it_is_remembered()
    {
        await using var rig = await GatewayRig.StartAsync();
        using var client = rig.ClientOf(ApiKey.Create(ApiKey.Live).Reveal());
        for (var time = 0; time < 5; time++)
        {
            using var answer = await client.GetAsync("/v1/consignments");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        Assert.Equal(1, rig.KeyQuestions);
    }

    [Fact]
    public async Task Whoever_fails_too_often_waits_and_a_good_key_from_the_same_address_goes_on()
    {
        await using var rig = await GatewayRig.StartAsync("FailuresBurst=3", "FailuresPerSecond=1");
        using (var first = await rig.Client.GetAsync("/v1/consignments"))
        {
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await FailAsync());
        await UntilAsync(HttpStatusCode.TooManyRequests); // more than 3 tries on a slow machine: the allowance grows meanwhile
        using var good = await rig.Client.GetAsync("/v1/consignments");
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);

        // What grows back is one attempt and a fraction: the fraction is no further one.
        await Task.Delay(1_300);
        await UntilAsync(HttpStatusCode.Unauthorized);
        await UntilAsync(HttpStatusCode.TooManyRequests);

        async Task<HttpStatusCode> FailAsync()
        {
            using var client = rig.ClientOf(ApiKey.Create(ApiKey.Live).Reveal());
            using var answer = await client.GetAsync("/v1/consignments");
            Assert.Equal(answer.StatusCode == HttpStatusCode.TooManyRequests, answer.Headers.RetryAfter is not null);
            return answer.StatusCode;
        }

        async Task UntilAsync(HttpStatusCode expected)
        {
            var tries = 0;
            while (await FailAsync() != expected)
            {
                Assert.True(++tries < 500, $"{tries} tries without {expected}.");
            }
        }
    }

    [Fact]
    public async Task While_the_registry_is_away_a_known_key_serves_on_and_an_unknown_one_gets_503()
    {
        await using var rig = await GatewayRig.StartAsync("KeyFreshFor=00:00:00");
        using (var known = await rig.Client.GetAsync("/v1/consignments"))
        {
            Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        }

        await rig.StandIns["registry"].StopAsync();
        using var still = await rig.Client.GetAsync("/v1/consignments");
        using var client = rig.ClientOf(ApiKey.Create(ApiKey.Live).Reveal());
        using var unknown = await client.GetAsync("/v1/consignments");

        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        await Answers.ProblemAsync(unknown, HttpStatusCode.ServiceUnavailable, RequestCodes.ServiceAway);
        Assert.NotNull(unknown.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_key_known_too_long_ago_does_not_outlive_the_registry()
    {
        await using var rig = await GatewayRig.StartAsync("KeyFreshFor=00:00:00", "KeyStaleMax=00:00:00");
        using (var known = await rig.Client.GetAsync("/v1/consignments"))
        {
            Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        }

        await rig.StandIns["registry"].StopAsync();
        using var answer = await rig.Client.GetAsync("/v1/consignments");

        await Answers.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable, RequestCodes.ServiceAway);
    }
}
