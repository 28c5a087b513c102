using Sandan.Contracts.Events;
using Sandan.Customs.Exports;

namespace Sandan.Customs.Tests;

/// <summary>Which requests to sum up are fulfilled, which refused, and which wait.</summary>
public sealed class SummaryRulesTests
{
    private const string Made = "399 [Code:2300;Desc:审核通过]";
    private const string First = "[SummaryApplyList.invtNo:31052026E000000001";

    [Theory] // last result of the first of two inventories, the other having left
    [InlineData("899 S6021", true, Made)]
    [InlineData("899 S6021", false, Made)]
    [InlineData("800 2600", true, "waits")]
    [InlineData("800 2600", false, Made)]
    [InlineData(null, true, "waits")]
    [InlineData(null, false, "waits")]
    [InlineData("100 S4502", true, "100 [Code:S6405;Desc:清单未放行，不能汇总]," + First + ",InventoryReturn.returnStatus:100]")]
    [InlineData("399 2300", false, "100 [Code:S6405;Desc:清单未放行，不能汇总]," + First + ",InventoryReturn.returnStatus:399]")]
    [InlineData("unknown", true, "100 [Code:S6402;Desc:汇总申请所列出口清单不存在]," + First + "]")]
    public void It_waits_for_all_that_it_lists(string? last, bool afterDeparture, string expected) => Assert.Equal(
        expected, Decide(last == "unknown" ? [Row(2)] : [Row(1, last), Row(2)], afterDeparture: afterDeparture));

    [Theory]
    [InlineData("agentCode", "AGENT2", "100 [Code:S6403;Desc:汇总申请与清单不一致]," + First + ",SummaryApplyHead.agentCode:AGENT,InventoryHead.agentCode:AGENT2]")]
    [InlineData("ebcCode", "SELLER2", "100 [Code:S6403;Desc:汇总申请与清单不一致]," + First + ",SummaryApplyHead.ebcCode:SELLER,InventoryHead.ebcCode:SELLER2]")]
    [InlineData("ebcCode", null, "100 [Code:S6403;Desc:汇总申请与清单不一致]," + First + ",SummaryApplyHead.ebcCode:SELLER,InventoryHead.ebcCode:]")]
    [InlineData("customsCode", "2233", "100 [Code:S6403;Desc:汇总申请与清单不一致]," + First + ",SummaryApplyHead.customsCode:3105,InventoryHead.customsCode:2233]")]
    [InlineData("statisticsFlag", "A", "100 [Code:S6404;Desc:简化申报的清单不汇总]," + First + ",InventoryHead.statisticsFlag:A]")]
    public void What_it_lists_is_its_own_and_to_be_summed_up(string field, string? value, string expected)
    {
        var row = Row(1);
        var inventory = field switch
        {
            "agentCode" => row.Inventory with { DeclarantCode = value! },
            "ebcCode" => row.Inventory with { SellerCode = value },
            "customsCode" => row.Inventory with { CustomsCode = value! },
            _ => row.Inventory with { Statistics = value! },
        };
        Assert.Equal(expected, Decide([row with { Judged = row.Judged with { Inventory = inventory } }, Row(2)]));
    }

    [Fact]
    public void What_was_summed_up_is_not_summed_up_again() => Assert.Equal(
        "100 [Code:S6406;Desc:清单已汇总]," + First + ",sumNo:S20261130000000001]",
        Decide([Row(1), Row(2)], summed: new() { [SummarySamples.NumberOf(1)] = "S20261130000000001" }));

    [Fact]
    public void A_fault_is_told_though_another_inventory_is_waited_for() =>
        Assert.StartsWith("100 [Code:S6405;", Decide([Row(1, null), Row(2, "399 2300")]), StringComparison.Ordinal);

    [Theory]
    [InlineData(2, Made)]
    [InlineData(1, "100 [Code:S6409;Desc:一次汇总的清单过多],[most:1]")]
    public void There_is_a_bound(int most, string expected)
    {
        Assert.Equal(expected, Decide([Row(1), Row(2)], most: most));
        Assert.Equal(expected, Text(SummaryRules.DecidePeriod(Period().Terms, [Row(1), Row(2)], most)));
    }

    [Fact]
    public void In_a_period_there_must_be_something() => Assert.Equal(
        "100 [Code:S6408;Desc:没有可汇总的清单],[SummaryApplyHead.startTime:20261101000000,SummaryApplyHead.endTime:20261130235959]",
        Text(SummaryRules.DecidePeriod(Period().Terms, [], 10)));

    [Theory]
    [InlineData("2026-11-30T15:59:59Z", "100 [Code:S6407;Desc:汇总时间范围尚未结束],[SummaryApplyHead.endTime:20261130235959]")]
    [InlineData("2026-11-30T16:00:00Z", null)] // endTime names a second that belongs to the period
    public void A_period_must_be_over_when_it_is_asked_for(string received, string? expected)
    {
        var at = DateTimeOffset.Parse(received, System.Globalization.CultureInfo.InvariantCulture);
        var result = SummaryRules.FaultOf([Period() with { Document = SummarySamples.Version() with { ReceivedAt = at } }]);
        Assert.Equal(expected, result is null ? null : $"{result.Result.Status} {result.Info}");
    }

    [Theory]
    [InlineData("ebcCode", "SELLER", "SELLER2")]
    [InlineData("customsCode", "3105", "2233")]
    [InlineData("declAgentCode", "FILER", "FILER2")]
    [InlineData("summaryFlag", "1", "2")]
    [InlineData("itemNameFlag", "1", "")]
    [InlineData("endTime", "", "20261130235959")]
    public void Its_parts_say_the_same(string field, string one, string other)
    {
        var (first, second) = (SummarySamples.Part(1, 2, 1), SummarySamples.Part(2, 2, 2));
        var terms = field switch
        {
            "ebcCode" => second.Terms with { SellerCode = other },
            "customsCode" => second.Terms with { CustomsCode = other },
            "declAgentCode" => second.Terms with { FilerCode = other },
            "summaryFlag" => second.Terms with { ByProducer = true },
            "itemNameFlag" => second.Terms with { ByItemName = false },
            _ => second.Terms with { To = Period().Terms.To },
        };
        Assert.Null(SummaryRules.FaultOf([first, second]));
        Assert.Equal(
            $"[Code:S6401;Desc:汇总申请各部分内容不一致],[msgSeqNo:1,SummaryApplyHead.{field}:{one},msgSeqNo:2,SummaryApplyHead.{field}:{other}]",
            SummaryRules.FaultOf([first, second with { Terms = terms }])!.Info);
    }

    private static SummaryPart Period()
    {
        var part = SummarySamples.Part();
        var (from, to) = (new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.FromHours(8)), new DateTimeOffset(2026, 11, 30, 23, 59, 59, TimeSpan.FromHours(8)));
        return part with { Terms = part.Terms with { From = from, To = to } };
    }

    private static ExportRow Row(int number, string? last = "899 S6021") => new(
        new(SummarySamples.Inventory(number), 1, ConsignmentState.Matched, SummarySamples.At, [], []), 3,
        last?.Split(' ') is [var status, var code] ? new(status, code) : null, SummarySamples.At);

    private static string Decide(ExportRow[] rows, Dictionary<string, string>? summed = null, bool afterDeparture = true, int most = 10)
    {
        var part = SummarySamples.Part(1, 1, 1, 2);
        return Text(SummaryRules.DecideList(
            part, part.InventoryNos, rows.ToDictionary(one => one.Inventory.InventoryNo), summed ?? [], afterDeparture, most));
    }

    private static string Text(SummaryVerdict? verdict)
    {
        if (verdict is null)
        {
            return "waits";
        }

        Assert.Equal(verdict.Result.Result.Status == "399" ? 2 : 0, verdict.Inventories.Count);
        return $"{verdict.Result.Result.Status} {verdict.Result.Info}";
    }
}
