using System.Net;
using System.Text.Json.Nodes;

namespace Sandan.EndToEnd.Tests;

/// <summary>What customs have released, or have an inventory of before them, is not changed any more; everything else is.</summary>
[Collection("one process")]
public sealed class StandingTests(OneProcess system)
{
    private Client Client => system.Client;

    public static TheoryData<string, string, string> Documented => new()
    {
        { "platform", "/v1/orders", "-301011" },
        { "payment", "/v1/payments", "-401008" },
        { "logistics", "/v1/waybills", "-504016" },
    };

    [Theory]
    [MemberData(nameof(Documented))]
    public async Task A_document_of_a_released_consignment_is_neither_changed_nor_withdrawn(string role, string path, string code)
    {
        var number = await ReleasedAsync();
        var document = Of(path, number);
        foreach (var (field, value) in ((string, string)[])[("note", "更正"), ("appType", "3")])
        {
            var change = Documents.Change(document, field, value);
            var check = await Client.PostAsync(role, "/v1/check", new JsonObject { [path[4..]] = new JsonArray(change.DeepClone()) });
            Assert.Equal(("conflict", code), Told(check.Json["documents"]![path[4..]]![0]!));

            var refused = await Client.PostAsync(role, path, change);
            Assert.Equal((HttpStatusCode.Conflict, code), (refused.Status, (string)refused.Json["code"]!));
        }

        // A repeat is safe as ever, a draft of a change is told to nobody, and the release stands.
        Assert.Equal("exists", (string)(await Client.PostAsync(role, path, document)).Json["outcome"]!);
        Assert.Equal("drafted", (string)(await Client.PostAsync(role, path, Documents.Change(Documents.Change(document, "note", "草稿"), "appStatus", "1"))).Json["outcome"]!);
        var history = (await Client.GetAsync("customs", $"/v1/clearances/{Client.Company("platform")}/{number}")).Json;
        Assert.Equal(("2600", 1), ((string)history["code"]!, (int)history["revision"]!));
    }

    [Fact]
    public async Task Of_many_documents_those_that_stand_are_refused_and_the_others_taken()
    {
        var (released, waiting) = (await ReleasedAsync(), Documents.NewNumber());
        await Client.PostAsync("platform", "/v1/orders", Documents.Order(waiting));
        var answer = await Client.PostAsync(
            "platform", "/v1/orders",
            new JsonArray(
                Documents.Change(Documents.Order(released), "note", "x"), Documents.Change(Documents.Order(waiting), "note", "x"),
                Documents.Change(Documents.Order(Documents.NewNumber()), "note", "x"), Documents.Order(Documents.NewNumber())));
        Assert.Equal(
            ["conflict -301011", "changed ", "rejected -301009", "created "],
            answer.Json.AsArray().Select(one => $"{one!["outcome"]} {one["errors"]!.AsArray().FirstOrDefault()?["code"]}"));
    }

    [Fact]
    public async Task What_no_verdict_rests_on_may_be_withdrawn_and_what_is_rejected_mended()
    {
        var number = await ReleasedAsync();
        var second = Documents.Payment(number);
        (second["payTransactionId"], second["amountPaid"]) = ("Q" + number, 1); // so that the verdict goes on resting on the first
        await Client.PostAsync("payment", "/v1/payments", second);
        Assert.Equal("deleted", (string)(await Client.PostAsync("payment", "/v1/payments", Documents.Change(second, "appType", "3"))).Json["outcome"]!);

        var rejected = Documents.NewNumber();
        var wrong = Documents.Payment(rejected);
        wrong["amountPaid"] = 1;
        await Client.PostAsync("platform", "/v1/orders", Documents.Order(rejected));
        await Client.PostAsync("payment", "/v1/payments", wrong);
        await Client.PostAsync("logistics", "/v1/waybills", Documents.Waybill(rejected));
        await Client.ConsignmentAsync(rejected, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 100, "rejected");
        Assert.Equal("changed", (string)(await Client.PostAsync("payment", "/v1/payments", Documents.Change(Documents.Payment(rejected), "note", "更正"))).Json["outcome"]!);
        await Client.ConsignmentAsync(rejected, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 800, "released");
    }

    private async Task<string> ReleasedAsync()
    {
        var number = Documents.NewNumber();
        foreach (var (role, path, _) in Documented.Select(one => ((string)one[0], (string)one[1], one[2])))
        {
            var answer = await Client.PostAsync(role, path, Of(path, number));
            Assert.True(answer.Status == HttpStatusCode.Created, answer.ToString());
        }

        await Client.ConsignmentAsync(number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 800, "released");
        return number;
    }

    private static JsonObject Of(string path, string number) => path switch
    {
        "/v1/orders" => Documents.Order(number),
        "/v1/payments" => Documents.Payment(number),
        _ => Documents.Waybill(number),
    };

    private static (string, string) Told(JsonNode result) => ((string)result["outcome"]!, (string)result["errors"]![0]!["code"]!);
}
