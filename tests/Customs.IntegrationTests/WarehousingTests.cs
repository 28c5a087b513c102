using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Shared.Security;
using static Sandan.Customs.IntegrationTests.Samples;

namespace Sandan.Customs.IntegrationTests;

/// <summary>Warehousing details (CEB711) and the inventories of their parcels, in whatever order they come.</summary>
[Collection(nameof(RunningService))]
public sealed class WarehousingTests(RunningService service)
{
    private const string Site = "3302960008";
    private static int counter;

    private readonly Samples it = new();
    private readonly string number = $"RK{Interlocked.Increment(ref counter):0000}";

    [Theory]
    [InlineData("w a b")]
    [InlineData("a w b")]
    [InlineData("b a w")]
    [InlineData("a b w w")]
    public async Task It_is_stored_and_concluded_once_each_parcel_has_an_inventory(string order)
    {
        var (detail, inventories) = (Detail("WBA", "WBB"), new Dictionary<string, InventoryAccepted> { ["a"] = Direct("A"), ["b"] = Direct("B") });
        foreach (var step in order.Split(' '))
        {
            if (step == "w")
            {
                await service.SendAsync(new WarehousingsAccepted([detail]));
            }
            else
            {
                await service.SendAsync(new InventoriesJudged([Judged(inventories[step], 1, ConsignmentState.Waiting)]));
            }
        }

        Assert.Equal(["120 1800", "399 2300"], await service.ReceiptsAsync(detail.Document.Id));
        var seen = await service.As(Roles.Warehouse, Site).GetJsonAsync(Path);
        Assert.Equal("399", seen.Text("returnStatus"));
        Assert.Equal(
            inventories.Values.Select(one => $"{one.WaybillNo} {one.InventoryNo}"),
            seen.GetProperty("parcels").EnumerateArray().Select(one => $"{one.Text("logisticsNo")} {one.Text("invtNo")}"));
        var note = Assert.Single((await service.As(Roles.Seller, it.Seller).GetJsonAsync($"/v1/inventories/{it.Seller}/A")).GetProperty("warehousings").EnumerateArray());
        Assert.Equal((Site, number, "A-03"), (note.Text("operatorCode"), note.Text("copNo"), note.Text("unloadLocation")));
        Assert.Empty(note.GetProperty("differences").EnumerateArray());
    }

    [Fact]
    public async Task A_parcel_without_an_inventory_is_said_to_have_none_and_differences_show_both_values()
    {
        var detail = Detail("WBA", "WBB");
        await service.SendAsync(new WarehousingsAccepted([detail]));
        await service.SendAsync(new InventoriesJudged([Judged(Direct("A") with { BillNo = "OTHER" }, 1, ConsignmentState.Matched)]));
        var parcels = (await service.Customs.GetJsonAsync(Path)).GetProperty("parcels");
        Assert.Equal(("120", "1800"), (parcels[0].Text("returnStatus"), parcels[0].Text("code")));
        Assert.Equal("S6321 billNo OTHER 112-87654321", Shown(parcels[0].GetProperty("notes")[0]));
        Assert.False(parcels[1].TryGetProperty("invtNo", out _));
        Assert.Equal("S6322", parcels[1].GetProperty("notes")[0].Text("code"));
        Assert.Equal(["120 1800"], await service.ReceiptsAsync(detail.Document.Id));

        static string Shown(System.Text.Json.JsonElement one) => $"{one.Text("code")} {one.Text("field")} {one.Text("inventory")} {one.Text("found")}";
    }

    [Fact]
    public async Task A_change_replaces_its_parcels_and_a_late_older_version_does_nothing()
    {
        var first = Detail("WBA", "WBB");
        var change = first with { Document = Version(2), WaybillNos = ["WBA"] };
        await service.SendAsync(new InventoriesJudged([Judged(Direct("A"), 1, ConsignmentState.Waiting)]));
        await service.SendAsync(new WarehousingsAccepted([first]));
        await service.SendAsync(new WarehousingsAccepted([change, first]));
        await service.SendAsync(new WarehousingsAccepted([first]));
        Assert.Equal(["120 1800"], await service.ReceiptsAsync(first.Document.Id));
        Assert.Equal(["120 1800", "399 2300"], await service.ReceiptsAsync(change.Document.Id));

        var deletion = change with { Document = Version(3) with { Deleted = true } };
        await service.SendAsync(new WarehousingsAccepted([deletion]));
        Assert.Equal(["399 2300"], await service.ReceiptsAsync(deletion.Document.Id));
        Assert.Empty((await service.Customs.GetJsonAsync($"/v1/inventories/{it.Seller}/A")).GetProperty("warehousings").EnumerateArray());
    }

    [Fact]
    public async Task Operator_of_the_site_and_logistics_company_read_it_and_nobody_else()
    {
        await service.SendAsync(new WarehousingsAccepted([Detail("WBA")]));
        foreach (var (role, company, status) in ((string, string, int)[])
            [(Roles.Warehouse, Site, 200), (Roles.Logistics, it.Logistics, 200), (Roles.Operator, "OPERATOR", 200), (Roles.Warehouse, "3302960099", 404), (Roles.Seller, it.Seller, 404)])
        {
            Assert.Equal(status, (await service.As(role, company).AskAsync(Path)).Status);
        }

        Assert.Equal(404, (await service.Customs.AskAsync($"/v1/warehousings/{Site}/NOT-THERE")).Status);
    }

    [Fact]
    public async Task Lists_and_inventories_that_come_at_the_same_time_see_each_other()
    {
        var details = Enumerable.Range(0, 12).Select(one => Detail($"WBC{one}", $"WBC{(one + 1) % 12}") with { CompanyNo = $"{number}-{one}" }).ToArray();
        await Task.WhenAll(
        [
            .. details.Select(one => service.SendAsync(new WarehousingsAccepted([one]))),
            .. Enumerable.Range(0, 12).Select(one => service.SendAsync(new InventoriesJudged([Judged(Direct($"C{one}"), 1, ConsignmentState.Waiting)]))),
        ]);
        foreach (var detail in details)
        {
            Assert.Equal(["120 1800", "399 2300"], await service.ReceiptsAsync(detail.Document.Id));
        }
    }

    /// <summary>Rows from before their parcels were kept beside them, more than one step of the repair.</summary>
    [Fact]
    public async Task Inventories_from_before_get_their_parcels_at_start()
    {
        var inventories = Enumerable.Range(0, 1_100).Select(one => Direct($"OLD{one}")).ToArray();
        await service.SendAsync(new InventoriesJudged([.. inventories.Select(one => Judged(one, 1, ConsignmentState.Waiting))]));
        await using (var forget = service.Database.CreateCommand("UPDATE inventory SET logistics_code = NULL, waybill_no = NULL WHERE seller_code = $1"))
        {
            forget.Parameters.Add(new() { Value = it.Seller });
            Assert.Equal(1_100, await forget.ExecuteNonQueryAsync());
        }

        await new InventoryStore(service.Database).NameParcelsAsync(default);
        Assert.Equal(1_100, await service.CountAsync("SELECT count(*) FROM inventory WHERE logistics_code = $1 AND waybill_no = 'WB' || order_no", it.Logistics));
    }

    private string Path => $"/v1/warehousings/{Site}/{number}";

    private InventoryAccepted Direct(string orderNo) => it.Inventory(orderNo) with { Mode = "9610", TransportNo = "MU588", VoyageNo = "V1", BillNo = "112-87654321" };

    private TransportPart Detail(params string[] waybillNos) => new()
    {
        Document = Version(),
        Message = "CEB711",
        CompanyCode = Site,
        CompanyNo = number,
        Part = 1,
        Parts = 1,
        LogisticsCompanyCode = it.Logistics,
        BillNo = "112-87654321",
        VoyageNo = "V1",
        WaybillNos = waybillNos,
        TransportNo = "MU588",
        Place = "A-03",
    };
}
