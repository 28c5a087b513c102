using System.Net;
using System.Text.Json.Nodes;

namespace Sandan.EndToEnd.Tests;

/// <summary>The main job through the gateway: documents in, verdict, tax, clearance, feed, credit and statistics out.</summary>
[Collection("one process")]
public sealed class MainJobTests(OneProcess system)
{
    private static readonly string[] Kinds = ["order", "payment", "waybill"];

    private Client Client => system.Client;

    public static TheoryData<string> OrdersOfArrival => new(
        from first in Kinds
        from second in Kinds
        from third in Kinds
        where first != second && second != third && first != third
        select $"{first} {second} {third}");

    [Fact]
    public async Task An_order_a_payment_and_a_waybill_are_released_and_everybody_knows()
    {
        var number = Documents.NewNumber();
        await SendAsync(Documents.Order(number), "order");
        await SendAsync(Documents.Payment(number), "payment");
        // What arrives together is worked in together and goes on under the first one's trace: so the waybill comes alone.
        await Client.ConsignmentAsync(
            number, one => one["documents"]!["order"] is not null && one["documents"]!["payment"] is not null, "order and payment are in");
        var last = await SendAsync(Documents.Waybill(number), "waybill");

        await Client.ConsignmentAsync(number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 800, "released");
        await SendAsync(Documents.Status(number), "status");

        var consignment = await Client.ConsignmentAsync(
            number, one => one["documents"]!["waybill"]!["signedForAt"] is not null, "released and signed for");
        Assert.Equal("Matched", consignment["state"]!.ToString());
        Assert.Empty(consignment["discrepancies"]!.AsArray());
        Assert.Equal("Preferential", consignment["tax"]!["route"]!.ToString());
        // Goods 576.50 and freight 12: 9.1 % of each line's dutiable value, VAT rounded per line (财关税〔2018〕49号).
        Assert.Equal(588.5m, consignment["tax"]!["dutiableValue"]!.GetValue<decimal>());
        Assert.Equal(53.55m, consignment["tax"]!["total"]!.GetValue<decimal>());
        Assert.Equal(
            ["received", "received", "received", "judged", "decided"],
            consignment["history"]!.AsArray().Select(one => one!["what"]!.ToString()).Where(what => what != "signed for"));

        var released = await FeedEventAsync(number, "cn.sandan.clearance.released.v1");
        Assert.Equal("1.0", released["specversion"]!.ToString());
        Assert.Equal(800, released["data"]!["returnStatus"]!.GetValue<int>());
        // One trace: from the request that completed the consignment to the event that tells of its release.
        Assert.Contains(last.Json["traceId"]!.ToString(), released["traceparent"]!.ToString(), StringComparison.Ordinal);

        await Eventually.BecomesAsync(
            () => Client.GetAsync("customs", "/v1/statistics/summary?by=chapter"),
            answer => answer.Json["rows"]!.AsArray().Any(row => row!["key"]!.ToString() == "33"),
            "statistics count chapter 33");
        await Eventually.BecomesAsync(
            () => Client.GetAsync("platform", $"/v1/credit/companies/{Client.Company("platform")}"),
            answer => answer.Json["record"]?["matched"]?.GetValue<int>() > 0,
            "credit records the match");
    }

    [Theory]
    [MemberData(nameof(OrdersOfArrival))]
    public async Task The_order_in_which_documents_come_does_not_matter(string arrival)
    {
        var number = Documents.NewNumber();
        foreach (var kind in arrival.Split(' '))
        {
            await SendAsync(Of(kind, number), kind);
        }

        var consignment = await Client.ConsignmentAsync(
            number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 800, $"released after {arrival}");
        Assert.Equal(1, consignment["revision"]!.GetValue<int>());
    }

    [Fact]
    public async Task Good_bad_repeated_and_altered_documents_in_one_batch_are_answered_each_for_itself()
    {
        var (good, other) = (Documents.NewNumber(), Documents.NewNumber());
        var bad = Documents.Order(Documents.NewNumber());
        bad["goodsValue"] = "much";
        bad["buyerIdNumber"] = "330106199003070015";
        var foreign = Documents.Order(Documents.NewNumber());
        foreign["ebpCode"] = "9999999999";
        var altered = Documents.Order(good);
        altered["goodsValue"] = 1;
        var answer = await Client.PostAsync("platform", "/v1/orders", new JsonArray(
            Documents.Order(good), bad, Documents.Order(good), foreign, altered, "no document", Documents.Order(other)));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            ["created", "rejected", "exists", "rejected", "conflict", "rejected", "created"],
            answer.Json.AsArray().Select(item => item!["outcome"]!.ToString()));
        Assert.Equal(Enumerable.Range(0, 7), answer.Json.AsArray().Select(item => item!["index"]!.GetValue<int>()));
        var faults = answer.Json[1]!["errors"]!.AsArray();
        Assert.Equal(["/goodsValue", "/buyerIdNumber"], faults.Select(fault => fault!["pointer"]!.ToString()));
        Assert.All(faults, fault => Assert.NotEmpty(fault!["fix"]!.ToString()));
        Assert.DoesNotContain("330106199003070015", answer.Text, StringComparison.Ordinal);
        Assert.Equal("/ebpCode", answer.Json[3]!["errors"]![0]!["pointer"]!.ToString());
        Assert.Equal("-301010", answer.Json[4]!["errors"]![0]!["code"]!.ToString());
        await Client.ConsignmentAsync(other, one => one["state"]!.ToString() == "Waiting", "the last one went in");
    }

    [Fact]
    public async Task A_mismatch_is_explained_and_a_corrected_document_mends_it()
    {
        var number = Documents.NewNumber();
        var payment = Documents.Payment(number);
        payment["amountPaid"] = 600;
        await SendAsync(Documents.Order(number), "order");
        await SendAsync(payment, "payment");
        await SendAsync(Documents.Waybill(number), "waybill");

        var wrong = await Client.ConsignmentAsync(
            number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 100, "rejected for the amount");
        var discrepancy = Assert.Single(wrong["discrepancies"]!.AsArray())!;
        Assert.Equal("Mismatched", wrong["state"]!.ToString());
        Assert.Equal("1332", discrepancy["code"]!.ToString());
        Assert.Equal(-22.05m, discrepancy["difference"]!.GetValue<decimal>());
        Assert.Equal("Payment", discrepancy["turn"]!.ToString());
        Assert.Equal("CEB411, appType 2", discrepancy["send"]!.ToString());
        Assert.Contains("acturalPaid = 622.05", discrepancy["explanation"]!["en"]!.ToString(), StringComparison.Ordinal);
        Assert.Contains("支付企业", discrepancy["explanation"]!["zh"]!.ToString(), StringComparison.Ordinal);

        await SendAsync(Documents.Change(payment, "amountPaid", 622.05), "payment");
        var mended = await Client.ConsignmentAsync(
            number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 800, "released after the correction");
        Assert.Equal(2, mended["revision"]!.GetValue<int>());
        Assert.Equal(2, mended["documents"]!["payment"]!["version"]!.GetValue<int>());
    }

    [Fact]
    public async Task Goods_that_are_not_filed_hold_the_consignment_until_they_are()
    {
        var number = Documents.NewNumber();
        var order = Documents.Order(number);
        order["orderList"]![0]!["itemNo"] = "NEW-" + number;
        await SendAsync(order, "order");
        await SendAsync(Documents.Payment(number), "payment");
        await SendAsync(Documents.Waybill(number), "waybill");
        var held = await Client.ConsignmentAsync(number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 300, "held");
        Assert.Equal("S5002", held["clearance"]!["code"]!.ToString());

        var filing = Documents.Example("goods");
        filing["itemNo"] = "NEW-" + number;
        var filed = await Client.PostAsync("operator", "/v1/goods", filing);
        Assert.Equal(HttpStatusCode.Created, filed.Status);
        await Client.ConsignmentAsync(number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 800, "released once filed");
    }

    [Fact]
    public async Task An_officer_releases_what_is_held_and_not_what_is_rejected()
    {
        var number = Documents.NewNumber();
        var waybill = Documents.Waybill(number);
        waybill["appTime"] = "20261119110000"; // a day before its order: R05
        await SendAsync(Documents.Order(number), "order");
        await SendAsync(Documents.Payment(number), "payment");
        await SendAsync(waybill, "waybill");
        var held = await Client.ConsignmentAsync(number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 300, "held for R05");
        Assert.Equal("R05", Assert.Single(held["risks"]!.AsArray())!["rule"]!.ToString());

        var path = $"/v1/clearances/{Client.Company("platform")}/{number}/actions";
        var action = new JsonObject { ["action"] = "release", ["reason"] = "seen and found in order" };
        Assert.Equal(HttpStatusCode.Forbidden, (await Client.PostAsync("platform", path, action)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Client.PostAsync("customs", path, action)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Client.PostAsync("customs", path, action)).Status);
        await FeedEventAsync(number, "cn.sandan.clearance.released.v1");
    }

    [Fact]
    public async Task A_deleted_payment_sends_the_consignment_back_to_waiting()
    {
        var number = Documents.NewNumber();
        var payment = Documents.Payment(number);
        payment["payerName"] = "李四";
        await SendAsync(Documents.Order(number), "order");
        await SendAsync(payment, "payment");
        await SendAsync(Documents.Waybill(number), "waybill");
        await Client.ConsignmentAsync(number, one => one["state"]!.ToString() == "Mismatched", "mismatched");

        var deletion = Documents.Change(payment, "appType", "3");
        Assert.Equal("deleted", (await Client.PostAsync("payment", "/v1/payments", deletion)).Json["outcome"]!.ToString());
        var waiting = await Client.ConsignmentAsync(number, one => one["state"]!.ToString() == "Waiting", "waiting again");
        Assert.Equal("S4102", Assert.Single(waiting["missing"]!.AsArray())!["code"]!.ToString());
    }

    [Fact]
    public async Task An_order_number_may_hold_any_character()
    {
        var plain = Documents.NewNumber();
        var odd = $"{plain}/A b?#中 {plain[^5..]}";
        var (order, payment, waybill) = (Documents.Order(plain), Documents.Payment(plain), Documents.Waybill(plain));
        foreach (var document in new[] { order, payment, waybill })
        {
            document["orderNo"] = odd;
        }

        await SendAsync(order, "order");
        await SendAsync(payment, "payment");
        await SendAsync(waybill, "waybill");
        await Client.ConsignmentAsync(
            Uri.EscapeDataString(odd), one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 800, "released, tax and clearance shown");
    }

    [Fact]
    public async Task Recounted_statistics_equal_the_counters()
    {
        var answer = await Client.GetAsync("operator", "/v1/statistics/recount");
        Assert.True(answer.Json["equal"]!.GetValue<bool>(), answer.Text);
    }

    private static JsonObject Of(string kind, string number) => kind switch
    {
        "order" => Documents.Order(number),
        "payment" => Documents.Payment(number),
        _ => Documents.Waybill(number),
    };

    private async Task<Answer> SendAsync(JsonObject document, string kind)
    {
        var (role, route) = kind switch
        {
            "order" => ("platform", "/v1/orders"),
            "payment" => ("payment", "/v1/payments"),
            "waybill" => ("logistics", "/v1/waybills"),
            _ => ("logistics", "/v1/waybill-statuses"),
        };
        var answer = await Client.PostAsync(role, route, document);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.ToString());
        return answer;
    }

    private async Task<JsonNode> FeedEventAsync(string number, string type)
    {
        var subject = $"{Client.Company("platform")}/{number}";
        var answer = await Eventually.BecomesAsync(
            () => Client.GetAsync("customs", $"/v1/events?limit=1000&types={type}"),
            page => page.Json["data"]!.AsArray().Any(one => one!["subject"]!.ToString() == subject),
            $"{type} of {subject} is on the feed");
        return Assert.Single(answer.Json["data"]!.AsArray(), one => one!["subject"]!.ToString() == subject)!;
    }
}
