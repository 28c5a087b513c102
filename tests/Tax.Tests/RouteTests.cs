using Sandan.Contracts.Codes;
using Sandan.Tax.Domain;
using static Sandan.Tax.Tests.Given;

namespace Sandan.Tax.Tests;

/// <summary>By which route a consignment may enter, and what is said where it may not.</summary>
public sealed class RouteTests
{
    [Theory] // used, value, pieces on one line → route, code
    [InlineData("0", "5000.00", "1", "Preferential", "")]
    [InlineData("0", "5000.00", "7", "Preferential", "")]
    [InlineData("0", "5000.004", "7", "Preferential", "")]               // the value is one to the fen
    [InlineData("0", "5000.005", "7", "Reject", "-621005")]
    [InlineData("0", "5000.01", "1", "FullRate", "")]
    [InlineData("0", "5000.01", "2", "Reject", "-621005")]
    [InlineData("0", "5000.01", "0.5", "Reject", "-621005")]             // half of a declared unit is not one piece
    [InlineData("0", "25999.99", "1", "FullRate", "")]
    [InlineData("0", "26000.00", "1", "Reject", "-621005")]
    [InlineData("0", "26000.01", "1", "GeneralTrade", "1313")]
    [InlineData("0", "26000.00", "2", "Reject", "-621005")]
    [InlineData("0", "26000.01", "2", "GeneralTrade", "1313")]           // the annual limit is asked first
    [InlineData("25900", "100.00", "1", "Preferential", "")]
    [InlineData("25900", "100.01", "1", "GeneralTrade", "1313")]
    [InlineData("26000", "0.01", "1", "GeneralTrade", "1313")]
    [InlineData("20000", "6000.00", "1", "FullRate", "")]                // the year is full, not passed
    [InlineData("20000", "6000.01", "1", "GeneralTrade", "1313")]
    public void The_limits_decide_the_route(string used, string value, string pieces, string route, string code)
    {
        var assessment = Assess([Goods(Handbag, value, pieces)], used: Used(used));

        Assert.Equal(Enum.Parse<Route>(route), assessment.Route);
        Assert.Equal(code, assessment.Codes());
        var booked = assessment.Route is Route.Preferential or Route.FullRate;
        Assert.Equal(booked ? assessment.DutiableValue : 0, assessment.QuotaToBookCny);
        Assert.Equal(booked, assessment.Total > 0);
    }

    [Fact]
    public void Several_lines_of_exactly_five_thousand_pay_455()
    {
        var assessment = Assess(Goods(Handbag, "2000"), Goods(Shampoo, "3000"));

        Assert.Equal(Route.Preferential, assessment.Route);
        Assert.Equal(455.00m, assessment.Vat);
    }

    [Fact]
    public void Two_lines_above_the_single_limit_are_refused() =>
        Assert.Equal("-621005", Assess(Goods(Handbag, "5000"), Goods(Shampoo, "0.01")).Codes());

    [Fact]
    public void A_gift_beside_a_single_piece_makes_two() =>
        Assert.Equal("-621005", Assess(Goods(Handbag, "6000"), Goods(Shampoo, "0")).Codes());

    [Fact]
    public void Freight_counts_against_the_single_limit() =>
        Assert.Equal("-621005", Assess([Goods(Handbag, "4990", "2")], freight: 10.01m).Codes());

    [Fact]
    public void A_single_piece_of_exactly_the_annual_limit_passes_by_option() =>
        Assert.Equal(Route.FullRate, Assess(
            [Goods(Handbag, "26000")], options: new() { RejectSinglePieceAtAnnualLimit = false }).Route);

    [Fact]
    public void The_annual_limit_is_said_in_the_form_of_customs()
    {
        var reason = Assert.Single(Assess([Goods(Handbag, "214.44")], used: Used("25900")).Reasons);

        Assert.Equal(("1313", "", "26,000", "26,114.44"), (reason.Code, reason.Pointer, reason.Expected, reason.Actual));
        Assert.Equal(
            "订购人购买超过年度限额,超过个人年度购买额度;totalPrice：26,114.44 > limitPrice: 26,000;",
            OfficialText.AnnualLimit(26_114.44m, 26_000m));
    }

    [Theory] // code, mode → route, reason
    [InlineData(SeaCucumber, 9610, "Reject", "S5005")]
    [InlineData(SeaCucumber, 1210, "Preferential", "")]
    [InlineData(SeaCucumber, 1239, "Preferential", "")]
    [InlineData(SeaCucumber, null, "Held", "S5001")]
    [InlineData("0210190090", 9610, "Held", "S5005")]                     // the remark on pork is unconfirmed
    [InlineData("0210190090", 1210, "Preferential", "")]
    [InlineData(Shampoo, 9610, "Preferential", "")]
    [InlineData(Shampoo, null, "Held", "S5001")]
    [InlineData(Shampoo, 9710, "Held", "S5001")]                          // an export mode
    [InlineData("3304990021", 1210, "Reject", "S5004")]
    [InlineData("3304990031", 1210, "Reject", "S5004")]
    [InlineData("3304990041", 1210, "Reject", "S5004")]
    [InlineData("9102210010", 1210, "Reject", "S5004")]
    [InlineData("2404120000", 1210, "Reject", "S5003")]                   // e-cigarettes
    [InlineData("7113191990", 1210, "Reject", "S5003")]                   // jewellery, status unknown: do not assume
    [InlineData("9307009000", 1210, "Reject", "S5003")]                   // deleted 2022-03-01
    [InlineData("9307009000", null, "Reject", "S5003")]                   // no mode could save it
    [InlineData("", 1210, "Held", "S5002")]
    [InlineData("33051000", 1210, "Held", "S5012")]
    [InlineData("33051000A0", 1210, "Held", "S5012")]
    [InlineData("", null, "Held", "S5001 S5002")]                         // all that is missing is said at once
    public void The_list_and_its_remarks_decide_before_the_limits(string hs, int? mode, string route, string codes)
    {
        var assessment = Assess([Goods(hs, "100")], (ImportMode?)mode);

        Assert.Equal(Enum.Parse<Route>(route), assessment.Route);
        Assert.Equal(codes, assessment.Codes());
    }

    [Fact]
    public void A_line_without_an_item_number_is_held()
    {
        var consignment = new Consignment(ImportMode.Direct, "S", "hash", 0, 0, [new(1, null, "goods", "011", 1, 9, 9, null)]);

        Assert.Equal(
            TaxCodes.GoodsNotFiled,
            ImportTax.Assess(consignment, new Dictionary<string, GoodsFiling>(), PersonYear.Empty, List2022, Options).Codes());
    }

    [Fact]
    public void One_refused_line_refuses_the_consignment_and_is_pointed_at()
    {
        var assessment = Assess(Goods(Shampoo, "100"), Goods("", "5"), Goods("2404120000", "100"));

        Assert.Equal(Route.Reject, assessment.Route);
        Assert.Equal("/orderList/2/itemNo", Assert.Single(assessment.Reasons).Pointer);
        Assert.Equal([null, null, "S5003"], assessment.Lines.Select(line => line.ReasonCode));
        Assert.Equal(205, assessment.DutiableValue);
        Assert.Equal(0, assessment.QuotaToBookCny);
    }

    [Theory] // group, bought kg, code, legal unit, kg per unit, units → reason, kg to book
    [InlineData("sugar", "1.5", Sugar, "035", "1", "1", "S5006", null)]
    [InlineData("sugar", "1.5", Sugar, "035", "0.4", "1", "", "0.4")]
    [InlineData("sugar", "1.5", Sugar, "035", "0.5", "1", "", "0.5")]     // exactly 2 kg
    [InlineData("sugar", "1.5", Sugar, "036", "501", "1", "S5006", null)]
    [InlineData("sugar", "0", Sugar, "035", "1", "2", "", "2")]
    [InlineData("rice", "12", Rice, "035", "10", "1", "S5006", null)]
    [InlineData("rice", "12", Rice, "035", "4", "2", "", "8")]
    [InlineData("sugar", "2", Rice, "035", "20", "1", "", "20")]          // sugar does not count against rice
    [InlineData("sugar", "0", Sugar, null, null, "1", "S5007", null)]
    [InlineData("sugar", "0", Sugar, "142", "1", "1", "S5007", null)]     // a bottle is not a weight
    [InlineData("sugar", "0", Sugar, "035", "0", "1", "S5007", null)]
    public void The_weight_of_a_person_and_year_is_limited(
        string group, string bought, string hs, string? unit, string? perUnit, string qty, string code, string? toBook)
    {
        var assessment = Assess([Goods(hs, "50", qty, unit, perUnit)], used: UsedKg(group, bought));

        Assert.Equal(code, assessment.Codes());
        Assert.Equal(toBook is null ? [] : [D(toBook)], assessment.WeightsToBookKg.Values);
    }

    [Fact]
    public void The_weight_limit_counts_all_lines_of_its_group()
    {
        var sugar = Goods(Sugar, "10", "1", "035", "1.2");

        Assert.Equal("S5006", Assess(sugar, sugar).Codes());
        Assert.Equal("S5006", Assess(Goods(Sugar, "10"), sugar with { PerUnit = 2.1m }).Codes());
    }

    [Fact]
    public void A_weight_limit_is_served_by_the_net_weight_where_the_legal_quantity_is_missing() =>
        Assert.Equal(1.5m, Assess(Goods(Sugar, "10") with { NetKg = 1.5m }).WeightsToBookKg["sugar"]);

    [Theory] // what a tax needs by quantity, and what does not give it
    [InlineData(Beer, null, null, "Litre")]
    [InlineData(Beer, "035", "1", "Litre")]
    [InlineData(Whisky, "142", "1", "Litre")]
    [InlineData(SkinCare, "011", "1", "KilogramOrLitre")]
    [InlineData(SkinCare, null, null, "KilogramOrLitre")]
    [InlineData(Mask, "035", "0.2", "Piece")]
    [InlineData(Watch, "035", "0.1", "Piece")]
    [InlineData(Watch, "011", null, "Piece")]
    [InlineData(Beer, "095", "-1", "Litre")]
    public void A_tax_by_quantity_without_its_legal_quantity_is_held(string hs, string? unit, string? perUnit, string needed)
    {
        var assessment = Assess(Goods(hs, "100", "1", unit, perUnit) with { NetKg = 1 });

        var reason = Assert.Single(assessment.Reasons);
        Assert.Equal(Route.Held, assessment.Route);
        Assert.Equal((TaxCodes.LegalQuantityMissing, needed, unit), (reason.Code, reason.Expected, reason.Actual));
    }

    [Theory] // the order counts in unit 140 here
    [InlineData("140", "Preferential", null)]
    [InlineData(null, "Preferential", null)]
    [InlineData("011", "Held", "140 != 011")]
    public void A_legal_quantity_filed_for_another_unit_than_the_ordered_one_does_not_count(
        string? filedUnit, string route, string? actual)
    {
        var wine = Assess(Goods(Whisky, "100", "1", "095", "0.7") with { FiledUnit = filedUnit });
        var sugar = Assess(Goods(Sugar, "10", "1", "035", "1") with { FiledUnit = filedUnit, NetKg = 1 });

        Assert.All([wine, sugar], assessment =>
        {
            Assert.Equal(Enum.Parse<Route>(route), assessment.Route);
            Assert.Equal(actual, assessment.Reasons.SingleOrDefault()?.Actual);
        });
    }

    [Fact]
    public void The_second_legal_unit_serves_where_the_first_does_not() =>
        Assert.Equal(Route.Preferential, Assess(
            Goods(Mask, "100", "1", "035", "0.2") with { Unit2 = "011", PerUnit2 = 10 }).Route);

    [Theory]
    [InlineData("502", "Held")]
    [InlineData("usa", "Held")]
    [InlineData("", "Held")]
    [InlineData(null, "Held")]
    [InlineData("303", "FullRate")]
    public void Full_rates_wait_for_an_origin_without_additional_duties(string? origin, string route)
    {
        var dear = Assess(Goods(Handbag, "6000") with { Origin = origin });

        Assert.Equal(Enum.Parse<Route>(route), dear.Route);
        Assert.Equal(route == "Held" ? TaxCodes.OriginUndecided : "", dear.Codes());
        Assert.Equal(Route.Preferential, Assess(Goods(Handbag, "5000") with { Origin = origin }).Route);
    }

    [Fact]
    public void A_missing_rate_holds_only_the_route_that_needs_it()
    {
        var bag = List2022.Find(Handbag)!;
        var noMfn = new PositiveListVersion(List2022.From, complete: true, [bag with { MfnPct = null }]);
        var noVat = new PositiveListVersion(List2022.From, complete: true, [bag with { VatPct = null }]);

        Assert.Equal(Route.Preferential, Assess([Goods(Handbag, "5000")], list: noMfn).Route);
        Assert.Equal("S5008", Assess([Goods(Handbag, "5000.01")], list: noMfn).Codes());
        Assert.Equal("S5008", Assess([Goods(Handbag, "5000")], list: noVat).Codes());
    }

    [Theory] // total, quantity, freight: what cannot be calculated with is held, not thrown
    [InlineData("-0.01", "1", "0")]
    [InlineData("0", "1", "0")]
    [InlineData("0", "1", "10")]
    [InlineData("10", "0", "0")]
    [InlineData("10", "-1", "0")]
    [InlineData("10", "1", "-1")]
    [InlineData("79228162514264337593543950335", "1", "0")]
    [InlineData("10", "79228162514264337593543950335", "0")]
    public void An_unusable_amount_is_held(string total, string qty, string freight)
    {
        var assessment = Assess([Goods(Shampoo, total, qty)], freight: D(freight));

        Assert.Equal(Route.Held, assessment.Route);
        Assert.Equal(TaxCodes.AmountUnusable, assessment.Codes());
        Assert.Equal(0, assessment.DutiableValue);
    }

    [Fact]
    public void The_largest_numbers_that_are_calculated_with_do_not_overflow()
    {
        var options = new TaxOptions { SingleLimitCny = decimal.MaxValue, AnnualLimitCny = decimal.MaxValue };
        var goods = Goods(Whisky, $"{ImportRules.NumberMax}", $"{ImportRules.NumberMax}", "063", $"{ImportRules.NumberMax}");
        var cream = Goods(SkinCare, $"{ImportRules.NumberMax}", $"{ImportRules.NumberMax}", "070", $"{ImportRules.NumberMax}");

        Assert.Equal(Route.Preferential, Assess([goods, cream, goods], freight: ImportRules.NumberMax, options: options).Route);
    }

    [Fact]
    public void A_consignment_without_lines_is_held() => Assert.Equal(TaxCodes.AmountUnusable, Assess([]).Codes());

    [Fact]
    public void A_remark_that_no_machine_can_decide_is_carried_and_decides_nothing()
    {
        var assessment = Assess(Goods("3215190090", "100", name: "打印机墨水"));

        Assert.Equal(Route.Preferential, assessment.Route);
        Assert.Equal(TaxCodes.RemarkToCheck, Assert.Single(assessment.Notes).Code);
        Assert.Equal("仅限家用打印机墨水", assessment.Lines[0].Remark!.Zh);
    }

    [Theory] // list entry and taxes, then also the tariff on the full-rate path
    [InlineData(SkinCare, "100", true)]
    [InlineData(Shampoo, "100", false)]      // the list entry is likely only
    [InlineData("3215190090", "100", false)] // its VAT is recalled
    public void What_is_not_confirmed_is_used_and_flagged(string hs, string value, bool confirmed)
    {
        var assessment = Assess(Goods(hs, value, "1", "035", "1"));

        Assert.Equal(Route.Preferential, assessment.Route);
        Assert.Equal(confirmed, assessment.Lines[0].Confirmed);
    }
}
