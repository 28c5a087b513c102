using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sandan.Contracts.Events;
using Sandan.Shared.Security;
using static Sandan.Customs.IntegrationTests.Samples;

namespace Sandan.Customs.IntegrationTests;

/// <summary>Returns and cancellations, in whatever order they and their inventory come.</summary>
[Collection(nameof(RunningService))]
public sealed class ReturnTests(RunningService service)
{
    private static readonly string[] HeldStatuses = ["120", "300"];

    private readonly Samples it = new();

    [Fact]
    public async Task What_fits_is_held_and_goes_back_once_an_officer_has_seen_it()
    {
        var inventory = await ReleasedAsync("A");
        var asked = Return(inventory, (1, 2));
        await service.SendAsync(new ReturnsAccepted([asked]));
        Assert.Equal(HeldStatuses, await StatusesAsync(asked));

        var (status, released) = await ActAsync(service.Customs, asked, "release", "seen in bay 7");
        Assert.Equal((200, "800"), (status, released.Text("returnStatus")));
        Assert.Equal(["120", "300", "800"], await StatusesAsync(asked));
        var told = Assert.Single(await service.ReturnedAsync(it.Platform, 1));
        Assert.Equal((asked.PreNo, "A", 2m), (told.PreNo, told.OrderNo, told.Lines.Single().Quantity));
        Assert.Equal(["cn.sandan.return.held.v1", "cn.sandan.return.released.v1"], await TypesAsync());
        Assert.Equal(1, await service.CountAsync("SELECT count(*) FROM audit.entry WHERE subject LIKE $1", $"return {asked.PreNo}%"));

        foreach (var action in (string[])["release", "reject"])
        {
            var (again, problem) = await ActAsync(service.Customs, asked, action, "twice");
            Assert.Equal((409, "S2014", "800"), (again, problem.Text("code"), problem.GetProperty("errors")[0].Text("actual")));
        }
    }

    [Fact]
    public async Task What_an_officer_rejects_says_why_to_its_parties_and_not_in_the_feed()
    {
        var inventory = await ReleasedAsync("A");
        var (asked, again) = (Return(inventory, (1, 2)), Return(inventory, (1, 2)));
        await service.SendAsync(new ReturnsAccepted([asked]));
        await ActAsync(service.Customs, asked, "reject", "another article in the box");
        var seen = await service.As(Roles.Seller, it.Seller).GetJsonAsync($"/v1/returns/{asked.PreNo}");
        Assert.Equal(("100", "1300"), (seen.Text("returnStatus"), seen.Text("code")));
        Assert.EndsWith("，another article in the box]", seen.GetProperty("receipts")[2].Text("returnInfo"), StringComparison.Ordinal);
        Assert.DoesNotContain("another article", string.Join('\n', await service.As(Roles.Seller, it.Seller).FeedAsync()), StringComparison.Ordinal);

        await service.SendAsync(new ReturnsAccepted([again])); // what was rejected is still there to be returned
        Assert.Equal(HeldStatuses, await StatusesAsync(again));
    }

    [Fact]
    public async Task Two_returns_in_one_message_that_are_too_much_together_are_one_and_a_refusal()
    {
        var inventory = await ReleasedAsync("A");
        var (first, second, rest) = (Return(inventory, (1, 1)), Return(inventory, (1, 2)), Return(inventory, (1, 1)));
        await service.SendAsync(new ReturnsAccepted([second, first])); // in the order in which they were taken in, not that of the message
        Assert.Equal(HeldStatuses, await StatusesAsync(first));
        Assert.Equal(["100 S6105"], await StatusesAsync(second, withCode: true));

        await service.SendAsync(new ReturnsAccepted([rest]));
        Assert.Equal(HeldStatuses, await StatusesAsync(rest));
    }

    [Fact]
    public async Task A_return_that_comes_before_the_result_of_its_inventory_waits_for_it()
    {
        var inventory = it.Inventory("A");
        await service.SendAsync(new InventoriesJudged([Judged(inventory, 1, ConsignmentState.Waiting)]));
        var (first, second) = (Return(inventory, (1, 1)), Return(inventory, (1, 2)));
        await service.SendAsync(new ReturnsAccepted([second]));
        await service.SendAsync(new ReturnsAccepted([first]));
        Assert.Empty(await StatusesAsync(first));
        Assert.False((await service.Customs.GetJsonAsync($"/v1/returns/{first.PreNo}")).TryGetProperty("returnStatus", out _));
        Assert.Equal(409, (await ActAsync(service.Customs, first, "release", "too early")).Status);

        await service.AssessAsync(it.Tax("A"));
        await service.SendAsync(new InventoriesJudged([Judged(inventory, 2, ConsignmentState.Matched)]));
        Assert.Equal(HeldStatuses, await StatusesAsync(first));
        Assert.Equal(["100 S6105"], await StatusesAsync(second, withCode: true)); // it was taken in behind the other
    }

    [Fact]
    public async Task A_return_of_an_inventory_that_is_cancelled_after_it_is_refused()
    {
        var inventory = it.Inventory("A");
        await service.SendAsync(new InventoriesJudged([Judged(inventory, 1, ConsignmentState.Waiting)]));
        var asked = Return(inventory, (1, 1));
        await service.SendAsync(new ReturnsAccepted([asked]));
        await service.SendAsync(new CancellationsAccepted([new(Version(), inventory.InventoryNo, inventory.DeclarantCode)]));
        Assert.Equal(["-625022 -625022"], await StatusesAsync(asked, withCode: true));
        Assert.Equal(["cn.sandan.inventory.withdrawn.v1", "cn.sandan.return.rejected.v1"], await TypesAsync("cn.sandan."));
    }

    [Fact]
    public async Task A_return_that_waits_is_refused_when_its_inventory_gets_another_number()
    {
        var inventory = it.Inventory("A");
        await service.SendAsync(new InventoriesJudged([Judged(inventory, 1, ConsignmentState.Waiting)]));
        var asked = Return(inventory, (1, 1));
        await service.SendAsync(new ReturnsAccepted([asked]));
        var elsewhere = inventory with { Document = Version(2), InventoryNo = "9999" + inventory.InventoryNo[4..] };
        await service.SendAsync(new InventoriesJudged([Judged(elsewhere, 2, ConsignmentState.Waiting)]));
        Assert.Equal(["100 S6101"], await StatusesAsync(asked, withCode: true));
    }

    [Fact]
    public async Task A_later_version_of_a_released_inventory_is_refused_and_told_once()
    {
        var inventory = await ReleasedAsync("A");
        var later = inventory with { Document = Version(2) };
        await service.SendAsync(new InventoriesJudged([Judged(later, 2, ConsignmentState.Matched)]));
        await service.SendAsync(new InventoriesJudged([Judged(later, 3, ConsignmentState.Waiting)]));
        Assert.Equal(["cn.sandan.inventory.released.v1", "cn.sandan.inventory.rejected.v1"], await TypesAsync("cn.sandan.inventory."));
    }

    [Fact]
    public async Task Repeats_and_older_versions_do_nothing()
    {
        var inventory = await ReleasedAsync("A");
        var asked = Return(inventory, (1, 1));
        var change = asked with { Document = Version(2), Lines = [new(1, "3304990039", 2)] };
        await service.SendAsync(new ReturnsAccepted([asked, change, asked]));
        await service.SendAsync(new ReturnsAccepted([asked]));
        var id = await service.PublishAsync(new ReturnsAccepted([change]));
        await service.WorkedInAsync(id);
        await service.SendAsync(new ReturnsAccepted([change]), id);
        Assert.Equal(HeldStatuses, await StatusesAsync(change));
        Assert.Empty(await StatusesAsync(asked));
        Assert.Equal(["cn.sandan.return.held.v1"], await TypesAsync());
    }

    [Fact]
    public async Task It_is_changed_and_deleted_only_while_it_is_not_released()
    {
        var inventory = await ReleasedAsync("A");
        var (asked, other) = (Return(inventory, (1, 2)), Return(inventory, (2, 1)));
        await service.SendAsync(new ReturnsAccepted([asked, other]));
        var change = asked with { Document = Version(2), Lines = [new(1, "3304990039", 1)] };
        await service.SendAsync(new ReturnsAccepted([change]));
        Assert.Equal(HeldStatuses, await StatusesAsync(change));
        await service.SendAsync(new ReturnsAccepted([other with { Document = Version(2) with { Deleted = true } }]));
        Assert.Equal("399", (await service.Customs.GetJsonAsync($"/v1/returns/{other.PreNo}")).Text("returnStatus"));

        await ActAsync(service.Customs, asked, "release", "seen");
        var late = change with { Document = Version(3) with { Deleted = true } };
        await service.SendAsync(new ReturnsAccepted([late]));
        Assert.Equal(["-625022"], await StatusesAsync(late));
        var stands = await service.Customs.GetJsonAsync($"/v1/returns/{asked.PreNo}");
        Assert.Equal(("800", 2), (stands.Text("returnStatus"), stands.Number("version")));
    }

    [Fact]
    public async Task A_tax_bill_is_void_when_all_goods_came_back_and_not_before()
    {
        var inventory = await ReleasedAsync("A");
        var (most, rest) = (Return(inventory, (1, 2), (2, 2)), Return(inventory, (2, 1)));
        await service.SendAsync(new ReturnsAccepted([most, rest]));
        var path = $"/v1/inventories/{it.Seller}/A/tax-bill/status";
        await ActAsync(service.Customs, most, "release", "seen");
        Assert.Equal(404, (await service.Customs.AskAsync(path)).Status);
        await ActAsync(service.Customs, rest, "release", "seen");
        var state = await service.As(Roles.Seller, it.Seller).GetJsonAsync(path);
        Assert.Equal(("3", inventory.InventoryNo + "_0"), (state.Text("status"), state.Text("taxNo")));
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("application/xml");
        using var answer = await service.Customs.SendAsync(request);
        Assert.Contains("<status>3</status>", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(404, (await service.As(Roles.Payment, it.Payment).AskAsync(path)).Status);
    }

    [Fact]
    public async Task Two_officers_at_once_are_one_decision_and_one_refusal()
    {
        var inventory = await ReleasedAsync("A");
        var asked = Return(inventory, (1, 1));
        await service.SendAsync(new ReturnsAccepted([asked]));
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(one =>
            ActAsync(service.As(Roles.Customs, "CUSTOMS", $"officer-{one}"), asked, one % 2 == 0 ? "release" : "reject", "seen")));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(5, answers.Count(answer => answer.Status == 409));
        Assert.Equal(3, (await StatusesAsync(asked)).Count);
    }

    [Fact]
    public async Task Only_its_parties_read_it_and_only_customs_acts()
    {
        var asked = Return(await ReleasedAsync("A"), (1, 1));
        await service.SendAsync(new ReturnsAccepted([asked]));
        var path = $"/v1/returns/{asked.PreNo}";
        foreach (var (role, company) in ((string, string)[])
            [(Roles.Platform, it.Platform), (Roles.Seller, it.Seller), (Roles.Declarant, it.Declarant), (Roles.Logistics, it.Logistics), (Roles.Operator, "OPERATOR")])
        {
            var (status, body) = await service.As(role, company).AskAsync(path);
            Assert.Equal((200, "王*"), (status, body.Text("buyerName")));
            Assert.Equal(403, (await ActAsync(service.As(role, company), asked, "release", "seen")).Status);
        }

        Assert.Equal(404, (await service.As(Roles.Payment, it.Payment).AskAsync(path)).Status);
        Assert.Equal(404, (await service.Customs.AskAsync("/v1/returns/T20261120999999999")).Status);
        foreach (var (action, reason) in ((string?, string?)[])[("hold", "x"), (null, "x"), ("release", " "), ("release", null)])
        {
            Assert.Equal(400, (await ActAsync(service.Customs, asked, action, reason)).Status);
        }
    }

    /// <summary>There is no matcher here, so the inventory is never compared.</summary>
    [Fact]
    public async Task An_inventory_that_was_only_just_taken_in_is_known_and_is_cancelled()
    {
        var inventory = Example("inventory", "OWN-1");
        var declarant = service.As(Roles.Declarant, inventory["agentCode"]!.ToString());
        Assert.Equal(201, (await PostAsync(declarant, "/v1/inventories", inventory)).Status);
        var state = await declarant.GetJsonAsync($"/v1/inventories/{inventory["ebcCode"]}/OWN-1");
        Assert.Equal((0, "Waiting"), (state.Number("revision"), state.Text("state")));

        var cancellation = Example("cancellation", "OWN-1");
        cancellation["invtNo"] = state.Text("invtNo");
        var (status, answer) = await PostAsync(declarant, "/v1/cancellations", cancellation);
        Assert.Equal(201, status);
        await RunningService.UntilAsync(async () => (await ReceiptsAsync()).Length == 2);
        Assert.Equal("399", (await ReceiptsAsync())[1].Text("returnStatus"));
        Assert.Equal("399", (await declarant.GetJsonAsync($"/v1/inventories/{inventory["ebcCode"]}/OWN-1")).Text("returnStatus"));

        async Task<JsonElement[]> ReceiptsAsync() =>
            [.. (await declarant.GetJsonAsync($"/v1/documents/{answer.Text("id")}/receipts")).GetProperty("receipts").EnumerateArray()];
    }

    [Fact]
    public async Task A_return_without_a_number_of_its_own_is_taken_and_answered_by_that_of_the_e_port()
    {
        var asked = Example("return", "OWN-2");
        asked.Remove("copNo");
        var declarant = service.As(Roles.Declarant, asked["agentCode"]!.ToString());
        var (status, answer) = await PostAsync(declarant, "/v1/returns", asked);
        Assert.Equal(201, status);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/documents/{answer.Text("id")}/receipts");
        request.Headers.Accept.ParseAdd("application/xml");
        using var receipts = await declarant.SendAsync(request);
        Assert.Matches("<copNo>(T[0-9]{17})</copNo><preNo>\\1</preNo><invtNo>31052026I000000001</invtNo>", await receipts.Content.ReadAsStringAsync());

        var (refused, problem) = await PostAsync(declarant, "/v1/returns", new JsonObject(asked.Select(one => KeyValuePair.Create(one.Key, one.Value?.DeepClone()))) { ["preNo"] = "T20261125000000001", ["copNo"] = "X" });
        Assert.Equal((422, "/preNo"), (refused, problem.GetProperty("errors")[0].Text("pointer")));
    }

    private async Task<InventoryAccepted> ReleasedAsync(string orderNo)
    {
        var inventory = it.Inventory(orderNo);
        await service.AssessAsync(it.Tax(orderNo));
        await service.SendAsync(new InventoriesJudged([Judged(inventory, 1, ConsignmentState.Matched)]));
        Assert.Equal("800", (await service.Customs.GetJsonAsync($"/v1/inventories/{it.Seller}/{orderNo}")).Text("returnStatus"));
        return inventory;
    }

    private async Task<List<string>> StatusesAsync(ReturnAccepted asked, bool withCode = false)
    {
        await using var command = service.Database.CreateCommand("SELECT status, code FROM receipt WHERE document = $1 ORDER BY no");
        command.Parameters.Add(new() { Value = asked.Document.Id });
        await using var row = await command.ExecuteReaderAsync();
        var statuses = new List<string>();
        while (await row.ReadAsync())
        {
            statuses.Add(withCode ? $"{row.GetString(0)} {row.GetString(1)}" : row.GetString(0));
        }

        return statuses;
    }

    private async Task<IEnumerable<string>> TypesAsync(string prefix = "cn.sandan.return.") =>
        (await service.As(Roles.Declarant, it.Declarant).FeedAsync()).Select(one => one.Text("type")).Where(type => type.StartsWith(prefix, StringComparison.Ordinal));

    private static async Task<(int Status, JsonElement Body)> ActAsync(HttpClient http, ReturnAccepted asked, string? action, string? reason)
    {
        using var answer = await http.PostAsJsonAsync($"/v1/returns/{asked.PreNo}/actions", new { action, reason });
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static async Task<(int Status, JsonElement Body)> PostAsync(HttpClient http, string path, JsonObject document)
    {
        using var answer = await http.PostAsJsonAsync(path, document);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private static JsonObject Example(string name, string orderNo)
    {
        var document = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "examples", name + ".json")))!;
        document["orderNo"] = orderNo;
        document["copNo"] = orderNo;
        return document;
    }
}
