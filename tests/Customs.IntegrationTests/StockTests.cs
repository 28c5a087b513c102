using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Customs.Stock;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;
using static Sandan.Customs.IntegrationTests.Samples;

namespace Sandan.Customs.IntegrationTests;

/// <summary>Bonded accounts: what enters, what inventories take and give back, and that the sums are those of the movements whatever comes at once.</summary>
[Collection(nameof(RunningService))]
public sealed class StockTests(RunningService service)
{
    private const string Keeper = "3302960008";
    private static int counter;

    private readonly Samples it = new();
    private readonly string account = $"T3102W{Interlocked.Increment(ref counter):000000}";

    [Fact]
    public async Task Its_company_enters_goods_and_others_do_not_learn_that_it_exists()
    {
        await OpenAsync();
        var (status, results) = await EnterAsync(Entry("E1", "R1", 3), Entry("E2", "R2", 5), Entry("E1", "R1", 3), new { entryNo = "E3", colour = "red" });
        Assert.Equal(200, status);
        Assert.Equal(["created 3", "created 5", "exists 3", "rejected "], results.EnumerateArray().Select(one => $"{one.Text("outcome")} {one.Balance()}"));
        Assert.Contains(results[3].GetProperty("errors").EnumerateArray(), error => (error.Text("pointer"), error.Text("code")) == ("/qty", "S1001"));
        (_, results) = await EnterAsync(Entry("E1", "R1", 4), Entry("E4", "R1", 4, "shortage", "counted"), Entry("E5", "R1", 1, "shortage"), Entry("E6", "R1", 1, "shortage", "broken"));
        Assert.Equal(["conflict S6306", "rejected S6307", "rejected S1001", "created "], results.EnumerateArray().Select(one =>
            $"{one.Text("outcome")} {string.Join(',', one.GetProperty("errors").EnumerateArray().Select(error => error.Text("code")))}"));
        Assert.Equal(3, await service.CountAsync("SELECT count(*) FROM audit.entry WHERE subject LIKE $1", $"stock account {account}, article %"));

        foreach (var http in (HttpClient[])[Warehouse, service.Customs, service.As(Roles.Operator, "OPERATOR")])
        {
            var shown = await http.GetJsonAsync($"/v1/stock-accounts/{account.ToLowerInvariant()}");
            Assert.Equal((account, Keeper), (shown.Text("emsNo"), shown.Text("areaCode")));
            Assert.Equal(["R1 2 2", "R2 5 5"], shown.GetProperty("data").EnumerateArray().Select(one => $"{one.Text("itemRecordNo")} {one.Balance()} {one.Number("entered")}"));
        }

        foreach (var (role, company) in ((string, string)[])[(Roles.Warehouse, "3302960099"), (Roles.Seller, it.Seller), (Roles.Declarant, it.Declarant)])
        {
            foreach (var path in (string[])["", "/movements"])
            {
                Assert.Equal(404, (await service.As(role, company).AskAsync($"/v1/stock-accounts/{account}{path}")).Status);
            }
        }

        Assert.Equal(404, (await EnterAsync(service.As(Roles.Warehouse, "3302960099"), account, Entry("E9", "R1", 1))).Status);
        Assert.Equal(404, (await EnterAsync(Warehouse, "NOT-OPEN", Entry("E9", "R1", 1))).Status);
        Assert.Equal(403, (await EnterAsync(service.As(Roles.Seller, it.Seller), account, Entry("E9", "R1", 1))).Status);
        using var open = await Warehouse.PutAsJsonAsync($"/v1/stock-accounts/{account}", new { areaCode = Keeper });
        Assert.Equal(403, (int)open.StatusCode);
        using var empty = await Warehouse.PostAsJsonAsync($"/v1/stock-accounts/{account}/entries", new { });
        Assert.Equal(400, (int)empty.StatusCode);
    }

    [Fact]
    public async Task Movements_are_read_page_by_page_the_newest_first()
    {
        await OpenAsync();
        await EnterAsync([.. Enumerable.Range(1, 5).Select(one => Entry($"E{one}", $"R{one}", one))]);
        var (seen, after) = (new List<string>(), "");
        while (true)
        {
            var page = await Warehouse.GetJsonAsync($"/v1/stock-accounts/{account}/movements?limit=2&after={after}");
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(one => $"{one.Text("kind")} {one.Text("documentNo")} {one.Number("change")}"));
            after = page.Text("next");
            if (!page.GetProperty("hasMore").GetBoolean())
            {
                break;
            }
        }

        Assert.Equal(["entry E5 5", "entry E4 4", "entry E3 3", "entry E2 2", "entry E1 1"], seen);
        var articles = await Warehouse.GetJsonAsync($"/v1/stock-accounts/{account}?limit=2&after=R2");
        Assert.Equal(("R4", true), (articles.Text("next"), articles.GetProperty("hasMore").GetBoolean()));
        foreach (var query in (string[])["movements?after=x", "movements?limit=0", "?limit=1001", "?after=%00"])
        {
            Assert.Equal(400, (await Warehouse.AskAsync($"/v1/stock-accounts/{account}/{query}".Replace("/?", "?", StringComparison.Ordinal))).Status);
        }
    }

    [Fact]
    public async Task Of_two_inventories_that_want_the_rest_one_is_refused_and_passes_when_it_is_sent_again_and_goods_are_back()
    {
        await OpenAsync();
        await EnterAsync(Entry("E1", "R1", 3));
        var (first, second) = (Bonded("A", 2), Bonded("B", 2));
        await service.AssessAsync(it.Tax("A"), it.Tax("B"));
        await JudgeAsync(first);
        await JudgeAsync(second);
        Assert.Equal(["120 1800", "800 2600"], await ReceiptsAsync(first));
        Assert.Equal(["100 S6301"], await ReceiptsAsync(second));
        var refused = await StateAsync("B");
        Assert.EndsWith(
            $"[InventoryHead.emsNo:{account},InventoryList.itemRecordNo:R1,InventoryList.qty:2,account.balance:1,account.areaCode:{Keeper}]",
            refused.GetProperty("receipts")[0].Text("returnInfo"), StringComparison.Ordinal);
        var told = Assert.Single(await service.As(Roles.Seller, it.Seller).FeedAsync(types: "cn.sandan.inventory.rejected.v1"));
        Assert.Equal(("S6301", "B"), (told.GetProperty("data").Text("code"), told.GetProperty("data").Text("orderNo")));
        Assert.Equal(2, (await StateAsync("A")).GetProperty("stock").GetProperty("held")[0].Number("released"));

        // Goods that come in do not make it right: it is refused until it is sent again.
        await ReturnAsync(first, 2);
        await service.SendAsync(new ClearancesDecided([.. (await service.PublishedAsync(it.Platform, 2)).Where(one => one.OrderNo == "B")]));
        await JudgeAsync(second, 2);
        Assert.Equal(["100 S6301"], await ReceiptsAsync(second));
        var again = second with { Document = Version(2) };
        await JudgeAsync(again, 3);
        Assert.Equal(["120 1800", "800 2600"], await ReceiptsAsync(again));
        Assert.Equal(["R1 1"], await BalancesAsync());
        Assert.Equal(2, (await StateAsync("A")).GetProperty("stock").GetProperty("held")[0].Number("returned"));
        await AssertBooksAsync();
    }

    [Fact]
    public async Task A_change_moves_the_difference_and_a_cancellation_gives_back_once()
    {
        await OpenAsync();
        await EnterAsync(Entry("E1", "R1", 3));
        var inventory = Bonded("A", 2);
        await JudgeAsync(inventory); // nothing is decided on the consignment
        Assert.Equal(["120 1800"], await ReceiptsAsync(inventory));
        Assert.Equal(["R1 1"], await BalancesAsync());

        var more = Bonded("A", 3, inventory);
        await JudgeAsync(more, 2);
        Assert.Equal(["R1 0"], await BalancesAsync());
        var tooMuch = Bonded("A", 4, more);
        await JudgeAsync(tooMuch, 3);
        Assert.Equal(["100 S6301"], await ReceiptsAsync(tooMuch));
        Assert.Equal(["R1 3"], await BalancesAsync());
        var waits = Bonded("A", 1, tooMuch);
        await JudgeAsync(waits, 4, ConsignmentState.Waiting);
        Assert.Equal(["R1 3"], await BalancesAsync());
        await JudgeAsync(waits, 5);
        Assert.Equal(["R1 2"], await BalancesAsync());

        var cancellation = new CancellationsAccepted([new(Version(), waits.InventoryNo, waits.DeclarantCode)]);
        await service.SendAsync(cancellation);
        await service.SendAsync(cancellation);
        await JudgeAsync(more, 2);
        Assert.Equal("399", (await StateAsync("A")).Text("returnStatus"));
        Assert.Equal(["R1 3"], await BalancesAsync());
        await AssertBooksAsync();
    }

    [Fact]
    public async Task A_hold_keeps_what_it_has_a_rejection_gives_it_back_and_a_deletion_too()
    {
        await OpenAsync();
        await EnterAsync(Entry("E1", "R1", 9));
        var (held, deleted) = (Bonded("A", 2), Bonded("B", 3));
        await service.AssessAsync(it.Tax("A", route: TaxRoute.Held, reasons: [new("S5003", null, null, null)]), it.Tax("B", route: TaxRoute.Held, reasons: [new("S5003", null, null, null)]));
        await JudgeAsync(held);
        await JudgeAsync(deleted);
        Assert.Equal(["120 1800", "300 S5003"], await ReceiptsAsync(held));
        Assert.Equal(["R1 4"], await BalancesAsync());
        await service.Customs.ActAsync(it.Platform, "A", "reject");
        await RunningService.UntilAsync(async () => (await StateAsync("A")).Text("returnStatus") == "100");
        await JudgeAsync(deleted with { Document = Version(2) with { Deleted = true } }, 2, ConsignmentState.Waiting);
        Assert.Equal(["R1 9"], await BalancesAsync());
        await AssertBooksAsync();
    }

    [Fact]
    public async Task An_account_that_nobody_opened_holds_nothing_up_and_is_warned_of()
    {
        var inventory = Bonded("A", 2);
        await service.AssessAsync(it.Tax("A"));
        await JudgeAsync(inventory);
        var state = await StateAsync("A");
        Assert.Equal("800", state.Text("returnStatus"));
        Assert.Equal("S6303", Assert.Single(state.GetProperty("stock").GetProperty("warnings").EnumerateArray()).Text("code"));

        // Released outside of the book, it comes back outside of it.
        await OpenAsync();
        await EnterAsync(Entry("E1", "R1", 3));
        await ReturnAsync(inventory, 1);
        Assert.Equal(["R1 3"], await BalancesAsync());
    }

    [Fact]
    public async Task Where_accounts_are_required_one_that_nobody_opened_is_a_refusal()
    {
        var options = Options.Create(new CustomsOptions { StockAccountsRequired = true });
        var desk = new InventoryDesk(new ReturnDesk(new ReturnStore(service.Database), options, TimeProvider.System), options, TimeProvider.System);
        var inventory = Bonded("A", 2);
        await using (var unit = await UnitOfWork.BeginAsync(service.Database, new OutboxSignal(), default))
        {
            await desk.WorkInAsync(unit, [Judged(inventory, 1, ConsignmentState.Matched)], default);
            await unit.CommitAsync(default);
        }

        Assert.Equal(["100 S6303"], await ReceiptsAsync(inventory));
        Assert.Empty((await StateAsync("A")).GetProperty("stock").GetProperty("warnings").EnumerateArray());
    }

    [Fact]
    public async Task Another_company_and_another_HS_code_than_the_account_has_are_warnings()
    {
        await OpenAsync();
        await EnterAsync(Entry("E1", "R1", 3));
        var inventory = Bonded("A", 1);
        await JudgeAsync(inventory with { AreaCode = "3302960099", Lines = [inventory.Lines[0] with { HsCode = "9619001100" }] });
        var stock = (await StateAsync("A")).GetProperty("stock");
        Assert.Equal(
            [$"S6304 areaCode 3302960099 {Keeper}", "S6305 gcode 9619001100 3304990039"],
            stock.GetProperty("warnings").EnumerateArray().Select(one => $"{one.Text("code")} {one.Text("field")} {one.Text("inventory")} {one.Text("found")}"));
        Assert.Equal(1, stock.GetProperty("held")[0].Number("reserved"));
    }

    [Fact]
    public async Task Of_many_inventories_at_once_as_many_pass_as_there_are_goods()
    {
        await OpenAsync();
        await EnterAsync(Entry("E1", "R1", 20));
        var inventories = Enumerable.Range(0, 30).Select(one => Bonded($"M{one}", 2)).ToArray();
        var messages = inventories.Concat(inventories[..10]).ToArray();
        Random.Shared.Shuffle(messages);
        await Task.WhenAll(messages.Chunk(4).Select(some => service.SendAsync(new InventoriesJudged([.. some.Select(one => Judged(one, 1, ConsignmentState.Matched))]))));
        Assert.Equal(["R1 0"], await BalancesAsync());
        var results = (await Task.WhenAll(inventories.Select(ReceiptsAsync))).Select(Assert.Single).ToArray();
        Assert.Equal((10, 20), (results.Count(one => one == "120 1800"), results.Count(one => one == "100 S6301")));
        await AssertBooksAsync();
    }

    /// <summary>Who releases a return has locked it and comes for the articles; who decides on an inventory comes for the return later.</summary>
    [Fact]
    public async Task Nobody_has_articles_and_waits_for_a_return()
    {
        await OpenAsync();
        await EnterAsync(Entry("E1", "R1", 3));
        var row = new InventoryRow(Judged(Bonded("A", 1), 1, ConsignmentState.Matched), 1, new("120", "1800"), null);
        await using var officer = await UnitOfWork.BeginAsync(service.Database, new OutboxSignal(), default);
        await ReturnStore.LockAsync(officer, [row.Inventory.InventoryNo], default);
        await using var desk = await UnitOfWork.BeginAsync(service.Database, new OutboxSignal(), default);
        var waiting = StockStore.LockAsync(desk, [row], isRequired: false, default);
        await RunningService.UntilAsync(async () => await service.CountAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = $1 AND NOT granted", 0x5254L) == 1);
        await StockStore.LockAsync(officer, [row], isRequired: false, default).WaitAsync(RunningService.Patience);
        Assert.False(waiting.IsCompleted);
        await officer.CommitAsync(default);
        Assert.Equal(3, (await waiting).Items[new(account, "R1")].Amounts.Balance);
    }

    [Fact]
    public async Task Goods_that_come_back_while_others_are_taken_are_counted()
    {
        await OpenAsync();
        await EnterAsync(Entry("E1", "R1", 80));
        var (first, second) = (Enumerable.Range(0, 24).Select(one => Bonded($"F{one}", 2)).ToArray(), Enumerable.Range(0, 24).Select(one => Bonded($"G{one}", 1)).ToArray());
        await service.AssessAsync([.. first.Concat(second).Select(one => it.Tax(one.OrderNo))]);
        await service.SendAsync(new InventoriesJudged([.. first.Select(one => Judged(one, 1, ConsignmentState.Matched))]));
        await Task.WhenAll(
        [
            .. first.Chunk(4).Select(async some => // six officers
            {
                foreach (var one in some)
                {
                    await ReturnAsync(one, 2);
                }
            }),
            .. second.Select(one => JudgeAsync(one)),
            .. Enumerable.Range(2, 10).Select(one => (Task)EnterAsync(Entry($"E{one}", "R1", 1))),
        ]);
        Assert.Equal(["R1 66"], await BalancesAsync()); // 80 and 10 entered, 48 out and back, 24 out
        Assert.All(await Task.WhenAll(second.Select(ReceiptsAsync)), receipts => Assert.Equal(["120 1800", "800 2600"], receipts));
        await AssertBooksAsync();
    }

    /// <summary>As several replicas would: transactions that begin at the same time, each with the articles in an order of its own.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_at_the_same_time_no_balance_is_below_zero_and_the_books_balance(int seed)
    {
        await OpenAsync();
        var rows = new InventoryRow?[8];
        var turns = Array.ConvertAll(rows, _ => new SemaphoreSlim(1)); // nobody else works on an inventory: its lock
        await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            var random = new Random((seed * 100) + worker);
            for (var step = 0; step < 40; step++)
            {
                if (random.Next(3) == 0)
                {
                    await EnterAsync(Entry($"E{random.Next(30)}", $"R{random.Next(4)}", random.Next(1, 4)));
                    continue;
                }

                var number = random.Next(rows.Length);
                await turns[number].WaitAsync();
                try
                {
                    rows[number] = await WorkAsync(rows[number], number, random);
                }
                finally
                {
                    turns[number].Release();
                }
            }
        })));

        await AssertBooksAsync();
        foreach (var row in rows.OfType<InventoryRow>())
        {
            var held = (await new StockReader(service.Database).HeldAsync(row.Inventory.PreNo, default)).ToDictionary(one => one.Key, one => one.Amounts with { Returned = 0 });
            Assert.Equal(StockRules.WantedOf(row).OrderBy(one => one.Key.RecordNo), held.OrderBy(one => one.Key.RecordNo));
        }
    }

    /// <summary>One step of an inventory, in a transaction: another state or version, goods that are back, or the same once more.</summary>
    private async Task<InventoryRow> WorkAsync(InventoryRow? row, int number, Random random)
    {
        await using var unit = await UnitOfWork.BeginAsync(service.Database, new OutboxSignal(), default);
        if (row?.Last?.Status == "800")
        {
            var back = await StockStore.LockAsync(unit, [row], isRequired: false, default);
            back.Return(row.Inventory, row.Inventory.Lines.ToDictionary(line => line.LineNo, line => line.Quantity), $"T{number}", TimeProvider.System.GetUtcNow());
            await StockStore.WriteAsync(unit, back, default);
            await unit.CommitAsync(default);
            return row;
        }

        string[] states = ["100", "120", "300", "800", "399"], articles = ["R0", "R1", "R2", "R3"];
        random.Shuffle(articles);
        var inventory = row?.Inventory ?? Bonded($"C{number}", 1);
        inventory = inventory with { Lines = [.. articles.Take(2).Select((article, at) => Line(at + 1, "3304990039", random.Next(1, 3)) with { RecordNo = article })] };
        var after = new InventoryRow(Judged(inventory, 1, ConsignmentState.Matched), 1, new(states[random.Next(states.Length)], "0"), null);
        var book = await StockStore.LockAsync(unit, [after], isRequired: false, default);
        if (book.Hold(after, TimeProvider.System.GetUtcNow()) is { } refusal)
        {
            after = after with { Last = refusal.Result };
            Assert.Null(book.Hold(after, TimeProvider.System.GetUtcNow()));
        }

        await StockStore.WriteAsync(unit, book, default);
        await unit.CommitAsync(default);
        return after;
    }

    private HttpClient Warehouse => service.As(Roles.Warehouse, Keeper);

    private InventoryAccepted Bonded(string orderNo, decimal quantity, InventoryAccepted? before = null)
    {
        var inventory = before is null ? it.Inventory(orderNo) : before with { Document = Version(before.Document.Version + 1) };
        return inventory with { Account = account, AreaCode = Keeper, Lines = [Line(1, "3304990039", quantity) with { RecordNo = "R1" }] };
    }

    private async Task OpenAsync()
    {
        using var answer = await service.Customs.PutAsJsonAsync($"/v1/stock-accounts/{account}", new { areaCode = Keeper });
        Assert.Equal(200, (int)answer.StatusCode);
    }

    private static object Entry(string entryNo, string itemRecordNo, decimal qty, string kind = "entry", string? reason = null) =>
        new { entryNo, itemRecordNo, gcode = "3304990039", gname = "goods", unit = "142", qty, kind, reason };

    private Task<(int Status, JsonElement Body)> EnterAsync(params object[] entries) => EnterAsync(Warehouse, account, entries);

    private static async Task<(int Status, JsonElement Body)> EnterAsync(HttpClient http, string account, params object[] entries)
    {
        using var answer = await http.PostAsJsonAsync($"/v1/stock-accounts/{account}/entries", entries);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private Task JudgeAsync(InventoryAccepted inventory, int revision = 1, ConsignmentState state = ConsignmentState.Matched) =>
        service.SendAsync(new InventoriesJudged([Judged(inventory, revision, state)]));

    private async Task ReturnAsync(InventoryAccepted inventory, decimal quantity)
    {
        var asked = Return(inventory, (1, quantity));
        await service.SendAsync(new ReturnsAccepted([asked]));
        using var answer = await service.Customs.PostAsJsonAsync($"/v1/returns/{asked.PreNo}/actions", new { action = "release", reason = "seen" });
        Assert.Equal(200, (int)answer.StatusCode);
    }

    private Task<JsonElement> StateAsync(string orderNo) => service.Customs.GetJsonAsync($"/v1/inventories/{it.Seller}/{orderNo}");

    private async Task<IEnumerable<string>> BalancesAsync() => (await Warehouse.GetJsonAsync($"/v1/stock-accounts/{account}")).GetProperty("data").EnumerateArray()
        .Select(one => $"{one.Text("itemRecordNo")} {one.Balance()}");

    private Task<List<string>> ReceiptsAsync(InventoryAccepted inventory) => service.ReceiptsAsync(inventory.Document.Id);

    /// <summary>The sums of each article are those of its movements.</summary>
    private async Task AssertBooksAsync() => Assert.Equal(0, await service.CountAsync(
        """
        SELECT count(*) FROM stock_item i
        WHERE (entered, reserved, released, returned) IS DISTINCT FROM (
          SELECT (sum(m.entered), sum(m.reserved), sum(m.released), sum(m.returned)) FROM stock_movement m
          WHERE (m.ems_no, m.record_no) = (i.ems_no, i.record_no))
        """));
}

internal static class BalanceOf
{
    /// <summary>Empty where there is none.</summary>
    public static string Balance(this JsonElement json) => json.TryGetProperty("balance", out var balance) ? $"{balance.GetDecimal():0.#####}" : "";
}
