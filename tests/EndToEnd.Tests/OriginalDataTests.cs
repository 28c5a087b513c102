using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Sandan.Signing.Tests;

namespace Sandan.EndToEnd.Tests;

/// <summary>
/// GACC 2018-179 through the one gateway, from both ends: customs ask a platform of this installation, which uploads to customs of
/// this installation.
/// </summary>
public sealed class OriginalDataTests : IAsyncLifetime
{
    private const string RsaPlatform = "3302960001"; // of development
    private const string Sm2Platform = "3302960SM2";
    private const string Password = "secret";

    private readonly Installation installation = Installation.Create();
    private readonly Dictionary<string, byte[]> certificates = [];
    private IReadOnlyList<WebApplication> apps = [];

    private Client Client { get; set; } = null!;

    public async Task InitializeAsync()
    {
        var settings = installation.Settings.Select(one => $"--{one.Key}={one.Value}").ToList();
        settings.AddRange(["--OriginalData:RetryDelay=00:00:00.100", "--OriginalData:RefusalsMax=1000"]); // until the certificate is known everywhere
        foreach (var (platform, kind) in ((string, string)[])[(RsaPlatform, "RSA"), (Sm2Platform, "SM2")])
        {
            var file = Path.Combine(installation.Folder, platform + ".p12");
            certificates[platform] = Cards.Write(kind, file, Password);
            settings.AddRange([
                $"--OriginalData:Platforms:{platform}:KeyFile={file}", $"--OriginalData:Platforms:{platform}:KeyPassword={Password}",
                $"--OriginalData:Platforms:{platform}:UploadUrl={installation.Gateway}v1/179/realTimeDataUpload"]);
        }

        apps = All.Program.Build([.. settings]);
        await Task.WhenAll(apps.Select(app => app.StartAsync()));
        await installation.ReadyAsync(Eventually.Soon);
        Client = new(installation);
    }

    public async Task DisposeAsync()
    {
        Client?.Dispose();
        await Task.WhenAll(apps.Select(app => app.StopAsync()));
        foreach (var app in apps)
        {
            await app.DisposeAsync();
        }

        await installation.DisposeAsync();
    }

    [Fact]
    public async Task Customs_ask_a_platform_and_its_upload_is_taken_and_compared_with_RSA_and_with_SM2()
    {
        await Expect(HttpStatusCode.Created, Client.PostAsync("operator", "/v1/companies", new JsonObject
        {
            ["code"] = Sm2Platform, ["name"] = "第二平台", ["roles"] = new JsonArray("platform"),
        }));
        var made = await Expect(HttpStatusCode.Created, Client.PostAsync(
            "operator", $"/v1/companies/{Sm2Platform}/keys", new JsonObject { ["role"] = "platform", ["environment"] = "test" }));
        await AskAndCompareAsync(RsaPlatform, Client.Key("platform"));
        await AskAndCompareAsync(Sm2Platform, made.Json["key"]!.ToString());
    }

    private async Task AskAndCompareAsync(string platform, string key)
    {
        await Expect(HttpStatusCode.Created, Client.PostAsync(
            "operator", $"/v1/companies/{platform}/certificates", new JsonObject { ["certificate"] = Convert.ToBase64String(certificates[platform]) }));
        var address = await Expect(HttpStatusCode.Created, Client.SendAsync(HttpMethod.Post, key, "/v1/original-payments/addresses", null));
        await Expect(HttpStatusCode.OK, Client.SendAsync(
            HttpMethod.Put, Client.Key("operator"), $"/v1/original-payments/platforms/{platform}",
            Json(new JsonObject { ["platDataOpen"] = new Uri(installation.Gateway, address.Json["path"]!.ToString()).ToString() })));

        var number = Documents.NewNumber();
        var payment = Documents.Payment(number);
        payment["ebpCode"] = platform;
        await Expect(HttpStatusCode.Created, Client.PostAsync("payment", "/v1/payments", payment));
        await Expect(HttpStatusCode.Created, Client.PostAsync("customs", "/v1/original-payments/inquiries", new JsonObject { ["ebpCode"] = platform, ["orderNo"] = number }));

        // Asked before the data are there; then they come.
        await RequestAsync(number, key, "waitingForData");
        var deposit = Documents.OriginalPayment(number);
        deposit["payExchangeInfoHead"]!["ebpCode"] = platform;
        await Expect(HttpStatusCode.Created, Client.SendAsync(HttpMethod.Post, key, "/v1/original-payments", Json(deposit)));
        await RequestAsync(number, key, "accepted");
        var inquiry = (await Client.GetAsync("customs", $"/v1/original-payments/inquiries?orderNo={number}")).Json["data"]!.AsArray().Single()!;
        Assert.Equal(("uploaded", "10000"), (inquiry["state"]!.ToString(), inquiry["code"]!.ToString()));
        Assert.Empty(inquiry["findings"]!.AsArray());
    }

    private Task<Answer> RequestAsync(string orderNo, string key, string state) => Eventually.BecomesAsync(
        () => Client.SendAsync(HttpMethod.Get, key, $"/v1/original-payments/requests?orderNo={orderNo}", null),
        answer => answer.Json["data"]!.AsArray().SingleOrDefault()?["state"]?.ToString() == state,
        $"the request is {state}");

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");

    private static async Task<Answer> Expect(HttpStatusCode status, Task<Answer> asked)
    {
        var answer = await asked;
        Assert.True(answer.Status == status, answer.ToString());
        return answer;
    }
}
