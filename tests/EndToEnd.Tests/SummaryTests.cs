using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Sandan.Contracts.Ceb;

namespace Sandan.EndToEnd.Tests;

/// <summary>Export inventories are summed up through the gateway: asked for as official XML in two parts, before the parcels have left.</summary>
[Collection("one process")]
public sealed class SummaryTests(OneProcess system)
{
    private static readonly XNamespace Ceb = CebMessage.Namespace;

    private Client Client => system.Client;

    [Fact]
    public async Task Inventories_are_summed_up_to_a_declaration_when_their_parcels_have_left()
    {
        string[] numbers = [Documents.NewNumber(), Documents.NewNumber()];
        var inventories = new List<string>();
        foreach (var number in numbers)
        {
            foreach (var (role, path, kind) in ((string, string, string)[])
                [("platform", "/v1/export-orders", "o"), ("logistics", "/v1/export-waybills", "w"), ("declarant", "/v1/export-inventories", "i")])
            {
                Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync(role, path, Documents.Export(kind, number))).Status);
            }

            inventories.Add((string)(await BecomesAsync(
                $"/v1/export-inventories/{Client.Company("declarant")}/C{number}", one => (string?)one["returnStatus"] == "800"))["invtNo"]!);
        }

        foreach (var part in (int[])[2, 1])
        {
            var asked = Documents.Example("summary");
            (asked["guid"], asked["copNo"], asked["msgCount"], asked["msgSeqNo"]) = (NewGuid(), "S" + numbers[0], 2, part);
            asked["summaryApplyList"] = new JsonArray(new JsonObject { ["invtNo"] = inventories[part - 1] });
            var answer = await Client.PostAsync("declarant", "/v1/ceb", OfficialXml.Of(CebMessage.Summary, asked), "application/xml");
            Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
            Assert.Equal($"CEB702Message 2 {part}", $"{XDocument.Parse(answer.Text).Root!.Name.LocalName} {Of(answer, "returnStatus")} {Of(answer, "msgSeqNo")}");
        }

        var summary = $"/v1/summaries/{Client.Company("declarant")}/S{numbers[0]}";
        await BecomesAsync(summary, one => one["parts"]!.AsArray().Count == 2);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("declarant", summary + "/result")).Status);
        var departure = Documents.Example("departure");
        (departure["guid"], departure["copNo"]) = (NewGuid(), "D" + numbers[0]);
        departure["departureList"] = new JsonArray([.. numbers.Select((number, at) => (JsonNode)new JsonObject { ["gnum"] = at + 1, ["logisticsNo"] = "X" + number })]);
        Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync("logistics", "/v1/departures", departure)).Status);

        var made = await BecomesAsync(summary, one => one["sumNo"] is not null);
        var declaration = Assert.Single(made["declarations"]!.AsArray())!;
        Assert.Equal(
            ["0902101000 西湖龙井 250 克 4 125 140 502", "6214100010 真丝方巾 90 厘米 2 015 96 502"],
            declaration["goods"]!.AsArray().Select(one => $"{one!["gcode"]} {one["gname"]} {one["qty"]} {one["unit"]} {one["totalPrice"]} {one["currency"]}"));
        Assert.Equal((1.8m, 1.5m), (declaration["grossWeight"]!.GetValue<decimal>(), declaration["netWeight"]!.GetValue<decimal>()));

        var result = await Client.SendAsync(HttpMethod.Get, Client.Key("seller"), summary + "/result", null, "application/xml");
        var official = XDocument.Parse(result.Text).Root!;
        Assert.Equal(
            inventories.Order(StringComparer.Ordinal).SelectMany(number => (string[])[$"{number} 1", $"{number} 2"]).Order(StringComparer.Ordinal),
            official.Descendants(Ceb + "SummaryResultList").Select(one => $"{one.Element(Ceb + "invtNo")!.Value} {one.Element(Ceb + "gnum")!.Value}").Order(StringComparer.Ordinal));
        Assert.Equal((string)made["sumNo"]!, Of(result, "sumNo"));

        var receipts = await Client.SendAsync(
            HttpMethod.Get, Client.Key("declarant"), $"/v1/documents/{made["parts"]![0]!["id"]}/receipts", null, "application/xml");
        Assert.Equal(["2", "399"], XDocument.Parse(receipts.Text).Descendants(Ceb + "returnStatus").Select(one => one.Value));
        Assert.Equal((string)made["sumNo"]!, Of(receipts, "sumNo"));
        Assert.Matches("^P[0-9]{17}$", XDocument.Parse(receipts.Text).Descendants(Ceb + "preNo").First().Value);
    }

    [Fact]
    public async Task What_a_request_says_by_itself_must_be_right()
    {
        foreach (var (change, fault) in ((Action<JsonObject>, string)[])
        [
            (one => one["startTime"] = "20261101000000", "/endTime S3025"),
            (one => (one["startTime"], one["endTime"]) = ("20261130000000", "20261101000000"), "/endTime S3025"),
            (one => one.Remove("summaryApplyList"), "/summaryApplyList S3026"),
            (one => one["msgSeqNo"] = 2, "/msgSeqNo S3022"),
            (one => one["sumNo"] = "S20261201000000001", "/sumNo S3010"),
        ])
        {
            var asked = Documents.Example("summary");
            asked["copNo"] = Documents.NewNumber();
            change(asked);
            var refused = await Client.PostAsync("declarant", "/v1/summaries", asked);
            Assert.True(refused.Status == HttpStatusCode.UnprocessableEntity, refused.ToString());
            Assert.Equal(fault, $"{refused.Json["errors"]![0]!["pointer"]} {refused.Json["errors"]![0]!["code"]}");
        }
    }

    private static string NewGuid() => Guid.CreateVersion7().ToString("D").ToUpperInvariant();

    private static string Of(Answer answer, string element) => XDocument.Parse(answer.Text).Descendants(Ceb + element).Last().Value;

    private async Task<JsonNode> BecomesAsync(string path, Func<JsonNode, bool> asItMust) => (await Eventually.BecomesAsync(
        () => Client.GetAsync("declarant", path), answer => answer.Status == HttpStatusCode.OK && asItMust(answer.Json), $"{path} is as it must be")).Json;
}
