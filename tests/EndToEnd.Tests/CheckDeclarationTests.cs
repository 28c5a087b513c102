using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandan.EndToEnd.Tests;

/// <summary>
/// <c>POST /v1/check</c> for what customs decide by themselves: the receipts that are foretold of a document are those that it then gets.
/// </summary>
[Collection("one process")]
public sealed class CheckDeclarationTests(OneProcess system)
{
    private static readonly Dictionary<string, (string Role, string Path)> Doors = new()
    {
        ["exportOrders"] = ("platform", "/v1/export-orders"), ["exportPayments"] = ("payment", "/v1/export-payments"),
        ["exportWaybills"] = ("logistics", "/v1/export-waybills"), ["exportInventories"] = ("declarant", "/v1/export-inventories"),
        ["inventories"] = ("declarant", "/v1/inventories"), ["cancellations"] = ("declarant", "/v1/cancellations"),
        ["returns"] = ("declarant", "/v1/returns"), ["exportCancellations"] = ("declarant", "/v1/export-cancellations"),
        ["manifests"] = ("declarant", "/v1/manifests"), ["arrivals"] = ("logistics", "/v1/arrivals"), ["departures"] = ("logistics", "/v1/departures"),
        ["exportReturns"] = ("seller", "/v1/export-returns"), ["exportReturnTallies"] = ("logistics", "/v1/export-return-tallies"),
        ["summaries"] = ("declarant", "/v1/summaries"), ["warehousings"] = ("warehouse", "/v1/warehousings"),
        ["waybillStatuses"] = ("logistics", "/v1/waybill-statuses"),
    };

    private Client Client => system.Client;

    public static TheoryData<string> Arrivals => ["o p w i", "i w p o", "w i o p"];

    [Theory]
    [MemberData(nameof(Arrivals))]
    public async Task An_export_waits_and_then_agrees_as_it_was_foretold(string arrival)
    {
        var (number, sent) = (Documents.NewNumber(), "");
        foreach (var kind in arrival.Split(' '))
        {
            var member = kind switch { "o" => "exportOrders", "p" => "exportPayments", "w" => "exportWaybills", _ => "exportInventories" };
            var isWhole = (sent + kind).Intersect("owi").Count() == 3;
            var check = await CheckAsync(member, Documents.Export(kind, number), one =>
                sent.Contains('i', StringComparison.Ordinal) || kind == "i" ? kind == "p" || State(one) == (isWhole ? "Matched" : "Waiting") : Unused(one) == "S4508");
            Assert.Equal(isWhole && kind != "p", (bool)check["wouldPass"]!); // the payment company sees no inventory
            if (isWhole && kind != "p")
            {
                Assert.Equal(["120", "800"], Statuses(check["exportInventories"]![0]!));
            }

            await SendAsync(member, Documents.Export(kind, number));
            sent += kind;
        }

        // What is there already shows what stands.
        var again = await CheckAsync("exportInventories", Documents.Export("i", number), one => State(one) == "Matched");
        Assert.Equal(("exists", true), ((string)again["documents"]!["exportInventories"]![0]!["outcome"]!, (bool)again["wouldPass"]!));
        var late = Documents.Change(Documents.Export("i", number), "note", "x");
        await CheckAsync("exportInventories", late, one => string.Join(' ', Statuses(one["exportInventories"]![0]!)) == "100");
        Assert.Equal("100", (await ReceiptsAsync("exportInventories", await SendAsync("exportInventories", late))).Last().Split(' ')[0]);
    }

    [Fact]
    public async Task An_export_that_differs_is_told_why_before_it_is_sent_and_all_four_can_be_checked_at_once()
    {
        var number = Documents.NewNumber();
        await SendAsync("exportOrders", Documents.Export("o", number));
        var inventory = Documents.Export("i", number);
        inventory["tradeMode"] = "9710";
        var waiting = await CheckAsync("exportInventories", inventory, one => one["exportInventories"]![0]!["missing"]!.AsArray().Count == 1);
        Assert.Equal(("Waybill", "S4507"), ((string)waiting["exportInventories"]![0]!["missing"]![0]!["document"]!, (string)waiting["exportInventories"]![0]!["missing"]![0]!["code"]!));
        await SendAsync("exportWaybills", Documents.Export("w", number));
        var wrong = await CheckAsync("exportInventories", inventory, one => State(one) == "Mismatched");
        Assert.Equal("S4502", (string)wrong["exportInventories"]![0]!["discrepancies"]![0]!["code"]!);
        Assert.Equal(["100 [Code:S4502;Desc:订单类型与监管方式不符],[InventoryHead.tradeMode:9710,OrderHead.orderType:E]"], Receipts(wrong["exportInventories"]![0]!));
        Assert.False((bool)wrong["wouldPass"]!);

        var fresh = Documents.NewNumber();
        var both = new JsonObject { ["exportOrders"] = new JsonArray(Documents.Export("o", fresh)), ["exportInventories"] = new JsonArray(Documents.Export("i", fresh)) };
        var together = await PostAsync(Client.Key("seller"), both);
        Assert.Equal(("Waiting", "S4507"), (State(together), (string)together["exportInventories"]![0]!["missing"]![0]!["code"]!)); // its order is there
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("declarant", $"/v1/export-inventories/{Client.Company("declarant")}/C{fresh}")).Status);
    }

    [Fact]
    public async Task What_becomes_of_declarations_on_an_import_is_foretold()
    {
        var number = Documents.NewNumber();
        foreach (var (role, path, document) in (IEnumerable<(string, string, JsonObject)>)[
            ("platform", "/v1/orders", Documents.Order(number)), ("payment", "/v1/payments", Documents.Payment(number)), ("declarant", "/v1/inventories", Documents.Inventory(number))])
        {
            Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync(role, path, document)).Status);
        }

        var path621 = $"/v1/inventories/{Client.Company("seller")}/{number}";
        var invtNo = (string)(await BecomesAsync("declarant", path621, _ => true))["invtNo"]!;
        var cancellation = Documents.Example("cancellation");
        foreach (var field in (string[])["orderNo", "logisticsNo", "buyerName", "buyerIdNumber", "buyerTelephone"])
        {
            cancellation[field] = Documents.Inventory(number)[field]?.DeepClone();
        }

        (cancellation["guid"], cancellation["invtNo"], cancellation["copNo"]) = (NewGuid(), invtNo, number);
        var open = await CheckAsync("cancellations", cancellation, _ => true); // and not sent
        Assert.Equal([$"399 [Code:2300;Desc:审核通过],撤单申请审核通过,清单[{invtNo}]已成功撤单"], Receipts(open["documents"]!["cancellations"]![0]!));
        Assert.Empty((await BecomesAsync("declarant", path621, _ => true))["receipts"]!.AsArray());

        var detail = Documents.Example("warehousing");
        (detail["copNo"], detail["deliveryList"]) = (number, new JsonArray(new JsonObject { ["gnum"] = 1, ["logisticsNo"] = "W" + number }));
        Assert.Equal(["120", "399"], await ForetoldAsync("warehousings", detail)); // its inventory is there

        await Client.PostAsync("logistics", "/v1/waybills", Documents.Waybill(number));
        await BecomesAsync("declarant", path621, one => (string?)one["returnStatus"] == "800");
        Assert.Equal(["100"], await ForetoldAsync("cancellations", cancellation, isGood: false));
        (cancellation["guid"], cancellation["invtNo"], cancellation["copNo"]) = (NewGuid(), "31052026I999999998", "N" + number);
        Assert.Equal(["-623003"], await ForetoldAsync("cancellations", cancellation, isGood: false));

        Assert.Equal(["120", "300"], await ForetoldAsync("returns", Documents.Return(number, invtNo, "R1", (1, "3304990039", 2))));
        Assert.Equal(["100"], await ForetoldAsync("returns", Documents.Return(number, invtNo, "R2", (1, "3304990039", 1)), isGood: false));

        // Two of one check are decided one after the other, each with the one before it in view.
        var two = new JsonObject
        {
            ["returns"] = new JsonArray(Documents.Return(number, invtNo, "R3", (2, "9619001100", 2)), Documents.Return(number, invtNo, "R4", (2, "9619001100", 2))),
        };
        var decided = (await PostAsync(Client.Key("declarant"), two))["documents"]!["returns"]!.AsArray();
        Assert.Equal(["120 300", "100"], decided.Select(one => string.Join(' ', Statuses(one!))));

        var draft = Documents.Return(number, invtNo, "R5", (2, "9619001100", 1));
        draft["appStatus"] = "1";
        var kept = await CheckAsync("returns", draft, _ => true);
        Assert.Equal(("drafted", false), ((string)kept["documents"]!["returns"]![0]!["outcome"]!, (bool)kept["wouldPass"]!));

        var status = await CheckAsync("waybillStatuses", Documents.Status(number), _ => true);
        Assert.Equal(("created", true), ((string)status["documents"]!["waybillStatuses"]![0]!["outcome"]!, (bool)status["wouldPass"]!));
    }

    [Fact]
    public async Task What_becomes_of_an_export_behind_its_release_is_foretold()
    {
        var number = Documents.NewNumber();
        foreach (var (member, kind) in ((string, string)[])[("exportOrders", "o"), ("exportWaybills", "w"), ("exportInventories", "i")])
        {
            await SendAsync(member, Documents.Export(kind, number));
        }

        var invtNo = (string)(await BecomesAsync(
            "declarant", $"/v1/export-inventories/{Client.Company("declarant")}/C{number}", one => (string?)one["returnStatus"] == "800"))["invtNo"]!;
        var cancellation = Documents.Example("export-cancellation");
        (cancellation["guid"], cancellation["copNo"], cancellation["invtNo"]) = (NewGuid(), number, invtNo);
        Assert.Equal(["100"], await ForetoldAsync("exportCancellations", cancellation, isGood: false));

        Assert.Equal(["399"], await ForetoldAsync("manifests", List("manifest", "wayBillList", 1, 1)));
        Assert.Equal(["120"], await ForetoldAsync("arrivals", List("arrival", "arrivalList", 1, 2)));
        Assert.Equal(["399"], await ForetoldAsync("arrivals", List("arrival", "arrivalList", 2, 2)));
        var summary = Documents.Example("summary");
        (summary["guid"], summary["copNo"], summary["msgCount"], summary["msgSeqNo"]) = (NewGuid(), "S" + number, 1, 1);
        summary["summaryApplyList"] = new JsonArray(new JsonObject { ["invtNo"] = invtNo });
        var waits = await CheckAsync("summaries", summary, _ => true); // for its parcel has not left
        Assert.Equal((0, false), (waits["documents"]!["summaries"]![0]!["receipts"]!.AsArray().Count, (bool)waits["wouldPass"]!));
        Assert.Equal(["399"], await ForetoldAsync("departures", List("departure", "departureList", 1, 1)));
        await BecomesAsync("declarant", $"/v1/export-inventories/{Client.Company("declarant")}/C{number}", one => (string?)one["returnStatus"] == "899");
        Assert.Equal(["399"], await ForetoldAsync("summaries", summary));

        var asked = Documents.Example("export-return");
        (asked["guid"], asked["coElNo"], asked["invtNo"], asked["logisticsNo"]) = (NewGuid(), "R" + number, invtNo, "B" + number);
        Assert.Equal(["120"], await ForetoldAsync("exportReturns", asked));
        var tally = Documents.Example("export-return-tally");
        (tally["guid"], tally["coElNo"], tally["logisticsNo"]) = (NewGuid(), "T" + number, "B" + number);
        tally.Remove("invtNo");
        Assert.Equal(["399"], await ForetoldAsync("exportReturnTallies", tally));

        JsonObject List(string kind, string lines, int part, int parts)
        {
            var list = Documents.Example(kind);
            (list["guid"], list["copNo"], list["msgSeqNo"], list["msgCount"]) = (NewGuid(), number, part, parts);
            list[lines]![0]!["logisticsNo"] = part == 1 ? "X" + number : $"X{number}-OTHER";
            return list;
        }
    }

    [Fact]
    public async Task An_inventory_beyond_the_balance_of_its_account_is_told_so_beforehand()
    {
        var number = Documents.NewNumber();
        var account = $"/v1/stock-accounts/{number}";
        using var areaCode = new StringContent($$"""{ "areaCode": "{{Client.Company("warehouse")}}" }""", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync(HttpMethod.Put, Client.Key("customs"), account, areaCode)).Status);
        await EnterAsync("E1", 1);
        await EnterAsync("E2", 9, "R1002", "9619001100", "125");
        foreach (var (role, path, document) in (IEnumerable<(string, string, JsonObject)>)[
            ("platform", "/v1/orders", Documents.Order(number)), ("payment", "/v1/payments", Documents.Payment(number)), ("logistics", "/v1/waybills", Documents.Waybill(number))])
        {
            Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync(role, path, document)).Status);
        }

        var inventory = Documents.Inventory(number);
        inventory["emsNo"] = number;
        await Client.ConsignmentAsync(number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 800, "the consignment is released");
        var short1 = await CheckAsync("inventories", inventory, one => (string?)one["inventories"]!.AsArray().FirstOrDefault()?["state"] == "Matched");
        var told = Assert.Single(Receipts(short1["inventories"]![0]!));
        Assert.StartsWith("100 [Code:S6301;", told, StringComparison.Ordinal);
        Assert.False((bool)short1["wouldPass"]!);

        await EnterAsync("E3", 1);
        Assert.Equal(["120", "800"], Statuses((await CheckAsync("inventories", inventory, _ => true))["inventories"]![0]!));
        var shown = (await Client.GetAsync("warehouse", account)).Json["data"]!.AsArray();
        Assert.Equal(["R1001 2", "R1002 9"], shown.Select(one => $"{one!["itemRecordNo"]} {one["balance"]}")); // of which the check took nothing
        Assert.Equal(["120", "800"], (await ReceiptsAsync("inventories", await SendAsync("inventories", inventory), "800")).Select(one => one.Split(' ')[0]));

        async Task EnterAsync(string entryNo, int qty, string recordNo = "R1001", string gcode = "3304990039", string unit = "142")
        {
            var entry = new JsonObject
            {
                ["entryNo"] = entryNo, ["itemRecordNo"] = recordNo, ["gcode"] = gcode, ["gname"] = "保税商品", ["unit"] = unit, ["qty"] = qty, ["kind"] = "entry",
            };
            var answer = await Client.PostAsync("warehouse", account + "/entries", new JsonArray(entry));
            Assert.Equal("created", (string)answer.Json[0]!["outcome"]!);
        }
    }

    /// <summary>Checks, sends, and holds what is foretold against what is then told; returns the statuses.</summary>
    private async Task<IEnumerable<string>> ForetoldAsync(string member, JsonObject document, bool isGood = true)
    {
        var check = await CheckAsync(member, document, _ => true);
        var result = check["documents"]![member]![0]!;
        Assert.Equal(("created", isGood), ((string)result["outcome"]!, (bool)check["wouldPass"]!));
        Assert.Null(result["id"]);
        var foretold = Receipts(result);
        Assert.NotEmpty(foretold);
        Assert.Equal(foretold, await ReceiptsAsync(member, await SendAsync(member, document), foretold[^1].Split(' ')[0]));
        return foretold.Select(one => one.Split(' ')[0]);
    }

    private async Task<JsonNode> CheckAsync(string member, JsonObject document, Func<JsonNode, bool> asItMust)
    {
        var body = new JsonObject { [member] = new JsonArray(document.DeepClone()) };
        JsonNode? check = null;
        await Eventually.IsTrueAsync(Eventually.Soon, $"the check of {member} says what it must", async () =>
            asItMust(check = await PostAsync(Client.Key(Doors[member].Role), body)));
        return check!;
    }

    private async Task<JsonNode> PostAsync(string key, JsonObject body)
    {
        var answer = await Client.SendAsync(HttpMethod.Post, key, "/v1/check", new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        return answer.Json;
    }

    /// <summary>The id of what was sent.</summary>
    private async Task<string> SendAsync(string member, JsonObject document)
    {
        var answer = await Client.PostAsync(Doors[member].Role, Doors[member].Path, document.DeepClone());
        Assert.True(answer.Status is HttpStatusCode.Created, answer.ToString());
        return (string)answer.Json["id"]!;
    }

    /// <summary>What was told of a document behind its first receipt.</summary>
    private async Task<List<string>> ReceiptsAsync(string member, string id, string last = "") => (await Eventually.BecomesAsync(
        () => Client.GetAsync(Doors[member].Role, $"/v1/documents/{id}/receipts"),
        answer => answer.Status == HttpStatusCode.OK && answer.Json["receipts"]!.AsArray() is { Count: > 1 } all
            && (last.Length == 0 || (string?)all.Last()!["returnStatus"] == last),
        $"the document has receipts, the last one {last}")).Json["receipts"]!.AsArray().Skip(1).Select(Said).ToList();

    private async Task<JsonNode> BecomesAsync(string role, string path, Func<JsonNode, bool> asItMust) => (await Eventually.BecomesAsync(
        () => Client.GetAsync(role, path), answer => answer.Status == HttpStatusCode.OK && asItMust(answer.Json), $"{path} is as it must be")).Json;

    private static string NewGuid() => Guid.CreateVersion7().ToString("D").ToUpperInvariant();

    private static List<string> Receipts(JsonNode of) => [.. of["receipts"]!.AsArray().Select(Said)];

    private static IEnumerable<string> Statuses(JsonNode of) => of["receipts"]!.AsArray().Select(one => (string)one!["returnStatus"]!);

    private static string Said(JsonNode? receipt) => $"{receipt!["returnStatus"]} {receipt["returnInfo"]}";

    private static string? State(JsonNode check) => (string?)check["exportInventories"]!.AsArray().FirstOrDefault()?["state"];

    private static string? Unused(JsonNode check) => (string?)check["unused"]!.AsArray().FirstOrDefault()?["code"];
}
