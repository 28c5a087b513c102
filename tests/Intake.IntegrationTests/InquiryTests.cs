using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sandan.Intake.Storage;
using Sandan.IntegrationTests;
using Sandan.Payment.OriginalData;
using Sandan.Shared.Security;

namespace Sandan.Intake.IntegrationTests;

/// <summary>The side of customs of GACC 2018-179: platforms are asked, what they upload is believed only if everything holds.</summary>
public sealed class InquiryTests(OriginalDataInstallation system) : IClassFixture<OriginalDataInstallation>
{
    private const string Platform = OriginalDataInstallation.RsaPlatform;
    private const string Officer = "3300000001";

    [ServersTheory]
    [InlineData(OriginalDataInstallation.RsaPlatform)]
    [InlineData(OriginalDataInstallation.Sm2Platform)]
    public async Task A_platform_is_asked_and_its_upload_is_taken_encrypted_and_compared(string platform)
    {
        var orderNo = $"I-{platform}";
        await using var asked = await Partner.StartAsync();
        await RegisterAsync(platform, asked.Address.ToString());
        await PayAsync(orderNo, platform);
        var session = await BeginAsync(orderNo, platform);
        await InquiryAsync(orderNo, "asked");
        var openReq = JsonNode.Parse(asked.Received.Single())!;
        Assert.Equal((orderNo, session), (openReq["orderNo"]!.ToString(), openReq["sessionID"]!.ToString()));
        Assert.Equal(13, openReq["serviceTime"]!.GetValue<string>().Length);

        var upload = UploadOf(session, orderNo, platform);
        Assert.Equal(("10000", "上传成功"), await UploadAsync(upload));
        var inquiry = await InquiryAsync(orderNo, "uploaded");
        Assert.Empty(inquiry["findings"]!.AsArray());
        Assert.Null(inquiry["refused"]);

        // The same again, as if the answer had been lost: accepted, and nothing changes. Other content is refused.
        Assert.Equal("10000", (await UploadAsync(UploadOf(session, orderNo, platform))).Code);
        Assert.Equal(inquiry["receivedAt"]!.ToString(), (await InquiryAsync(orderNo, "uploaded"))["receivedAt"]!.ToString());
        Assert.StartsWith("S3115", (await UploadAsync(UploadOf(session, orderNo, platform, change: head => head["initalResponse"] = "no"))).Message, StringComparison.Ordinal);

        var key = system.Payment.Services.GetRequiredService<DataKeys>().Of(TimeProvider.System.GetUtcNow());
        var block = Convert.FromHexString(
            (await system.Database.ListAsync("SELECT encode(sealed, 'hex') FROM document_block WHERE id = $1::uuid", inquiry["id"]!.ToString())).Single());
        Assert.Equal(upload, Encoding.UTF8.GetString(key.Decrypt(block, Guid.Parse(inquiry["id"]!.ToString()))));
        Assert.DoesNotContain("张三丰", system.Log.Text, StringComparison.Ordinal);
    }

    [ServersFact]
    public async Task What_differs_from_the_declared_payment_is_found()
    {
        await using var asked = await Partner.StartAsync();
        await RegisterAsync(Platform, asked.Address.ToString());
        await PayAsync("F-1", Platform);
        var session = await BeginAsync("F-1", Platform);
        Assert.Equal("10000", (await UploadAsync(UploadOf(session, "F-1", Platform, change: head =>
        {
            head["totalAmount"] = "100";
            head["tradingTime"] = "20261120110000";
        }))).Code);
        var findings = (await InquiryAsync("F-1", "uploaded"))["findings"]!.AsArray();
        Assert.Equal(
            ["S3123 100 118.14555", "S3124 20261120110000 20261120115900"],
            findings.Select(one => $"{one!["code"]} {one["original"]} {one["declared"]}"));
        Assert.Equal("支付金额不一致", findings[0]!["text"]!["zh"]!.ToString());

        session = await BeginAsync("F-2", Platform);
        await UploadAsync(UploadOf(session, "F-2", Platform));
        Assert.Equal("S3120", (await InquiryAsync("F-2", "uploaded"))["findings"]!.AsArray().Single()!["code"]!.ToString());
    }

    [ServersFact]
    public async Task Session_freshness_certificate_signature_and_format_must_hold()
    {
        await using var asked = await Partner.StartAsync();
        await RegisterAsync(Platform, asked.Address.ToString());
        var session = await BeginAsync("C-1", Platform);
        var now = TimeProvider.System.GetUtcNow();
        var own = system.SignerOf(Platform).CertificateNo;
        foreach (var (upload, reason) in ((string, string)[])
        [
            ("x", "S1026"),
            (UploadOf("never-made", "C-1", Platform), "S3110 /sessionID"),
            (UploadOf(session, "C-1", Platform, at: now.AddMinutes(-11)), "S3111 /serviceTime"),
            (UploadOf(session, "C-1", Platform, at: now.AddMinutes(11)), "S3111 /serviceTime"),
            (UploadOf(session, "C-1", Platform, certNo: "00ff"), "S3112 /certNo"),
            (UploadOf(session, "C-1", Platform, signedBy: OriginalDataInstallation.Sm2Platform), "S3112 /certNo"),
            (UploadOf(session, "C-1", Platform, signedBy: OriginalDataInstallation.Sm2Platform, certNo: own), "S3113 /signValue"),
            (UploadOf(session, "C-1", Platform).Replace("118.14555", "118.14556", StringComparison.Ordinal), "S3113 /signValue"),
            (UploadOf(session, "C-1", Platform).Replace("\"P-C-1\",\"totalAmount\"", "\"P-C-1\", \"totalAmount\"", StringComparison.Ordinal), "S3113 /signValue"),
            (UploadOf(session, "C-1", Platform, change: head => head["ebpCode"] = OriginalDataInstallation.Sm2Platform), "S3114 /payExchangeInfoHead/ebpCode"),
            (UploadOf(session, "C-2", Platform), "S3114 /payExchangeInfoLists"),
        ])
        {
            var (code, message) = await UploadAsync(upload);
            Assert.Equal("20000", code);
            Assert.StartsWith(reason, message, StringComparison.Ordinal);
        }

        // Signed rightly, and against the field table.
        var body = new PayExBody("{\"guid\":\"1\"}", "[]");
        var signer = system.SignerOf(Platform);
        var (_, format) = await UploadAsync(PayExInfo.Write(session, body, now, own, signer.SignBytes));
        Assert.StartsWith("S1001 /payExchangeInfoHead/", format, StringComparison.Ordinal);
        var seen = await InquiryAsync("C-1", "asked");
        Assert.Equal("S1001", seen["refused"]!["code"]!.ToString());
        Assert.Null(seen["findings"]);

        await system.RegisterAsync(Platform, revoked: true);
        Assert.StartsWith("S3112", (await UploadAsync(UploadOf(session, "C-1", Platform))).Message, StringComparison.Ordinal);
        await system.Database.ExecuteAsync("UPDATE certificate SET revoked = false"); // for the other tests
        Assert.Equal("10000", (await UploadAsync(UploadOf(session, "C-1", Platform))).Code);
    }

    [ServersFact]
    public async Task A_platform_that_does_not_answer_is_asked_some_times_and_then_is_not_asked()
    {
        await using var asked = await Partner.StartAsync();
        await RegisterAsync(Platform, asked.Address.ToString());
        asked.Then(Partner.Status(500), Partner.Hang, Partner.Status(302, asked.Address.ToString()), Partner.Break, Partner.Text("no"));
        await BeginAsync("N-1", Platform);
        var inquiry = await InquiryAsync("N-1", "notAsked");
        Assert.Equal((5, "an answer that is no JSON"), ((int)inquiry["attempts"]!, inquiry["trouble"]!.ToString()));

        asked.Then(Partner.Refuse);
        await BeginAsync("N-2", Platform);
        inquiry = await InquiryAsync("N-2", "notAsked");
        Assert.Equal((1, "20000", "上传失败"), ((int)inquiry["attempts"]!, inquiry["code"]!.ToString(), inquiry["message"]!.ToString()));
        Assert.Equal(6, asked.Received.Count);
    }

    [ServersFact]
    public async Task Only_a_platform_with_an_address_can_be_asked()
    {
        using var refused = await PostInquiryAsync("Q-1", "3301961ZZZ");
        Assert.Equal("409 S3104", await refused.CodeAsync());
        using var faulty = await PostInquiryAsync("", Platform);
        Assert.Equal("422 S2008", await faulty.CodeAsync());
    }

    [ServersTheory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://platform.example/x")]
    [InlineData("/relative")]
    [InlineData("http://user:password@platform.example/x")]
    [InlineData("http://platform.example/x#fragment")]
    [InlineData("")]
    public async Task Only_an_address_of_the_web_is_registered(string address)
    {
        using var answer = await PutAsync("3301961ZZY", address);

        Assert.Equal("422 S2008", await answer.CodeAsync());
        Assert.Equal(0, await system.Database.CountAsync("SELECT count(*) FROM original_platform WHERE ebp_code = '3301961ZZY'"));
    }

    private Task<HttpResponseMessage> PutAsync(string platform, string address) => system.SendAsync(
        system.Payment, HttpMethod.Put, $"/v1/original-payments/platforms/{platform}", Officer, Roles.Operator,
        JsonContent.Create(new JsonObject { ["platDataOpen"] = address }));

    private async Task RegisterAsync(string platform, string address)
    {
        using var answer = await PutAsync(platform, address);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    private Task<HttpResponseMessage> PostInquiryAsync(string orderNo, string platform) => system.SendAsync(
        system.Payment, HttpMethod.Post, "/v1/original-payments/inquiries", Officer, Roles.Customs,
        JsonContent.Create(new JsonObject { ["ebpCode"] = platform, ["orderNo"] = orderNo }));

    /// <summary>Returns the session.</summary>
    private async Task<string> BeginAsync(string orderNo, string platform)
    {
        using var begun = await PostInquiryAsync(orderNo, platform);
        Assert.Equal(201, (int)begun.StatusCode);
        return (await begun.JsonAsync())["sessionId"]!.ToString();
    }

    private async Task<JsonNode> InquiryAsync(string orderNo, string state)
    {
        JsonNode? last = null;
        await Eventually.BecomesAsync($"the inquiry of {orderNo} is {state}", async () =>
        {
            using var answer = await system.SendAsync(
                system.Payment, HttpMethod.Get, $"/v1/original-payments/inquiries?orderNo={orderNo}", Officer, Roles.Customs);
            last = Assert.Single((await answer.JsonAsync())["data"]!.AsArray())!;
            return last["state"]!.ToString() == state;
        });
        return last!;
    }

    private async Task PayAsync(string orderNo, string platform)
    {
        using var paid = await system.SendAsync(
            system.Payment, HttpMethod.Post, "/v1/payments", Make.Bank, Roles.Payment, JsonContent.Create(Make.Payment(orderNo).With("ebpCode", platform)));
        Assert.Equal("201 created", await paid.OutcomeAsync());
    }

    private async Task<(string Code, string Message)> UploadAsync(string payExInfo)
    {
        var answer = await system.PostFormAsync("/v1/179/realTimeDataUpload", "payExInfoStr", payExInfo);
        return (answer["code"]!.ToString(), answer["message"]!.ToString());
    }

    private string UploadOf(
        string session, string orderNo, string platform, DateTimeOffset? at = null, string? certNo = null, string? signedBy = null,
        Action<JsonObject>? change = null)
    {
        var deposit = OriginalDataInstallation.Deposit(orderNo);
        var head = deposit["payExchangeInfoHead"]!.AsObject();
        head["guid"] = $"G-{orderNo}";
        head["ebpCode"] = platform;
        change?.Invoke(head);
        using var document = System.Text.Json.JsonDocument.Parse(deposit.ToJsonString());
        var body = PayExBody.Of(OriginalPaymentReader.ReadUpload(
            new(document.RootElement, "", [], OriginalPaymentReader.Head, OriginalPaymentReader.Lists), [])!);
        var signer = system.SignerOf(signedBy ?? platform);
        return PayExInfo.Write(session, body, at ?? TimeProvider.System.GetUtcNow(), certNo ?? signer.CertificateNo, signer.SignBytes);
    }
}
