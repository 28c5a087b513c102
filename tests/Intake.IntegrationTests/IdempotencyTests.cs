using System.Text.Json.Nodes;
using Sandan.IntegrationTests;

namespace Sandan.Intake.IntegrationTests;

/// <summary>A request that is repeated under its key is answered as before, byte for byte, and stores nothing.</summary>
public sealed class IdempotencyTests(IntakeInstallation intake) : IClassFixture<IntakeInstallation>
{
    [ServersTheory]
    [InlineData("\"key-1\"", "key-1")]
    [InlineData("key-2", "\"key-2\"")]
    [InlineData("a.b:c_d-E", "a.b:c_d-E")]
    public async Task A_repeat_is_answered_byte_for_byte_quoted_or_bare(string first, string second)
    {
        var body = new JsonArray(Make.Order($"I-{first.Trim('"')}"), Make.Order("I-BAD").With("currency", "1")).ToJsonString();
        using var one = await intake.PostAsync(body, idempotencyKey: first);
        using var other = await intake.PostAsync(body, idempotencyKey: second, language: "zh-CN");

        Assert.Equal(one.StatusCode, other.StatusCode);
        Assert.Equal(await one.Content.ReadAsByteArrayAsync(), await other.Content.ReadAsByteArrayAsync());
        Assert.Equal(one.Content.Headers.ContentType, other.Content.Headers.ContentType);
        Assert.False(one.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(["true"], other.Headers.GetValues("Idempotency-Replayed"));
        Assert.Equal(1, await intake.VersionsOfAsync($"I-{first.Trim('"')}"));
    }

    [ServersFact]
    public async Task A_refusal_is_repeated_too()
    {
        var body = Make.Order("I-REFUSED").With("currency", "1").ToJsonString();
        using var one = await intake.PostAsync(body, idempotencyKey: "refused");
        using var other = await intake.PostAsync(body, idempotencyKey: "refused");

        Assert.Equal("422 S2008", await one.CodeAsync());
        Assert.Equal(await one.Content.ReadAsStringAsync(), await other.Content.ReadAsStringAsync());
        Assert.Equal("application/problem+json", other.Content.Headers.ContentType!.MediaType);
    }

    [ServersFact]
    public async Task A_key_with_another_body_is_refused()
    {
        using var one = await intake.PostAsync(Make.Order("I-422-A").ToJsonString(), idempotencyKey: "two-bodies");
        using var other = await intake.PostAsync(Make.Order("I-422-B").ToJsonString(), idempotencyKey: "two-bodies");

        Assert.Equal("422 S2009", await other.CodeAsync());
        Assert.Equal(0, await intake.VersionsOfAsync("I-422-B"));
    }

    [ServersFact]
    public async Task Keys_of_other_companies_and_routes_are_others()
    {
        using var platform = await intake.PostAsync(Make.Order("I-SCOPE-1").ToJsonString(), idempotencyKey: "scope");
        using var seller = await intake.PostAsync(
            Make.Order("I-SCOPE-2").ToJsonString(), company: Make.Seller, role: "seller", idempotencyKey: "scope");
        using var payment = await intake.PostAsync(
            Make.Payment("I-SCOPE-3").ToJsonString(), company: Make.Bank, role: "payment", idempotencyKey: "scope", path: "/v1/payments",
            service: intake.Payment);

        Assert.Equal(
            ["201 created", "201 created", "201 created"],
            await Task.WhenAll(new[] { platform, seller, payment }.Select(one => one.OutcomeAsync())));
    }

    [ServersTheory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("with space")]
    [InlineData("\"open")]
    [InlineData("a/b")]
    [InlineData("a,b")]
    [InlineData("129")]
    public async Task A_malformed_key_is_a_bad_request(string key)
    {
        using var answer = await intake.PostAsync(
            Make.Order("I-400").ToJsonString(), idempotencyKey: key == "129" ? new string('k', 129) : key);

        Assert.Equal("400 S2010", await answer.CodeAsync());
        Assert.Equal(0, await intake.VersionsOfAsync("I-400"));
    }

    [ServersFact]
    public async Task The_same_key_fifty_times_at_once_stores_once_and_answers_all_alike()
    {
        var body = Make.Order("I-50").ToJsonString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => intake.PostAsync(body, idempotencyKey: "fifty")));

        Assert.All(answers, one => Assert.Equal(201, (int)one.StatusCode));
        Assert.Single((await Task.WhenAll(answers.Select(one => one.Content.ReadAsStringAsync()))).Distinct());
        Assert.Equal(49, answers.Count(one => one.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal(1, await intake.VersionsOfAsync("I-50"));
    }
}
