using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sandan.Contracts.Codes;
using Sandan.Shared.Security;

namespace Sandan.Registry.IntegrationTests;

public sealed class KeyTests
{
    private const string Keys = "/v1/companies/3302960001/keys";

    [ServersFact]
    public async Task A_key_is_shown_once_and_only_its_hash_is_kept()
    {
        await using var rig = await StartAsync();
        using var client = rig.As("operator");
        var key = await MakeAsync(client);

        Assert.Equal(ApiKey.Live, key.Environment);
        var listed = await client.GetStringAsync(Keys);
        Assert.Contains(key.Id, listed, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Secret, listed, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Secret, (string)(await rig.ScalarAsync("SELECT string_agg(api_key::text, ' ') FROM api_key"))!, StringComparison.Ordinal);
        var facts = await client.GetFromJsonAsync<JsonElement>($"/internal/keys/{key.Id}");
        Assert.Equal(Convert.ToBase64String(key.Hash()), facts.GetProperty("hash").GetString());
        Assert.Equal("3302960001", facts.GetProperty("company").GetString());
        Assert.Equal("platform", facts.GetProperty("role").GetString());
        Assert.False(facts.GetProperty("revoked").GetBoolean());
    }

    [ServersFact]
    public async Task Two_keys_of_a_role_are_in_force_at_most_also_when_many_are_asked_for_at_once()
    {
        await using var rig = await StartAsync();
        using var client = rig.As("operator");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.PostAsync(Keys, RegistryRig.Json("""{"role":"platform"}"""))));

        Assert.Equal(2, answers.Count(one => one.StatusCode == HttpStatusCode.Created));
        Assert.Equal(6, answers.Count(one => one.StatusCode == HttpStatusCode.Conflict));
        var problem = await answers.First(one => one.StatusCode == HttpStatusCode.Conflict).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(RegistryCodes.TooManyKeys, problem.GetProperty("code").GetString());

        var id = (string)(await rig.ScalarAsync("SELECT id FROM api_key LIMIT 1"))!;
        using var revoked = await client.DeleteAsync($"{Keys}/{id}");
        using var again = await client.DeleteAsync($"{Keys}/{id}");
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (revoked.StatusCode, again.StatusCode));
        Assert.True((await client.GetFromJsonAsync<JsonElement>($"/internal/keys/{id}")).GetProperty("revoked").GetBoolean());
        await MakeAsync(client);
    }

    [ServersFact]
    public async Task A_key_is_of_a_role_of_its_company_and_falls_with_it()
    {
        await using var rig = await StartAsync();
        using var client = rig.As("operator");
        using var other = await client.PostAsync(Keys, RegistryRig.Json("""{"role":"customs"}"""));
        using var nonsense = await client.PostAsync(Keys, RegistryRig.Json("""{"role":"boss","environment":"prod","x":1}"""));
        using var nobody = await client.PostAsync("/v1/companies/3302999999/keys", RegistryRig.Json("""{"role":"platform"}"""));
        using var unknown = await client.DeleteAsync($"{Keys}/000000000000");
        using var unknownFacts = await client.GetAsync("/internal/keys/000000000000");
        var key = await MakeAsync(client);
        using var changed = await client.PostAsync(
            "/v1/companies", RegistryRig.Json("""{"code":"3302960001","name":"P","roles":["seller"]}"""));

        Assert.Equal([("/role", RegistryCodes.RoleNotOfCompany)], CompanyTests.ErrorsOf(await other.Content.ReadFromJsonAsync<JsonElement>()));
        Assert.Equal(3, CompanyTests.ErrorsOf(await nonsense.Content.ReadFromJsonAsync<JsonElement>()).Count);
        Assert.All([nobody, unknown, unknownFacts], answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
        Assert.True((await client.GetFromJsonAsync<JsonElement>($"/internal/keys/{key.Id}")).GetProperty("revoked").GetBoolean());
    }

    [ServersFact]
    public async Task Nobody_but_the_gateway_asks_what_a_key_is()
    {
        await using var rig = await StartAsync();
        using var customs = rig.As("customs");
        using var answer = await customs.GetAsync("/internal/keys/000000000000");

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static async Task<RegistryRig> StartAsync()
    {
        var rig = await RegistryRig.StartAsync();
        using var client = rig.As("operator");
        using var stored = await client.PostAsync("/v1/companies", RegistryRig.Json("""{"code":"3302960001","name":"P","roles":["platform"]}"""));
        stored.EnsureSuccessStatusCode();
        return rig;
    }

    private static async Task<ApiKey> MakeAsync(HttpClient client)
    {
        using var answer = await client.PostAsync(Keys, RegistryRig.Json("""{"role":"platform","note":"ERP"}"""));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var key = ApiKey.Parse(made.GetProperty("key").GetString()!)!;
        Assert.Equal(made.GetProperty("id").GetString(), key.Id);
        return key;
    }
}
