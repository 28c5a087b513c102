using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Sandan.Contracts.Ceb;
using Sandan.IntegrationTests;
using Sandan.Shared.Security;

namespace Sandan.Intake.IntegrationTests;

/// <summary>P2: personal values in clear, for customs, with a reason, and never without an entry in the audit trail.</summary>
public sealed class RevealTests(IntakeInstallation intake) : IClassFixture<IntakeInstallation>
{
    private const string Reason = "风险布控查验";

    [ServersFact]
    public async Task An_officer_reads_the_personal_values_that_were_sent_and_the_trail_says_so()
    {
        using var sent = await intake.PostAsync(Make.Order("R-1").ToJsonString());
        Assert.Equal("201 created", await sent.OutcomeAsync());

        using var answer = await RevealAsync(intake.Order, "/v1/orders", Number("ebpCode", Make.Platform.ToLowerInvariant(), "orderNo", "R-1"));
        var revealed = await answer.JsonAsync();
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal((1, (await sent.JsonAsync())["id"]!.ToString()), ((int)revealed["version"]!, revealed["id"]!.ToString()));
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["/buyerRegNo"] = "wangxm-login", ["/buyerName"] = "王小明明", ["/buyerTelephone"] = "13812345678", ["/buyerIdNumber"] = "11010519491231002X",
                ["/consignee"] = "李四光辉", ["/consigneeTelephone"] = "13987654321", ["/consigneeAddress"] = "浙江省杭州市西湖区文三路九十号",
                ["/note"] = "门口密码六七八九",
            },
            ValuesOf(revealed));

        using var trail = await intake.SendAsync(intake.Order, HttpMethod.Get, "/v1/audit/order?limit=1000", Make.Platform, Roles.Operator, null, _ => { });
        var entry = (await trail.JsonAsync())["data"]!.AsArray().Single(one => (long)one!["number"]! == (long)revealed["audit"]!)!;
        Assert.Equal(
            ("reveal", $"CEB311 {Make.Platform.ToLowerInvariant()} R-1 version 1", Reason, Roles.Customs),
            (entry["action"]!.ToString(), entry["subject"]!.ToString(), entry["reason"]!.ToString(), entry["role"]!.ToString()));
        Assert.Contains($"Audit order {entry["number"]} {entry["hash"]}", intake.Log.Text, StringComparison.Ordinal);
    }

    [ServersFact]
    public async Task Each_version_and_each_kind_in_JSON_and_in_the_official_XML_can_be_read_again()
    {
        using var first = await intake.PostAsync(Make.Order("R-2").ToJsonString());
        using var second = await intake.PostAsync(
            Make.Order("R-2").With("appType", "2").With("appTime", "20261120130000").With("buyerName", "赵六").ToJsonString());
        Assert.Equal("201 changed", await second.OutcomeAsync());
        Assert.Equal("王小明明", (await ReadAsync("R-2", 1))["/buyerName"]);
        Assert.Equal("赵六", (await ReadAsync("R-2", 2))["/buyerName"]);
        Assert.Equal("赵六", (await ReadAsync("R-2", null))["/buyerName"]);

        using var xml = await intake.PostAsync(
            Make.Xml(CebMessage.Order, Make.Order("R-3"), Make.Order("R-4").With("buyerName", "欧阳 &lt;&amp;&gt; 七")), "application/xml", path: "/v1/ceb/CEB311");
        Assert.Equal(200, (int)xml.StatusCode);
        Assert.Equal("王小明明", (await ReadAsync("R-3", null))["/buyerName"]);
        Assert.Equal("欧阳 <&> 七", (await ReadAsync("R-4", null))["/buyerName"]);

        using var paid = await intake.PostPaymentAsync(Make.Payment("R-5"));
        using var payment = await RevealAsync(intake.Payment, "/v1/payments", Number("payCode", Make.Bank, "payTransactionId", "P-R-5"));
        Assert.Equal("11010519491231002X", ValuesOf(await payment.JsonAsync())["/payerIdNumber"]);

        var waybill = Make.Waybill("R-6");
        using var shipped = await intake.PostWaybillAsync(waybill);
        using var shipping = await RevealAsync(
            intake.Waybill, "/v1/waybills", Number("logisticsCode", Make.Carrier, "logisticsNo", waybill["logisticsNo"]!.ToString()));
        Assert.Equal("李四光辉", ValuesOf(await shipping.JsonAsync())["/consignee"]);

        async Task<Dictionary<string, string>> ReadAsync(string orderNo, int? version)
        {
            var request = Number("ebpCode", Make.Platform, "orderNo", orderNo);
            request["version"] = version;
            using var answer = await RevealAsync(intake.Order, "/v1/orders", request);
            return ValuesOf(await answer.JsonAsync());
        }
    }

    [ServersFact]
    public async Task Without_the_role_a_reason_or_a_document_nothing_is_shown_and_nothing_is_noted()
    {
        using var sent = await intake.PostAsync(Make.Order("R-7").ToJsonString());
        var before = await intake.OrderDatabase.CountAsync("SELECT count(*) FROM audit.entry");
        foreach (var role in Roles.All.Where(role => role != Roles.Customs))
        {
            using var refused = await RevealAsync(intake.Order, "/v1/orders", Number("ebpCode", Make.Platform, "orderNo", "R-7"), role);
            Assert.Equal("403 S2003", await refused.CodeAsync());
        }

        foreach (var (name, value) in ((string, JsonNode?)[])
        [
            ("reason", null), ("reason", "  "), ("reason", 7), ("reason", new string('长', 501)), ("reason", "a\0b"), ("ebpCode", null), ("orderNo", ""),
            ("version", 0), ("version", "1"), ("version", 1.5),
        ])
        {
            var request = Number("ebpCode", Make.Platform, "orderNo", "R-7");
            request[name] = value;
            using var refused = await RevealAsync(intake.Order, "/v1/orders", request);
            Assert.Equal("400 S2012", await refused.CodeAsync());
            Assert.Equal($"/{name}", (await refused.JsonAsync())["errors"]![0]!["pointer"]!.ToString());
        }

        using (var half = await intake.SendAsync(
            intake.Order, HttpMethod.Post, "/v1/orders/reveal", "3300000001", Roles.Customs,
            new StringContent($$"""{"ebpCode":"{{Make.Platform}}","orderNo":"R-7","reason":"\ud83d"}""", Encoding.UTF8, "application/json")))
        {
            Assert.Equal("400 S2012", await half.CodeAsync());
        }

        foreach (var body in (JsonNode[])[new JsonArray(), JsonValue.Create("text")])
        {
            using var refused = await RevealAsync(intake.Order, "/v1/orders", body);
            Assert.Equal("400 S2012", await refused.CodeAsync());
        }

        using var unknown = await RevealAsync(intake.Order, "/v1/orders", Number("ebpCode", Make.Platform, "orderNo", "R-NOWHERE"));
        Assert.Equal("404 S2007", await unknown.CodeAsync());
        var other = Number("ebpCode", Make.Platform, "orderNo", "R-7");
        other["version"] = 2;
        using var noSuchVersion = await RevealAsync(intake.Order, "/v1/orders", other);
        Assert.Equal("404 S2007", await noSuchVersion.CodeAsync());
        Assert.Equal(before, await intake.OrderDatabase.CountAsync("SELECT count(*) FROM audit.entry"));
    }

    private static JsonObject Number(string company, string code, string name, string number) =>
        new() { [company] = code, [name] = number, ["reason"] = Reason };

    private Task<HttpResponseMessage> RevealAsync(WebApplication service, string route, JsonNode request, string role = Roles.Customs) =>
        intake.SendAsync(service, HttpMethod.Post, route + "/reveal", "3300000001", role, JsonContent.Create(request), _ => { });

    private static Dictionary<string, string> ValuesOf(JsonNode revealed) =>
        revealed["personal"]!.AsArray().ToDictionary(one => one!["pointer"]!.ToString(), one => one!["value"]!.ToString());
}
