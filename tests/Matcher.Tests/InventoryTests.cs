using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;

namespace Sandan.Matcher.Tests;

/// <summary>An inventory and the three documents that it declares.</summary>
public sealed class InventoryTests
{
    [Fact]
    public void An_inventory_that_fits_differs_nowhere() => Assert.Empty(InventoryRules.Compare(Four(), new()));

    public static TheoryData<string, string, string> Differences => new()
    {
        { "seller", "InventorySeller", "S4203" },
        { "waybill", "InventoryWaybill", "S4204" },
        { "count", "InventoryLineCount", "1320" },
        { "gnum", "InventoryLines", "1322" },
        { "name", "InventoryLines", "1322" },
        { "qty", "InventoryLines", "1322" },
        { "unit", "InventoryLines", "1322" },
        { "price", "InventoryLines", "1322" },
        { "total", "InventoryLines", "1322" },
        { "country", "InventoryLines", "1322" },
        { "buyer", "InventoryBuyerName", "13127" },
        { "telephone", "InventoryBuyerTelephone", "130126" },
        { "id", "InventoryBuyerId", "S4201" },
        { "address", "InventoryAddress", "S4202" },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void Each_difference_is_found_by_its_rule_alone(string what, string rule, string code)
    {
        var found = Assert.Single(InventoryRules.Compare(Four(Spoil(what)), new()));

        Assert.Equal((rule, code, DiscrepancySeverity.Mismatch, DocumentKind.Inventory), (found.Rule, found.Code, found.Severity, found.Turn));
        Assert.Equal(2, found.Fields.Count);
        Assert.Empty(InventoryRules.Compare(
            Four(Spoil(what)), new() { Rules = new Dictionary<string, RuleWeight> { [rule] = RuleWeight.Off } }));
    }

    [Fact]
    public void Charges_that_differ_are_a_warning()
    {
        var found = InventoryRules.Compare(Four(one => one with { Freight = 9, InsuredFee = 1 }), new());

        Assert.Equal(
            [("InventoryFreight", DiscrepancySeverity.Warning, 0.5m), ("InventoryInsuredFee", DiscrepancySeverity.Warning, 1m)],
            found.Select(one => (one.Rule, one.Severity, one.Difference!.Value)));
        Assert.Empty(InventoryRules.Compare(Four(one => one with { Freight = 9, InsuredFee = 1 }), new() { AmountTolerance = 1 }));
    }

    [Fact]
    public void An_order_told_without_the_buyers_telephone_is_not_held_against_it() => Assert.Empty(InventoryRules.Compare(
        new(Given.Inventory() with { BuyerTelephone = Given.Person("139") }, Given.Order() with { BuyerTelephone = null }, Given.Waybill()), new()));

    [Fact]
    public void The_inventory_decides_whose_a_waybill_is()
    {
        const string B = "PLATFORM-2";
        HeldDocument[] three = [Held(Given.Order()), Held(Given.Order(platform: B)), Held(Given.Waybill())];
        Assert.All(ConsignmentJoin.Join("O1", three), one => Assert.True(one.Ambiguous));

        var joined = ConsignmentJoin.Join("O1", [.. three, Held(Given.Inventory() with { PlatformCode = B })]);

        Assert.Equal([(false, false), (true, false)], joined.Select(one => (one.Waybill is not null, one.Ambiguous)));
    }

    [Fact]
    public void Two_inventories_that_name_one_waybill_decide_nothing()
    {
        HeldDocument[] all =
        [
            Held(Given.Order()), Held(Given.Order(platform: "PLATFORM-2")), Held(Given.Waybill()), Held(Given.Inventory()),
            Held(Given.Inventory() with { PlatformCode = "PLATFORM-2", SellerCode = "SELLER-2" }),
        ];

        Assert.All(ConsignmentJoin.Join("O1", all), one => Assert.True(one.Ambiguous));
    }

    [Fact]
    public void Of_two_waybills_the_declared_one_counts()
    {
        var other = Given.Waybill() with { WaybillNo = "WAY-0", Document = Given.Version(at: Given.Now.AddHours(1)) };
        Assert.Equal("WAY-0", Assert.Single(ConsignmentJoin.Join("O1", [Held(Given.Order()), Held(Given.Waybill()), Held(other)])).Waybill!.Number);
        Assert.Equal(
            "WAY-1",
            Assert.Single(ConsignmentJoin.Join("O1", [Held(Given.Order()), Held(Given.Waybill()), Held(other), Held(Given.Inventory())])).Waybill!.Number);
    }

    [Fact]
    public void An_inventory_alone_makes_no_consignment() => Assert.Empty(ConsignmentJoin.Join("O1", [Held(Given.Inventory())]));

    [Fact]
    public void An_inventory_waits_then_matches_and_says_so_once()
    {
        var dossier = new Dossier("O1");
        dossier.Take(Held(Given.Inventory()));
        var waiting = Judge(dossier, []);
        Assert.Equal((1, ConsignmentState.Waiting), (waiting!.Value.Told.Revision, waiting.Value.Told.State));
        Assert.Null(Judge(dossier, [waiting.Value.Row]));

        var joined = Given.Joined(Given.Order(), Given.Payment(), Given.Waybill());
        var consignment = Judging.Judge(joined, null, null, default, ForcedOutcome.None, new(), Given.Now);
        var matched = Judge(dossier, [waiting.Value.Row], consignment);
        Assert.Equal((2, ConsignmentState.Matched), (matched!.Value.Told.Revision, matched.Value.Told.State));
        Assert.Null(Judge(dossier, [matched.Value.Row], consignment));

        dossier.Take(Held(Given.Inventory() with { Document = Given.Version(2) with { Deleted = true } }));
        var withdrawn = Judge(dossier, [matched.Value.Row], consignment);
        Assert.Equal((3, ConsignmentState.Waiting, true), (withdrawn!.Value.Told.Revision, withdrawn.Value.Told.State, withdrawn.Value.Told.Inventory.Document.Deleted));
    }

    [Fact]
    public void A_dossier_keeps_its_inventories()
    {
        var dossier = new Dossier("O1");
        dossier.Take(Held(Given.Inventory()));
        var again = new Dossier("O1");
        again.Read(EventBytes.Read<Notes>(EventBytes.Write(dossier.News())));

        Assert.Equal("WAY-1", Assert.Single(again.Inventories).Inventory.WaybillNo);
        Assert.False(again.HasNews);
        Assert.Null(EventBytes.Read<Notes>(EventBytes.Write(new Dossier("O1").News())).Inventories);
    }

    private static (StoredInventory Row, InventoryJudged Told)? Judge(
        Dossier dossier, StoredInventory[] stored, params JudgedConsignment[] consignments) =>
        InventoryJudging.Judge(dossier, consignments, stored.ToLookup(one => (one.SellerCode, one.OrderNo)), ForcedOutcome.None, new(), Given.Now)
            .Select(one => ((StoredInventory, InventoryJudged)?)one).SingleOrDefault();

    private static FourDocuments Four(Func<InventoryAccepted, InventoryAccepted>? spoil = null) =>
        new((spoil ?? (one => one))(Given.Inventory()), Given.Order() with { BuyerTelephone = Given.Person("13800000000") }, Given.Waybill());

    private static Func<InventoryAccepted, InventoryAccepted> Spoil(string what) => inventory => what switch
    {
        "seller" => inventory with { SellerCode = "SELLER-2" },
        "waybill" => inventory with { WaybillNo = "WAY-2" },
        "count" => inventory with { Lines = [.. inventory.Lines, Given.InventoryLine(2)] },
        "gnum" => inventory with { Lines = [Given.InventoryLine(2)] },
        "name" => inventory with { Lines = [Given.InventoryLine() with { Name = "尿布" }] },
        "qty" => inventory with { Lines = [Given.InventoryLine() with { Quantity = 2 }] },
        "unit" => inventory with { Lines = [Given.InventoryLine() with { Unit = "012" }] },
        "price" => inventory with { Lines = [Given.InventoryLine() with { Price = 1 }] },
        "total" => inventory with { Lines = [Given.InventoryLine() with { TotalPrice = 1 }] },
        "country" => inventory with { Lines = [Given.InventoryLine() with { Country = "116" }] },
        "buyer" => inventory with { BuyerName = Given.Person("李小明") },
        "telephone" => inventory with { BuyerTelephone = Given.Person("139") },
        "id" => inventory with { BuyerId = Given.Person("1") },
        _ => inventory with { ConsigneeAddress = Given.Person("别处") },
    };

    private static HeldDocument Held(object content) => HeldDocument.Of(content);
}
