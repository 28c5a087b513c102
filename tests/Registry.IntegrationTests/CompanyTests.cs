using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Registry.IntegrationTests;

public sealed class CompanyTests
{
    private const string Seller = """{"code":"3302960002","name":"Seller","roles":["seller"],"tradeMode":1210}""";

    [ServersFact]
    public async Task A_company_is_created_repeated_and_changed_and_each_change_is_told_once()
    {
        await using var rig = await RegistryRig.StartAsync();
        using var client = rig.As("operator");
        using var created = await client.PostAsync("/v1/companies", RegistryRig.Json(Seller));
        using var repeated = await client.PostAsync("/v1/companies", RegistryRig.Json(Seller));
        using var changed = await client.PostAsync("/v1/companies", RegistryRig.Json(Seller.Replace("1210", "\"9610\"", StringComparison.Ordinal)));

        Assert.Equal((HttpStatusCode.Created, "created"), await OutcomeAsync(created));
        Assert.Equal((HttpStatusCode.OK, "unchanged"), await OutcomeAsync(repeated));
        Assert.Equal((HttpStatusCode.OK, "changed"), await OutcomeAsync(changed));
        Assert.Equal("/v1/companies/3302960002", created.Headers.Location?.ToString());
        var told = await rig.EventsAsync<CompaniesRegistered>("matcher", events => events.Count == 2);
        Assert.Equal(
            [(1, SupervisionMode.B2CBonded), (2, SupervisionMode.B2CDirect)],
            told.Select(one => one.Companies.Single()).Select(one => (one.Version, one.Mode!.Value)));
        var shown = await client.GetFromJsonAsync<JsonElement>("/v1/companies/3302960002");
        Assert.Equal(9610, shown.GetProperty("tradeMode").GetInt32());
        Assert.Equal(2, shown.GetProperty("version").GetInt32());
    }

    [ServersFact]
    public async Task Of_many_each_is_answered_and_the_last_of_the_same_code_counts()
    {
        await using var rig = await RegistryRig.StartAsync();
        using var client = rig.As("operator");
        using var answer = await client.PostAsync("/v1/companies", RegistryRig.Json(
            $$"""
            [{{Seller}},
             {"code":"33029600x2","name":"","roles":["seller","boss",7],"tradeMode":5,"colour":"red"},
             17,
             {"code":"3302960001","name":"Platform","roles":["platform"],"tradeMode":1210},
             {"code":"3302960002","name":"Seller later","roles":["seller"]}]
            """));

        var results = (await answer.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().ToList();
        Assert.Equal(["replaced", "refused", "refused", "refused", "created"], results.Select(one => one.GetProperty("outcome").GetString()!));
        Assert.Equal(
            [
                ("/colour", RegistryCodes.UnknownMember), ("/code", RegistryCodes.WrongForm), ("/name", RegistryCodes.Required),
                ("/roles/1", RegistryCodes.NotAllowed), ("/roles/2", RegistryCodes.WrongType), ("/tradeMode", RegistryCodes.NotAllowed),
            ],
            ErrorsOf(results[1]));
        Assert.Equal([("", RegistryCodes.NotAnObject)], ErrorsOf(results[2]));
        Assert.Equal([("/tradeMode", RegistryCodes.ModeOfNoSeller)], ErrorsOf(results[3]));
        Assert.Equal("Seller later", await rig.ScalarAsync("SELECT name FROM company"));
    }

    [ServersFact]
    public async Task A_single_bad_company_is_a_problem_with_every_error()
    {
        await using var rig = await RegistryRig.StartAsync();
        using var client = rig.As("operator");
        using var answer = await client.PostAsync("/v1/companies", RegistryRig.Json("{\"name\":\"\\ud800\",\"name\":\"x\"}"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(RequestCodes.DocumentsInvalid, problem.GetProperty("code").GetString());
        Assert.Equal(
            [
                ("/name", RegistryCodes.RepeatedMember), ("/code", RegistryCodes.Required), ("/name", RegistryCodes.WrongForm),
                ("/roles", RegistryCodes.Required),
            ],
            ErrorsOf(problem));
    }

    [ServersFact]
    public async Task Only_the_operator_registers_and_a_company_sees_itself_alone()
    {
        await using var rig = await RegistryRig.StartAsync();
        using var operator_ = rig.As("operator");
        using var stored = await operator_.PostAsync("/v1/companies", RegistryRig.Json(
            $$"""[{{Seller}},{"code":"3302960001","name":"P","roles":["platform"]},{"code":"330296000300000000","name":"Q","roles":["payment"]}]"""));
        using var seller = rig.As("seller", "3302960002");
        using var refused = await seller.PostAsync("/v1/companies", RegistryRig.Json(Seller));
        using var self = await seller.GetAsync("/v1/companies/3302960002");
        using var other = await seller.GetAsync("/v1/companies/3302960001");
        using var keys = await seller.GetAsync("/v1/companies/3302960002/keys");
        using var nobody = new HttpClient { BaseAddress = rig.Address };
        using var unsigned = await nobody.GetAsync("/v1/companies");

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, self.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, keys.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, unsigned.StatusCode);
        Assert.Equal(["3302960002"], (await PageAsync(seller, "/v1/companies")).Codes);
        using var customs = rig.As("customs");
        var (first, next) = await PageAsync(customs, "/v1/companies?limit=2");
        var (second, end) = await PageAsync(customs, $"/v1/companies?limit=2&after={next}");
        Assert.Equal(["3302960001", "3302960002", "330296000300000000"], [.. first, .. second]);
        Assert.Null(end);
    }

    [ServersFact]
    public async Task A_body_that_cannot_be_taken_is_refused_as_a_whole()
    {
        await using var rig = await RegistryRig.StartAsync();
        using var client = rig.As("operator");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await StatusAsync("{}", "text/plain"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("[{]", "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("", "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("[]", "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("\n \r\n", "application/x-ndjson"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(new string('[', 100), "application/json"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await StatusAsync(
            $"[{string.Join(',', Enumerable.Repeat("{}", 10_001))}]", "application/json"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await StatusAsync(new string(' ', 17 << 20), "application/json"));
        using var limit = await client.GetAsync("/v1/companies?limit=0");
        using var cursor = await client.GetAsync("/v1/companies?after=!!");
        Assert.Equal(HttpStatusCode.BadRequest, limit.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, cursor.StatusCode);

        async Task<HttpStatusCode> StatusAsync(string body, string type)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/companies") { Content = RegistryRig.Json(body, type) };
            request.Headers.ExpectContinue = true; // a refusal comes before the body is sent
            using var answer = await client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    private static async Task<(HttpStatusCode, string?)> OutcomeAsync(HttpResponseMessage answer) =>
        (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("outcome").GetString());

    internal static List<(string?, string?)> ErrorsOf(JsonElement result) =>
        [.. result.GetProperty("errors").EnumerateArray().Select(error => (error.GetProperty("pointer").GetString(), error.GetProperty("code").GetString()))];

    private static async Task<(string[] Codes, string? Next)> PageAsync(HttpClient client, string path)
    {
        var page = await client.GetFromJsonAsync<JsonElement>(path);
        return (
            [.. page.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("code").GetString()!)],
            page.TryGetProperty("next", out var next) ? next.GetString() : null);
    }
}
