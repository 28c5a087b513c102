using System.Net;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Sandan.Contracts.Ceb;

namespace Sandan.EndToEnd.Tests;

/// <summary>Exports through the gateway: order, receipt of payment, waybill and inventory, in any order.</summary>
[Collection("one process")]
public sealed class ExportTests(OneProcess system)
{
    private static readonly XNamespace Ceb = CebMessage.Namespace;

    private Client Client => system.Client;

    public static TheoryData<string> Arrivals => ["o p w i", "i w p o", "w i o p", "p o i w"];

    [Theory]
    [MemberData(nameof(Arrivals))]
    public async Task An_export_that_fits_is_released_in_whatever_order_things_come(string arrival)
    {
        var number = Documents.NewNumber();
        var ids = new Dictionary<string, string>();
        foreach (var kind in arrival.Split(' '))
        {
            ids[kind] = await SendAsync(kind, number);
        }

        var receipts = await ReceiptsAsync("declarant", ids["i"], "800");
        Assert.Equal(["2", "120", "800"], receipts.Select(one => (string)one!["returnStatus"]!));
        Assert.All(receipts, one => Assert.Matches("^B[0-9]{17}$", (string)one!["preNo"]!));
        Assert.Matches("^3105[0-9]{4}E[0-9]{9}$", (string)receipts[2]!["customsNo"]!);

        var state = (await Client.GetAsync("platform", PathOf(number))).Json;
        Assert.Equal(("Matched", "800", ids["i"]), ((string)state["state"]!, (string)state["returnStatus"]!, (string)state["id"]!));
        Assert.Empty(state["missing"]!.AsArray());
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("payment", PathOf(number))).Status);
        Assert.Equal(["cn.sandan.export.released.v1"], await EventsAsync(number));
    }

    [Fact]
    public async Task An_export_says_what_it_waits_for_and_why_it_is_rejected_and_is_released_when_it_is_corrected()
    {
        var number = Documents.NewNumber();
        var rejected = await SendAsync("i", number, one => one["tradeMode"] = "9710");
        var waiting = await StateAsync(number, one => one["missing"]!.AsArray().Count == 2);
        Assert.Equal(["S4506", "S4507"], waiting["missing"]!.AsArray().Select(one => (string)one!["code"]!));
        Assert.Null(waiting["returnStatus"]);

        await SendAsync("o", number);
        await SendAsync("w", number);
        Assert.Equal("[Code:S4502;Desc:订单类型与监管方式不符],[InventoryHead.tradeMode:9710,OrderHead.orderType:E]", (string)(await ReceiptsAsync("declarant", rejected, "100")).Last()!["returnInfo"]!);

        var corrected = await SendAsync("i", number, one => (one["appType"], one["appTime"]) = ("2", "20261120130000"));
        Assert.Equal(["2", "120", "800"], (await ReceiptsAsync("declarant", corrected, "800")).Select(one => (string)one!["returnStatus"]!));

        // What is released can be neither changed nor deleted, and that is said once.
        var late = await SendAsync("i", number, one => (one["appType"], one["appTime"]) = ("3", "20261120140000"));
        Assert.Equal("[Code:22007;Desc:对应清单已放行]", (string)(await ReceiptsAsync("declarant", late, "100")).Last()!["returnInfo"]!);
        await SendAsync("p", number, one => one["charge"] = 1);
        await Client.PostAsync("logistics", "/v1/export-waybills", Documents.Change(Documents.Export("w", number), "note", "x"));
        Assert.Equal(["cn.sandan.export.rejected.v1", "cn.sandan.export.released.v1", "cn.sandan.export.rejected.v1"], await EventsAsync(number));
    }

    [Fact]
    public async Task A_parcel_of_a_part_of_an_order_to_companies_has_an_inventory_of_its_own()
    {
        var number = Documents.NewNumber();
        await SendAsync("o", number, one => (one["orderType"], one["ebpCode"]) = ("B", "无"), "seller");
        var ids = new List<string>();
        foreach (var line in (int[])[0, 1])
        {
            var part = $"{number}-{line}";
            await SendAsync("w", part);
            ids.Add(await SendAsync("i", part, one =>
            {
                (one["tradeMode"], one["ebpCode"], one["orderNo"]) = ("9710", "无", number);
                one["inventoryList"] = new JsonArray(one["inventoryList"]![line]!.DeepClone());
            }));
        }

        foreach (var id in ids)
        {
            Assert.Equal("800", (string)(await ReceiptsAsync("declarant", id, "800")).Last()!["returnStatus"]!);
        }
    }

    [Fact]
    public async Task An_export_that_is_not_released_is_cancelled_and_stays_so_and_one_that_is_released_is_not()
    {
        var number = Documents.NewNumber();
        var inventory = await SendAsync("i", number);
        var invtNo = (string)(await StateAsync(number, _ => true))["invtNo"]!;
        Assert.Equal($"[Code:2300;Desc:审核通过],撤单申请审核通过,清单[{invtNo}]已成功撤单", (string)(await CancelAsync(number, invtNo, "399")).Last()!["returnInfo"]!);
        await SendAsync("o", number);
        await SendAsync("w", number);
        await StateAsync(number, one => (string?)one["state"] == "Matched");
        Assert.Equal(["2", "399"], (await ReceiptsAsync("declarant", inventory, "399")).Select(one => (string)one!["returnStatus"]!));
        Assert.Equal(["cn.sandan.export.withdrawn.v1"], await EventsAsync(number));

        var other = Documents.NewNumber();
        foreach (var kind in (string[])["o", "w", "i"])
        {
            await SendAsync(kind, other);
        }

        var released = await StateAsync(other, one => (string?)one["returnStatus"] == "800");
        Assert.Equal("[Code:22007;Desc:对应清单已放行]", (string)(await CancelAsync(other, (string)released["invtNo"]!, "100")).Last()!["returnInfo"]!);
        Assert.Equal("清单编号不存在[31052026E999999999]", (string)(await CancelAsync(other, "31052026E999999999", "-623003")).Last()!["returnInfo"]!);
    }

    [Fact]
    public async Task An_officer_has_an_export_inspected_before_its_documents_are_there_and_releases_it_then()
    {
        var number = Documents.NewNumber();
        var first = await SendAsync("i", number);
        await StateAsync(number, one => (string?)one["state"] == "Waiting");
        Assert.Equal(HttpStatusCode.Forbidden, (await ActAsync("seller", number, "hold")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ActAsync("customs", number, "hold")).Status);
        var inspected = await ActAsync("customs", number, "inspect");
        Assert.Equal(("500", "S6004"), ((string)inspected.Json["returnStatus"]!, (string)inspected.Json["code"]!));
        var early = await ActAsync("customs", number, "release");
        Assert.Equal((HttpStatusCode.Conflict, "S2014", "500; Waiting"), (early.Status, (string)early.Json["code"]!, (string)early.Json["errors"]![0]!["actual"]!));
        await ListAsync("departure", number, 1, 1);
        await SendAsync("o", number);
        await SendAsync("w", number);
        await StateAsync(number, one => (string?)one["state"] == "Matched");
        Assert.Equal(["2", "300", "500"], (await ReceiptsAsync("declarant", first, "500")).Select(one => (string)one!["returnStatus"]!));

        // A change does not end it; the officer does, and the parcel has left already.
        var changed = await SendAsync("i", number, one => (one["appType"], one["appTime"], one["note"]) = ("2", "20261120130000", "更正"));
        Assert.Equal(["2", "120", "500"], (await ReceiptsAsync("declarant", changed, "500")).Select(one => (string)one!["returnStatus"]!));
        Assert.Equal(HttpStatusCode.OK, (await ActAsync("customs", number, "release")).Status);
        Assert.Equal(["2", "120", "500", "800", "899"], (await ReceiptsAsync("declarant", changed, "899")).Select(one => (string)one!["returnStatus"]!));
        Assert.Equal(HttpStatusCode.Conflict, (await ActAsync("customs", number, "hold")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ActAsync("customs", "NONE", "hold")).Status);
        Assert.Equal(
            ["export.held", "export.inspection", "export.inspection", "export.released", "export.departed"],
            (await EventsAsync(number)).Select(type => type["cn.sandan.".Length..^".v1".Length]));

        var other = Documents.NewNumber();
        var refused = await SendAsync("i", other);
        Assert.Equal(HttpStatusCode.OK, (await ActAsync("customs", other, "reject")).Status);
        await SendAsync("o", other);
        await SendAsync("w", other);
        await StateAsync(other, one => (string?)one["state"] == "Matched");
        Assert.Equal("[Code:1300;Desc:人工退单，见单证]", (string)(await ReceiptsAsync("declarant", refused, "100")).Last()!["returnInfo"]!);
    }

    private Task<Answer> ActAsync(string role, string number, string action) =>
        Client.PostAsync(role, PathOf(number) + "/actions", new JsonObject { ["action"] = action, ["reason"] = "见单证" });

    private async Task<JsonArray> CancelAsync(string number, string invtNo, string last)
    {
        var cancellation = Documents.Example("export-cancellation");
        (cancellation["guid"], cancellation["copNo"], cancellation["invtNo"]) = (Guid.CreateVersion7().ToString("D").ToUpperInvariant(), number, invtNo);
        var answer = await Client.PostAsync("declarant", "/v1/export-cancellations", cancellation);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.ToString());
        return await ReceiptsAsync("declarant", (string)answer.Json["id"]!, last);
    }

    public static TheoryData<string> Departures => ["o w i 1 2", "2 1 i o w", "1 i w 2 o", "o w 2 i 1"];

    [Theory]
    [MemberData(nameof(Departures))]
    public async Task A_departure_that_is_whole_closes_what_is_released_in_whatever_order_they_come(string arrival)
    {
        var number = Documents.NewNumber();
        var ids = new Dictionary<string, string>();
        foreach (var kind in arrival.Split(' '))
        {
            ids[kind] = kind is "1" or "2" ? await ListAsync("departure", number, int.Parse(kind, System.Globalization.CultureInfo.InvariantCulture), 2) : await SendAsync(kind, number);
            if (kind is "1" or "2" && ids.Count(one => one.Key is "1" or "2") == 1)
            {
                Assert.Equal(["2", "120"], (await ReceiptsAsync("logistics", ids[kind], "120")).Select(one => (string)one!["returnStatus"]!));
            }
        }

        Assert.Equal(["2", "120", "800", "899"], (await ReceiptsAsync("declarant", ids["i"], "899")).Select(one => (string)one!["returnStatus"]!));
        foreach (var part in (string[])["1", "2"])
        {
            Assert.Equal("399", (string)(await ReceiptsAsync("logistics", ids[part], "399")).Last()!["returnStatus"]!);
        }

        await ListAsync("arrival", number, 1, 1);
        await ListAsync("manifest", number, 1, 1);
        var state = await StateAsync(number, one => one["transports"]!.AsArray().Count(list => list!["isWhole"]!.GetValue<bool>()) == 3);
        Assert.Equal(["CEB507", "CEB509", "CEB607"], state["transports"]!.AsArray().Select(one => (string)one!["message"]!));
        Assert.Equal("2026-11-20T21:30:00+00:00", (string)state["transports"]![1]!["leftAt"]!);
        Assert.Equal(["cn.sandan.export.released.v1", "cn.sandan.export.departed.v1"], await EventsAsync(number));

        // What is whole is neither changed nor deleted.
        var late = await ListAsync("departure", number, 2, 2, one => (one["appType"], one["appTime"]) = ("3", "20261122060000"));
        Assert.Equal("清单状态不允许变更", (string)(await ReceiptsAsync("logistics", late, "-621012")).Last()!["returnInfo"]!);
    }

    private async Task<string> ListAsync(string kind, string number, int part, int parts, Action<JsonObject>? change = null)
    {
        var list = Documents.Example(kind);
        (list["guid"], list["copNo"], list["msgSeqNo"], list["msgCount"]) = (Guid.CreateVersion7().ToString("D").ToUpperInvariant(), number, part, parts);
        var line = list[kind == "manifest" ? "wayBillList" : kind + "List"]![0]!;
        line["logisticsNo"] = part == 1 ? "X" + number : $"X{number}-OTHER";
        change?.Invoke(list);
        var answer = await Client.PostAsync(kind == "manifest" ? "declarant" : "logistics", $"/v1/{kind}s", list);
        Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.OK, answer.ToString());
        return (string)answer.Json["id"]!;
    }

    [Fact]
    public async Task Export_messages_are_taken_at_the_one_door_and_answered_by_their_receipts()
    {
        var number = Documents.NewNumber();
        foreach (var (kind, role, message) in ((string, string, CebMessage)[])
            [("o", "platform", CebMessage.ExportOrder), ("p", "payment", CebMessage.ExportPayment), ("w", "logistics", CebMessage.ExportWaybill), ("i", "declarant", CebMessage.ExportInventory)])
        {
            var answer = await Client.PostAsync(role, "/v1/ceb", OfficialXml.Of(message, Documents.Export(kind, number)), "application/xml");
            Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
            var receipt = XDocument.Parse(answer.Text).Root!;
            Assert.Equal((message.Receipt!.RootName, "2"), (receipt.Name.LocalName, receipt.Descendants(Ceb + "returnStatus").Single().Value));
        }

        await StateAsync(number, one => (string?)one["returnStatus"] == "800");
        var faulty = Documents.Export("i", Documents.NewNumber());
        (faulty["ieFlag"], faulty["statisticsFlag"], faulty["licenseNo"], faulty["netWeight"]) = ("I", "A", "L1", 9);
        var refused = await Client.PostAsync("declarant", "/v1/export-inventories", faulty);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(["/ieFlag S1011", "/licenseNo S3021", "/netWeight S3007"], refused.Json["errors"]!.AsArray().Select(one => $"{one!["pointer"]} {one["code"]}"));
    }

    private string PathOf(string number) => $"/v1/export-inventories/{Client.Company("declarant")}/C{number}";

    private async Task<string> SendAsync(string kind, string number, Action<JsonObject>? change = null, string? role = null)
    {
        var document = Documents.Export(kind, number);
        change?.Invoke(document);
        document["guid"] = Guid.CreateVersion7().ToString("D").ToUpperInvariant();
        var (sender, path) = kind switch
        {
            "o" => ("platform", "/v1/export-orders"),
            "p" => ("payment", "/v1/export-payments"),
            "w" => ("logistics", "/v1/export-waybills"),
            _ => ("declarant", "/v1/export-inventories"),
        };
        var answer = await Client.PostAsync(role ?? sender, path, document);
        Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.OK, answer.ToString());
        return (string)answer.Json["id"]!;
    }

    private async Task<JsonNode> StateAsync(string number, Func<JsonNode, bool> asItMust) => (await Eventually.BecomesAsync(
        () => Client.GetAsync("declarant", PathOf(number)),
        answer => answer.Status == HttpStatusCode.OK && asItMust(answer.Json),
        "the export inventory is as it must be")).Json;

    private async Task<JsonArray> ReceiptsAsync(string role, string id, string last) => (await Eventually.BecomesAsync(
        () => Client.GetAsync(role, $"/v1/documents/{id}/receipts"),
        answer => answer.Status == HttpStatusCode.OK && (string?)answer.Json["receipts"]!.AsArray().Last()!["returnStatus"] == last,
        $"the last receipt says {last}")).Json["receipts"]!.AsArray();

    private async Task<List<string>> EventsAsync(string number)
    {
        var (types, cursor) = (new List<string>(), "");
        while (true)
        {
            var page = (await Client.GetAsync("declarant", $"/v1/events?limit=1000{cursor}")).Json;
            types.AddRange(page["data"]!.AsArray().Where(one => ((string)one!["subject"]!).EndsWith("/" + number, StringComparison.Ordinal)).Select(one => (string)one!["type"]!));
            if (!page["hasMore"]!.GetValue<bool>())
            {
                return types;
            }

            cursor = $"&after={page["next"]}";
        }
    }
}
