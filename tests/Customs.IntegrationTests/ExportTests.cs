using Sandan.Contracts.Events;

namespace Sandan.Customs.IntegrationTests;

/// <summary>Export inventories and lists of their parcels, as messages come: repeated, in any order, many at once.</summary>
[Collection(nameof(RunningService))]
public sealed class ExportTests(RunningService service)
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    private readonly string platform = new Samples().Platform;

    [Fact]
    public async Task What_is_released_stays_as_it_was_and_a_later_version_is_refused_once()
    {
        var inventory = Inventory("A");
        await service.SendAsync(new ExportInventoriesJudged([Judged(inventory, 2), Judged(inventory, 1, ConsignmentState.Mismatched)]));
        await service.SendAsync(new ExportInventoriesJudged([Judged(inventory, 1, ConsignmentState.Mismatched), Judged(inventory, 2)]));
        await service.SendAsync(new ExportInventoriesJudged([Judged(inventory, 3, ConsignmentState.Mismatched)]));
        var later = inventory with { Document = Version(2) };
        await service.SendAsync(new ExportInventoriesJudged([Judged(later, 4)]));
        await service.SendAsync(new ExportInventoriesJudged([Judged(later, 5, ConsignmentState.Waiting)]));

        Assert.Equal(["120 1800", "800 2600"], await service.ReceiptsAsync(inventory.Document.Id));
        Assert.Equal(["100 22007"], await service.ReceiptsAsync(later.Document.Id));
        var stands = await service.Customs.GetJsonAsync($"/v1/export-inventories/{inventory.DeclarantCode}/{inventory.DeclarantNo}");
        Assert.Equal(("Matched", "800", 1), (stands.Text("state"), stands.Text("returnStatus"), stands.Number("version")));
        Assert.Equal(["cn.sandan.export.released.v1", "cn.sandan.export.rejected.v1"], await TypesAsync());
    }

    [Fact]
    public async Task A_list_in_parts_is_whole_whatever_comes_twice_or_late_and_is_final_then()
    {
        var (first, second) = (Part(1, 2, "A"), Part(2, 2, "B"));
        var changed = first with { Document = Version(2), WaybillNos = [Waybill("C")] };
        await service.SendAsync(new TransportsAccepted([first, first]));
        Assert.Equal(["120 1800"], await service.ReceiptsAsync(first.Document.Id));
        await service.SendAsync(new TransportsAccepted([changed]));
        await service.SendAsync(new TransportsAccepted([first, second]));
        Assert.Equal(["120 1800"], await service.ReceiptsAsync(first.Document.Id));
        Assert.Equal(["120 1800", "399 2300"], await service.ReceiptsAsync(changed.Document.Id));
        Assert.Equal(["399 2300"], await service.ReceiptsAsync(second.Document.Id));

        var late = second with { Document = Version(2), WaybillNos = [Waybill("D")] };
        await service.SendAsync(new TransportsAccepted([late]));
        var more = Part(3, 3, "E");
        await service.SendAsync(new TransportsAccepted([more]));
        Assert.Equal(["-621012 -621012"], await service.ReceiptsAsync(late.Document.Id));
        Assert.Equal(["-621012 -621012"], await service.ReceiptsAsync(more.Document.Id));

        // The parcels are those of the parts that stand: A was taken out, D never came in.
        await service.SendAsync(new ExportInventoriesJudged([.. new[] { "A", "B", "C", "D" }.Select(one => Judged(Inventory(one), 1))]));
        foreach (var (number, status) in ((string, string)[])[("A", "800"), ("B", "899"), ("C", "899"), ("D", "800")])
        {
            Assert.Equal(status, (await service.Customs.GetJsonAsync($"/v1/export-inventories/{Declarant}/{DeclarantNo(number)}")).Text("returnStatus"));
        }
    }

    [Fact]
    public async Task A_part_that_is_deleted_before_the_list_is_whole_is_missing_until_it_comes_again()
    {
        var (first, second) = (Part(1, 2, "A"), Part(2, 2, "B"));
        await service.SendAsync(new TransportsAccepted([first, first with { Document = Version(2) with { Deleted = true } }]));
        await service.SendAsync(new TransportsAccepted([second]));
        Assert.Equal(["120 1800"], await service.ReceiptsAsync(second.Document.Id));
        var again = first with { Document = Version(3) };
        await service.SendAsync(new TransportsAccepted([again]));
        Assert.Equal(["399 2300"], await service.ReceiptsAsync(again.Document.Id));
        Assert.Equal(["120 1800", "399 2300"], await service.ReceiptsAsync(second.Document.Id));
    }

    [Fact]
    public async Task What_is_cancelled_does_not_leave_and_what_left_is_not_cancelled()
    {
        var (cancelled, left) = (Inventory("A"), Inventory("B"));
        await service.SendAsync(new ExportInventoriesJudged([Judged(cancelled, 1, ConsignmentState.Waiting), Judged(left, 1)]));
        await service.SendAsync(new TransportsAccepted([Part(1, 1, "A") with { WaybillNos = [Waybill("A"), Waybill("B")] }]));
        var (asked, tooLate) = (new CancellationAccepted(Version(), cancelled.InventoryNo, Declarant), new CancellationAccepted(Version(), left.InventoryNo, Declarant));
        await service.SendAsync(new ExportCancellationsAccepted([asked, tooLate]));
        await service.SendAsync(new ExportInventoriesJudged([Judged(cancelled, 2)]));

        Assert.Equal(["399 2300"], await service.ReceiptsAsync(asked.Document.Id));
        Assert.Equal(["100 22007"], await service.ReceiptsAsync(tooLate.Document.Id));
        Assert.Equal(["399 2300"], await service.ReceiptsAsync(cancelled.Document.Id));
        Assert.Equal(["120 1800", "800 2600", "899 S6021"], await service.ReceiptsAsync(left.Document.Id));
    }

    private string Declarant => "D" + platform;
    private string Logistics => "L" + platform;
    private string Waybill(string number) => $"{platform}-{number}";

    private static string DeclarantNo(string number) => $"COP-{number}";

    private static DocumentVersion Version(int version = 1) => new(Guid.CreateVersion7(), version, At, true, At);

    private static ExportInventoryJudged Judged(ExportInventoryAccepted inventory, int revision, ConsignmentState state = ConsignmentState.Matched) => new(
        inventory, revision, state, At, state == ConsignmentState.Waiting ? [DocumentKind.Order] : [],
        state == ConsignmentState.Mismatched
            ? [new("ExportOrderType", "S4502", DiscrepancySeverity.Mismatch, [], null, null, DocumentKind.Inventory)]
            : []);

    private ExportInventoryAccepted Inventory(string number) =>
        Samples.ExportInventory(Version(), platform, number, DeclarantNo(number), $"{platform}{number}");

    private TransportPart Part(int part, int parts, string number) => new()
    {
        Document = Version(),
        Message = "CEB509",
        CompanyCode = Logistics,
        CompanyNo = "DEP1",
        Part = part,
        Parts = parts,
        LogisticsCompanyCode = Logistics,
        WaybillNos = [Waybill(number)],
    };

    private async Task<List<string>> TypesAsync() =>
        [.. (await service.As("platform", platform).FeedAsync()).Select(one => one.GetProperty("type").GetString()!)];
}
