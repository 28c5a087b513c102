using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Sandan.Shared.Audit;

namespace Sandan.EndToEnd.Tests;

/// <summary>What must be answered for, through the gateway, and the command that follows the trails.</summary>
[Collection("one process")]
public sealed class AuditTests(OneProcess system)
{
    private Client Client => system.Client;

    [Fact]
    public async Task What_operators_and_officers_do_is_in_the_trails_and_verify_follows_them()
    {
        var code = $"{Guid.CreateVersion7():N}"[^10..].ToUpperInvariant();
        await Client.PostAsync("operator", "/v1/companies", new JsonObject { ["code"] = code, ["name"] = "审计公司", ["roles"] = new JsonArray("platform") });
        var key = (await Client.PostAsync("operator", $"/v1/companies/{code}/keys", new JsonObject { ["role"] = "platform" })).Json;
        await Client.SendAsync(HttpMethod.Delete, Client.Key("operator"), $"/v1/companies/{code}/keys/{key["id"]}", null);
        await Client.SendAsync(HttpMethod.Delete, Client.Key("operator"), $"/v1/companies/{code}/keys/{key["id"]}", null); // nothing new
        Assert.Equal(
            [$"register company {code} version 1, roles platform", $"createKey key {key["id"]} of {code}, platform, live", $"revokeKey key {key["id"]} of {code}"],
            await TrailAsync("registry", code));

        var number = Documents.NewNumber();
        await Client.PostAsync("platform", "/v1/orders", Documents.Order(number));
        var platform = Client.Company("platform");
        var revealed = await Client.PostAsync(
            "customs", "/v1/orders/reveal", new JsonObject { ["ebpCode"] = platform, ["orderNo"] = number, ["reason"] = "核查" });
        Assert.Equal(HttpStatusCode.OK, revealed.Status);
        Assert.Equal([$"reveal CEB311 {platform} {number} version 1"], await TrailAsync("order", number));

        var file = Path.Combine(system.Installation.Folder, "audit-heads");
        var (code1, said) = await VerifyAsync(file);
        Assert.Equal(0, code1);
        Assert.All(["registry", "order", "payment", "waybill", "customs"], service => Assert.Matches($"(?m)^{service} +[0-9]+ entries hold", said));
        Assert.DoesNotContain("note:", said, StringComparison.Ordinal);
        Assert.Equal(0, (await VerifyAsync(file)).Code);

        // A head that was seen and is not there: the end was cut off, or it is another database.
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\"number\":", "\"number\":1000", StringComparison.Ordinal));
        var (code2, fault) = await VerifyAsync(file);
        Assert.Equal(1, code2);
        Assert.Contains("order      BROKEN", fault, StringComparison.Ordinal);
    }

    private async Task<string[]> TrailAsync(string service, string about)
    {
        var found = new List<string>();
        for (var after = ""; ;)
        {
            var page = (await Client.GetAsync("operator", $"/v1/audit/{service}?limit=7{after}")).Json;
            found.AddRange(page["data"]!.AsArray()
                .Select(entry => $"{entry!["action"]} {entry["subject"]}").Where(text => text.Contains(about, StringComparison.Ordinal)));
            if (page["next"] is not { } next)
            {
                return [.. found];
            }

            after = $"&after={next}";
        }
    }

    private async Task<(int Code, string Said)> VerifyAsync(string file)
    {
        await using var output = new StringWriter();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(system.Installation.Settings.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value))).Build();
        return (await VerifyCommand.RunAsync(configuration, file, output), output.ToString());
    }
}
