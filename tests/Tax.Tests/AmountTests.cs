using Sandan.Contracts.Codes;
using Sandan.Tax.Domain;
using static Sandan.Tax.Tests.Given;

namespace Sandan.Tax.Tests;

/// <summary>What is levied on a consignment that may enter.</summary>
public sealed class AmountTests
{
    [Theory] // code, unit, legal quantity, value → VAT, consumption tax, total
    [InlineData(SkinCare, "035", "0.02", "425", "45.50", "52.50", "98.00")]       // 21.25 CNY/g; customs Q&A of 2025-11-14
    [InlineData(SkinCare, "035", "0.0835", "700", "63.70", "0", "63.70")]         // 8.38 CNY/g as declared
    [InlineData(SkinCare, "035", "0.05", "700", "74.94", "86.47", "161.41")]      // the same bottle by its net content
    [InlineData(Handbag, null, null, "3000", "273.00", "0", "273.00")]
    [InlineData(OliveOil, null, null, "200", "12.60", "0", "12.60")]
    [InlineData(Shampoo, null, null, "300", "27.30", "0", "27.30")]
    [InlineData("9619001100", null, null, "300", "27.30", "0", "27.30")]          // diapers
    [InlineData("1901101010", null, null, "300", "27.30", "0", "27.30")]          // infant formula
    [InlineData(Shampoo, null, null, "1", "0.09", "0", "0.09")]                   // no 50 CNY exemption
    [InlineData(Shampoo, null, null, "0.05", "0", "0", "0")]                      // 0.00455 rounds to nothing
    [InlineData(Wine, null, null, "500", "50.56", "38.89", "89.45")]              // 89.44 if rounded once, see below
    [InlineData("4014100000", null, null, "50", "0", "0", "0")]                   // VAT 0
    [InlineData(Whisky, "095", "0.7", "300", "34.20", "53.06", "87.26")]          // (300 + 0.6384) / 0.8
    [InlineData(Beer, "095", "0.5", "10", "0.92", "0.09", "1.01")]                // 20 CNY/L: 0.253
    [InlineData(Beer, "096", "500", "1.30", "0.13", "0.08", "0.21")]              // 2.60 CNY/L: 0.2227
    [InlineData(Mask, "011", "10", "150", "16.06", "18.53", "34.59")]             // 15.00 a piece
    [InlineData(Watch, "008", "1", "3000", "273.00", "0", "273.00")]
    public void Inside_the_limits_no_tariff_and_seventy_percent_of_the_rest_is_due(
        string hs, string? unit, string? quantity, string value, string vat, string consumptionTax, string total)
    {
        var assessment = Assess(Goods(hs, value, "1", unit, quantity));

        Assert.Equal(Route.Preferential, assessment.Route);
        Assert.Equal(0, assessment.Tariff);
        Assert.Equal(D(vat), assessment.Vat);
        Assert.Equal(D(consumptionTax), assessment.ConsumptionTax);
        Assert.Equal(D(total), assessment.Total);
    }

    [Theory] // a single piece above 5,000: tariff, VAT, consumption tax, total
    [InlineData(SkinCare, "035", "1", "5000.01", "50.00", "656.50", "0", "706.50")]
    [InlineData(Watch, "008", "1", "12000", "1320.00", "2164.50", "3330.00", "6814.50")]
    [InlineData(Watch, "008", "1", "9999.99", "1100.00", "1443.00", "0", "2543.00")]
    [InlineData(Handbag, null, null, "25999.99", "1560.00", "3582.80", "0", "5142.80")]
    [InlineData(Whisky, "095", "0.7", "6000", "600.00", "1072.60", "1650.80", "3323.40")]
    public void A_single_piece_above_the_single_limit_is_taxed_in_full(
        string hs, string? unit, string? quantity, string value, string tariff, string vat, string consumptionTax, string total)
    {
        var assessment = Assess(Goods(hs, value, "1", unit, quantity));

        Assert.Equal(Route.FullRate, assessment.Route);
        Assert.Equal(D(tariff), assessment.Tariff);
        Assert.Equal(D(vat), assessment.Vat);
        Assert.Equal(D(consumptionTax), assessment.ConsumptionTax);
        Assert.Equal(D(total), assessment.Total);
        Assert.Equal(D(value), assessment.QuotaToBookCny);
    }

    [Theory] // Published combined rates, percent, to one decimal.
    [InlineData(Shampoo, null, null, "9.1")]
    [InlineData(OliveOil, null, null, "6.3")]
    [InlineData(Wine, null, null, "17.9")]
    [InlineData(SkinCare, "035", "0.1", "23.1")]
    public void The_combined_rate_is_the_published_one(string hs, string? unit, string? quantity, string ratePct)
    {
        for (var value = 2000m; value <= 5000; value += 97)
        {
            var total = Assess(Goods(hs, $"{value}", "1", unit, quantity)).Total;
            Assert.Equal(D(ratePct), Math.Round(total / value * 100, 1));
        }
    }

    [Theory] // Rates of 2017: VAT 17 %, and consumption tax 30 % with it.
    [InlineData("0", "11.90")]
    [InlineData("30", "47.00")]
    public void The_formula_gives_the_rates_of_2017_too(string consumptionTaxPct, string total) =>
        Assert.Equal(D(total), TaxFormula.ToFen(TaxFormula.Compute(100, 0, 17, D(consumptionTaxPct), 0, 0.7m).Total));

    [Theory] // code, unit, legal quantity, value → consumption tax due at the rate of the upper side
    [InlineData(SkinCare, "035", "0.02", "200", true)]
    [InlineData(SkinCare, "035", "0.02", "199.99", false)]
    [InlineData(SkinCare, "036", "20", "200", true)]
    [InlineData(SkinCare, "096", "20", "199.99", false)]
    [InlineData(SkinCare, "095", "0.02", "200", true)]
    [InlineData("3303000010", "095", "0.03", "300", true)]
    [InlineData("3303000010", "095", "0.03", "299.99", false)]
    [InlineData(Mask, "011", "10", "150", true)]
    [InlineData(Mask, "020", "10", "149.99", false)]
    [InlineData(Beer, "095", "1", "2.65", true)]
    [InlineData(Beer, "095", "1", "2.64", false)]
    [InlineData(Beer, "095", "100000000", "264295885.00", true, true)]
    [InlineData(Beer, "095", "100000000", "264295884.99", false, true)]
    public void A_price_threshold_includes_its_boundary(
        string hs, string unit, string quantity, string value, bool reached, bool beyondLimits = false)
    {
        var options = beyondLimits
            ? new TaxOptions { SingleLimitCny = 1_000_000_000, AnnualLimitCny = 1_000_000_000 }
            : Options;
        var assessment = Assess([Goods(hs, value, "1", unit, quantity)], options: options);

        Assert.Equal(Route.Preferential, assessment.Route);
        Assert.Equal(
            reached ? TaxCodes.ThresholdReached : TaxCodes.ThresholdNotReached, Assert.Single(assessment.Notes).Code);
        Assert.Equal(reached || hs == Beer, assessment.ConsumptionTax > 0);
    }

    [Theory]
    [InlineData("10000.00", "2775.00")]
    [InlineData("9999.99", "0")]
    public void A_watch_is_taxed_from_ten_thousand_each(string value, string consumptionTax) =>
        Assert.Equal(D(consumptionTax), Assess(Goods(Watch, value, "1", "008", "1")).ConsumptionTax);

    [Fact]
    public void The_thresholds_count_every_piece_of_the_line() =>
        Assert.Equal(0, Assess(Goods(SkinCare, "399.99", "2", "035", "0.02")).ConsumptionTax);

    [Fact]
    public void Freight_and_insurance_are_part_of_the_value()
    {
        var assessment = Assess([Goods(Shampoo, "200")], freight: 20, insuredFee: 1);

        Assert.Equal(221, assessment.DutiableValue);
        Assert.Equal(20.11m, assessment.Total);
    }

    [Fact]
    public void Freight_can_lift_a_line_over_its_threshold() =>
        Assert.True(Assess([Goods(SkinCare, "199.99", "1", "035", "0.02")], freight: 0.01m).ConsumptionTax > 0);

    [Theory] // prices, freight → values
    [InlineData("100 100 100", "10", "103.33 103.33 103.34")]
    [InlineData("200 100", "10", "206.67 103.33")]
    [InlineData("1 1", "0.05", "1.03 1.02")]
    [InlineData("1 1 1 1 1 1 1 1 1 1", "0.05", "1.01 1.01 1.01 1.01 1.01 1 1 1 1 1")] // never below zero on the last
    [InlineData("100 0", "10", "110 0")]                                                 // the gift carries nothing
    [InlineData("0 100 50 0", "9.99", "0 106.66 53.33 0")]
    [InlineData("0.00499 0.00001", "0", "0.01 0")]                                       // less than a fen in all
    [InlineData("33.333 66.667", "0", "33.33 66.67")]
    public void Freight_follows_the_prices_and_the_last_priced_line_takes_the_remainder(
        string prices, string freight, string values)
    {
        var assessment = Assess([.. prices.Split(' ').Select(price => Goods(Shampoo, price))], freight: D(freight));

        Assert.Equal(values.Split(' ').Select(D), assessment.Lines.Select(line => line.Value));
        Assert.Equal(assessment.DutiableValue, assessment.Lines.Sum(line => line.Value));
    }

    [Fact]
    public void The_lines_add_up_to_the_totals_at_either_level_of_rounding()
    {
        var random = new Random(20250101);
        string[] codes = [Shampoo, OliveOil, Wine, Beer, Whisky, SkinCare, Mask, Watch];
        foreach (var rounding in Enum.GetValues<TaxRounding>())
        {
            for (var run = 0; run < 500; run++)
            {
                var goods = Enumerable.Range(0, random.Next(1, 12)).Select(_ =>
                {
                    var hs = codes[random.Next(codes.Length)];
                    var unit = hs is Mask or Watch ? "011" : "095";
                    return Goods(hs, $"{random.Next(0, 40000) / 100m}", $"{random.Next(1, 4)}", unit, "0.5");
                }).Append(Goods(Shampoo, "1"));
                var assessment = Assess(
                    [.. goods], freight: random.Next(0, 5000) / 100m, options: new() { Rounding = rounding });

                Assert.Equal(Route.Preferential, assessment.Route);
                Assert.Equal(assessment.DutiableValue, assessment.Lines.Sum(line => line.Value));
                Assert.Equal(assessment.Vat, assessment.Lines.Sum(line => line.Vat));
                Assert.Equal(assessment.ConsumptionTax, assessment.Lines.Sum(line => line.ConsumptionTax));
                Assert.Equal(assessment.Total, assessment.Tariff + assessment.Vat + assessment.ConsumptionTax);
                Assert.All(assessment.Lines, line => Assert.True(line.Value >= 0 && line.Vat >= 0));
                Assert.All(assessment.Lines, line => Assert.Equal(line.Vat, Math.Round(line.Vat, 2)));
            }
        }
    }

    [Theory] // ten lines of 0.05 at 9.1 %: 0.00455 each
    [InlineData("PerTaxPerLine", "0")]
    [InlineData("PerTaxPerConsignment", "0.05")]
    public void The_level_of_rounding_is_an_option(string rounding, string vat)
    {
        var options = new TaxOptions { Rounding = Enum.Parse<TaxRounding>(rounding) };
        var goods = Enumerable.Repeat(Goods(Shampoo, "0.05"), 10);

        Assert.Equal(D(vat), Assess([.. goods], options: options).Vat);
    }

    [Fact]
    public void Half_a_fen_is_rounded_up() => // 50.00 × 6.3 % = 3.15; 0.50 × 9.1 % = 0.0455; 2.50 × 6.3 % = 0.1575
        Assert.Equal([0.05m, 0.16m, 0.32m], new[] { (Shampoo, "0.5"), (OliveOil, "2.5"), (OliveOil, "5") }
            .Select(one => Assess(Goods(one.Item1, one.Item2)).Vat)); // 5.00 × 6.3 % = 0.315

    [Fact]
    public void A_gift_is_free_of_tax_by_value_and_needs_no_legal_quantity()
    {
        var assessment = Assess(Goods(Shampoo, "100"), Goods(SkinCare, "0"));

        Assert.Equal(Route.Preferential, assessment.Route);
        Assert.Equal(9.10m, assessment.Total);
        Assert.Equal(0, assessment.Lines[1].Value);
    }

    [Fact]
    public void A_gift_of_beer_pays_by_the_litre() =>
        Assert.Equal(0.16m, Assess(Goods(Shampoo, "100"), Goods(Beer, "0", "1", "095", "1")).Lines[1].ConsumptionTax);

    [Theory] // diapers: MFN 4, provisional 0
    [InlineData(true, "0")]
    [InlineData(false, "240")]
    public void A_provisional_rate_goes_before_the_mfn_rate_unless_switched_off(bool provisional, string tariff) =>
        Assert.Equal(D(tariff), Assess(
            [Goods("9619001100", "6000")], options: new() { UseProvisionalRates = provisional }).Tariff);

    [Fact]
    public void A_line_says_its_code_chapter_and_full_rates()
    {
        var line = Assess(Goods(SkinCare, "425", "1", "035", "0.02")).Lines[0];

        Assert.Equal(SkinCare, line.Hs);
        Assert.Equal("33", line.Chapter);
        Assert.Equal(new AppliedRates(0, 13, 15, 0), line.Rates);
        Assert.True(line.Confirmed);
        Assert.Equal(TaxCodes.ThresholdReached, line.ReasonCode);
    }

    [Theory] // the name against the filed 0.0835 kg
    [InlineData("精华液 50ml", true)]
    [InlineData("Essence 50 ML", true)]
    [InlineData("面霜50克", true)]
    [InlineData("面霜 0.05kg", true)]
    [InlineData("面霜 80g", false)]      // 8.75 CNY/g: below the threshold either way
    [InlineData("面霜 100g", false)]     // more than filed
    [InlineData("面霜 50ml×2", false)]   // a multiple says nothing sure
    [InlineData("面霜 50ml 30g", false)]
    [InlineData("面霜", false)]
    public void A_legal_quantity_above_the_net_content_that_saves_the_consumption_tax_is_noted(string name, bool noted)
    {
        var assessment = Assess(Goods(SkinCare, "700", "1", "035", "0.0835", name));

        Assert.Equal(63.70m, assessment.Total);
        Assert.Equal(noted, assessment.Notes.Any(note => note.Code == TaxCodes.NetContentDiffers));
    }
}
