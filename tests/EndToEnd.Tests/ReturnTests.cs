using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Sandan.Contracts.Ceb;

namespace Sandan.EndToEnd.Tests;

/// <summary>Goods come back through the gateway: asked for as official XML, seen by an officer, and given back to the buyer's year.</summary>
[Collection("one process")]
public sealed class ReturnTests(OneProcess system)
{
    private static readonly XNamespace Ceb = CebMessage.Namespace;

    private Client Client => system.Client;

    [Fact]
    public async Task Goods_come_back_as_XML_and_the_amount_goes_back_to_the_year()
    {
        var number = Documents.NewNumber();
        foreach (var (role, path, document) in (IEnumerable<(string, string, JsonObject)>)[
            ("platform", "/v1/orders", Documents.Order(number)), ("payment", "/v1/payments", Documents.Payment(number)),
            ("logistics", "/v1/waybills", Documents.Waybill(number)), ("declarant", "/v1/inventories", Documents.Inventory(number))])
        {
            Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync(role, path, document)).Status);
        }

        var inventory = $"/v1/inventories/{Client.Company("seller")}/{number}";
        var invtNo = (string)(await Eventually.BecomesAsync(
            () => Client.GetAsync("declarant", inventory),
            answer => answer.Status == HttpStatusCode.OK && (string?)answer.Json["returnStatus"] == "800",
            "the inventory is released")).Json["invtNo"]!;

        var preNo = await AskAsync(Documents.Return(number, invtNo, "R1", (1, "3304990039", 2)), "2");
        var held = await BecomesAsync(preNo, "300");
        Assert.Equal(["120", "300"], held["receipts"]!.AsArray().Select(one => (string)one!["returnStatus"]!));
        Assert.DoesNotContain((string)Documents.Inventory(number)["buyerIdNumber"]!, held.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await ActAsync("seller", preNo, "release")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ActAsync("customs", preNo, "release")).Status);

        var receipts = await Client.SendAsync(HttpMethod.Get, Client.Key("declarant"), $"/v1/documents/{held["id"]}/receipts", null, "application/xml");
        var official = XDocument.Parse(receipts.Text).Root!;
        Assert.Equal("CEB626Message", official.Name.LocalName);
        Assert.Equal(["2", "120", "300", "800"], official.Descendants(Ceb + "returnStatus").Select(one => one.Value));
        Assert.All(official.Elements(Ceb + "InvtRefundReturn"), one => Assert.Equal(
            (preNo, invtNo), (one.Element(Ceb + "preNo")!.Value, one.Element(Ceb + "invtNo")!.Value)));
        await GivenBackAsync(number, 283.79m); // of 278 for the goods, 12 for the freight: 278 × 588.5 ÷ 576.5

        // One piece more than there is of the second line; then the rest, and the bill is void.
        await BecomesAsync(await AskAsync(Documents.Return(number, invtNo, "R2", (2, "9619001100", 4)), "2"), "100");
        var status = $"{inventory}/tax-bill/status";
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("seller", status)).Status);
        var rest = await AskAsync(Documents.Return(number, invtNo, "R3", (2, "9619001100", 3)), "2");
        await BecomesAsync(rest, "300");
        Assert.Equal(HttpStatusCode.OK, (await ActAsync("customs", rest, "release")).Status);
        await GivenBackAsync(number, 588.5m);
        Assert.Equal("3", (string)(await Client.GetAsync("seller", status)).Json["status"]!);
        Assert.Equal(
            ["held", "released", "rejected", "held", "released"],
            (await Client.GetAsync(
                "seller", "/v1/events?limit=1000&types=cn.sandan.return.held.v1,cn.sandan.return.released.v1,cn.sandan.return.rejected.v1"))
                .Json["data"]!.AsArray().Where(one => ((string)one!["subject"]!).EndsWith("/" + number, StringComparison.Ordinal))
                .Select(one => ((string)one!["type"]!).Split('.')[3]));
    }

    /// <summary>Sends it as XML to the door that takes any message; returns the number that the e-port gives.</summary>
    private async Task<string> AskAsync(JsonObject asked, string expected)
    {
        var answer = await Client.PostAsync("declarant", "/v1/ceb", Xml(asked), "application/xml");
        var receipt = XDocument.Parse(answer.Text).Root!;
        Assert.Equal(("CEB626Message", expected), (receipt.Name.LocalName, receipt.Descendants(Ceb + "returnStatus").Single().Value));
        var preNo = receipt.Descendants(Ceb + "preNo").Single().Value;
        Assert.Matches("^T[0-9]{17}$", preNo);
        return preNo;
    }

    private async Task<JsonNode> BecomesAsync(string preNo, string status) => (await Eventually.BecomesAsync(
        () => Client.GetAsync("seller", $"/v1/returns/{preNo}"),
        answer => answer.Status == HttpStatusCode.OK && (string?)answer.Json["returnStatus"] == status,
        $"the return is {status}")).Json;

    private Task<Answer> ActAsync(string role, string preNo, string action) =>
        Client.PostAsync(role, $"/v1/returns/{preNo}/actions", new JsonObject { ["action"] = action, ["reason"] = "与申请一致" });

    private async Task GivenBackAsync(string number, decimal expected) => await Eventually.BecomesAsync(
        () => Client.GetAsync("seller", $"/v1/taxes/{Client.Company("platform")}/{number}"),
        answer => answer.Json["givenBack"]!.GetValue<decimal>() == expected,
        $"{expected} went back");

    private static string Xml(JsonObject document)
    {
        static string Fields(CebFieldTable table, JsonObject values) => string.Concat(table.Fields
            .Where(field => !field.IsExtension && values[field.Name] is not null)
            .Select(field => $"<ceb:{field.Name}>{values[field.Name]}</ceb:{field.Name}>"));

        var lines = string.Concat(document["invtRefundList"]!.AsArray().Select(line =>
            $"<ceb:InvtRefundList>{Fields(CebMessage.Return.Lines!, line!.AsObject())}</ceb:InvtRefundList>"));
        return $"""
            <ceb:CEB625Message xmlns:ceb="{CebMessage.Namespace}" guid="{document["guid"]}" version="1.0"><ceb:InvtRefund><ceb:InvtRefundHead>{Fields(CebMessage.Return.Head, document)}</ceb:InvtRefundHead>{lines}</ceb:InvtRefund><ceb:BaseTransfer><ceb:copCode>3302980005</ceb:copCode><ceb:copName>示例报关有限公司</ceb:copName><ceb:dxpMode>DXP</ceb:dxpMode><ceb:dxpId>DXPENT0000012345</ceb:dxpId></ceb:BaseTransfer></ceb:CEB625Message>
            """;
    }
}
