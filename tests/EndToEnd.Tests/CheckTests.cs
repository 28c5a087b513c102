using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;

namespace Sandan.EndToEnd.Tests;

/// <summary>
/// <c>POST /v1/check</c> says beforehand what really follows: each document here is checked, then sent, and both are compared. No check
/// writes anything.
/// </summary>
[Collection("one process")]
public sealed class CheckTests(OneProcess system)
{
    private static readonly string[] Databases =
        ["registry", "order", "payment", "waybill", "matcher", "tax", "customs", "credit", "statistics"];

    private static readonly Dictionary<string, string> Roles = new()
    {
        ["orders"] = "platform", ["payments"] = "payment", ["waybills"] = "logistics", ["inventories"] = "declarant",
    };

    private Client Client => system.Client;

    public static TheoryData<string> Arrivals => ["orders payments waybills inventories", "inventories waybills payments orders", "payments inventories orders waybills"];

    [Theory]
    [MemberData(nameof(Arrivals))]
    public async Task Documents_that_fit_wait_and_then_agree(string arrival)
    {
        var number = Documents.NewNumber();
        foreach (var member in arrival.Split(' '))
        {
            var isLastOfThree = member == arrival.Split(' ').Last(one => one != "inventories");
            var isLast = member == arrival.Split(' ')[^1];
            var check = await CheckThenSendAsync(member, Good(member, number), check =>
                member == "inventories" ? InventoryState(check) == (isLast ? "Matched" : "Waiting") : State(check) == (isLastOfThree ? "Matched" : "Waiting"));
            Assert.Equal(isLast || (isLastOfThree && member == "waybills"), (bool)check["wouldPass"]!);
        }

        // What was sent is there: the same again changes nothing, and shows what stands.
        foreach (var member in Roles.Keys)
        {
            var again = await CheckThenSendAsync(member, Good(member, number), _ => true);
            Assert.Equal(("exists", 1), (Outcome(again, member), (int)again["documents"]![member]![0]!["version"]!));
            Assert.True((bool)again["wouldPass"]!, again.ToJsonString());
        }
    }

    [Fact]
    public async Task A_mismatch_is_explained_before_it_is_made_and_so_is_its_repair()
    {
        var number = Documents.NewNumber();
        await SendAsync("orders", Documents.Order(number));
        await SendAsync("waybills", Documents.Waybill(number));
        var payment = Documents.Payment(number);
        payment["amountPaid"] = 1;
        payment["payerIdNumber"] = (string)Documents.Payment(Documents.NewNumber())["payerIdNumber"]!;

        var wrong = await CheckThenSendAsync("payments", payment, check => State(check) == "Mismatched");
        Assert.False((bool)wrong["wouldPass"]!);
        Assert.Equal(["1332", "1327"], wrong["consignments"]![0]!["discrepancies"]!.AsArray().Select(one => (string)one!["code"]!));
        Assert.DoesNotContain((string)payment["payerIdNumber"]!, wrong.ToJsonString(), StringComparison.Ordinal);

        var right = Documents.Change(Documents.Payment(number), "note", "更正");
        Assert.True((bool)(await CheckThenSendAsync("payments", right, check => State(check) == "Matched"))["wouldPass"]!);

        // Behind the release a change is refused, and that is foretold too.
        await Client.ConsignmentAsync(number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 800, "released");
        var withdrawn = Documents.Change(Documents.Payment(number), "appType", "3");
        withdrawn["appTime"] = "20261120235900";
        await CheckThenSendAsync("payments", withdrawn, check => Outcome(check, "payments") == "conflict");
    }

    [Fact]
    public async Task What_would_not_be_taken_is_refused_as_it_really_is()
    {
        var number = Documents.NewNumber();
        await SendAsync("orders", Documents.Order(number));
        var other = Documents.Order(number);
        other["note"] = "别的内容";
        var late = Documents.Change(Documents.Order(number), "note", "更正");
        late["appTime"] = "20200101000000";
        var nothing = Documents.Change(Documents.Order(Documents.NewNumber()), "note", "x");
        var invalid = Documents.Order(Documents.NewNumber());
        invalid.Remove("buyerName");
        invalid["currency"] = "840";
        var foreign = Documents.Order(Documents.NewNumber());
        foreign["ebpCode"] = Client.Company("payment");
        var draft = Documents.Order(Documents.NewNumber());
        draft["appStatus"] = "1";

        JsonObject[] all = [other, late, nothing, invalid, foreign, draft];
        var check = await CheckAsync("platform", Body("orders", all), check => State(check) == "Waiting");
        Assert.False((bool)check["wouldPass"]!);
        Assert.Equal(
            ["conflict", "stale", "rejected", "rejected", "rejected", "drafted"],
            check["documents"]!["orders"]!.AsArray().Select(one => (string)one!["outcome"]!));
        ExpectSame(check, "orders", await SendAsync("orders", all));
        Assert.Equal(number, (string)Assert.Single(check["consignments"]!.AsArray())!["orderNo"]!); // as it stands, for its platform
    }

    [Fact]
    public async Task Documents_of_one_check_are_decided_and_compared_together()
    {
        var (number, seller) = (Documents.NewNumber(), Client.Key("seller"));
        await SendAsync("payments", Documents.Payment(number));
        await SendAsync("waybills", Documents.Waybill(number));
        var differing = Documents.Inventory(number);
        ((JsonArray)differing["inventoryList"]!).RemoveAt(1);
        var body = new JsonObject
        {
            ["orders"] = new JsonArray(Documents.Order(number), Documents.Change(Documents.Order(number), "note", "更正"), Documents.Order(number)),
            ["inventories"] = new JsonArray(differing),
        };
        var check = await CheckAsync(seller, body, check => State(check) == "Matched", isKey: true);
        Assert.Equal(["created", "changed", "exists"], check["documents"]!["orders"]!.AsArray().Select(one => (string)one!["outcome"]!));
        Assert.All(check["documents"]!["orders"]!.AsArray(), one => Assert.Null(one!["id"] ?? one["version"]));
        Assert.Equal(("Mismatched", "1320"), (InventoryState(check), (string)check["inventories"]![0]!["discrepancies"]![0]!["code"]!));
        Assert.False((bool)check["wouldPass"]!);

        foreach (var (path, member) in (IEnumerable<(string, string)>)[("/v1/orders", "orders"), ("/v1/inventories", "inventories")])
        {
            var sent = await Client.SendAsync(HttpMethod.Post, seller, path, new StringContent(body[member]!.ToJsonString(), Encoding.UTF8, "application/json"));
            ExpectSame(check, member, sent.Json.AsArray());
        }

        await ExpectFollowsAsync("seller", check);
    }

    [Fact]
    public async Task A_waybill_that_may_be_anybodys_stands_nowhere_and_says_so()
    {
        var number = Documents.NewNumber();
        var (company, key) = await SecondPlatformAsync();
        await SendAsync("orders", Documents.Order(number));
        var other = Documents.Order(number);
        other["ebpCode"] = company;
        other["payTransactionId"] = "Q" + number;
        var order = await CheckAsync(key, Body("orders", other), check => State(check) == "Waiting", isKey: true);
        Assert.Equal(company, (string)Assert.Single(order["consignments"]!.AsArray())!["ebpCode"]!); // not the other platform's of this number
        var sent = await Client.SendAsync(HttpMethod.Post, key, "/v1/orders", new StringContent(other.ToJsonString(), Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.Created, sent.Status);

        var check = await CheckThenSendAsync("waybills", Documents.Waybill(number), check => check["unused"]!.AsArray().Count == 1);
        Assert.Equal(("Waybill", "S4104"), ((string)check["unused"]![0]!["document"]!, (string)check["unused"]![0]!["code"]!));
        Assert.False((bool)check["wouldPass"]!);
        Assert.Empty(check["consignments"]!.AsArray());
        foreach (var platform in (string[])[company, Client.Company("platform")])
        {
            await Client.ConsignmentAsync(number, one => (string)one["state"]! == "Ambiguous", "it is ambiguous", platform);
        }

        var again = await CheckThenSendAsync("waybills", Documents.Waybill(number), check => check["unused"]!.AsArray().Count == 1);
        Assert.Equal(("exists", false), (Outcome(again, "waybills"), (bool)again["wouldPass"]!));

        var named = Documents.Change(Documents.Waybill(number), "platformCode", company);
        await CheckThenSendAsync("waybills", named, check => check["consignments"]!.AsArray().Count == 1 && (string)check["consignments"]![0]!["ebpCode"]! == company);
    }

    [Fact]
    public async Task A_second_payment_for_an_order_is_told_that_another_one_is_compared()
    {
        var number = Documents.NewNumber();
        await SendAsync("orders", Documents.Order(number));
        await SendAsync("payments", Documents.Payment(number));
        var second = Documents.Payment(number);
        second["payTransactionId"] = "Z" + number;
        var check = await CheckThenSendAsync("payments", second, check => check["unused"]!.AsArray().Count == 1);
        Assert.Equal(("S4105", "Z" + number), ((string)check["unused"]![0]!["code"]!, (string)check["unused"]![0]!["number"]!));
        Assert.False((bool)check["wouldPass"]!);
        Assert.False((bool)(await CheckThenSendAsync("payments", second, check => check["unused"]!.AsArray().Count == 1))["wouldPass"]!);
        var draft = Documents.Order(Documents.NewNumber());
        draft["appStatus"] = "1";
        Assert.False((bool)(await CheckThenSendAsync("orders", draft, check => Outcome(check, "orders") == "drafted"))["wouldPass"]!); // compared with nothing
    }

    [Fact]
    public async Task A_near_miss_is_pointed_at()
    {
        var number = Documents.NewNumber();
        await SendAsync("orders", Documents.Order(number));
        var payment = Documents.Payment(number);
        payment["orderNo"] = "X" + number;
        await SendAsync("payments", payment);
        var change = Documents.Change(Documents.Order(number), "note", "更正");
        var check = await CheckThenSendAsync("orders", change, check => check["consignments"]![0]!["nearMisses"]!.AsArray().Count == 1);
        Assert.Equal("S4301", (string)check["consignments"]![0]!["nearMisses"]![0]!["code"]!);
    }

    [Fact]
    public async Task Foreign_documents_are_refused_and_show_nothing()
    {
        var number = Documents.NewNumber();
        foreach (var member in Roles.Keys)
        {
            await SendAsync(member, Good(member, number));
        }

        await Client.ConsignmentAsync(number, one => (string)one["state"]! == "Matched", "it is matched");
        var everything = new JsonObject(Roles.Keys.Select(member => KeyValuePair.Create(member, (JsonNode?)new JsonArray(Good(member, number)))));
        var (_, key) = await SecondPlatformAsync();
        var check = await CheckAsync(key, everything, _ => true, isKey: true);
        Assert.Equal(("S3001", "/ebpCode"), (Code(check, "orders"), (string)check["documents"]!["orders"]![0]!["errors"]![0]!["pointer"]!));
        foreach (var member in (string[])["payments", "waybills", "inventories"])
        {
            Assert.Equal(("rejected", "S2003"), (Outcome(check, member), Code(check, member)));
        }

        Assert.Equal((false, "[]", "[]", "[]"), ((bool)check["wouldPass"]!, check["consignments"]!.ToJsonString(), check["inventories"]!.ToJsonString(), check["unused"]!.ToJsonString()));

        // One company in several roles is one in each call: the platform's key sends no payment.
        var own = await CheckAsync("platform", everything, _ => true);
        Assert.Equal(("exists", "S2003"), (Outcome(own, "orders"), Code(own, "payments")));
        Assert.False((bool)own["wouldPass"]!);
    }

    [Fact]
    public async Task The_official_message_is_checked_as_it_is_sent_alone_or_in_an_envelope()
    {
        var number = Documents.NewNumber();
        var xml = OfficialXml.Of(CebMessage.Inventory, Documents.Inventory(number));
        foreach (var body in (string[])[xml, InventoryTests.Envelope(xml, "DXPENT0000012345")])
        {
            var answer = await Client.PostAsync("declarant", "/v1/check", body, "application/xml");
            Assert.Equal(("created", "Waiting"), (Outcome(answer.Json, "inventories"), InventoryState(answer.Json)));
        }

        var foreign = await Client.PostAsync("declarant", "/v1/check", InventoryTests.Envelope(xml, "DXPENT0000099999"), "application/xml");
        Assert.Equal("S3002", Code(foreign.Json, "inventories"));
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync("declarant", $"/v1/inventories/{Client.Company("seller")}/{number}")).Status);
        var refused = await Client.PostAsync("payment", "/v1/check", xml, "application/xml");
        Assert.Equal("S2003", Code(refused.Json, "inventories"));
        var broken = await Client.PostAsync("declarant", "/v1/check", xml.Replace("</ceb:Inventory>", "", StringComparison.Ordinal), "application/xml");
        Assert.Equal((HttpStatusCode.BadRequest, "S1045"), (broken.Status, (string)broken.Json["errors"]![0]!["code"]!));
        var other = await Client.PostAsync("logistics", "/v1/check", "<CEB816Message xmlns=\"http://www.chinaport.gov.cn/ceb\"/>", "application/xml");
        Assert.Equal((HttpStatusCode.BadRequest, "S1041"), (other.Status, (string)other.Json["errors"]![0]!["code"]!));
    }

    [Fact]
    public async Task A_check_writes_nothing_anywhere()
    {
        var number = Documents.NewNumber();
        foreach (var member in (string[])["orders", "payments", "waybills"])
        {
            var document = Good(member, number);
            if (member == "payments")
            {
                document["amountPaid"] = 1; // what is released could not be changed
            }

            await SendAsync(member, document);
        }

        await Client.ConsignmentAsync(number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 100, "it is rejected");

        // Others may still be at work: a check that writes would be seen every time.
        await Eventually.IsTrueAsync(Eventually.Soon, "nothing is written", async () =>
        {
            var before = await EverythingAsync();
            foreach (var (member, role) in Roles)
            {
                var fresh = await CheckAsync(role, Body(member, Good(member, Documents.NewNumber())), _ => true);
                Assert.Equal("created", Outcome(fresh, member));
            }

            var change = await CheckAsync("platform", Body("orders", Documents.Change(Documents.Order(number), "payTransactionId", "N" + number)), _ => true);
            Assert.Equal("Mismatched", State(change)); // and names a payment that the risk rules would note
            var inventory = await CheckAsync("declarant", Body("inventories", Documents.Inventory(number)), _ => true);
            Assert.Equal("Matched", InventoryState(inventory));
            Assert.Single(inventory["inventories"]![0]!["receipts"]!.AsArray()); // customs worked it in, and rolled back
            var manifest = Documents.Example("manifest");
            manifest["copNo"] = Documents.NewNumber();
            var declared = Body("manifests", manifest);
            declared["exportInventories"] = new JsonArray(Documents.Export("i", Documents.NewNumber()));
            var exports = await CheckAsync("declarant", declared, _ => true);
            Assert.Equal("399", (string)exports["documents"]!["manifests"]![0]!["receipts"]![0]!["returnStatus"]!);
            Assert.Equal("Waiting", (string)exports["exportInventories"]![0]!["state"]!);
            return before == await EverythingAsync();
        });

        var last = await EverythingAsync();
        await SendAsync("orders", Documents.Order(Documents.NewNumber()));
        Assert.NotEqual(last, await EverythingAsync()); // and what is written would have been seen
    }

    private async Task<JsonNode> CheckThenSendAsync(string member, JsonObject document, Func<JsonNode, bool> asItMust)
    {
        var check = await CheckAsync(Roles[member], Body(member, document), asItMust);
        ExpectSame(check, member, await SendAsync(member, document));
        await ExpectFollowsAsync(Roles[member], check);
        return check;
    }

    /// <summary>What was sent before may still be on its way to the matcher: the check is repeated until it is as it must be.</summary>
    private async Task<JsonNode> CheckAsync(string who, JsonObject body, Func<JsonNode, bool> asItMust, bool isKey = false)
    {
        var answer = await Eventually.BecomesAsync(
            () => Client.SendAsync(
                HttpMethod.Post, isKey ? who : Client.Key(who), "/v1/check", new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json")),
            answer =>
            {
                Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
                return asItMust(answer.Json);
            },
            "the check says what it must");
        return answer.Json;
    }

    private async Task<JsonArray> SendAsync(string member, params JsonObject[] documents)
    {
        var sent = await Client.PostAsync(Roles[member], $"/v1/{member}", new JsonArray([.. documents.Select(one => one.DeepClone())]));
        Assert.True(sent.Status == HttpStatusCode.OK, sent.ToString());
        return sent.Json.AsArray();
    }

    /// <summary>The results are those that were foretold, but for what only storing gives.</summary>
    private static void ExpectSame(JsonNode check, string member, JsonArray sent)
    {
        var foretold = check["documents"]![member]!.AsArray();
        Assert.Equal(sent.Count, foretold.Count);
        foreach (var (one, other) in foretold.Zip(sent))
        {
            var real = (JsonObject)other!.DeepClone();
            if (one!["id"] is null)
            {
                real.Remove("id");
                real.Remove("version");
                real.Remove("preNo");
            }

            Assert.Equal(real.ToJsonString(), one.ToJsonString());
        }
    }

    /// <summary>Consignments and inventories become what was foretold, and the caller sees no others of these numbers.</summary>
    private async Task ExpectFollowsAsync(string role, JsonNode check)
    {
        foreach (var foretold in check["consignments"]!.AsArray())
        {
            if ((string)foretold!["ebpCode"]! is "") // a waybill alone: its consignment stands in the list only
            {
                await Eventually.BecomesAsync(
                    () => Client.GetAsync(role, "/v1/consignments?limit=500"),
                    answer => answer.Json["data"]!.AsArray().Any(one => (string)one!["ebpCode"]! is "" && (string)one["orderNo"]! == (string)foretold["orderNo"]!
                        && (string)one["state"]! == (string)foretold["state"]! && Missing(one) == Missing(foretold)),
                    $"the list has {foretold.ToJsonString()}");
                continue;
            }

            await Eventually.BecomesAsync(
                () => Client.GetAsync(role, $"/v1/consignments/{foretold["ebpCode"]}/{foretold["orderNo"]}"),
                answer => answer.Status == HttpStatusCode.OK && foretold.AsObject().All(one => Plain(one.Value) == Plain(answer.Json[one.Key])),
                $"the consignment is {foretold.ToJsonString()}");
        }

        foreach (var foretold in check["inventories"]!.AsArray())
        {
            await Eventually.BecomesAsync(
                () => Client.GetAsync(role, $"/v1/inventories/{foretold!["ebcCode"]}/{foretold["orderNo"]}"),
                answer => answer.Status == HttpStatusCode.OK && (string)answer.Json["state"]! == (string)foretold!["state"]!
                    && Compared(answer.Json) == Compared(foretold),
                $"the inventory is {foretold!.ToJsonString()}");
        }

        static string Missing(JsonNode consignment) => string.Join(' ', consignment["missing"]!.AsArray().Select(one => (string)(one as JsonObject ?? new() { ["document"] = one!.DeepClone() })["document"]!));
        static string Compared(JsonNode inventory) => string.Join(';', inventory["discrepancies"]!.AsArray().Select(one => $"{one!["rule"]} {one["code"]} {one["fields"]!.ToJsonString()}"));
    }

    /// <summary>Without the time since when something is waited for.</summary>
    private static string Plain(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            return string.Join(',', list.Select(one =>
            {
                var copy = one!.DeepClone();
                (copy as JsonObject)?.Remove("since");
                return copy.ToJsonString();
            }));
        }

        return node?.ToJsonString() ?? "";
    }

    /// <summary>Rows, the last transaction that wrote one, and sequences, of every table there is.</summary>
    private async Task<string> EverythingAsync()
    {
        var everything = new StringBuilder();
        foreach (var name in Databases)
        {
            await using var database = system.Installation.Database(name);
            await using var ask = database.CreateCommand(
                """
                SELECT format('SELECT %L || count(*) || ''/'' || coalesce(max(xmin::text::bigint), 0) FROM %I.%I', relname || ' ', nspname, relname)
                FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
                WHERE relkind = 'r' AND nspname NOT IN ('pg_catalog', 'information_schema') AND relispartition IN (true, false) ORDER BY 1
                """);
            var questions = await ListAsync(ask);
            await using var counts = database.CreateCommand(
                string.Join(" UNION ALL ", questions) + " UNION ALL SELECT schemaname || '.' || sequencename || ' ' || coalesce(last_value, 0) FROM pg_sequences ORDER BY 1");
            Assert.True(questions.Count > 3, name);
            everything.AppendJoin('\n', await ListAsync(counts)).AppendLine();
        }

        return everything.ToString();

        static async Task<List<string>> ListAsync(Npgsql.NpgsqlCommand command)
        {
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<string>();
            while (await reader.ReadAsync())
            {
                rows.Add(reader.GetString(0));
            }

            return rows;
        }
    }

    private async Task<(string Company, string Key)> SecondPlatformAsync()
    {
        var code = $"{Guid.CreateVersion7():N}"[^10..].ToUpperInvariant();
        await Client.PostAsync("operator", "/v1/companies", new JsonObject { ["code"] = code, ["name"] = "另一平台", ["roles"] = new JsonArray("platform") });
        var key = await Client.PostAsync("operator", $"/v1/companies/{code}/keys", new JsonObject { ["role"] = "platform", ["environment"] = "test" });
        Assert.Equal(HttpStatusCode.Created, key.Status);
        return (code, (string)key.Json["key"]!);
    }

    private static JsonObject Good(string member, string number) => member switch
    {
        "orders" => Documents.Order(number),
        "payments" => Documents.Payment(number),
        "waybills" => Documents.Waybill(number),
        _ => Documents.Inventory(number),
    };

    private static JsonObject Body(string member, params JsonObject[] documents) =>
        new() { [member] = new JsonArray([.. documents.Select(one => one.DeepClone())]) };

    private static string? State(JsonNode check) => (string?)check["consignments"]!.AsArray().FirstOrDefault()?["state"];

    private static string? InventoryState(JsonNode check) => (string?)check["inventories"]!.AsArray().FirstOrDefault()?["state"];

    private static string Outcome(JsonNode check, string member) => (string)check["documents"]![member]![0]!["outcome"]!;

    private static string Code(JsonNode check, string member) => (string)check["documents"]![member]![0]!["errors"]![0]!["code"]!;
}
