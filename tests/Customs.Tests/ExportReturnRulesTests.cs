using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Customs.Exports;

namespace Sandan.Customs.Tests;

/// <summary>
/// What customs say of a return of exported goods: of an inventory of 4 tins (1 kg) in line 1 and 2 scarves in line 2, released on 20 November
/// at noon, under waybill OUT.
/// </summary>
public sealed class ExportReturnRulesTests
{
    private const string Stored = "120 [Code:1800;Desc:逻辑校验通过]";
    private const string Held = Stored + " | 300 [Code:1200;Desc:待人工审核]";
    private const string Differs = "100 [Code:S6103;Desc:退货申请与清单不一致],";
    private const string TooMuch = "100 [Code:S6105;Desc:退货数量超过清单数量],[InvtRefundList.gnum:1,";
    private static readonly DateTimeOffset Released = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);
    private static readonly ExportGoods Tea = new("0902101000", "绿茶", "品牌：示例 250 克", 1, "035", null, null, "502", null);
    private static readonly ExportGoods Scarf = new("6214100010", "丝制方巾", "90 厘米", 2, "015", 0.2m, "035", "502", null);

    [Theory]
    [InlineData(null, "100 [Code:S6101;Desc:退货申请所列清单不存在],[InvtRefundHead.invtNo:31052026E000000001]")]
    [InlineData("", "waits")]
    [InlineData("800 2600", Stored)]
    [InlineData("899 S6021", Stored)]
    [InlineData("100 S4502", "-625022 已申报，状态不符[InventoryReturn.returnStatus:100]")]
    [InlineData("399 2300", "-625022 已申报，状态不符[InventoryReturn.returnStatus:399]")]
    public void It_rests_on_the_result_of_its_inventory(string? last, string expected) =>
        Assert.Equal(expected, Decide(Asked(), last is null ? null : Exported(last)));

    [Theory]
    [InlineData("P", "S", Stored)]
    [InlineData("P2", "S", Differs + "[InvtRefundHead.ebpCode:P2,InventoryHead.ebpCode:P]")]
    [InlineData("P", "S2", Differs + "[InvtRefundHead.ebcCode:S2,InventoryHead.ebcCode:S]")]
    public void Platform_and_seller_are_those_of_the_inventory(string platform, string seller, string expected) =>
        Assert.Equal(expected, Decide(Asked() with { PlatformCode = platform, SellerCode = seller }, Exported()));

    [Fact]
    public void Of_an_inventory_that_names_no_seller_nobody_has_goods_back() => Assert.Equal(
        Differs + "[InvtRefundHead.ebcCode:S,InventoryHead.ebcCode:]", Decide(Asked(), Exported(inventory: Inventory() with { SellerCode = null })));

    [Fact]
    public void Declarant_and_waybill_may_be_others() =>
        Assert.Equal(Stored, Decide(Asked() with { DeclarantCode = "A2", LogisticsCompanyCode = "LOG2", WaybillNo = "BACK" }, Exported()));

    public static TheoryData<string, string, string> Lines => new()
    {
        { "gname", "红茶", Differs + "[InvtRefundList.gnum:1,InvtRefundList.gname:红茶,InventoryList.gname:绿茶]" },
        { "gmodel", "500 克", Differs + "[InvtRefundList.gnum:1,InvtRefundList.gmodel:500 克,InventoryList.gmodel:品牌：示例 250 克]" },
        { "gmodel", " 品牌：示例\n250 克", Stored }, // only blanks differ, which the schema of the inventory collapses
        { "unit", "011", Differs + "[InvtRefundList.gnum:1,InvtRefundList.unit:011,InventoryList.unit:125]" },
        { "unit1", "011", Differs + "[InvtRefundList.gnum:1,InvtRefundList.unit1:011,InventoryList.unit1:035]" },
        { "unit2", "011", Differs + "[InvtRefundList.gnum:1,InvtRefundList.unit2:011,InventoryList.unit2:]" },
        { "gcode", "6214100010", "-625209 清单中没有该 gnum 和 gcode 的商品[InvtRefundList.gnum:1,InvtRefundList.gcode:6214100010]" },
        { "gnum", "3", "-625209 清单中没有该 gnum 和 gcode 的商品[InvtRefundList.gnum:3,InvtRefundList.gcode:0902101000]" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Its_lines_are_as_in_the_inventory(string field, string value, string expected)
    {
        var line = Line(1, 1, 0.25m);
        line = field switch
        {
            "gnum" => line with { LineNo = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) },
            "unit" => line with { Unit = value },
            "gname" => line with { Goods = line.Goods with { Name = value } },
            "gmodel" => line with { Goods = line.Goods with { Model = value } },
            "unit1" => line with { Goods = line.Goods with { FirstUnit = value } },
            "unit2" => line with { Goods = line.Goods with { SecondUnit = value } },
            _ => line with { Goods = line.Goods with { HsCode = value } },
        };
        Assert.Equal(expected, Decide(Asked(line), Exported()));
    }

    [Theory] // asked, in kg, returned before, in kg → of the 4 and 1 kg that there are
    [InlineData("4", "1", "0", "0", Stored)]
    [InlineData("4.00001", "1", "0", "0", TooMuch + "InvtRefundList.qty:4.00001,InventoryList.qty:4,returned:0]")]
    [InlineData("1", "0.25", "3", "0.75", Stored)]
    [InlineData("1", "0.25", "3.5", "0.75", TooMuch + "InvtRefundList.qty:1,InventoryList.qty:4,returned:3.5]")]
    [InlineData("1", "0.25001", "3", "0.75", TooMuch + "InvtRefundList.qty1:0.25001,InventoryList.qty1:1,returned:0.75]")]
    public void No_more_comes_back_than_left(string asked, string kg, string before, string kgBefore, string expected) => Assert.Equal(
        expected,
        Decide(Asked(Line(1, Number(asked), Number(kg))), Exported(), others: [Asked(Line(1, Number(before), Number(kgBefore)))]));

    [Fact]
    public void Every_line_and_each_of_its_quantities_is_looked_at()
    {
        var scarf = new ExportReturnLine(2, 1, "015", Scarf with { FirstQuantity = 1, SecondQuantity = 0.3m });
        Assert.Equal(
            "100 [Code:S6105;Desc:退货数量超过清单数量],[InvtRefundList.gnum:2,InvtRefundList.qty2:0.3,InventoryList.qty2:0.2,returned:0]",
            Decide(Asked(Line(1, 1, 0.25m), scarf), Exported()));
    }

    [Theory] // days of Shanghai, whose midnight is 16:00 UTC
    [InlineData("2027-11-20T15:59:59Z", 12, Stored)]
    [InlineData("2027-11-20T16:00:00Z", 12, "100 [Code:S6106;Desc:超过退货申请期限],[lastDay:20271120]")]
    [InlineData("2026-12-20T16:00:00Z", 1, "100 [Code:S6106;Desc:超过退货申请期限],[lastDay:20261220]")]
    public void It_comes_within_a_year_of_the_release(string received, int months, string expected) => Assert.Equal(
        expected, Decide(Asked() with { Document = Version(received) }, Exported(), monthsMax: months));

    [Theory]
    [InlineData("31052026E000000001", "LOG", "ELSEWHERE", Held)] // it names the inventory
    [InlineData("31052026E000000002", "LOG", "OUT", Stored)]    // it names another one
    [InlineData(null, "LOG", "OUT", Held)]                      // the waybill by which they left
    [InlineData(null, "LOG2", "BACK", Held)]                    // that by which they come back
    [InlineData(null, "LOG", "BACK", Stored)]                   // the number of another company
    [InlineData(null, "LOG2", "OUT", Stored)]
    public void What_is_back_is_held(string? inventoryNo, string logistics, string waybill, string expected) => Assert.Equal(
        expected,
        Decide(Asked() with { LogisticsCompanyCode = "LOG2", WaybillNo = "BACK" }, Exported(), tallies: [Tally(inventoryNo, logistics, waybill)]));

    [Theory]
    [InlineData("2027-11-20T15:59:59Z", "300 [Code:1200;Desc:待人工审核]")]
    [InlineData("2027-11-20T16:00:00Z", "100 [Code:S6106;Desc:超过退货申请期限],[lastDay:20271120]")]
    [InlineData(null, "waits")]
    public void What_is_stored_waits_for_its_goods(string? back, string expected) => Assert.Equal(
        expected, Decide(Asked(), Exported(), last: "120 1800", tallies: back is null ? [] : [Tally(null, "LOG", "OUT") with { Document = Version(back) }]));

    [Fact]
    public void Of_several_tallies_the_first_counts() => Assert.Equal(
        "300 [Code:1200;Desc:待人工审核]",
        Decide(Asked(), Exported(), last: "120 1800", tallies:
            [Tally(null, "LOG", "OUT") with { Document = Version("2028-01-01T00:00:00Z") }, Tally(null, "LOG", "OUT")]));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("800 2600")]
    public void What_is_deleted_is_withdrawn_whatever_its_inventory(string? last) => Assert.Equal(
        "399 [Code:2300;Desc:审核通过]",
        Decide(Asked() with { Document = Version("2026-11-25T04:00:00Z") with { Deleted = true } }, last is null ? null : Exported(last)));

    private static string Decide(
        ExportReturnAccepted asked, Exported? exported, IEnumerable<ExportReturnAccepted>? others = null, IEnumerable<TransportPart>? tallies = null,
        int monthsMax = 12, string? last = null)
    {
        var results = ExportReturnRules.Decide(new(asked, 0, Result(last), null), exported, others ?? [], tallies ?? [], monthsMax);
        return results.Count == 0 ? "waits" : string.Join(" | ", results.Select(one => $"{one.Result.Status} {one.Info}"));
    }

    private static DeclarationResult? Result(string? text) => text?.Split(' ') is [var status, var code] ? new(status, code) : null;

    private static Exported Exported(string last = "800 2600", ExportInventoryAccepted? inventory = null) => new(
        new(new(inventory ?? Inventory(), 1, ConsignmentState.Matched, Released, [], []), 2, Result(last), Released.AddDays(1)),
        last.StartsWith('8') ? Released : null);

    private static ExportInventoryAccepted Inventory() => Samples.ExportInventory(
        Version("2026-11-20T02:00:00Z"), lines: [Declared(1, 4, "125", Tea), Declared(2, 2, "015", Scarf)]) with
    {
        DeclarantCode = "A", PlatformCode = "P", OrderNo = "O", SellerCode = "S", LogisticsCompanyCode = "LOG", WaybillNo = "OUT",
    };

    private static ExportLine Declared(int gnum, decimal quantity, string unit, ExportGoods goods) => new()
    {
        LineNo = gnum, ItemNo = $"I{gnum}", Unit = unit, Currency = "502", Quantity = quantity, Price = 10, TotalPrice = quantity * 10, Goods = goods,
    };

    private static ExportReturnLine Line(int gnum, decimal quantity, decimal kg) => new(gnum, quantity, "125", Tea with { FirstQuantity = kg });

    private static ExportReturnAccepted Asked(params ExportReturnLine[] lines) => new()
    {
        Document = Version("2026-11-25T04:00:00Z"),
        PreNo = "T20261125000000007",
        SellerNo = "RET1",
        InventoryNo = "31052026E000000001",
        PlatformCode = "P",
        SellerCode = "S",
        LogisticsCompanyCode = "LOG",
        WaybillNo = "OUT",
        DeclarantCode = "A",
        Lines = lines.Length > 0 ? lines : [Line(1, 1, 0.25m)],
    };

    private static TransportPart Tally(string? inventoryNo, string logistics, string waybill) => new()
    {
        Document = Version("2026-11-28T04:00:00Z"),
        Message = "CEB215",
        CompanyCode = "SITE",
        CompanyNo = "T1",
        Part = 1,
        Parts = 1,
        LogisticsCompanyCode = logistics,
        WaybillNos = [waybill],
        InventoryNo = inventoryNo,
    };

    private static DocumentVersion Version(string received)
    {
        var at = DateTimeOffset.Parse(received, System.Globalization.CultureInfo.InvariantCulture);
        return new(Guid.CreateVersion7(at), 1, at, true, at);
    }

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
