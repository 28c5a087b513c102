using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using Sandan.Contracts.Events;
using Sandan.IntegrationTests;
using Sandan.Shared.Security;
using Sandan.Signing;
using Sandan.Signing.Tests;

namespace Sandan.Intake.IntegrationTests;

/// <summary>The payment service with platforms that have a key, RSA or SM2, and customs as a server of the test.</summary>
public sealed class OriginalDataInstallation : Installation
{
    public const string RsaPlatform = "3301961A2B";
    public const string Sm2Platform = "3301961A2D";
    public const string KeylessPlatform = "3301961A2E";
    public const string Secret = "张三丰的原始请求";
    private const string Password = "secret";

    private readonly string folder = Directory.CreateTempSubdirectory("sandan-test-cards-").FullName;

    public WebApplication Payment { get; private set; } = null!;

    public Partner Customs { get; private set; } = null!;

    public NpgsqlDataSource Database { get; private set; } = null!;

    /// <summary>By platform.</summary>
    public Dictionary<string, CebCertificate> Certificates { get; } = [];

    public string[] Settings =>
    [
        "--OriginalData:AnswerWithin=00:00:01", "--OriginalData:RetryDelay=00:00:00.020", "--OriginalData:RetryDelayMax=00:00:00.100",
        .. SettingsOf(RsaPlatform), .. SettingsOf(Sm2Platform),
    ];

    public string[] SettingsOf(string platform) =>
    [
        $"--OriginalData:Platforms:{platform}:KeyFile={KeyFile(platform)}", $"--OriginalData:Platforms:{platform}:KeyPassword={Password}",
        $"--OriginalData:Platforms:{platform}:UploadUrl={Customs.Address}",
    ];

    public CebSigner SignerOf(string platform) => CebSigner.Load(KeyFile(platform), Password, sha1: true);

    public static JsonObject Deposit(string orderNo, params string[] further) => new()
    {
        ["payExchangeInfoHead"] = new JsonObject
        {
            ["initalRequest"] = $"name={Secret}&no={orderNo}",
            ["initalResponse"] = "ok",
            ["payCode"] = Make.Bank,
            ["payTransactionId"] = $"P-{orderNo}",
            ["totalAmount"] = "118.14555",
            ["currency"] = "142",
            ["verDept"] = "1",
            ["tradingTime"] = "20261120115900",
        },
        ["payExchangeInfoLists"] = new JsonArray([.. further.Prepend(orderNo).Select(number => (JsonNode)new JsonObject
        {
            ["orderNo"] = number,
            ["goodsInfo"] = new JsonArray(new JsonObject { ["gname"] = "婴儿奶粉", ["itemLink"] = "https://shop.example/1" }),
            ["recpAccount"] = "6222020000000000000",
            ["recpName"] = "三单贸易",
        })]),
    };

    public Task<HttpResponseMessage> DepositAsync(JsonNode deposit, string platform = RsaPlatform, WebApplication? service = null) =>
        SendAsync(service ?? Payment, HttpMethod.Post, "/v1/original-payments", platform, Roles.Platform, JsonContent.Create(deposit), English);

    /// <summary>A new address of a platform.</summary>
    public async Task<string> AddressAsync(string platform = RsaPlatform)
    {
        using var made = await SendAsync(Payment, HttpMethod.Post, "/v1/original-payments/addresses", platform, Roles.Platform);
        Assert.Equal(201, (int)made.StatusCode);
        return (await made.JsonAsync())["path"]!.ToString();
    }

    /// <summary>Posts a form as customs or a platform do, without a key.</summary>
    public async Task<JsonNode> PostFormAsync(string path, string field, string json, WebApplication? service = null)
    {
        using var content = new FormUrlEncodedContent([new(field, json)]);
        using var answer = await SendAsync(service ?? Payment, HttpMethod.Post, path, "", "anonymous", content, English);
        Assert.Equal(200, (int)answer.StatusCode);
        return await answer.JsonAsync();
    }

    /// <summary>Asks for an order by platDataOpen; returns the code.</summary>
    public async Task<string> AskAsync(string address, string orderNo, string? session = null, WebApplication? service = null) =>
        (await PostFormAsync(
            address, "openReq", new JsonObject { ["orderNo"] = orderNo, ["sessionID"] = session ?? $"s-{orderNo}", ["serviceTime"] = 1533271903898 }.ToJsonString(),
            service))["code"]!.ToString();

    /// <summary>The one request for an order, once it is in that state.</summary>
    public async Task<JsonNode> RequestAsync(string orderNo, string state, string platform = RsaPlatform)
    {
        JsonNode? last = null;
        await Eventually.BecomesAsync($"the request for {orderNo} is {state}", async () =>
        {
            using var answer = await SendAsync(
                Payment, HttpMethod.Get, $"/v1/original-payments/requests?orderNo={orderNo}", platform, Roles.Platform);
            last = Assert.Single((await answer.JsonAsync())["data"]!.AsArray())!;
            return last["state"]!.ToString() == state;
        });
        return last!;
    }

    public async Task RestartAsync(params string[] arguments)
    {
        await Payment.StopAsync();
        Payment = await StartAsync(Sandan.Payment.Program.Build, [.. Settings, .. arguments]);
    }

    protected override async Task StartAsync()
    {
        Customs = await Partner.StartAsync();
        foreach (var (platform, kind) in ((string, string)[])[(RsaPlatform, "RSA"), (Sm2Platform, "SM2"), (KeylessPlatform, "SM2")])
        {
            Certificates[platform] = CebCertificate.Read(Convert.ToBase64String(Cards.Write(kind, KeyFile(platform), Password)))!;
        }

        Payment = await StartAsync(Sandan.Payment.Program.Build, Settings);
        Database = DatabaseOf("payment");
        await RegisterAsync(RsaPlatform);
        await RegisterAsync(Sm2Platform);
    }

    /// <summary>The registry tells of a platform's certificate.</summary>
    public async Task RegisterAsync(string platform, bool revoked = false)
    {
        var certificate = Certificates[platform];
        await Bus.PublishAsync(new CertificatesRegistered([new(platform, certificate.Id, certificate.Der, revoked)]));
        await Eventually.BecomesAsync("the certificate is known", async () => await Database.CountAsync(
            "SELECT count(*) FROM certificate WHERE company = $1 AND revoked = $2", platform, revoked) == 1);
    }

    private string KeyFile(string platform) => Path.Combine(folder, platform + ".p12");

    private static void English(HttpRequestMessage request) => request.Headers.AcceptLanguage.ParseAdd("en");
}
