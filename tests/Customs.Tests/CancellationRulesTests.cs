using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;

namespace Sandan.Customs.Tests;

/// <summary>An inventory is cancelled before its release, by its declarant or its seller.</summary>
public sealed class CancellationRulesTests
{
    [Theory]
    [InlineData(null, "A", "-623003 -623003", "清单编号不存在[29242026I000000001]")]
    [InlineData("", "A", "399 2300", "[Code:2300;Desc:审核通过],撤单申请审核通过,清单[29242026I000000001]已成功撤单")]
    [InlineData("120 1800", "S", "399 2300", "[Code:2300;Desc:审核通过],撤单申请审核通过,清单[29242026I000000001]已成功撤单")]
    [InlineData("300 R05", "A", "399 2300", "[Code:2300;Desc:审核通过],撤单申请审核通过,清单[29242026I000000001]已成功撤单")]
    [InlineData("100 1320", "A", "399 2300", "[Code:2300;Desc:审核通过],撤单申请审核通过,清单[29242026I000000001]已成功撤单")]
    [InlineData("800 2600", "A", "100 22007", "[Code:22007;Desc:对应清单已放行]")]
    [InlineData("399 2300", "A", "-623005 -623005", "清单状态不允许撤销[29242026I000000001]")]
    [InlineData("120 1800", "B", "-623026 -623026", "没有权限[29242026I000000001]")]
    [InlineData("800 2600", "B", "-623026 -623026", "没有权限[29242026I000000001]")]
    public void A_request_is_answered_by_the_state_of_the_inventory(string? last, string declarant, string expected, string info)
    {
        var inventory = Samples.Inventory();
        var row = last is null ? null : new InventoryRow(
            new(inventory, 1, ConsignmentState.Matched, DateTimeOffset.UnixEpoch, []), 1,
            last.Split(' ') is [var status, var code] ? new(status, code) : null, null);
        var asked = new CancellationAccepted(inventory.Document, inventory.InventoryNo, declarant);

        var result = CancellationRules.Decide(asked, row?.Cancellable);

        Assert.Equal((expected, info), ($"{result.Status} {result.Code}", CancellationRules.InfoOf(asked, result)));
    }

    [Fact]
    public void What_is_cancelled_is_decided_no_more() => Assert.Empty(InventoryRules.Decide(
        new(Samples.Inventory(), 2, ConsignmentState.Matched, DateTimeOffset.UnixEpoch, []), new("800", "2600"), new("399", "2300")));

    [Fact]
    public void A_tax_bill_is_the_official_message()
    {
        var inventory = Samples.Inventory() with
        {
            Lines = [new() { LineNo = 1, HsCode = "3304990039", Name = "x", Unit = "142", Quantity = 1, Price = 1, TotalPrice = 1, Country = "116" }],
        };
        var bill = TaxBill.Of(inventory, [new(1, "3304990039", "116", 108.5m, 0, 9.87m, 0)], new(2026, 11, 20, 4, 0, 0, 7, TimeSpan.Zero));
        var xml = System.Text.Encoding.UTF8.GetString(OneWayMessage.ToXml(CebMessage.TaxBill, [bill.Body]));

        Assert.Contains(
            "<returnTime>20261120120000007</returnTime><invtNo>29242026I000000001</invtNo><taxNo>29242026I000000001_0</taxNo><customsTax>0</customsTax><valueAddedTax>9.87</valueAddedTax><consumptionTax>0</consumptionTax><status>1</status>"
            + "<assureCode>P</assureCode><ebcCode>S</ebcCode><logisticsCode>LOG</logisticsCode><agentCode>A</agentCode><customsCode>2924</customsCode></TaxHeadRd>"
            + "<TaxListRd><gnum>1</gnum><gcode>3304990039</gcode><taxPrice>108.5</taxPrice><customsTax>0</customsTax><valueAddedTax>9.87</valueAddedTax><consumptionTax>0</consumptionTax></TaxListRd>",
            xml,
            StringComparison.Ordinal);
    }
}
