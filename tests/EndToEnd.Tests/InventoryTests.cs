using System.Buffers;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Sandan.Contracts.Ceb;
using Sandan.Signing;

namespace Sandan.EndToEnd.Tests;

/// <summary>Inventories through the gateway: declared, compared with the three documents, released; and the receipts of all of them.</summary>
[Collection("one process")]
public sealed class InventoryTests(OneProcess system)
{
    private static readonly XNamespace Ceb = CebMessage.Namespace;

    private Client Client => system.Client;

    public static TheoryData<string> Arrivals => ["o p w i", "i o p w", "w i p o", "p i w o"];

    [Theory]
    [MemberData(nameof(Arrivals))]
    public async Task An_inventory_that_fits_is_released_in_whatever_order_things_come(string arrival)
    {
        var number = Documents.NewNumber();
        var ids = new Dictionary<string, string>();
        foreach (var kind in arrival.Split(' '))
        {
            ids[kind] = await SendAsync(kind, number);
        }

        var receipts = await ReceiptsAsync("declarant", ids["i"], "800");
        Assert.Equal(["2", "120", "800"], receipts.Select(one => (string)one!["returnStatus"]!));
        Assert.Equal("[Code:1800;Desc:逻辑校验通过]", (string)receipts[1]!["returnInfo"]!);
        Assert.Equal("[Code:2600;Desc:放行]", (string)receipts[2]!["returnInfo"]!);
        Assert.All(receipts, one => Assert.Matches("^B[0-9]{17}$", (string)one!["preNo"]!));
        Assert.Matches("^3105[0-9]{4}I[0-9]{9}$", (string)receipts[2]!["customsNo"]!);

        // What was told once comes again as it was.
        Assert.Equal(receipts.ToJsonString(), (await ReceiptsAsync("declarant", ids["i"], "800")).ToJsonString());
        foreach (var (kind, role) in (IEnumerable<(string, string)>)[("o", "platform"), ("p", "payment"), ("w", "logistics")])
        {
            Assert.Equal(["2", "120"], (await ReceiptsAsync(role, ids[kind], "120")).Select(one => (string)one!["returnStatus"]!));
            Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("declarant", $"/v1/documents/{ids[kind]}/receipts")).Status);
        }

        var state = (await Client.GetAsync("platform", $"/v1/inventories/{Client.Company("seller")}/{number}")).Json;
        Assert.Equal(("Matched", "800", ids["i"]), ((string)state["state"]!, (string)state["returnStatus"]!, (string)state["id"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("payment", $"/v1/inventories/{Client.Company("seller")}/{number}")).Status);
    }

    [Fact]
    public async Task An_inventory_that_differs_is_rejected_with_the_official_code_and_released_when_it_is_corrected()
    {
        var number = Documents.NewNumber();
        foreach (var kind in (string[])["o", "p", "w"])
        {
            await SendAsync(kind, number);
        }

        var inventory = Documents.Inventory(number);
        ((JsonArray)inventory["inventoryList"]!).RemoveAt(1);
        var rejected = await SendAsync(inventory);

        var receipts = await ReceiptsAsync("declarant", rejected, "100");
        Assert.Equal(["2", "100"], receipts.Select(one => (string)one!["returnStatus"]!));
        Assert.Equal(
            $"[Code:1320;Desc:清单表体商品项与订单表体商品项的项数不一致],[InventoryHead.orderNo:{number},OrderHead.orderNo:{number}]",
            (string)receipts[1]!["returnInfo"]!);
        var state = (await Client.GetAsync("declarant", $"/v1/inventories/{Client.Company("seller")}/{number}")).Json;
        Assert.Equal(("Mismatched", "1320"), ((string)state["state"]!, (string)state["discrepancies"]![0]!["code"]!));

        var corrected = await SendAsync(Documents.Change(Documents.Inventory(number), "note", "更正"));
        Assert.Equal(["2", "120", "800"], (await ReceiptsAsync("declarant", corrected, "800")).Select(one => (string)one!["returnStatus"]!));

        // What is released can be neither changed nor deleted.
        var late = Documents.Change(Documents.Inventory(number), "note", "再更正");
        late["appTime"] = "20261120180000";
        var tooLate = await ReceiptsAsync("declarant", await SendAsync(late), "100");
        Assert.Equal("[Code:22007;Desc:对应清单已放行]", (string)tooLate[1]!["returnInfo"]!);
        Assert.Equal(
            ["cn.sandan.inventory.rejected.v1", "cn.sandan.inventory.released.v1", "cn.sandan.inventory.rejected.v1"],
            (await EventsAsync(number)).Select(one => (string)one["type"]!));
    }

    [Fact]
    public async Task A_released_inventory_has_a_tax_bill_and_cannot_be_cancelled()
    {
        var number = Documents.NewNumber();
        foreach (var kind in (string[])["o", "p", "w"])
        {
            await SendAsync(kind, number);
        }

        var invtNo = (string)(await ReceiptsAsync("declarant", await SendAsync("i", number), "800")).Last()!["customsNo"]!;
        var path = $"/v1/inventories/{Client.Company("seller")}/{number}/tax-bill";
        var bill = (await Client.GetAsync("seller", path)).Json;
        Assert.Equal((invtNo, "53.55"), ((string)bill["invtNo"]!, bill["valueAddedTax"]!.ToString()));
        Assert.Equal(2, bill["taxListRd"]!.AsArray().Count);
        var xml = XDocument.Parse((await Client.SendAsync(HttpMethod.Get, Client.Key("seller"), path, null, "application/xml")).Text).Root!;
        Assert.Equal(("CEB816Message", "53.55"), (xml.Name.LocalName, xml.Descendants(Ceb + "TaxHeadRd").Single().Element(Ceb + "valueAddedTax")!.Value));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("payment", path)).Status);

        var receipts = await ReceiptsAsync("declarant", await CancelAsync(number, invtNo), "100");
        Assert.Equal("[Code:22007;Desc:对应清单已放行]", (string)receipts.Last()!["returnInfo"]!);
        Assert.Matches("^C[0-9]{17}$", (string)receipts.Last()!["preNo"]!);
    }

    [Fact]
    public async Task An_inventory_that_waits_is_cancelled_and_stays_so()
    {
        var number = Documents.NewNumber();
        await SendAsync("o", number);
        await SendAsync("p", number);
        var inventory = await SendAsync("i", number);
        await IdOfAsync(number);
        var invtNo = (string)(await Client.GetAsync("declarant", $"/v1/inventories/{Client.Company("seller")}/{number}")).Json["invtNo"]!;

        var unknown = await ReceiptsAsync("declarant", await CancelAsync(number, "31052026I999999999"), "-623003");
        Assert.Equal(2, unknown.Count);
        var cancelled = await ReceiptsAsync("declarant", await CancelAsync(number, invtNo), "399");
        Assert.Equal($"[Code:2300;Desc:审核通过],撤单申请审核通过,清单[{invtNo}]已成功撤单", (string)cancelled.Last()!["returnInfo"]!);

        await SendAsync("w", number);
        await Client.ConsignmentAsync(number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 800, "the consignment is released");
        Assert.Equal(["2", "399"], (await ReceiptsAsync("declarant", inventory, "399")).Select(one => (string)one!["returnStatus"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("seller", $"/v1/inventories/{Client.Company("seller")}/{number}/tax-bill")).Status);
        Assert.Equal(["cn.sandan.inventory.withdrawn.v1", "cn.sandan.clearance.released.v1"], (await EventsAsync(number, "seller")).Select(one => (string)one["type"]!));
    }

    [Fact]
    public async Task What_is_waited_for_and_lies_under_a_mistyped_number_is_pointed_at()
    {
        var number = Documents.NewNumber();
        await SendAsync("o", number);
        var waybill = Documents.Waybill(number);
        waybill["orderNo"] = $"{number}0";
        waybill["platformCode"] = Client.Company("platform");
        Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync("logistics", "/v1/waybills", waybill)).Status);
        var payment = Documents.Payment(number);
        payment["orderNo"] = "X" + number;
        Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync("payment", "/v1/payments", payment)).Status);

        var consignment = await Client.ConsignmentAsync(number, one => one["nearMisses"]!.AsArray().Count == 2, "both are pointed at");
        Assert.Equal(
            [("Payment", "S4301", "X" + number), ("Waybill", "S4302", number + "0")],
            consignment["nearMisses"]!.AsArray().Select(one => ((string)one!["document"]!, (string)one["code"]!, (string)one["orderNo"]!)).Order());
    }

    [Fact]
    public async Task An_inventory_that_cannot_be_is_refused_and_says_why()
    {
        var number = Documents.NewNumber();
        foreach (var (field, value, code) in (IEnumerable<(string, JsonNode, string)>)[
            ("assureCode", "3302960009", "S3006"), ("netWeight", 7, "S3007"), ("packNo", 2, "S3009"), ("preNo", "B20261120000000001", "S3010"),
            ("agentCode", "3302960001", "S3001"), ("emsNo", "", "S1017")])
        {
            var inventory = Documents.Inventory(number);
            inventory[field] = value;
            var answer = await Client.PostAsync("declarant", "/v1/inventories", inventory);
            Assert.True(answer.Status == HttpStatusCode.UnprocessableEntity, $"{field}: {answer}");
            Assert.Contains(answer.Json["errors"]!.AsArray(), one => (string)one!["code"]! == code && (string)one["pointer"]! == $"/{field}");
        }
    }

    [Fact]
    public async Task Lines_that_cannot_be_are_refused_with_the_numbers_of_inventories()
    {
        var without = Documents.Inventory(Documents.NewNumber());
        without["inventoryList"] = new JsonArray();
        Assert.Equal("-621000", await StatusAsync(Xml(without)));
        var twice = Documents.Inventory(Documents.NewNumber());
        twice["inventoryList"]![1]!["gnum"] = 1;
        Assert.Equal("-621027", await StatusAsync(Xml(twice)));
        Assert.Equal("-621042", await StatusAsync(Xml(Documents.Change(Documents.Inventory(Documents.NewNumber()), "note", "x"))));
    }

    [Fact]
    public async Task Any_message_is_taken_at_one_door_and_its_answer_comes_as_it_came()
    {
        var number = Documents.NewNumber();
        var xml = Xml(Documents.Inventory(number));
        var alone = await Client.PostAsync("declarant", "/v1/ceb", xml, "application/xml");
        var receipt = XDocument.Parse(alone.Text).Root!;
        Assert.Equal("CEB622Message", receipt.Name.LocalName);
        Assert.Equal("2", receipt.Descendants(Ceb + "returnStatus").Single().Value);
        Assert.Matches("^B[0-9]{17}$", receipt.Descendants(Ceb + "preNo").Single().Value);

        var answer = await Client.PostAsync("declarant", "/v1/ceb", Envelope(xml, "DXPENT0000012345"), "application/xml");
        var envelope = DxpEnvelope.Read(Encoding.UTF8.GetBytes(answer.Text));
        Assert.Equal(("CEB622Message", DxpEnvelope.ImportReceiver), (envelope.MsgType, envelope.SenderId));
        Assert.Equal(["DXPENT0000012345"], envelope.ReceiverIds);
        Assert.Equal(
            receipt.Descendants(Ceb + "preNo").Single().Value,
            XDocument.Parse(Encoding.UTF8.GetString(envelope.Message.Span)).Descendants(Ceb + "preNo").Single().Value);

        var foreign = await Client.PostAsync("declarant", "/v1/ceb", Envelope(Xml(Documents.Inventory(Documents.NewNumber())), "DXPENT0000099999"), "application/xml");
        var refused = XDocument.Parse(Encoding.UTF8.GetString(DxpEnvelope.Read(Encoding.UTF8.GetBytes(foreign.Text)).Message.Span));
        Assert.Equal("-621001", refused.Descendants(Ceb + "returnStatus").Single().Value);
        Assert.Contains("[S3002]", refused.Descendants(Ceb + "returnInfo").Single().Value, StringComparison.Ordinal);

        var official = await Client.SendAsync(
            HttpMethod.Get, Client.Key("declarant"), $"/v1/documents/{await IdOfAsync(number)}/receipts", null, "application/xml");
        Assert.Equal(receipt.Descendants(Ceb + "preNo").Single().Value, XDocument.Parse(official.Text).Descendants(Ceb + "preNo").First().Value);
    }

    [Fact]
    public async Task Who_has_a_certificate_signs_what_must_be_signed()
    {
        var company = Client.Company("declarant");
        var path = $"/v1/companies/{company}/certificates";
        using var card = Card();
        using var other = Card();
        var bare = Xml(Documents.Inventory(Documents.NewNumber()));
        Assert.Equal("2", await StatusAsync(bare));
        Assert.Equal("2", await StatusAsync(Signed(Xml(Documents.Inventory(Documents.NewNumber())), card))); // nothing to check it by

        var registered = await Client.PostAsync("operator", path, new JsonObject { ["certificate"] = card.ExportCertificatePem() });
        Assert.Equal(HttpStatusCode.Created, registered.Status);
        try
        {
            await Eventually.IsTrueAsync(Eventually.Soon, "what is not signed is refused", async () =>
                await StatusAsync(Xml(Documents.Inventory(Documents.NewNumber()))) == "-621029");
            var fresh = Xml(Documents.Inventory(Documents.NewNumber()));
            Assert.Equal("2", await StatusAsync(Signed(fresh, card)));
            Assert.Equal("-621029", await StatusAsync(Signed(Xml(Documents.Inventory(Documents.NewNumber())), other)));
            Assert.Equal(
                "-621029",
                await StatusAsync(Signed(Xml(Documents.Inventory(Documents.NewNumber())), card).Replace("<ceb:grossWeight>6.3<", "<ceb:grossWeight>6.4<", StringComparison.Ordinal)));
        }
        finally
        {
            var revoked = await Client.SendAsync(HttpMethod.Delete, Client.Key("operator"), $"{path}/{registered.Json["id"]}", null);
            Assert.Equal(HttpStatusCode.NoContent, revoked.Status);
            await Eventually.IsTrueAsync(Eventually.Soon, "nothing needs to be signed any more", async () =>
                await StatusAsync(Xml(Documents.Inventory(Documents.NewNumber()))) == "2");
        }
    }

    private async Task<string> StatusAsync(string xml)
    {
        var answer = await Client.PostAsync("declarant", "/v1/ceb/CEB621", xml, "application/xml");
        return XDocument.Parse(answer.Text).Descendants(Ceb + "returnStatus").Single().Value;
    }

    private async Task<string> SendAsync(string kind, string number)
    {
        var (role, path, document) = kind switch
        {
            "o" => ("platform", "/v1/orders", Documents.Order(number)),
            "p" => ("payment", "/v1/payments", Documents.Payment(number)),
            "w" => ("logistics", "/v1/waybills", Documents.Waybill(number)),
            _ => ("declarant", "/v1/inventories", Documents.Inventory(number)),
        };
        var answer = await Client.PostAsync(role, path, document);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.ToString());
        return (string)answer.Json["id"]!;
    }

    private async Task<string> SendAsync(JsonObject inventory)
    {
        var answer = await Client.PostAsync("declarant", "/v1/inventories", inventory);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.ToString());
        return (string)answer.Json["id"]!;
    }

    private async Task<string> CancelAsync(string number, string invtNo)
    {
        var cancellation = Documents.Example("cancellation");
        cancellation["guid"] = Guid.CreateVersion7().ToString("D").ToUpperInvariant();
        cancellation["orderNo"] = number;
        cancellation["invtNo"] = invtNo;
        cancellation["copNo"] = number;
        var answer = await Client.PostAsync("declarant", "/v1/cancellations", cancellation);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.ToString());
        return (string)answer.Json["id"]!;
    }

    private async Task<string> IdOfAsync(string number) => (string)(await Eventually.BecomesAsync(
        () => Client.GetAsync("declarant", $"/v1/inventories/{Client.Company("seller")}/{number}"),
        answer => answer.Status == HttpStatusCode.OK,
        "the inventory is known")).Json["id"]!;

    private async Task<JsonArray> ReceiptsAsync(string role, string id, string last) => (await Eventually.BecomesAsync(
        () => Client.GetAsync(role, $"/v1/documents/{id}/receipts"),
        answer => answer.Status == HttpStatusCode.OK && (string?)answer.Json["receipts"]!.AsArray().Last()!["returnStatus"] == last,
        $"the last receipt says {last}")).Json["receipts"]!.AsArray();

    private async Task<List<JsonNode>> EventsAsync(string number, string role = "declarant")
    {
        var (events, cursor) = (new List<JsonNode>(), "");
        while (true)
        {
            var page = (await Client.GetAsync(role, $"/v1/events?limit=1000{cursor}")).Json;
            events.AddRange(page["data"]!.AsArray().Where(one => ((string)one!["subject"]!).EndsWith("/" + number, StringComparison.Ordinal)).Select(one => one!));
            if (!page["hasMore"]!.GetValue<bool>())
            {
                return events;
            }

            cursor = $"&after={page["next"]}";
        }
    }

    private static string Signed(string xml, X509Certificate2 card) => Encoding.UTF8.GetString(CebSigner.Rsa(card).Sign(Encoding.UTF8.GetBytes(xml)));

    private static X509Certificate2 Card()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=card", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    internal static string Envelope(string xml, string sender)
    {
        var output = new ArrayBufferWriter<byte>();
        new DxpEnvelope("1", sender, [DxpEnvelope.ImportReceiver], "2026-11-20T10:00:00+08:00", "CEB621Message", Encoding.UTF8.GetBytes(xml)).Write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static string Xml(JsonObject document) => OfficialXml.Of(CebMessage.Inventory, document);
}
