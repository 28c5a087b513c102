using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;

namespace Sandan.Matcher.Tests;

/// <summary>An export inventory and the order, the waybill and the receipts of payment that it declares.</summary>
public sealed class ExportTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_inventory_that_fits_differs_nowhere() => Assert.Empty(ExportRules.Compare(Documents(), new()));

    public static TheoryData<string, string, string, DiscrepancySeverity> Differences => new()
    {
        { "seller", "ExportSeller", "S4501", DiscrepancySeverity.Mismatch },
        { "mode", "ExportOrderType", "S4502", DiscrepancySeverity.Mismatch },
        { "type", "ExportOrderType", "S4502", DiscrepancySeverity.Mismatch },
        { "gnum", "ExportLines", "1322", DiscrepancySeverity.Mismatch },
        { "item", "ExportLines", "1322", DiscrepancySeverity.Mismatch },
        { "unit", "ExportLines", "1322", DiscrepancySeverity.Mismatch },
        { "currency", "ExportLines", "1322", DiscrepancySeverity.Mismatch },
        { "qty", "ExportLines", "1322", DiscrepancySeverity.Mismatch },
        { "price", "ExportLines", "1322", DiscrepancySeverity.Mismatch },
        { "total", "ExportLinesAddUp", "S4503", DiscrepancySeverity.Warning },
        { "shipper", "ExportWaybill", "S4504", DiscrepancySeverity.Warning },
        { "parcels", "ExportWaybill", "S4504", DiscrepancySeverity.Warning },
        { "weight", "ExportWaybill", "S4504", DiscrepancySeverity.Warning },
        { "charge", "ExportCharge", "S4505", DiscrepancySeverity.Warning },
        { "paid currency", "ExportCharge", "S4505", DiscrepancySeverity.Warning },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void Each_difference_is_found_by_its_rule_alone(string what, string rule, string code, DiscrepancySeverity severity)
    {
        var found = Assert.Single(ExportRules.Compare(Spoilt(what), new()));

        Assert.Equal((rule, code, severity), (found.Rule, found.Code, found.Severity));
        Assert.Equal(2, found.Fields.Count);
        Assert.Empty(ExportRules.Compare(Spoilt(what), new() { Rules = new Dictionary<string, RuleWeight> { [rule] = RuleWeight.Off } }));
    }

    [Theory]
    [InlineData("9610", "E")]
    [InlineData("1210", "E")]
    [InlineData("1239", "E")]
    [InlineData("9710", "B")]
    [InlineData("9810", "W")]
    public void Each_mode_has_its_type_of_order(string mode, string type)
    {
        var fits = Documents() with { Inventory = Inventory() with { Mode = mode }, Order = Order() with { Type = type } };
        Assert.Empty(ExportRules.Compare(fits, new()));
    }

    [Fact]
    public void A_part_of_an_order_fits_and_one_more_than_ordered_does_not()
    {
        ExportDocuments With(decimal quantity) => Documents() with { Inventory = Inventory() with { Lines = [Line(1, quantity)] } };

        Assert.Empty(ExportRules.Compare(With(1), new()));
        Assert.Empty(ExportRules.Compare(With(2), new()));
        Assert.Equal("1322", Assert.Single(ExportRules.Compare(With(2.00001m), new())).Code);
    }

    [Fact]
    public void Several_receipts_of_payment_are_summed_up_and_none_is_no_difference()
    {
        Assert.Empty(ExportRules.Compare(Documents() with { Payments = [Payment("1", 50), Payment("2", 30)] }, new()));
        Assert.Empty(ExportRules.Compare(Documents() with { Payments = [] }, new()));
    }

    [Fact]
    public void An_inventory_waits_for_order_and_waybill_and_not_for_payments()
    {
        Assert.Equal((ConsignmentState.Waiting, "Order Waybill"), Told());
        Assert.Equal((ConsignmentState.Waiting, "Waybill"), Told(Order()));
        Assert.Equal((ConsignmentState.Waiting, "Order"), Told(Waybill()));
        Assert.Equal((ConsignmentState.Matched, ""), Told(Order(), Waybill()));
        Assert.Equal((ConsignmentState.Waiting, "Order"), Told(Order() with { Document = Version(2, deleted: true) }, Waybill()));
        Assert.Equal((ConsignmentState.Mismatched, ""), Told(Order() with { SellerCode = "OTHER" }, Waybill()));
    }

    [Fact]
    public void Under_the_name_that_foreign_platforms_share_only_the_sellers_own_order_is_the_order()
    {
        var foreign = Inventory() with { PlatformCode = "无" };
        var other = Order() with { PlatformCode = "无", SellerCode = "OTHER" };

        Assert.Equal((ConsignmentState.Waiting, "Order"), Told(foreign, [other, Waybill()]));
        Assert.Equal((ConsignmentState.Matched, ""), Told(foreign, [other, Order() with { PlatformCode = "无" }, Waybill()]));
        Assert.Equal((ConsignmentState.Matched, ""), Told(foreign with { SellerCode = null }, [Order() with { PlatformCode = "无" }, Waybill()]));
    }

    [Fact]
    public void What_says_the_same_as_before_is_not_told()
    {
        var (inventory, documents) = (ExportDocument.Of(Inventory()), new[] { ExportDocument.Of(Order()), ExportDocument.Of(Waybill()), ExportDocument.Of(Payment("1", 80)) });
        var first = ExportJudging.Judge(inventory, documents, null, ForcedOutcome.None, new(), Now)!.Value;

        Assert.Equal(1, first.Told.Revision);
        Assert.Null(ExportJudging.Judge(inventory, documents.Reverse(), first.Row, ForcedOutcome.None, new(), Now));
        var second = ExportJudging.Judge(inventory, documents.Append(ExportDocument.Of(Payment("2", 1))), first.Row, ForcedOutcome.None, new(), Now)!.Value;
        Assert.Equal((2, "S4505"), (second.Told.Revision, second.Told.Discrepancies.Single().Code));
    }

    [Fact]
    public void A_document_is_read_as_it_was_written()
    {
        foreach (var accepted in (object[])[Order(), Payment("1", 80), Waybill(), Inventory()])
        {
            var document = ExportDocument.Of(accepted);
            var read = ExportDocument.Read(document.Kind, document.Write());

            Assert.Equal((document.Kind, document.Number, document.OrderRef, document.WaybillRef), (read.Kind, read.Number, read.OrderRef, read.WaybillRef));
            Assert.Equal(document.Write(), read.Write());
        }
    }

    private static (ConsignmentState, string) Told(params object[] documents) => Told(Inventory(), documents);

    private static (ConsignmentState, string) Told(ExportInventoryAccepted inventory, object[] documents)
    {
        var told = ExportJudging.Judge(ExportDocument.Of(inventory), documents.Select(ExportDocument.Of), null, ForcedOutcome.None, new(), Now)!.Value.Told;
        return (told.State, string.Join(' ', told.Missing));
    }

    private static ExportDocuments Spoilt(string what)
    {
        var documents = Documents();
        var (inventory, line) = (documents.Inventory, documents.Inventory.Lines[0]);
        ExportDocuments Lined(ExportLine spoilt) => documents with { Inventory = inventory with { Lines = [spoilt, inventory.Lines[1]] } };
        return what switch
        {
            "seller" => documents with { Inventory = inventory with { SellerCode = "OTHER" }, Waybill = documents.Waybill with { SellerCode = null } },
            "mode" => documents with { Inventory = inventory with { Mode = "9710" } },
            "type" => documents with { Order = documents.Order with { Type = "W" } },
            "gnum" => Lined(line with { LineNo = 7 }),
            "item" => Lined(line with { ItemNo = "OTHER" }),
            "unit" => Lined(line with { Unit = "035" }),
            "currency" => Lined(line with { Currency = "142" }),
            "qty" => Lined(line with { Quantity = 3, TotalPrice = 75 }),
            "price" => Lined(line with { Price = 24, TotalPrice = 48 }),
            "total" => Lined(line with { TotalPrice = 50.01m }),
            "shipper" => documents with { Waybill = documents.Waybill with { SellerCode = "OTHER" } },
            "parcels" => documents with { Waybill = documents.Waybill with { Parcels = 2 } },
            "weight" => documents with { Waybill = documents.Waybill with { GrossWeightKg = 1.3m } },
            "charge" => documents with { Payments = [Payment("1", 79.99m)] },
            _ => documents with { Payments = [Payment("1", 80) with { Currency = "142" }] },
        };
    }

    private static ExportDocuments Documents() => new(Inventory(), Order(), Waybill(), [Payment("1", 80)]);

    private static DocumentVersion Version(int version = 1, bool deleted = false) => new(Guid.CreateVersion7(), version, Now, true, Now, deleted);

    private static ExportOrderAccepted Order() => new()
    {
        Document = Version(),
        PlatformCode = "PLATFORM",
        OrderNo = "X1",
        SellerCode = "SELLER",
        Type = "E",
        GoodsValue = 75,
        Freight = 5,
        Currency = "502",
        Lines = [Line(1, 2), Line(2, 1)],
    };

    private static ExportLine Line(int number, decimal quantity) => new()
    {
        LineNo = number,
        ItemNo = $"ITEM-{number}",
        Unit = "011",
        Currency = "502",
        Quantity = quantity,
        Price = 25,
        TotalPrice = 25 * quantity,
    };

    private static ExportPaymentAccepted Payment(string number, decimal charge) => new(Version(), "PLATFORM", "X1", "SELLER", number, charge, "502");

    private static ExportWaybillAccepted Waybill() => new(Version(), "LOGISTICS", "W1", "SELLER", 1.2m, 1);

    private static ExportInventoryAccepted Inventory() => new()
    {
        Document = Version(),
        DeclarantCode = "AGENT",
        DeclarantNo = "COP1",
        PlatformCode = "PLATFORM",
        OrderNo = "X1",
        SellerCode = "SELLER",
        LogisticsCompanyCode = "LOGISTICS",
        WaybillNo = "W1",
        PreNo = "B20261120000000001",
        InventoryNo = "31052026E000000001",
        Mode = "9610",
        Statistics = "B",
        GrossWeightKg = 1.2m,
        Parcels = 1,
        NetWeightKg = 0.8m,
        CustomsCode = "3105",
        PortCode = "3105",
        TransportMode = "5",
        Country = "502",
        ProducerCode = "NO",
        ProducerName = "示例茶厂",
        Lines = [Line(1, 2), Line(2, 1)],
    };
}
