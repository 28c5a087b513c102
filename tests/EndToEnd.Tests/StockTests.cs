using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Sandan.Contracts.Ceb;

namespace Sandan.EndToEnd.Tests;

/// <summary>Bonded goods through the gateway: an account is filled, inventories take from it, goods come back; parcels are warehoused.</summary>
[Collection("one process")]
public sealed class StockTests(OneProcess system)
{
    private static readonly XNamespace Ceb = CebMessage.Namespace;

    private Client Client => system.Client;

    [Fact]
    public async Task Of_two_inventories_that_want_two_of_three_one_is_released_and_the_other_when_goods_are_back()
    {
        var (first, second) = (Documents.NewNumber(), Documents.NewNumber());
        var account = $"/v1/stock-accounts/{first}";
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("warehouse", account)).Status);
        using var areaCode = new StringContent($$"""{ "areaCode": "{{Client.Company("warehouse")}}" }""", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync(HttpMethod.Put, Client.Key("customs"), account, areaCode)).Status);
        var entries = new JsonArray(Entry("E1", "R1001", "3304990039", "142", 3), Entry("E2", "R1002", "9619001100", "125", 9));
        foreach (var outcome in (string[])["created", "exists"])
        {
            var answer = await Client.PostAsync("warehouse", account + "/entries", entries);
            Assert.Equal([outcome, outcome], answer.Json.AsArray().Select(one => (string)one!["outcome"]!));
        }

        var inventory = await DeclareAsync(first, first);
        var invtNo = (string)(await BecomesAsync(first, "800"))["invtNo"]!;
        var other = await DeclareAsync(second, first);
        var refused = await BecomesAsync(second, "100");
        Assert.Equal("S6301", (string)refused["code"]!);
        Assert.EndsWith(
            $"[InventoryHead.emsNo:{first},InventoryList.itemRecordNo:R1001,InventoryList.qty:2,account.balance:1,account.areaCode:{Client.Company("warehouse")}]",
            (string)refused["receipts"]![0]!["returnInfo"]!, StringComparison.Ordinal);

        // What is released is not cancelled any more (22007): the goods come back, and an officer sees them.
        var back = await Client.PostAsync("declarant", "/v1/returns", Asked(inventory, invtNo));
        Assert.Equal(HttpStatusCode.Created, back.Status);
        var preNo = (string)back.Json["preNo"]!;
        await Eventually.BecomesAsync(
            () => Client.GetAsync("declarant", $"/v1/returns/{preNo}"),
            answer => answer.Status == HttpStatusCode.OK && (string?)answer.Json["returnStatus"] == "300", "the return is held");
        var seen = await Client.PostAsync("customs", $"/v1/returns/{preNo}/actions", new JsonObject { ["action"] = "release", ["reason"] = "与申请一致" });
        Assert.Equal(HttpStatusCode.OK, seen.Status);
        Assert.Equal("100", (string)(await BecomesAsync(second, "100"))["returnStatus"]!);

        Assert.Equal("changed", (string)(await Client.PostAsync("declarant", "/v1/inventories", Documents.Change(other, "note", "再次申报"))).Json["outcome"]!);
        var stock = (await BecomesAsync(second, "800"))["stock"]!;
        Assert.Equal(["R1001 2", "R1002 3"], stock["held"]!.AsArray().Select(one => $"{one!["itemRecordNo"]} {one["released"]}"));
        Assert.Empty(stock["warnings"]!.AsArray());

        var shown = (await Client.GetAsync("warehouse", account)).Json["data"]!.AsArray();
        Assert.Equal(["R1001 1 3 4 2", "R1002 3 9 6 0"], shown.Select(one => $"{one!["itemRecordNo"]} {one["balance"]} {one["entered"]} {one["released"]} {one["returned"]}"));
        var moved = (await Client.GetAsync("operator", account + "/movements?limit=1000")).Json["data"]!.AsArray();
        Assert.Equal( // what is reserved first and then released changes the balance once
            ["-2", "2", "-2", "3"],
            moved.Where(one => (string)one!["itemRecordNo"]! == "R1001").Select(one => $"{one!["change"]}").Where(change => change != "0"));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("seller", account)).Status);
    }

    [Fact]
    public async Task Parcels_are_warehoused_as_XML_before_their_inventory_comes()
    {
        var number = Documents.NewNumber();
        var detail = Documents.Example("warehousing");
        (detail["copNo"], detail["deliveryList"]) = (number, new JsonArray(new JsonObject { ["gnum"] = 1, ["logisticsNo"] = "W" + number }));
        var site = new Demo.Company(Client.Company("warehouse"), "示例保税仓储有限公司", "warehouse", Client.Key("warehouse"));
        var message = Encoding.UTF8.GetString(Demo.CebXml.Write(CebMessage.Warehousing, site, [detail]));
        var answer = await Client.PostAsync("warehouse", "/v1/ceb", message, "application/xml");
        var receipt = XDocument.Parse(answer.Text).Root!;
        Assert.Equal(("CEB712Message", "2"), (receipt.Name.LocalName, receipt.Descendants(Ceb + "returnStatus").Single().Value));
        Assert.Matches("^R[0-9]{17}$", receipt.Descendants(Ceb + "preNo").Single().Value);

        var path = $"/v1/warehousings/{site.Code}/{number}";
        var stored = await WarehousingAsync("120");
        Assert.Equal("S6322", (string)stored["parcels"]![0]!["notes"]![0]!["code"]!);
        await DeclareAsync(number, "NOT-KEPT");
        var concluded = await WarehousingAsync("399");
        Assert.NotNull(concluded["parcels"]![0]!["invtNo"]);
        var inventory = await BecomesAsync(number, "800");
        Assert.Equal((string)detail["unloadLocation"]!, (string)Assert.Single(inventory["warehousings"]!.AsArray())!["unloadLocation"]!);
        Assert.Equal("S6303", (string)Assert.Single(inventory["stock"]!["warnings"]!.AsArray())!["code"]!); // it passes all the same

        var receipts = await Client.SendAsync(HttpMethod.Get, Client.Key("warehouse"), $"/v1/documents/{concluded["id"]}/receipts", null, "application/xml");
        Assert.Equal(["2", "120", "399"], XDocument.Parse(receipts.Text).Root!.Descendants(Ceb + "returnStatus").Select(one => one.Value));
        foreach (var (field, value, wrong) in ((string, JsonNode?, string)[])[("copNo", null, "S1001"), ("ieFlag", "E", "S1011"), ("operatorCode", "3302960001", "S3001")])
        {
            var bad = (JsonObject)detail.DeepClone();
            bad[field] = value;
            var refused = await Client.PostAsync("warehouse", "/v1/warehousings", bad);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
            Assert.Equal(("/" + field, wrong), ((string)refused.Json["errors"]![0]!["pointer"]!, (string)refused.Json["errors"]![0]!["code"]!));
        }

        async Task<JsonNode> WarehousingAsync(string status) => (await Eventually.BecomesAsync(
            () => Client.GetAsync("logistics", path),
            one => one.Status == HttpStatusCode.OK && (string?)one.Json["returnStatus"] == status, $"the warehousing is {status}")).Json;
    }

    private static JsonObject Entry(string entryNo, string itemRecordNo, string gcode, string unit, int qty) => new()
    {
        ["entryNo"] = entryNo, ["itemRecordNo"] = itemRecordNo, ["gcode"] = gcode, ["gname"] = "保税商品", ["unit"] = unit, ["qty"] = qty, ["kind"] = "entry",
    };

    private static JsonObject Asked(JsonObject inventory, string invtNo)
    {
        var asked = Documents.Example("return");
        foreach (var field in (string[])["orderNo", "logisticsNo", "buyerName", "buyerIdNumber", "buyerTelephone"])
        {
            asked[field] = inventory[field]!.DeepClone();
        }

        (asked["invtNo"], asked["copNo"]) = (invtNo, "R" + inventory["orderNo"]);
        asked["invtRefundList"] = new JsonArray(new JsonObject { ["gnum"] = 1, ["gcode"] = "3304990039", ["gname"] = "x", ["qty"] = 2, ["unit"] = "142" });
        return asked;
    }

    /// <summary>The three documents and their inventory, two of R1001 and three of R1002.</summary>
    private async Task<JsonObject> DeclareAsync(string number, string emsNo)
    {
        var inventory = Documents.Inventory(number);
        inventory["emsNo"] = emsNo;
        foreach (var (role, path, document) in (IEnumerable<(string, string, JsonObject)>)[
            ("platform", "/v1/orders", Documents.Order(number)), ("payment", "/v1/payments", Documents.Payment(number)),
            ("logistics", "/v1/waybills", Documents.Waybill(number)), ("declarant", "/v1/inventories", inventory)])
        {
            Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync(role, path, document)).Status);
        }

        return inventory;
    }

    private async Task<JsonNode> BecomesAsync(string number, string status) => (await Eventually.BecomesAsync(
        () => Client.GetAsync("declarant", $"/v1/inventories/{Client.Company("seller")}/{number}"),
        answer => answer.Status == HttpStatusCode.OK && (string?)answer.Json["returnStatus"] == status,
        $"the inventory is {status}")).Json;
}
