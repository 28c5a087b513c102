using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Sandan.Contracts.Ceb;

namespace Sandan.EndToEnd.Tests;

/// <summary>Exported goods come back through the gateway: asked for and tallied as official XML, and seen by an officer.</summary>
[Collection("one process")]
public sealed class ExportReturnTests(OneProcess system)
{
    private static readonly XNamespace Ceb = CebMessage.Namespace;

    private Client Client => system.Client;

    [Fact]
    public async Task Goods_that_left_come_back_as_XML_and_an_officer_releases_them()
    {
        var number = Documents.NewNumber();
        foreach (var (role, path, kind) in ((string, string, string)[])
            [("platform", "/v1/export-orders", "o"), ("logistics", "/v1/export-waybills", "w"), ("declarant", "/v1/export-inventories", "i")])
        {
            Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync(role, path, Documents.Export(kind, number))).Status);
        }

        var invtNo = (string)(await Eventually.BecomesAsync(
            () => Client.GetAsync("declarant", $"/v1/export-inventories/{Client.Company("declarant")}/C{number}"),
            answer => answer.Status == HttpStatusCode.OK && (string?)answer.Json["returnStatus"] == "800",
            "the export inventory is released")).Json["invtNo"]!;

        var preNo = await SendAsync("seller", CebMessage.ExportReturn, Asked(number, invtNo, "R1", 1));
        await BecomesAsync(preNo, "120");
        var tally = Documents.Example("export-return-tally");
        (tally["guid"], tally["coElNo"], tally["logisticsNo"]) = (NewGuid(), "T" + number, "B" + number);
        tally.Remove("invtNo");
        await SendAsync("logistics", CebMessage.ReturnTally, tally);
        var held = await BecomesAsync(preNo, "300");
        Assert.Equal("T" + number, (string)Assert.Single(held["tallies"]!.AsArray())!["coElNo"]!);
        Assert.Equal(HttpStatusCode.Forbidden, (await ActAsync("seller", preNo)).Status);
        Assert.Equal(HttpStatusCode.OK, (await ActAsync("customs", preNo)).Status);

        var receipts = await Client.SendAsync(HttpMethod.Get, Client.Key("seller"), $"/v1/documents/{held["id"]}/receipts", null, "application/xml");
        var official = XDocument.Parse(receipts.Text).Root!;
        Assert.Equal("CEB214Message", official.Name.LocalName);
        Assert.Equal(["2", "120", "300", "800"], official.Descendants(Ceb + "returnStatus").Select(one => one.Value));
        Assert.All(official.Elements(Ceb + "RefundReturn"), one => Assert.Equal(
            ("R1" + number, preNo, invtNo), (one.Element(Ceb + "coElNo")!.Value, one.Element(Ceb + "preNo")!.Value, one.Element(Ceb + "invtNo")!.Value)));

        // Of two tins one is back: two more are one too many.
        var tooMuch = await BecomesAsync(await SendAsync("seller", CebMessage.ExportReturn, Asked(number, invtNo, "R2", 2)), "100");
        Assert.EndsWith(
            "[InvtRefundList.gnum:1,InvtRefundList.qty:2,InventoryList.qty:2,returned:1]",
            (string)tooMuch["receipts"]![0]!["returnInfo"]!, StringComparison.Ordinal);
        Assert.Equal(
            ["held", "released", "rejected"],
            (await Client.GetAsync("seller", "/v1/events?limit=1000")).Json["data"]!.AsArray()
                .Where(one => ((string)one!["subject"]!).EndsWith("/" + number, StringComparison.Ordinal)
                    && ((string)one["type"]!).StartsWith("cn.sandan.export-return.", StringComparison.Ordinal))
                .Select(one => ((string)one!["type"]!).Split('.')[3]));
    }

    [Fact]
    public async Task What_a_return_says_by_itself_must_be_right()
    {
        var asked = Asked(Documents.NewNumber(), "31052026E000000001", "R", 1);
        (asked["country"], asked["preNo"], asked["invtRefundList"]![0]!["qty2"]) = ("142", "T20261205000000001", 1);
        var refused = await Client.PostAsync("seller", "/v1/export-returns", asked);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(
            ["/preNo S3010", "/invtRefundList/0/unit2 S3008", "/country S1011"],
            refused.Json["errors"]!.AsArray().Select(one => $"{one!["pointer"]} {one["code"]}"));
    }

    private static string NewGuid() => Guid.CreateVersion7().ToString("D").ToUpperInvariant();

    private static JsonObject Asked(string number, string invtNo, string coElNo, int tins)
    {
        var asked = Documents.Example("export-return");
        (asked["guid"], asked["coElNo"], asked["invtNo"], asked["logisticsNo"]) = (NewGuid(), coElNo + number, invtNo, "B" + number);
        (asked["invtRefundList"]![0]!["qty"], asked["invtRefundList"]![0]!["qty1"]) = (tins, 0.25m * tins);
        return asked;
    }

    /// <summary>preNo of the receipt.</summary>
    private async Task<string> SendAsync(string role, CebMessage message, JsonObject document)
    {
        var answer = await Client.PostAsync(role, "/v1/ceb", OfficialXml.Of(message, document), "application/xml");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        var receipt = XDocument.Parse(answer.Text).Root!;
        Assert.Equal((message.Receipt!.RootName, "2"), (receipt.Name.LocalName, receipt.Descendants(Ceb + "returnStatus").Single().Value));
        return receipt.Descendants(Ceb + "preNo").Single().Value;
    }

    private async Task<JsonNode> BecomesAsync(string preNo, string status) => (await Eventually.BecomesAsync(
        () => Client.GetAsync("seller", $"/v1/export-returns/{preNo}"),
        answer => answer.Status == HttpStatusCode.OK && (string?)answer.Json["returnStatus"] == status,
        $"the return is {status}")).Json;

    private Task<Answer> ActAsync(string role, string preNo) => Client.PostAsync(
        role, $"/v1/export-returns/{preNo}/actions", new JsonObject { ["action"] = "release", ["reason"] = "as described" });
}
