using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;

namespace Sandan.Customs.Tests;

/// <summary>What customs say of a return: of an inventory of 2 pieces in line 1 and 3 in line 2, released on 20 November at noon.</summary>
public sealed class ReturnRulesTests
{
    private const string Held = "120 [Code:1800;Desc:逻辑校验通过] | 300 [Code:1200;Desc:待人工审核]";
    private static readonly DateTimeOffset Released = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    private readonly InventoryAccepted inventory = Samples.Inventory() with
    {
        Lines = [Line(1, "3304990039", 2), Line(2, "9619001100", 3)],
    };

    [Theory]
    [InlineData(null, "100 [Code:S6101;Desc:退货申请所列清单不存在],[InvtRefundHead.invtNo:29242026I000000001]")]
    [InlineData("", "waits")]
    [InlineData("120 1800", "waits")]
    [InlineData("300 R05", "waits")]
    [InlineData("500 S6004", "waits")]
    [InlineData("800 2600", Held)]
    [InlineData("100 1320", "-625022 已申报，状态不符[InventoryReturn.returnStatus:100]")]
    [InlineData("399 2300", "-625022 已申报，状态不符[InventoryReturn.returnStatus:399]")]
    public void It_rests_on_the_result_of_its_inventory(string? last, string expected) =>
        Assert.Equal(expected, Decide(Asked(), last is null ? null : Row(last)));

    [Theory]
    [InlineData("A", Held)] // the declarant
    [InlineData("S", Held)] // the seller
    [InlineData("B", "100 [Code:S6102;Desc:申报企业无权对该清单申请退货],[InvtRefundHead.agentCode:B]")]
    [InlineData("P", "100 [Code:S6102;Desc:申报企业无权对该清单申请退货],[InvtRefundHead.agentCode:P]")]
    public void Declarant_and_seller_of_the_inventory_may_ask(string declarant, string expected) =>
        Assert.Equal(expected, Decide(Asked() with { DeclarantCode = declarant }, Row("800 2600")));

    [Theory]
    [InlineData("O", "P", "S", Held)]
    [InlineData("O2", "P", "S", "100 [Code:S6103;Desc:退货申请与清单不一致],[InvtRefundHead.orderNo:O2,InventoryHead.orderNo:O]")]
    [InlineData("O]2", "P", "S", "100 [Code:S6103;Desc:退货申请与清单不一致],[InvtRefundHead.orderNo:O)2,InventoryHead.orderNo:O]")]
    [InlineData("O", "P2", "S", "100 [Code:S6103;Desc:退货申请与清单不一致],[InvtRefundHead.ebpCode:P2,InventoryHead.ebpCode:P]")]
    [InlineData("O", "P", "S2", "100 [Code:S6103;Desc:退货申请与清单不一致],[InvtRefundHead.ebcCode:S2,InventoryHead.ebcCode:S]")]
    public void It_names_what_its_inventory_names(string orderNo, string platform, string seller, string expected) =>
        Assert.Equal(expected, Decide(Asked() with { OrderNo = orderNo, PlatformCode = platform, SellerCode = seller }, Row("800 2600")));

    [Theory]
    [InlineData("index", Held)]
    [InlineData("another", "100 [Code:S6104;Desc:退货申请的订购人与清单订购人不一致]")]
    public void The_buyer_is_that_of_the_inventory(string index, string expected) =>
        Assert.Equal(expected, Decide(Asked() with { BuyerId = new(index, "330***") }, Row("800 2600")));

    [Theory]
    [InlineData(1, "3304990039", Held)]
    [InlineData(2, "9619001100", Held)]
    [InlineData(1, "9619001100", "-625209 清单中没有该 gnum 和 gcode 的商品[InvtRefundList.gnum:1,InvtRefundList.gcode:9619001100]")]
    [InlineData(3, "3304990039", "-625209 清单中没有该 gnum 和 gcode 的商品[InvtRefundList.gnum:3,InvtRefundList.gcode:3304990039]")]
    public void Its_lines_are_lines_of_the_inventory(int gnum, string gcode, string expected) =>
        Assert.Equal(expected, Decide(Asked(new ReturnLine(gnum, gcode, 1)), Row("800 2600")));

    [Theory] // asked, returned before → of the 2 that there are
    [InlineData("2", "0", Held)]
    [InlineData("2.00001", "0", "100 [Code:S6105;Desc:退货数量超过清单数量],[InvtRefundList.gnum:1,InvtRefundList.qty:2.00001,InventoryList.qty:2,returned:0]")]
    [InlineData("1", "1", Held)]
    [InlineData("0.5", "1.5", Held)]
    [InlineData("1", "1.5", "100 [Code:S6105;Desc:退货数量超过清单数量],[InvtRefundList.gnum:1,InvtRefundList.qty:1,InventoryList.qty:2,returned:1.5]")]
    public void No_more_comes_back_than_came_in(string asked, string before, string expected) => Assert.Equal(
        expected,
        Decide(Asked(new ReturnLine(1, "3304990039", Number(asked))), Row("800 2600"), new() { [1] = Number(before), [2] = 3 }));

    [Fact]
    public void Every_line_is_looked_at() => Assert.StartsWith(
        "100 [Code:S6105;", Decide(Asked(new(1, "3304990039", 2), new(2, "9619001100", 4)), Row("800 2600")), StringComparison.Ordinal);

    [Theory] // days of Shanghai, whose midnight is 16:00 UTC
    [InlineData("2026-12-20T15:59:59Z", 30, Held)]
    [InlineData("2026-12-20T16:00:00Z", 30, "100 [Code:S6106;Desc:超过退货申请期限],[lastDay:20261220]")]
    [InlineData("2026-11-20T15:59:59Z", 0, Held)]
    [InlineData("2026-11-20T16:00:00Z", 0, "100 [Code:S6106;Desc:超过退货申请期限],[lastDay:20261120]")]
    public void It_comes_within_days_of_the_release(string receivedAt, int daysMax, string expected)
    {
        var asked = Asked();
        var at = DateTimeOffset.Parse(receivedAt, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(expected, Decide(asked with { Document = asked.Document with { ReceivedAt = at } }, Row("800 2600"), daysMax: daysMax));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("800 2600")]
    public void A_deletion_withdraws_it_whatever_its_inventory_is(string? last)
    {
        var asked = Asked();

        Assert.Equal(
            "399 [Code:2300;Desc:审核通过]",
            Decide(asked with { Document = asked.Document with { Deleted = true } }, last is null ? null : Row(last)));
    }

    [Fact]
    public void What_is_released_can_be_neither_changed_nor_deleted() => Assert.Equal(
        new(new("-625022", "-625022"), "已申报，状态不符[InvtRefundHead.preNo:T20261125000000007]"), ReturnResults.TooLate(Asked()));

    [Fact] // the day behind the last one, 20 December, is left for what came on that day; the database takes UTC alone
    public void Nothing_comes_back_a_day_behind_the_last_one()
    {
        var over = ReturnRules.OverAt(Released, 30);
        Assert.Equal((new DateTime(2026, 12, 21, 16, 0, 0), TimeSpan.Zero), (over.DateTime, over.Offset));
    }

    private static string Decide(ReturnAccepted asked, InventoryRow? row, Dictionary<int, decimal>? returned = null, int daysMax = 30) =>
        ReturnRules.Decide(asked, row, returned ?? [], daysMax) is { } results
            ? string.Join(" | ", results.Select(one => $"{one.Result.Status} {one.Info}"))
            : "waits";

    private InventoryRow Row(string last) => new(
        new(inventory, 1, ConsignmentState.Matched, Released, []), 2, last.Split(' ') is [var status, var code] ? new(status, code) : null, Released);

    private ReturnAccepted Asked(params ReturnLine[] lines) => new()
    {
        Document = inventory.Document with { ReceivedAt = Released.AddDays(5) },
        PreNo = "T20261125000000007",
        InventoryNo = inventory.InventoryNo,
        PlatformCode = "P",
        OrderNo = "O",
        SellerCode = "S",
        LogisticsCompanyCode = "LOG",
        WaybillNo = "W",
        DeclarantCode = "A",
        BuyerName = inventory.BuyerName,
        BuyerId = inventory.BuyerId,
        Lines = lines.Length > 0 ? lines : [new(1, "3304990039", 1)],
    };

    private static InventoryLine Line(int gnum, string gcode, decimal quantity) => new()
    {
        LineNo = gnum, HsCode = gcode, Name = "x", Unit = "142", Quantity = quantity, Price = 100, TotalPrice = quantity * 100, Country = "116",
    };

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
