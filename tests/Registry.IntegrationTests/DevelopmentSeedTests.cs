using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Sandan.Shared.Security;

namespace Sandan.Registry.IntegrationTests;

public sealed class DevelopmentSeedTests
{
    [ServersFact]
    public async Task The_seed_writes_keys_for_its_owner_alone_keeps_good_ones_and_replaces_revoked_ones()
    {
        await using var rig = await RegistryRig.StartAsync();
        var path = Path.Combine(rig.Folder, "env", "env.json");
        var option = $"--SANDAN_DEVELOPMENT_ENV={path}";
        await rig.RunAsync(option);
        var first = Read(path);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        Assert.Equal("http://127.0.0.1:8080", first.GetProperty("gateway").GetString());
        Assert.Equal("3302960002", first.GetProperty("companies").GetProperty("seller").GetString());
        Assert.Equal(20L, await rig.ScalarAsync("SELECT count(*) FROM goods"));

        await rig.RunAsync(option);
        Assert.Equal(first.GetRawText(), Read(path).GetRawText());
        Assert.Equal(1, await rig.ScalarAsync("SELECT max(version) FROM company"));

        using (var client = rig.As("operator"))
        using (var revoked = await client.DeleteAsync($"/v1/companies/3302960003/keys/{KeyOf(first, "payment").Id}"))
        {
            Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        }

        await rig.RunAsync(option);
        var third = Read(path);
        Assert.NotEqual(KeyOf(first, "payment").Id, KeyOf(third, "payment").Id);
        Assert.Equal(KeyOf(first, "platform").Id, KeyOf(third, "platform").Id);

        for (var time = 0; time < 3; time++)
        {
            File.Delete(path);
            await rig.RunAsync(option);
        }

        Assert.Equal(2L, await rig.ScalarAsync("SELECT count(*) FROM api_key WHERE role = 'platform' AND revoked_at IS NULL"));
        Assert.Equal(4L, await rig.ScalarAsync("SELECT count(*) FROM api_key WHERE role = 'platform'"));
    }

    [ServersFact]
    public async Task Through_the_gateway_the_keys_of_the_seed_open_what_their_roles_may()
    {
        await using var rig = await RegistryRig.StartAsync();
        var path = Path.Combine(rig.Folder, "env.json");
        await rig.RunAsync($"--SANDAN_DEVELOPMENT_ENV={path}");
        await using var gateway = Gateway.Program.Build(
        [
            "--SANDAN_PORT=0", $"--SANDAN_KEYS={rig.Folder}", $"--SANDAN_URL_REGISTRY={rig.Address}",
            "--SANDAN_URL_MATCHER=http://127.0.0.1:9", "--Gateway:ConnectPatience=00:00:00",
        ]);
        await gateway.StartAsync();
        var env = Read(path);

        Assert.Equal(HttpStatusCode.OK, await GetAsync("operator", "/v1/companies/3302960002/keys"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync("declarant", "/v1/goods?limit=5"));
        Assert.Equal(HttpStatusCode.Forbidden, await GetAsync("platform", "/v1/companies/3302960002/keys"));
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync("platform", "/v1/companies/3302960002"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync("customs", "/v1/companies/3302960002"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await GetAsync("platform", "/v1/consignments"));
        await gateway.StopAsync();

        async Task<HttpStatusCode> GetAsync(string role, string route)
        {
            using var client = new HttpClient { BaseAddress = new(gateway.Urls.Single()) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", KeyOf(env, role).Reveal());
            using var answer = await client.GetAsync(route);
            return answer.StatusCode;
        }
    }

    private static JsonElement Read(string path) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(path));

    private static ApiKey KeyOf(JsonElement env, string role) =>
        ApiKey.Parse(env.GetProperty("keys").GetProperty(role).GetString()!)!;
}
