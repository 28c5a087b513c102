using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sandan.Contracts;
using Sandan.Intake.Storage;
using Sandan.IntegrationTests;
using Sandan.Payment.OriginalData;
using Sandan.Shared.Security;

namespace Sandan.Intake.IntegrationTests;

/// <summary>The platform's side of GACC 2018-179: what is deposited reaches customs who ask for it, once, whatever happens meanwhile.</summary>
public sealed class OriginalDataTests(OriginalDataInstallation system) : IClassFixture<OriginalDataInstallation>
{
    private const string Platform = OriginalDataInstallation.RsaPlatform;

    [ServersFact]
    public async Task A_deposit_is_kept_encrypted_and_never_changed()
    {
        using var first = await system.DepositAsync(OriginalDataInstallation.Deposit("D-1", "D-1b"));
        Assert.Equal("201 created", await first.OutcomeAsync());
        var sameAgain = OriginalDataInstallation.Deposit("D-1", "D-1b");
        sameAgain["payExchangeInfoHead"]!["guid"] = "ANOTHER";
        sameAgain["payExchangeInfoHead"]!["totalAmount"] = 118.1455500m;
        using var again = await system.DepositAsync(sameAgain);
        Assert.Equal("200 exists", await again.OutcomeAsync());
        Assert.Equal((await first.JsonAsync())["id"]!.ToString(), (await again.JsonAsync())["id"]!.ToString());

        var other = OriginalDataInstallation.Deposit("D-1", "D-1b");
        other["payExchangeInfoHead"]!["initalResponse"] = "changed";
        using var refused = await system.DepositAsync(other);
        Assert.Equal("409 S3101", await refused.CodeAsync());
        using var others = await system.DepositAsync(OriginalDataInstallation.Deposit("D-1"), OriginalDataInstallation.Sm2Platform);
        Assert.Equal("201 created", await others.OutcomeAsync()); // another platform's numbers are its own

        var block = Convert.FromHexString((await system.Database.ListAsync(
            "SELECT encode(sealed, 'hex') FROM document_block WHERE id = $1::uuid", (await first.JsonAsync())["id"]!.ToString())).Single());
        Assert.Equal(-1, block.AsSpan().IndexOf(Encoding.UTF8.GetBytes("张三丰")));
        Assert.DoesNotContain("张三丰", system.Log.Text, StringComparison.Ordinal);
    }

    [ServersFact]
    public async Task A_faulty_deposit_is_told_field_by_field_and_not_stored()
    {
        var deposit = OriginalDataInstallation.Deposit("D-2");
        deposit["payExchangeInfoHead"]!["ebpCode"] = Make.Seller;
        deposit["payExchangeInfoHead"]!["verDept"] = "9";
        deposit["payExchangeInfoLists"]![0]!["recpName"] = null;
        using var refused = await system.DepositAsync(deposit);

        Assert.Equal("422 S2008", await refused.CodeAsync());
        Assert.Equal(
            ["/payExchangeInfoHead/ebpCode S3001", "/payExchangeInfoHead/verDept S1011", "/payExchangeInfoLists/0/recpName S1001"],
            (await refused.JsonAsync())["errors"]!.AsArray().Select(error => $"{error!["pointer"]} {error["code"]}"));
        Assert.Equal(0, await system.Database.CountAsync("SELECT count(*) FROM original_payment_order WHERE order_no = 'D-2'"));
        using var text = await system.SendAsync(
            system.Payment, HttpMethod.Post, "/v1/original-payments", Platform, Roles.Platform, new StringContent("{", Encoding.UTF8, "application/json"));
        Assert.Equal("400 S2017", await text.CodeAsync());
        using var form = await system.SendAsync(
            system.Payment, HttpMethod.Post, "/v1/original-payments", Platform, Roles.Platform, new StringContent("{}", Encoding.UTF8, "text/plain"));
        Assert.Equal("415 S2006", await form.CodeAsync());
    }

    [ServersTheory]
    [InlineData(OriginalDataInstallation.RsaPlatform)]
    [InlineData(OriginalDataInstallation.Sm2Platform)]
    public async Task What_customs_ask_for_is_uploaded_signed_and_accepted(string platform)
    {
        var orderNo = $"U-{platform}";
        var address = await system.AddressAsync(platform);
        using var deposited = await system.DepositAsync(OriginalDataInstallation.Deposit(orderNo, orderNo + "-b"), platform);
        Assert.Equal("10000", await system.AskAsync(address, orderNo));
        Assert.Equal("10000", await system.AskAsync(address, orderNo)); // customs repeat themselves
        var request = await system.RequestAsync(orderNo, "accepted", platform);
        Assert.Equal((1, "10000", "上传成功", $"s-{orderNo}"), ((int)request["attempts"]!, request["code"]!.ToString(), request["message"]!.ToString(), request["sessionId"]!.ToString()));

        var errors = new List<FieldError>();
        var upload = ReceivedPayExInfo.Read(UploadsOf(orderNo).Single(), errors)!;
        Assert.Empty(errors);
        Assert.True(system.Certificates[platform].Signed(upload.Signed, upload.SignValue));
        Assert.Equal(system.Certificates[platform].SerialNumber.TrimStart('0'), upload.CertNo.TrimStart('0'));
        Assert.Equal((platform, 118.14555m), (upload.Payment!.Head.EbpCode, upload.Payment.Head.TotalAmount));
        Assert.Equal([orderNo, orderNo + "-b"], upload.Payment.Orders.Select(order => order.OrderNo));
    }

    [ServersFact]
    public async Task Asked_before_they_are_there_data_are_sent_when_they_come()
    {
        var address = await system.AddressAsync();
        Assert.Equal("10000", await system.AskAsync(address, "L-1"));
        Assert.Equal(0, (int)(await system.RequestAsync("L-1", "waitingForData"))["attempts"]!);
        using var deposited = await system.DepositAsync(OriginalDataInstallation.Deposit("L-0", "L-1"));
        await system.RequestAsync("L-1", "accepted");
        Assert.Single(UploadsOf("L-1"));
    }

    [ServersFact]
    public async Task What_customs_refuse_is_tried_again_and_then_is_refused_with_their_words()
    {
        var address = await system.AddressAsync();
        using var deposited = await system.DepositAsync(OriginalDataInstallation.Deposit("R-1"));
        system.Customs.Then(Partner.Refuse, Partner.Refuse, Partner.Refuse);
        await system.AskAsync(address, "R-1");
        var request = await system.RequestAsync("R-1", "refused");
        Assert.Equal(("20000", "上传失败", 3), (request["code"]!.ToString(), request["message"]!.ToString(), (int)request["attempts"]!));
        Assert.NotNull(request["endedAt"]);

        system.Customs.Then(Partner.Refuse);
        await system.AskAsync(address, "R-1", "s-again");
        await Eventually.BecomesAsync("the second session is accepted", async () => await system.Database.CountAsync(
            "SELECT count(*) FROM original_request WHERE session_id = 's-again' AND state = 'accepted' AND refusals = 1") == 1);
    }

    [ServersFact]
    public async Task Through_errors_silence_and_rubbish_it_is_sent_until_it_is_accepted()
    {
        var address = await system.AddressAsync();
        using var deposited = await system.DepositAsync(OriginalDataInstallation.Deposit("T-1"));
        system.Customs.Then(
            Partner.Status(500), Partner.Hang, Partner.Break, Partner.Status(307, system.Customs.Address.ToString()), Partner.Text("<html>"),
            Partner.Text("{\"code\":null}"), Partner.Text(new string(' ', 100_000)));
        await system.AskAsync(address, "T-1");
        var request = await system.RequestAsync("T-1", "accepted");

        Assert.Equal(8, (int)request["attempts"]!);
        Assert.Null(request["trouble"]);
        Assert.Equal(8, UploadsOf("T-1").Count); // the redirect was not followed
        Assert.Single(UploadsOf("T-1").Select(upload => upload[..upload.IndexOf("\"serviceTime\"", StringComparison.Ordinal)]).Distinct());
    }

    [ServersFact]
    public async Task A_restart_in_the_middle_loses_nothing()
    {
        var address = await system.AddressAsync();
        using var deposited = await system.DepositAsync(OriginalDataInstallation.Deposit("X-1"));
        system.Customs.Then(Partner.Hang);
        await system.AskAsync(address, "X-1");
        await Eventually.BecomesAsync("it is being sent", () => UploadsOf("X-1").Count == 1);
        await system.RestartAsync();
        Assert.True((int)(await system.RequestAsync("X-1", "accepted"))["attempts"]! >= 2);
    }

    [ServersFact]
    public async Task Without_a_key_a_request_waits_and_says_so_until_there_is_one()
    {
        const string Keyless = OriginalDataInstallation.KeylessPlatform;
        var address = await system.AddressAsync(Keyless);
        using var deposited = await system.DepositAsync(OriginalDataInstallation.Deposit("K-1"), Keyless);
        await system.AskAsync(address, "K-1");
        Assert.Equal(0, (int)(await system.RequestAsync("K-1", "waitingForKey", Keyless))["attempts"]!);
        await system.RestartAsync(system.SettingsOf(Keyless));
        await system.RequestAsync("K-1", "accepted", Keyless);
    }

    [ServersFact]
    public async Task A_key_that_cannot_be_used_stops_the_start()
    {
        var wrong = await Assert.ThrowsAsync<InvalidOperationException>(() => system.StartAsync(
            Sandan.Payment.Program.Build, [.. system.Settings, $"--OriginalData:Platforms:{Platform}:KeyFile=/nowhere"]));
        Assert.Contains($"OriginalData:Platforms:{Platform}:KeyFile", wrong.Message, StringComparison.Ordinal);
        wrong = await Assert.ThrowsAsync<InvalidOperationException>(() => system.StartAsync(
            Sandan.Payment.Program.Build, [.. system.Settings, $"--OriginalData:Platforms:{Platform}:UploadUrl=/relative"]));
        Assert.Contains($"OriginalData:Platforms:{Platform}:UploadUrl", wrong.Message, StringComparison.Ordinal);
    }

    [ServersFact]
    public async Task Shredded_data_are_waited_for()
    {
        var address = await system.AddressAsync();
        using var deposited = await system.DepositAsync(OriginalDataInstallation.Deposit("S-1"));
        await system.Database.ExecuteAsync(
            "DELETE FROM document_block WHERE id = (SELECT payment FROM original_payment_order WHERE order_no = 'S-1')"); // as Retention does it for a month
        await system.AskAsync(address, "S-1");
        await system.RequestAsync("S-1", "waitingForData");
        Assert.Empty(UploadsOf("S-1"));
    }

    [ServersFact]
    public async Task An_address_opens_its_platform_alone_and_the_one_before_last_opens_nothing()
    {
        var addresses = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            addresses.Add(await system.AddressAsync(Make.Seller));
        }

        Assert.Equal("10000", await system.AskAsync(addresses[1], "A-1"));
        Assert.Equal("10000", await system.AskAsync(addresses[2], "A-1", "s-2"));
        foreach (var closed in (string[])[addresses[0], "/v1/179/guessed/platDataOpen"])
        {
            using var content = new FormUrlEncodedContent([new("openReq", "{}")]);
            using var answer = await system.SendAsync(system.Payment, HttpMethod.Post, closed, "", "anonymous", content);
            Assert.Equal("404 S2007", await answer.CodeAsync());
        }

        Assert.Equal(2, await system.Database.CountAsync("SELECT count(*) FROM original_request WHERE ebp_code = $1", Make.Seller));
        Assert.Equal(0, await system.Database.CountAsync(
            "SELECT count(*) FROM plat_data_open_address WHERE strpos($1, encode(token_hash, 'escape')) > 0", string.Concat(addresses)));
        using var seen = await system.SendAsync(
            system.Payment, HttpMethod.Get, "/v1/original-payments/requests?limit=1", Make.Seller, Roles.Platform);
        var page = await seen.JsonAsync();
        Assert.Equal("s-2", page["data"]!.AsArray().Single()!["sessionId"]!.ToString());
        using var rest = await system.SendAsync(
            system.Payment, HttpMethod.Get, $"/v1/original-payments/requests?after={page["next"]}", Make.Seller, Roles.Platform);
        Assert.Equal("s-A-1", (await rest.JsonAsync())["data"]!.AsArray().Single()!["sessionId"]!.ToString());
    }

    [ServersTheory]
    [InlineData("openReq", "{\"orderNo\":\"B-1\",\"sessionID\":\"s\"}", "S1001 /serviceTime")]
    [InlineData("openReq", "order", "S1026")]
    [InlineData("openReq", "{\"orderNo\":\"B-1\",\"sessionID\":\"0123456789012345678901234567890123456\",\"serviceTime\":1533271903898}", "S1003 /sessionID")]
    [InlineData("other", "{}", "S3105")]
    public async Task A_faulty_question_is_answered_20000_and_why(string field, string json, string message)
    {
        var answer = await system.PostFormAsync(await system.AddressAsync(), field, json);

        Assert.Equal("20000", answer["code"]!.ToString());
        Assert.StartsWith(message, answer["message"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(13, answer["serviceTime"]!.ToString().Length);
        Assert.Equal(0, await system.Database.CountAsync("SELECT count(*) FROM original_request WHERE order_no = 'B-1'"));
    }

    [ServersTheory]
    [InlineData("state=sent", "/state")]
    [InlineData("limit=0", "/limit")]
    [InlineData("limit=x", "/limit")]
    [InlineData("after=x", "/after")]
    [InlineData("orderNo=", "/orderNo")]
    public async Task A_faulty_parameter_is_named(string query, string pointer)
    {
        using var answer = await system.SendAsync(
            system.Payment, HttpMethod.Get, $"/v1/original-payments/requests?{query}", Platform, Roles.Platform);

        Assert.Equal("400 S2012", await answer.CodeAsync());
        Assert.Equal(pointer, (await answer.JsonAsync())["errors"]![0]!["pointer"]!.ToString());
    }

    [ServersFact]
    public async Task Data_are_kept_for_three_years_and_not_less()
    {
        using var deposited = await system.DepositAsync(OriginalDataInstallation.Deposit("Y-1"));
        var retention = system.Payment.Services.GetRequiredService<Retention>();
        await retention.ShredAsync(TimeProvider.System.GetUtcNow().AddMonths(36), default);
        Assert.NotNull(await OriginalPaymentStore.FindAsync(
            system.Database, system.Payment.Services.GetRequiredService<DataKeys>(), Platform, "Y-1", default));
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => system.StartAsync(
            Sandan.Payment.Program.Build, [.. system.Settings, "--Intake:PersonalDataKeptMonths=35"]));
    }

    private List<string> UploadsOf(string orderNo) =>
        [.. system.Customs.Received.Where(one => one.Contains($"\"sessionID\":\"s-{orderNo}\"", StringComparison.Ordinal))];
}
