using System.Net.Http.Json;
using System.Text.Json;
using Sandan.Contracts.Events;
using Sandan.Shared.Security;

namespace Sandan.Customs.IntegrationTests;

/// <summary>Returns of exported goods and tallies of what is back, in whatever order they and their inventory come.</summary>
[Collection(nameof(RunningService))]
public sealed class ExportReturnTests(RunningService service)
{
    private static int counter = 700_000_000; // of numbers that neither the intake nor other tests reach

    private static readonly ExportGoods Tea = new("0902101000", "绿茶", "250 克", 1, "035", null, null, "502", null);

    private readonly string platform = new Samples().Platform;

    [Theory] // i its inventory is released, r the request, t the tally
    [InlineData("i r t")]
    [InlineData("i t r")]
    [InlineData("r i t")]
    [InlineData("r t i")]
    [InlineData("t i r")]
    [InlineData("t r i")]
    public async Task What_fits_is_stored_and_held_when_its_goods_are_back_in_whatever_order_they_come(string arrival)
    {
        var inventory = Inventory("A");
        await service.SendAsync(new ExportInventoriesJudged([Judged(inventory, 1, ConsignmentState.Waiting)]));
        var (asked, tally) = (Return(inventory, 2), Tally("BACK"));
        foreach (var one in arrival.Split(' '))
        {
            for (var times = 0; times < 2; times++)
            {
                await (one switch
                {
                    "i" => service.SendAsync(new ExportInventoriesJudged([Judged(inventory, 2)])),
                    "r" => service.SendAsync(new ExportReturnsAccepted([asked])),
                    _ => service.SendAsync(new TransportsAccepted([tally])),
                });
            }
        }

        Assert.Equal(["120 1800", "300 1200"], await service.ReceiptsAsync(asked.Document.Id));
        Assert.Equal(["399 2300"], await service.ReceiptsAsync(tally.Document.Id));
        var (status, released) = await ActAsync(service.Customs, asked, "release", "as described, unused");
        Assert.Equal((200, "800"), (status, released.Text("returnStatus")));
        Assert.Equal(tally.CompanyNo, Assert.Single(released.GetProperty("tallies").EnumerateArray()).Text("coElNo"));
        Assert.Equal(["cn.sandan.export-return.held.v1", "cn.sandan.export-return.released.v1"], await TypesAsync());
        Assert.Equal(1, await service.CountAsync("SELECT count(*) FROM audit.entry WHERE subject LIKE $1", $"return {asked.PreNo}%"));
        Assert.Equal(409, (await ActAsync(service.Customs, asked, "reject", "twice")).Status);
    }

    [Fact]
    public async Task Until_its_goods_are_back_it_waits_and_no_officer_can_act()
    {
        var inventory = await ReleasedAsync("A");
        var asked = Return(inventory, 1);
        await service.SendAsync(new ExportReturnsAccepted([asked]));
        await service.SendAsync(new TransportsAccepted([Tally("ELSEWHERE"), Tally("BACK") with { InventoryNo = inventory.InventoryNo + "0" }]));
        Assert.Equal(["120 1800"], await service.ReceiptsAsync(asked.Document.Id));
        Assert.Equal(409, (await ActAsync(service.Customs, asked, "release", "too early")).Status);
        Assert.Empty((await service.Customs.GetJsonAsync(PathOf(asked))).GetProperty("tallies").EnumerateArray());

        await service.SendAsync(new TransportsAccepted([Tally("ELSEWHERE TOO") with { InventoryNo = inventory.InventoryNo }]));
        Assert.Equal(["120 1800", "300 1200"], await service.ReceiptsAsync(asked.Document.Id));
        Assert.Equal(["cn.sandan.export-return.held.v1"], await TypesAsync());
    }

    [Fact]
    public async Task A_tally_that_names_the_waybill_by_which_they_left_is_of_every_return_of_them()
    {
        var inventory = await ReleasedAsync("A");
        var (first, second) = (Return(inventory, 1), Return(inventory, 1) with { WaybillNo = Waybill("BACK TOO") });
        await service.SendAsync(new ExportReturnsAccepted([first]));
        var tally = Tally("A");
        await service.SendAsync(new TransportsAccepted([tally]));
        await service.SendAsync(new ExportReturnsAccepted([second]));
        foreach (var one in (ExportReturnAccepted[])[first, second])
        {
            Assert.Equal(["120 1800", "300 1200"], await service.ReceiptsAsync(one.Document.Id));
        }

        // What is concluded is neither changed nor deleted.
        var late = tally with { Document = Version(2), WaybillNos = [Waybill("C")] };
        await service.SendAsync(new TransportsAccepted([late]));
        Assert.Equal(["-625022 -625022"], await service.ReceiptsAsync(late.Document.Id));
    }

    [Fact]
    public async Task No_more_comes_back_than_left_and_what_is_rejected_or_withdrawn_is_free_again()
    {
        var inventory = await ReleasedAsync("A");
        var (first, second, third) = (Return(inventory, 1), Return(inventory, 2), Return(inventory, 1));
        await service.SendAsync(new ExportReturnsAccepted([second, first])); // in the order in which they were taken in
        Assert.Equal(["120 1800"], await service.ReceiptsAsync(first.Document.Id));
        Assert.Equal(["100 S6105"], await service.ReceiptsAsync(second.Document.Id));
        var seen = await service.As(Roles.Seller, inventory.SellerCode!).GetJsonAsync(PathOf(second));
        Assert.EndsWith(
            "[InvtRefundList.gnum:1,InvtRefundList.qty:2,InventoryList.qty:2,returned:1]",
            seen.GetProperty("receipts")[0].Text("returnInfo"), StringComparison.Ordinal);

        await service.SendAsync(new ExportReturnsAccepted([third]));
        Assert.Equal(["120 1800"], await service.ReceiptsAsync(third.Document.Id));
        await service.SendAsync(new ExportReturnsAccepted([first with { Document = Version(2) with { Deleted = true } }]));
        await service.SendAsync(new TransportsAccepted([Tally("BACK")]));
        Assert.Equal(200, (await ActAsync(service.Customs, third, "reject", "another article in the box")).Status);

        var corrected = second with { Document = Version(2) };
        await service.SendAsync(new ExportReturnsAccepted([corrected, second]));
        Assert.Equal(["120 1800", "300 1200"], await service.ReceiptsAsync(corrected.Document.Id));
    }

    [Fact]
    public async Task What_is_released_stays_whatever_comes_behind_it()
    {
        var inventory = await ReleasedAsync("A");
        var asked = Return(inventory, 1);
        await service.SendAsync(new TransportsAccepted([Tally("BACK")]));
        await service.SendAsync(new ExportReturnsAccepted([asked]));
        await ActAsync(service.Customs, asked, "release", "seen");
        var (change, deletion) = (asked with { Document = Version(2) }, asked with { Document = Version(3) with { Deleted = true } });
        await service.SendAsync(new ExportReturnsAccepted([change]));
        await service.SendAsync(new ExportReturnsAccepted([deletion]));
        Assert.Equal(["-625022 -625022"], await service.ReceiptsAsync(change.Document.Id));
        Assert.Equal(["-625022 -625022"], await service.ReceiptsAsync(deletion.Document.Id));
        Assert.Equal("800", (await service.Customs.GetJsonAsync(PathOf(asked))).Text("returnStatus"));
    }

    [Fact]
    public async Task A_return_of_an_inventory_that_is_cancelled_after_it_is_refused()
    {
        var inventory = Inventory("A");
        await service.SendAsync(new ExportInventoriesJudged([Judged(inventory, 1, ConsignmentState.Waiting)]));
        var asked = Return(inventory, 1);
        await service.SendAsync(new ExportReturnsAccepted([asked]));
        await service.SendAsync(new ExportCancellationsAccepted([new(Version(), inventory.InventoryNo, Declarant)]));
        Assert.Equal(["-625022 -625022"], await service.ReceiptsAsync(asked.Document.Id));
    }

    [Fact] // a change of the customs office gives an inventory another number
    public async Task A_return_that_waits_under_a_number_that_no_inventory_has_any_more_is_refused()
    {
        var inventory = Inventory("A");
        await service.SendAsync(new ExportInventoriesJudged([Judged(inventory, 1, ConsignmentState.Waiting)]));
        var asked = Return(inventory, 1);
        await service.SendAsync(new ExportReturnsAccepted([asked]));
        Assert.Empty(await service.ReceiptsAsync(asked.Document.Id));
        var moved = Inventory("A") with { Document = Version(2) };
        await service.SendAsync(new ExportInventoriesJudged([Judged(moved, 2, ConsignmentState.Waiting)]));
        Assert.Equal(["100 S6101"], await service.ReceiptsAsync(asked.Document.Id));
    }

    [Fact]
    public async Task A_return_of_goods_that_left_counts_from_their_release()
    {
        var inventory = await ReleasedAsync("A");
        await service.SendAsync(new TransportsAccepted([Tally("A") with { Message = "CEB509" }]));
        Assert.Equal("899", (await service.Customs.GetJsonAsync($"/v1/export-inventories/{Declarant}/A")).Text("returnStatus"));
        var (asked, late) = (Return(inventory, 1), Return(inventory, 1));
        late = late with { Document = late.Document with { ReceivedAt = late.Document.ReceivedAt.AddMonths(13) } };
        await service.SendAsync(new ExportReturnsAccepted([asked, late]));
        Assert.Equal(["120 1800"], await service.ReceiptsAsync(asked.Document.Id));
        Assert.Equal(["100 S6106"], await service.ReceiptsAsync(late.Document.Id));
    }

    [Fact]
    public async Task A_return_of_what_is_not_known_is_refused_and_told()
    {
        var asked = Return(Inventory("A"), 1);
        await service.SendAsync(new ExportReturnsAccepted([asked]));
        Assert.Equal(["100 S6101"], await service.ReceiptsAsync(asked.Document.Id));
        Assert.Equal(["cn.sandan.export-return.rejected.v1"], await TypesAsync());
    }

    [Fact]
    public async Task Only_its_parties_read_it_and_only_customs_acts()
    {
        var asked = Return(await ReleasedAsync("A"), 1);
        await service.SendAsync(new ExportReturnsAccepted([asked]));
        foreach (var (role, company) in ((string, string)[])
            [(Roles.Platform, platform), (Roles.Seller, asked.SellerCode), (Roles.Declarant, Declarant), (Roles.Logistics, Logistics), (Roles.Operator, "OPERATOR")])
        {
            Assert.Equal((200, asked.SellerNo), await service.As(role, company).AskAsync(PathOf(asked)) is var (status, body) ? (status, body.Text("coElNo")) : default);
            Assert.Equal(403, (await ActAsync(service.As(role, company), asked, "release", "seen")).Status);
        }

        Assert.Equal(404, (await service.As(Roles.Payment, "PAY").AskAsync(PathOf(asked))).Status);
        Assert.Equal(404, (await service.Customs.AskAsync($"/v1/returns/{asked.PreNo}")).Status); // it is no return of an import
        Assert.Equal(404, (await service.Customs.AskAsync("/v1/export-returns/T20261120999999999")).Status);
    }

    private string Declarant => "D" + platform;
    private string Logistics => "L" + platform;
    private string Waybill(string number) => $"{platform}-{number}";

    private static string PathOf(ExportReturnAccepted asked) => $"/v1/export-returns/{asked.PreNo}";

    /// <summary>Received now, later than every one before.</summary>
    private static DocumentVersion Version(int number = 1)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new(Guid.CreateVersion7(now.AddMilliseconds(Interlocked.Increment(ref counter) - 700_000_000)), number, now, true, now);
    }

    private async Task<ExportInventoryAccepted> ReleasedAsync(string number)
    {
        var inventory = Inventory(number);
        await service.SendAsync(new ExportInventoriesJudged([Judged(inventory, 1)]));
        return inventory;
    }

    private static ExportInventoryJudged Judged(ExportInventoryAccepted inventory, int revision, ConsignmentState state = ConsignmentState.Matched) => new(
        inventory, revision, state, inventory.Document.ReceivedAt, state == ConsignmentState.Waiting ? [DocumentKind.Order] : [], []);

    /// <summary>Of 2 tins, 1 kg.</summary>
    private ExportInventoryAccepted Inventory(string number) => Samples.ExportInventory(
        Version(), platform, number, number, $"31052026E{Interlocked.Increment(ref counter):000000000}",
        new ExportLine { LineNo = 1, ItemNo = "TEA", Unit = "125", Currency = "502", Quantity = 2, Price = 35, TotalPrice = 70, Goods = Tea });

    private static ExportReturnAccepted Return(ExportInventoryAccepted inventory, decimal quantity)
    {
        var number = Interlocked.Increment(ref counter);
        return new()
        {
            Document = Version(),
            PreNo = $"T20261205{number:000000000}",
            SellerNo = $"RET{number}",
            InventoryNo = inventory.InventoryNo,
            PlatformCode = inventory.PlatformCode,
            SellerCode = inventory.SellerCode!,
            LogisticsCompanyCode = inventory.LogisticsCompanyCode,
            WaybillNo = inventory.PlatformCode + "-BACK",
            DeclarantCode = inventory.DeclarantCode,
            Lines = [new(1, quantity, "125", Tea with { FirstQuantity = quantity / 2 })],
        };
    }

    private TransportPart Tally(string waybill) => new()
    {
        Document = Version(),
        Message = "CEB215",
        CompanyCode = "SITE" + platform,
        CompanyNo = $"T{Interlocked.Increment(ref counter)}",
        Part = 1,
        Parts = 1,
        LogisticsCompanyCode = Logistics,
        WaybillNos = [Waybill(waybill)],
    };

    private async Task<List<string>> TypesAsync() =>
    [
        .. (await service.As(Roles.Platform, platform).FeedAsync()).Select(one => one.Text("type"))
            .Where(type => type.StartsWith("cn.sandan.export-return.", StringComparison.Ordinal)),
    ];

    private static async Task<(int Status, JsonElement Body)> ActAsync(HttpClient http, ExportReturnAccepted asked, string action, string reason)
    {
        using var answer = await http.PostAsJsonAsync($"{PathOf(asked)}/actions", new { action, reason });
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }
}
