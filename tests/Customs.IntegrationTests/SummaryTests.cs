using System.Text.Json;
using System.Xml.Linq;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;
using Sandan.Shared.Security;

namespace Sandan.Customs.IntegrationTests;

/// <summary>Requests to sum export inventories up, in parts, and what they come to, in whatever order things come.</summary>
[Collection(nameof(RunningService))]
public sealed class SummaryTests(RunningService service)
{
    private static int counter = 600_000_000; // of numbers that neither the intake nor other tests reach

    private readonly string platform = new Samples().Platform;

    [Theory] // 1 and 2 the parts of the request, a and b the departures of the inventories that they list
    [InlineData("a b 1 2")]
    [InlineData("1 2 a b")]
    [InlineData("2 a 1 b")]
    [InlineData("b 2 a 1")]
    public async Task A_list_in_parts_is_summed_up_once_all_of_it_is_there_in_whatever_order_things_come(string arrival)
    {
        ExportInventoryAccepted[] inventories = [Inventory("a"), Inventory("b") with { Country = "116" }];
        await service.SendAsync(new ExportInventoriesJudged([.. inventories.Select(Judged)]));
        SummaryPart[] parts = [Part(1, 2, inventories[0]), Part(2, 2, inventories[1], inventories[0])];
        foreach (var one in arrival.Split(' '))
        {
            for (var times = 0; times < 2; times++)
            {
                await (one is "1" or "2"
                    ? service.SendAsync(new SummariesAccepted([parts[one[0] - '1']]))
                    : service.SendAsync(new TransportsAccepted([Departure(one)])));
            }
        }

        foreach (var part in parts)
        {
            Assert.Equal(["399 2300"], await service.ReceiptsAsync(part.Document.Id));
        }

        var state = await Declarant.GetJsonAsync(Path);
        Assert.Equal(parts[0].SumNo, state.Text("sumNo"));
        Assert.Equal(["116 1 1", "502 1 1"], state.GetProperty("declarations").EnumerateArray().Select(one =>
            $"{one.Text("country")} {one.Number("inventories")} {one.GetProperty("goods").GetArrayLength()}"));
        var told = Assert.Single(await EventsAsync());
        Assert.Equal(("cn.sandan.summary.made.v1", $"{DeclarantCode}/SUM1"), (told.Text("type"), told.Text("subject")));
        Assert.Equal(parts[0].SumNo, told.GetProperty("data").Text("sumNo"));
        Assert.Equal(
            state.GetProperty("declarations").EnumerateArray().Select(one => one.Text("declSeqNo")),
            told.GetProperty("data").GetProperty("declSeqNos").EnumerateArray().Select(one => one.GetString()));
    }

    [Fact]
    public async Task The_result_is_the_official_message()
    {
        var inventories = await DepartedAsync("a", "b");
        await service.SendAsync(new SummariesAccepted([Part(1, 1, inventories)]));
        var results = await Declarant.GetJsonAsync($"{Path}/result");
        var result = Assert.Single(results.EnumerateArray());
        Assert.Equal((1, 1, "A", 4m), (result.Number("msgCount"), result.Number("msgSeqNo"), result.Text("decState"), result.GetProperty("grossWeight").GetDecimal()));

        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Path}/result");
        request.Headers.Accept.ParseAdd("application/xml");
        using var answer = await Declarant.SendAsync(request);
        var root = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!;
        XNamespace ceb = CebMessage.Namespace;
        Assert.Equal("CEB792Message", root.Name.LocalName);
        Assert.Equal(
            inventories.Select((one, at) => $"{one.InventoryNo} {one.WaybillNo} {at + 1} 1 0902101000"),
            root.Descendants(ceb + "SummaryResultList").Select(line => string.Join(' ', line.Elements().Select(one => one.Value))));
        Assert.Equal(result.Text("declSeqNo"), root.Descendants(ceb + "declSeqNo").Single().Value);

        Assert.Equal(404, (await Declarant.AskAsync($"{Path}/result?message=2")).Status);
        Assert.Equal(400, (await Declarant.AskAsync($"{Path}/result?message=0")).Status);
    }

    [Fact]
    public async Task An_inventory_is_summed_up_once()
    {
        var inventories = await DepartedAsync("a", "b");
        await service.SendAsync(new SummariesAccepted([Part(1, 1, inventories[0])]));
        var again = Part(1, 1, inventories) with { DeclarantNo = "SUM2" };
        await service.SendAsync(new SummariesAccepted([again]));
        Assert.Equal(["100 S6406"], await service.ReceiptsAsync(again.Document.Id));

        var rest = again with { Document = Version(2), InventoryNos = [inventories[1].InventoryNo] };
        await service.SendAsync(new SummariesAccepted([rest, again]));
        Assert.Equal(["399 2300"], await service.ReceiptsAsync(rest.Document.Id));
        Assert.Equal(["made", "rejected", "made"], (await EventsAsync()).Select(one => one.Text("type").Split('.')[3]));
    }

    [Fact]
    public async Task Two_requests_in_one_message_have_an_inventory_once()
    {
        var inventories = await DepartedAsync("a");
        SummaryPart[] parts = [Part(1, 1, inventories), Part(1, 1, inventories) with { DeclarantNo = "SUM2" }];
        await service.SendAsync(new SummariesAccepted(parts));
        Assert.Equal(["399 2300"], await service.ReceiptsAsync(parts[0].Document.Id));
        Assert.Equal(["100 S6406"], await service.ReceiptsAsync(parts[1].Document.Id));
    }

    [Fact]
    public async Task A_period_has_what_left_in_it_and_was_not_summed_up_yet()
    {
        var now = TimeProvider.System.GetUtcNow();
        var inventories = await DepartedAsync("a", "b", "c");
        await service.SendAsync(new ExportInventoriesJudged([Judged(Inventory("not left")), Judged(Inventory("simplified") with { Statistics = "A" })]));
        await service.SendAsync(new TransportsAccepted([Departure("simplified")]));
        await service.SendAsync(new SummariesAccepted([Part(1, 1, inventories[0])]));

        var period = Part(1, 1) with { DeclarantNo = "SUM2" };
        period = period with { Terms = period.Terms with { From = now.AddHours(-1), To = now.AddHours(1) } };
        var early = period with { DeclarantNo = "SUM3", Document = Version() };
        await service.SendAsync(new SummariesAccepted([early])); // it is not over
        Assert.Equal(["100 S6407"], await service.ReceiptsAsync(early.Document.Id));

        period = period with { Document = Later(Version(), now.AddHours(2)) };
        await service.SendAsync(new SummariesAccepted([period]));
        Assert.Equal(["399 2300"], await service.ReceiptsAsync(period.Document.Id));
        var result = Assert.Single((await Declarant.GetJsonAsync($"/v1/summaries/{DeclarantCode}/SUM2/result")).EnumerateArray());
        Assert.Equal(
            inventories[1..].Select(one => one.InventoryNo),
            result.GetProperty("summaryResultList").EnumerateArray().Select(one => one.Text("invtNo")));

        var empty = period with { DeclarantNo = "SUM4", Document = Later(Version(), now.AddHours(2)) };
        await service.SendAsync(new SummariesAccepted([empty]));
        Assert.Equal(["100 S6408"], await service.ReceiptsAsync(empty.Document.Id));
    }

    [Fact]
    public async Task What_is_summed_up_stays_and_takes_no_part_any_more()
    {
        var inventories = await DepartedAsync("a", "b");
        await service.SendAsync(new SummariesAccepted([Part(1, 1, inventories[0])]));
        var (change, deletion, more) = (Part(1, 1, inventories[1]), Part(1, 1, inventories[0]), Part(2, 2, inventories[1]));
        (change, deletion) = (change with { Document = Version(2) }, deletion with { Document = Version(3) with { Deleted = true } });
        foreach (var late in (SummaryPart[])[change, deletion, more])
        {
            await service.SendAsync(new SummariesAccepted([late]));
            Assert.Equal(["-621012 -621012"], await service.ReceiptsAsync(late.Document.Id));
        }

        Assert.Equal(1, (await Declarant.GetJsonAsync(Path)).GetProperty("declarations")[0].Number("inventories"));
    }

    [Fact]
    public async Task A_part_that_is_deleted_before_the_whole_is_there_is_missing_until_it_comes_again()
    {
        var inventories = await DepartedAsync("a", "b");
        var (first, second) = (Part(1, 2, inventories[0]), Part(2, 2, inventories[1]));
        var deleted = first with { Document = Version(2) with { Deleted = true } };
        await service.SendAsync(new SummariesAccepted([first, deleted]));
        await service.SendAsync(new SummariesAccepted([second]));
        Assert.Equal(["399 2300"], await service.ReceiptsAsync(deleted.Document.Id));
        Assert.Empty(await service.ReceiptsAsync(second.Document.Id));
        Assert.Equal(404, (await Declarant.AskAsync($"{Path}/result")).Status);

        var again = first with { Document = Version(3) };
        await service.SendAsync(new SummariesAccepted([again]));
        Assert.Equal(["399 2300"], await service.ReceiptsAsync(again.Document.Id));
        Assert.Equal(["399 2300"], await service.ReceiptsAsync(second.Document.Id));
    }

    [Fact]
    public async Task What_is_refused_is_decided_anew_when_a_part_is_corrected()
    {
        var inventories = await DepartedAsync("a", "b");
        var (first, second) = (Part(1, 2, inventories[0]), Part(2, 2, inventories[1]));
        second = second with { Terms = second.Terms with { ByProducer = true } };
        await service.SendAsync(new SummariesAccepted([first, second]));
        Assert.Equal(["100 S6401"], await service.ReceiptsAsync(first.Document.Id));
        Assert.Equal(["100 S6401"], await service.ReceiptsAsync(second.Document.Id));

        var corrected = second with { Document = Version(2), Terms = first.Terms };
        await service.SendAsync(new SummariesAccepted([corrected]));
        Assert.Equal(["399 2300"], await service.ReceiptsAsync(corrected.Document.Id));
        Assert.Equal(["100 S6401", "399 2300"], await service.ReceiptsAsync(first.Document.Id));
    }

    [Fact]
    public async Task A_request_that_lists_what_is_cancelled_after_it_is_refused()
    {
        var inventory = Inventory("a");
        await service.SendAsync(new ExportInventoriesJudged([Judged(inventory) with { State = ConsignmentState.Waiting, Missing = [DocumentKind.Order] }]));
        var part = Part(1, 1, inventory);
        await service.SendAsync(new SummariesAccepted([part]));
        Assert.Empty(await service.ReceiptsAsync(part.Document.Id));
        await service.SendAsync(new ExportCancellationsAccepted([new(Version(), inventory.InventoryNo, DeclarantCode)]));
        Assert.Equal(["100 S6405"], await service.ReceiptsAsync(part.Document.Id));
    }

    [Fact] // a change of the customs office gives an inventory another number
    public async Task A_request_that_lists_a_number_that_no_inventory_has_any_more_is_refused()
    {
        var inventory = Inventory("a");
        await service.SendAsync(new ExportInventoriesJudged([Judged(inventory) with { State = ConsignmentState.Waiting, Missing = [DocumentKind.Order] }]));
        var part = Part(1, 1, inventory);
        await service.SendAsync(new SummariesAccepted([part]));
        Assert.Empty(await service.ReceiptsAsync(part.Document.Id));
        var moved = Inventory("a") with { Document = Version(2), CustomsCode = "2233" };
        await service.SendAsync(new ExportInventoriesJudged([Judged(moved) with { Revision = 2, State = ConsignmentState.Waiting, Missing = [DocumentKind.Order] }]));
        Assert.Equal(["100 S6402"], await service.ReceiptsAsync(part.Document.Id));
    }

    [Fact]
    public async Task Only_its_parties_read_it()
    {
        await service.SendAsync(new SummariesAccepted([Part(1, 1, await DepartedAsync("a"))]));
        foreach (var (role, company) in ((string, string)[])
            [(Roles.Declarant, DeclarantCode), (Roles.Seller, SellerCode), (Roles.Declarant, "F" + platform), (Roles.Customs, "CUSTOMS"), (Roles.Operator, "OPERATOR")])
        {
            Assert.Equal(200, (await service.As(role, company).AskAsync(Path)).Status);
            Assert.Equal(200, (await service.As(role, company).AskAsync(Path + "/result")).Status);
        }

        foreach (var path in (string[])[Path, Path + "/result"])
        {
            Assert.Equal(404, (await service.As(Roles.Platform, platform).AskAsync(path)).Status);
        }
    }

    private string DeclarantCode => "D" + platform;
    private string SellerCode => "S" + platform;
    private string Path => $"/v1/summaries/{DeclarantCode}/SUM1";
    private HttpClient Declarant => service.As(Roles.Declarant, DeclarantCode);

    private async Task<List<JsonElement>> EventsAsync() =>
        [.. (await Declarant.FeedAsync()).Where(one => one.Text("type").StartsWith("cn.sandan.summary.", StringComparison.Ordinal))];

    private static DocumentVersion Version(int number = 1)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new(Guid.CreateVersion7(now), number, now, true, now);
    }

    private static DocumentVersion Later(DocumentVersion version, DateTimeOffset receivedAt) => version with { ReceivedAt = receivedAt };

    private async Task<ExportInventoryAccepted[]> DepartedAsync(params string[] names)
    {
        var inventories = Array.ConvertAll(names, Inventory);
        await service.SendAsync(new ExportInventoriesJudged([.. inventories.Select(Judged)]));
        await service.SendAsync(new TransportsAccepted([.. names.Select(Departure)]));
        return inventories;
    }

    private static ExportInventoryJudged Judged(ExportInventoryAccepted inventory) =>
        new(inventory, 1, ConsignmentState.Matched, inventory.Document.ReceivedAt, [], []);

    private TransportPart Departure(string name) => new()
    {
        Document = Version(),
        Message = "CEB509",
        CompanyCode = "L" + platform,
        CompanyNo = "DEP-" + name,
        Part = 1,
        Parts = 1,
        LogisticsCompanyCode = "L" + platform,
        WaybillNos = [$"{platform}-{name}"],
    };

    private ExportInventoryAccepted Inventory(string name) => Samples.ExportInventory(
        Version(), platform, name, name, $"31052026E{Interlocked.Increment(ref counter):000000000}",
        new ExportLine
        {
            LineNo = 1, ItemNo = "TEA", Unit = "125", Currency = "502", Quantity = 2, Price = 35, TotalPrice = 70,
            Goods = new("0902101000", "绿茶", "250 克", 0.5m, "035", null, null, "502", "西湖龙井"),
        }) with { NetWeightKg = 1 };

    private SummaryPart Part(int part, int parts, params ExportInventoryAccepted[] inventories) => new()
    {
        Document = Version(),
        DeclarantCode = DeclarantCode,
        DeclarantNo = "SUM1",
        Part = part,
        Parts = parts,
        SumNo = $"S20261201{Interlocked.Increment(ref counter):000000000}",
        Terms = new("3105", "示例报关有限公司", SellerCode, "示例跨境贸易有限公司", "F" + platform, "示例申报有限公司", null, null, false, true),
        InventoryNos = [.. inventories.Select(one => one.InventoryNo)],
    };
}
