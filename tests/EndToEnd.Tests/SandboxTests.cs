using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;

namespace Sandan.EndToEnd.Tests;

/// <summary>The sandbox as docs/sandbox.md describes it, by the door of another installation.</summary>
public sealed class SandboxTests(SandboxSystem system) : IClassFixture<SandboxSystem>
{
    private Client Client => system.Client;

    [Theory]
    [InlineData("", 800, "2600")]
    [InlineData("SBX-ACCEPT-", 800, "2600")]
    [InlineData("SBX-REJECT-1332-", 100, "1332")]
    [InlineData("SBX-REJECT-1313-", 100, "1313")]
    [InlineData("SBX-REJECT-22001-", 100, "22001")]
    [InlineData("SBX-HOLD-", 300, "1200")]
    [InlineData("SBX-INSPECT-", 500, "S6004")]
    [InlineData("SBX-DELAY-1-REJECT-1327-", 100, "1327")]
    public async Task An_order_number_says_what_becomes_of_a_consignment(string prefix, int status, string code)
    {
        var number = prefix + Documents.NewNumber();
        await SendAsync(number);
        var consignment = await DecidedAsync(number, status);
        Assert.Equal(code, consignment["clearance"]!["code"]!.ToString());
        Assert.Equal(status == 100 ? "Mismatched" : "Matched", consignment["state"]!.ToString());
        if (status == 100)
        {
            var discrepancy = Assert.Single(consignment["discrepancies"]!.AsArray())!;
            Assert.Equal((code, "sandbox"), (discrepancy["code"]!.ToString(), discrepancy["rule"]!.ToString()));
        }
    }

    [Theory]
    [InlineData("SBX-ACCEPT-", "2 120 800")]
    [InlineData("SBX-REJECT-S4502-", "2 100")]
    [InlineData("SBX-HOLD-", "2 120 300")]
    [InlineData("SBX-INSPECT-", "2 120 500")]
    public async Task An_order_number_says_what_becomes_of_an_export(string prefix, string expected)
    {
        var number = prefix + Documents.NewNumber();
        var id = "";
        foreach (var (role, path, kind) in ((string, string, string)[])
            [("platform", "/v1/export-orders", "o"), ("logistics", "/v1/export-waybills", "w"), ("declarant", "/v1/export-inventories", "i")])
        {
            var document = Documents.Export(kind, number);
            foreach (var field in (string[])["copNo", "logisticsNo"])
            {
                if (document.ContainsKey(field))
                {
                    document[field] = number[^11..]; // of 20 characters at most
                }
            }

            var sent = await Client.PostAsync(role, path, document);
            Assert.True(sent.Status == HttpStatusCode.Created, sent.ToString());
            id = (string)sent.Json["id"]!;
        }

        await Eventually.BecomesAsync(
            () => Client.GetAsync("declarant", $"/v1/documents/{id}/receipts"),
            answer => answer.Status == HttpStatusCode.OK && string.Join(' ', answer.Json["receipts"]!.AsArray().Select(one => (string)one!["returnStatus"]!)) == expected,
            $"the receipts are {expected}");
    }

    [Fact]
    public async Task What_is_to_be_accepted_is_released_though_nothing_of_it_fits()
    {
        var number = "SBX-ACCEPT-" + Documents.NewNumber();
        var payment = Documents.Payment(number);
        payment["amountPaid"] = 1;
        payment["payerIdNumber"] = "11010519491231002X";
        var order = Documents.Order(number);
        order["orderList"]![0]!["itemNo"] = "NOT-FILED";
        Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync("platform", "/v1/orders", order)).Status);
        Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync("payment", "/v1/payments", payment)).Status);
        Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync("logistics", "/v1/waybills", Documents.Waybill(number))).Status);
        Assert.Empty((await DecidedAsync(number, 800))["discrepancies"]!.AsArray());
    }

    [Fact]
    public async Task An_officer_releases_what_was_to_be_held()
    {
        var number = "SBX-HOLD-" + Documents.NewNumber();
        await SendAsync(number);
        await DecidedAsync(number, 300);
        var answer = await Client.PostAsync(
            "customs", $"/v1/clearances/{Client.Company("platform")}/{number}/actions", new JsonObject { ["action"] = "release", ["reason"] = "seen" });
        Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
        await DecidedAsync(number, 800);
    }

    [Fact]
    public async Task A_document_is_refused_with_the_code_that_was_asked_for_and_the_others_are_taken()
    {
        var number = "SBX-REFUSE-301020-" + Documents.NewNumber();
        var order = await Client.PostAsync("platform", "/v1/orders", Documents.Order(number));
        Assert.Equal((HttpStatusCode)422, order.Status);
        Assert.Equal("-301020", order.Json["errors"]![0]!["code"]!.ToString());
        Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync("payment", "/v1/payments", Documents.Payment(number))).Status);

        var receipt = await Client.PostAsync("platform", "/v1/ceb", OfficialXml.Of(CebMessage.Order, Documents.Order(number)), "application/xml");
        Assert.Contains("returnStatus>-301020<", receipt.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SBX-RELEASE-", "RELEASE")]
    [InlineData("SBX-REJECT-77777-", "REJECT-77777")]
    [InlineData("SBX-DELAY-soon-", "DELAY-soon")]
    public async Task What_the_sandbox_does_not_know_it_says(string prefix, string actual)
    {
        var answer = await Client.PostAsync("platform", "/v1/orders", Documents.Order(prefix + Documents.NewNumber()));
        Assert.Equal((HttpStatusCode)422, answer.Status);
        var error = Assert.Single(answer.Json["errors"]!.AsArray())!;
        Assert.Equal(("/orderNo", "S3031", actual), (error["pointer"]!.ToString(), error["code"]!.ToString(), error["actual"]!.ToString()));
        Assert.Contains("REJECT-{code}", error["expected"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_ever_heard_of_what_is_to_be_silent()
    {
        var (silent, heard) = ("SBX-SILENT-" + Documents.NewNumber(), Documents.NewNumber());
        var order = await SendAsync(silent);
        await SendAsync(heard);
        await DecidedAsync(heard, 800);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("platform", $"/v1/consignments/{Client.Company("platform")}/{silent}")).Status);
        Assert.Equal(["2"], await ReceiptsAsync("platform", order));
        Assert.DoesNotContain(await EventsAsync(), one => one["subject"]!.ToString().EndsWith(silent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_due_in_a_month_comes_when_the_clock_is_moved()
    {
        var number = "SBX-DELAY-2592000-" + Documents.NewNumber();
        var order = await SendAsync(number);
        Assert.Equal(["2"], await ReceiptsAsync("platform", order));

        var before = DateTimeOffset.Parse((await Client.GetAsync("seller", "/v1/sandbox/clock")).Json["now"]!.ToString(), null);
        var moved = await PutClockAsync(before.AddDays(30.01));
        Assert.True(moved.Status == HttpStatusCode.OK, moved.ToString());
        var consignment = await DecidedAsync(number, 800);
        Assert.True(DateTimeOffset.Parse(consignment["clearance"]!["decidedAt"]!.ToString(), null) > before.AddDays(30));
        Assert.True(DateTimeOffset.Parse(consignment["tax"]!["assessedAt"]!.ToString(), null) > before.AddDays(30));

        var back = await PutClockAsync(before);
        Assert.Equal((HttpStatusCode)422, back.Status);
        Assert.Equal("S7019", back.Json["errors"]![0]!["code"]!.ToString());
        Assert.Equal(HttpStatusCode.Forbidden, (await SendToClockAsync(HttpMethod.Delete, "seller", null)).Status);
        Assert.Equal("0", (await SendToClockAsync(HttpMethod.Delete, "operator", null)).Json["aheadSeconds"]!.ToString());
    }

    [Fact]
    public async Task A_month_behind_its_release_a_tax_bill_is_summed_up_unless_a_return_is_undecided()
    {
        var (summed, open) = (await DeclareAsync(Documents.NewNumber()), await DeclareAsync(Documents.NewNumber()));
        var sent = Documents.Return(open.Number, open.InventoryNo, "R", (1, "3304990039", 2), (2, "9619001100", 3));
        var returned = await Client.PostAsync("declarant", "/v1/returns", sent);
        Assert.True(returned.Status == HttpStatusCode.Created, returned.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("seller", summed.Path)).Status);

        var now = DateTimeOffset.Parse((await Client.GetAsync("seller", "/v1/sandbox/clock")).Json["now"]!.ToString(), null);
        Assert.Equal(HttpStatusCode.OK, (await PutClockAsync(now.AddDays(33))).Status);
        var status = await Eventually.BecomesAsync(
            () => Client.GetAsync("seller", summed.Path), answer => answer.Status == HttpStatusCode.OK, "the bill is summed up");
        Assert.Equal(("2", summed.InventoryNo), (status.Json["status"]!.ToString(), status.Json["invtNo"]!.ToString()));
        var message = await Client.SendAsync(HttpMethod.Get, Client.Key("seller"), summed.Path, null, "application/xml");
        Assert.Contains("CEB818Message", message.Text, StringComparison.Ordinal);

        // Everything came back: then it is void, however late the officer says so.
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("seller", open.Path)).Status);
        var action = new JsonObject { ["action"] = "release", ["reason"] = "seen" };
        Assert.Equal(HttpStatusCode.OK, (await Client.PostAsync("customs", $"/v1/returns/{returned.Json["preNo"]}/actions", action)).Status);
        Assert.Equal("3", (await Client.GetAsync("seller", open.Path)).Json["status"]!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await SendToClockAsync(HttpMethod.Delete, "operator", null)).Status);
    }

    [Theory]
    [InlineData("SBX-TWICE-", "2 120 120 800 800")]
    [InlineData("SBX-MIXED-", "2 800 120")]
    [InlineData("SBX-MIXED-TWICE-", "2 800 800 120 120")]
    public async Task Receipts_and_events_come_twice_or_the_newest_first(string prefix, string receipts)
    {
        var number = prefix + Documents.NewNumber();
        await SendAsync(number);
        var inventory = await Client.PostAsync("declarant", "/v1/inventories", Documents.Inventory(number));
        Assert.True(inventory.Status == HttpStatusCode.Created, inventory.ToString());
        await Eventually.BecomesAsync(
            () => ReceiptsAsync("declarant", inventory.Json["id"]!.ToString()), came => string.Join(' ', came) == receipts, $"receipts are {receipts}");

        string[] types = ["cn.sandan.inventory.released.v1", "cn.sandan.clearance.released.v1"];
        string[] expected = prefix switch
        {
            "SBX-TWICE-" => [types[1], types[1], types[0], types[0]],
            "SBX-MIXED-" => types,
            _ => [types[0], types[0], types[1], types[1]],
        };
        var events = (await EventsAsync()).Where(one => one["subject"]!.ToString().EndsWith(number, StringComparison.Ordinal)).ToArray();
        Assert.Equal(expected, events.Select(one => one["type"]!.ToString()));
        Assert.Equal(2, events.Select(one => one["id"]!.ToString()).Distinct().Count());
        var sequences = events.Select(one => long.Parse(one["sequence"]!.ToString(), null)).ToArray();
        Assert.Equal(sequences.Order(), sequences);
    }

    [Fact]
    public async Task Anybody_has_companies_and_keys_at_once_and_sees_what_is_theirs_alone()
    {
        var (mine, other) = (await TenantAsync(), await TenantAsync());
        var number = "SBX-ACCEPT-" + Documents.NewNumber();
        foreach (var (route, role, document) in new[]
        {
            ("/v1/orders", "platform", Documents.Order(number)), ("/v1/payments", "payment", Documents.Payment(number)),
            ("/v1/waybills", "logistics", Documents.Waybill(number)),
        })
        {
            foreach (var (field, of) in new[] { ("ebpCode", "platform"), ("ebcCode", "seller"), ("payCode", "payment"), ("logisticsCode", "logistics") })
            {
                if (document.ContainsKey(field))
                {
                    document[field] = mine[of]!["code"]!.ToString();
                }
            }

            var sent = await Client.SendAsync(
                HttpMethod.Post, mine[role]!["key"]!.ToString(), route, new StringContent(document.ToJsonString(), Encoding.UTF8, "application/json"));
            Assert.True(sent.Status == HttpStatusCode.Created, sent.ToString());
        }

        var path = $"/v1/consignments/{mine["platform"]!["code"]}/{number}";
        await Eventually.BecomesAsync(
            () => Client.SendAsync(HttpMethod.Get, mine["seller"]!["key"]!.ToString(), path, null),
            answer => answer.Status == HttpStatusCode.OK && answer.Json["clearance"]?["returnStatus"]?.GetValue<int>() == 800, "released");
        Assert.Equal(HttpStatusCode.NotFound, (await Client.SendAsync(HttpMethod.Get, other["seller"]!["key"]!.ToString(), path, null)).Status);
    }

    [Fact]
    public async Task A_sandbox_makes_keys_of_the_sandbox_only()
    {
        var path = $"/v1/companies/{Client.Company("declarant")}/keys";
        var live = await Client.PostAsync("operator", path, new JsonObject { ["role"] = "declarant", ["environment"] = "live" });
        Assert.Equal((HttpStatusCode)422, live.Status);
        var key = await Client.PostAsync("operator", path, new JsonObject { ["role"] = "declarant" });
        Assert.StartsWith("sdn_sandbox_", key.Json["key"]!.ToString(), StringComparison.Ordinal);
    }

    private Task<Answer> PutClockAsync(DateTimeOffset now) => SendToClockAsync(HttpMethod.Put, "seller", new JsonObject { ["now"] = now.ToString("O", null) });

    private Task<Answer> SendToClockAsync(HttpMethod method, string role, JsonNode? body) => Client.SendAsync(
        method, Client.Key(role), "/v1/sandbox/clock", body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));

    private async Task<JsonNode> TenantAsync()
    {
        var answer = await Client.SendAsync(HttpMethod.Post, null, "/v1/sandbox/tenants", null);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.ToString());
        return answer.Json["companies"]!;
    }

    /// <summary>The three documents; the id of the order.</summary>
    private async Task<string> SendAsync(string number)
    {
        var order = await Client.PostAsync("platform", "/v1/orders", Documents.Order(number));
        Assert.True(order.Status == HttpStatusCode.Created, order.ToString());
        Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync("payment", "/v1/payments", Documents.Payment(number))).Status);
        Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync("logistics", "/v1/waybills", Documents.Waybill(number))).Status);
        return order.Json["id"]!.ToString();
    }

    /// <summary>A released inventory: its numbers, and where the state of its tax bill is told.</summary>
    private async Task<(string Number, string InventoryNo, string Path)> DeclareAsync(string number)
    {
        await SendAsync(number);
        Assert.Equal(HttpStatusCode.Created, (await Client.PostAsync("declarant", "/v1/inventories", Documents.Inventory(number))).Status);
        var path = $"/v1/inventories/{Client.Company("seller")}/{number}";
        var inventory = await Eventually.BecomesAsync(
            () => Client.GetAsync("seller", path), answer => answer.Status == HttpStatusCode.OK && answer.Json["returnStatus"]?.ToString() == "800", "released");
        return (number, inventory.Json["invtNo"]!.ToString(), path + "/tax-bill/status");
    }

    private Task<JsonNode> DecidedAsync(string number, int status) => Client.ConsignmentAsync(
        number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == status, $"{number} is decided: {status}");

    private async Task<string[]> ReceiptsAsync(string role, string id) =>
        [.. (await Client.GetAsync(role, $"/v1/documents/{id}/receipts")).Json["receipts"]!.AsArray().Select(one => one!["returnStatus"]!.ToString())];

    private async Task<JsonNode[]> EventsAsync() => [.. (await Client.GetAsync("platform", "/v1/events?limit=1000")).Json["data"]!.AsArray().Select(one => one!)];
}
