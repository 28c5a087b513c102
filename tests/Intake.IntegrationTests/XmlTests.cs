using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.IntegrationTests;
using Sandan.Shared.Security;

namespace Sandan.Intake.IntegrationTests;

/// <summary>The official messages, answered with the official receipts.</summary>
public sealed class XmlTests(IntakeInstallation intake) : IClassFixture<IntakeInstallation>
{
    private static readonly XNamespace Ceb = CebMessage.Namespace;

    [ServersTheory]
    [InlineData("CEB311", "CEB312", "OrderReturn")]
    [InlineData("CEB411", "CEB412", "PaymentReturn")]
    [InlineData("CEB511", "CEB512", "LogisticsReturn")]
    [InlineData("CEB513", "CEB514", "LogisticsStatusReturn")]
    public async Task Every_message_gets_its_receipt_and_its_repeat_the_same(string type, string receipt, string element)
    {
        var document = Document(type, $"X-{type}");
        var first = await SendAsync(type, Make.Xml(Message(type), document), 200);
        var again = await SendAsync(type, Make.Xml(Message(type), document), 200);

        Assert.Equal($"{receipt}Message", first.Name.LocalName);
        var only = Assert.Single(first.Elements(Ceb + element));
        Assert.Equal(("2", (string)document["guid"]!), ((string)only.Element(Ceb + "returnStatus")!, (string)only.Element(Ceb + "guid")!));
        Assert.Equal("2", (string)Assert.Single(again.Elements(Ceb + element)).Element(Ceb + "returnStatus")!);
    }

    [ServersFact]
    public async Task The_same_order_as_xml_and_as_json_is_one_order()
    {
        // What JSON may add to the official message would be other content.
        var order = Make.Order("X-BOTH");
        order.Remove("tradeMode");
        await SendAsync("CEB311", Make.Xml(CebMessage.Order, order), 200);
        using var json = await intake.PostAsync(order.ToJsonString());

        Assert.Equal("200 exists", await json.OutcomeAsync());
    }

    [ServersFact]
    public async Task Good_and_bad_documents_are_answered_one_by_one()
    {
        var answer = await SendAsync("CEB311", Make.Xml(
            CebMessage.Order, Make.Order("X-MIX-1"), Make.Order("X-MIX-2").With("currency", "502"), Make.Order("X-MIX-1").With("acturalPaid", 1),
            Make.Order("X-MIX-3").With("appType", "2"), Make.Order("X-MIX-4").With("appStatus", "1")), 200);

        Assert.Equal(
            [("X-MIX-1", "2"), ("X-MIX-2", OfficialCodes.OrderCheckFailed), ("X-MIX-1", "-301010"), ("X-MIX-3", "-301009"), ("X-MIX-4", "1")],
            answer.Elements().Select(one => ((string)one.Element(Ceb + "orderNo")!, (string)one.Element(Ceb + "returnStatus")!)));
        Assert.All(answer.Elements(), one => Assert.DoesNotContain("。。", (string)one.Element(Ceb + "returnInfo")!, StringComparison.Ordinal));
    }

    [ServersTheory]
    [InlineData("dtd", "-301008")]
    [InlineData("root", "-301008")]
    [InlineData("broken", "-301008")]
    [InlineData("empty", "-301008")]
    [InlineData("json", "-301008")]
    [InlineData("none", "-301007")]
    [InlineData("101", "-301015")]
    public async Task What_cannot_be_read_is_answered_with_a_CEB900(string how, string number)
    {
        var good = Make.Xml(CebMessage.Order, Make.Order($"X-900-{how}"));
        var answer = await SendAsync("CEB311", how switch
        {
            "dtd" => good.Replace("?>", "?><!DOCTYPE x [<!ENTITY e \"x\">]>", StringComparison.Ordinal),
            "root" => Make.Xml(CebMessage.Payment, Make.Payment("X-900")),
            "broken" => good[..^20],
            "empty" => "",
            "json" => Make.Order("X-900").ToJsonString(),
            "none" => Make.Xml(CebMessage.Order),
            _ => Make.Xml(CebMessage.Order, [.. Enumerable.Range(0, 101).Select(at => Make.Order($"X-900-{how}-{at}"))]),
        }, 400);

        Assert.Equal("CEB900Message", answer.Name.LocalName);
        Assert.Equal(number, (string)answer.Descendants(Ceb + "returnStatus").Single());
        Assert.NotEmpty((string)answer.Descendants(Ceb + "returnInfo").Single());
        Assert.Equal(0, await intake.OrderDatabase.CountAsync("SELECT count(*) FROM document WHERE key LIKE '%X-900%'"));
    }

    [ServersFact]
    public async Task Faults_of_the_lines_have_official_numbers_of_their_own()
    {
        var none = Make.Xml(CebMessage.Order, Make.Order("X-LINES-1"));
        var at = none.IndexOf("<ceb:OrderList>", StringComparison.Ordinal);
        var end = none.LastIndexOf("</ceb:OrderList>", StringComparison.Ordinal) + "</ceb:OrderList>".Length;
        var line = none[at..end];
        var answers = new[] { await SendAsync("CEB311", none.Remove(at, end - at), 200), await SendAsync("CEB311", none.Insert(end, line), 200) };

        Assert.Equal(["-301001", "-301002"], answers.Select(one => (string)one.Descendants(Ceb + "returnStatus").Single()));
    }

    [ServersFact]
    public async Task A_hundred_documents_are_taken()
    {
        var answer = await SendAsync(
            "CEB311", Make.Xml(CebMessage.Order, [.. Enumerable.Range(0, 100).Select(at => Make.Order($"X-100-{at}"))]), 200);

        Assert.Equal(100, answer.Elements().Count(one => (string)one.Element(Ceb + "returnStatus")! == "2"));
    }

    [ServersFact]
    public async Task A_message_under_an_idempotency_key_is_answered_as_before()
    {
        var body = Make.Xml(CebMessage.Order, Make.Order("X-KEY"));
        using var one = await PostAsync("CEB311", body, "xml-key");
        using var other = await PostAsync("CEB311", body, "xml-key");

        Assert.Equal(await one.Content.ReadAsByteArrayAsync(), await other.Content.ReadAsByteArrayAsync());
        Assert.True(other.Headers.Contains("Idempotency-Replayed"));
    }

    private async Task<XElement> SendAsync(string type, string body, int status)
    {
        using var answer = await PostAsync(type, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, text);
        Assert.Equal("application/xml", answer.Content.Headers.ContentType!.MediaType);
        return XDocument.Parse(text).Root!;
    }

    private Task<HttpResponseMessage> PostAsync(string type, string body, string? key = null)
    {
        (string Company, string Role, WebApplication Service) sender = type switch
        {
            "CEB311" => (Make.Platform, Roles.Platform, intake.Order),
            "CEB411" => (Make.Bank, Roles.Payment, intake.Payment),
            _ => (Make.Carrier, Roles.Logistics, intake.Waybill),
        };
        return intake.PostAsync(body, "application/xml", sender.Company, sender.Role, key, $"/v1/ceb/{type}", sender.Service);
    }

    private static CebMessage Message(string type) => CebMessage.All.Single(one => one.Type == type);

    private static JsonObject Document(string type, string orderNo) => type switch
    {
        "CEB311" => Make.Order(orderNo),
        "CEB411" => Make.Payment(orderNo),
        "CEB511" => Make.Waybill(orderNo),
        _ => Make.Status(orderNo),
    };
}
