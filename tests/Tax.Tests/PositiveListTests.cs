using Sandan.Contracts.Codes;
using Sandan.Tax.Domain;
using static Sandan.Tax.Tests.Given;

namespace Sandan.Tax.Tests;

/// <summary>The list as data, and its versions.</summary>
public sealed class PositiveListTests
{
    [Theory] // day, code → found
    [InlineData("2021-06-01", "9307009000", true)]
    [InlineData("2022-02-28", "9307009000", true)]
    [InlineData("2022-03-01", "9307009000", false)]
    [InlineData("2022-03-01", "9504502000", true)]    // added that day
    [InlineData("2025-11-14", "3304990039", true)]
    [InlineData("2025-11-14", "33049900", true)]
    [InlineData("2025-11-14", "330499", false)]
    [InlineData("2025-11-14", "330499003", false)]
    public void The_list_of_the_day_answers(string day, string hs, bool found) =>
        Assert.Equal(found, Lists.At(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture))?.Find(hs) is not null);

    [Fact]
    public void There_is_no_list_before_the_oldest() => Assert.Null(Lists.At(new(2019, 12, 31)));

    [Fact]
    public void Without_a_list_for_the_day_a_consignment_is_held()
    {
        var consignment = new Consignment(ImportMode.Bonded, "S", "hash", 0, 0, [new(1, "A", "goods", "011", 1, 9, 9, null)]);
        var filings = new Dictionary<string, GoodsFiling> { ["A"] = new(Shampoo, "035", 1, 1, "goods", "116") };

        var assessment = ImportTax.Assess(consignment, filings, PersonYear.Empty, list: null, Options);

        Assert.Equal(TaxCodes.ListUnknown, assessment.Codes());
        Assert.Null(assessment.ListFrom);
    }

    [Fact]
    public void Absence_from_part_of_a_list_holds_and_does_not_refuse()
    {
        var list2020 = Lists.At(new(2021, 6, 1))!;

        Assert.False(list2020.Complete);
        Assert.Equal((Route.Held, "S5011"), Of(Assess([Goods(Shampoo, "100")], list: list2020)));
        Assert.Equal((Route.Held, "S5008"), Of(Assess([Goods("9307009000", "100")], list: list2020))); // listed, rates unknown

        static (Route, string) Of(Assessment assessment) => (assessment.Route, assessment.Codes());
    }

    [Fact]
    public void The_list_of_2022_has_95_lines_on_file_and_none_of_the_codes_that_are_not_on_it()
    {
        Assert.Equal(new DateOnly(2022, 3, 1), List2022.From);
        Assert.Equal(95, List2022.Count);
        Assert.All(["93070090", "24041200", "71131919"], hs => Assert.Null(List2022.Find(hs)));
    }

    [Fact]
    public void Every_line_has_names_a_vat_rate_an_mfn_rate_and_a_whole_consumption_tax() => Assert.All(List2022.Lines, line =>
    {
        Assert.NotEmpty(line.NameZh);
        Assert.NotEmpty(line.NameEn);
        Assert.Contains(line.VatPct!.Value, new decimal[] { 0, 9, 13 });
        Assert.InRange(line.MfnPct!.Value, 0, 100);
        Assert.True(line.ProvisionalPct is null || line.ProvisionalPct < line.MfnPct);
        Assert.All(line.ExcludedHs10, hs10 => Assert.StartsWith(line.Hs8, hs10, StringComparison.Ordinal));
        var tax = line.ConsumptionTax;
        Assert.Equal(
            tax.Kind is ConsumptionTaxKind.AdValorem or ConsumptionTaxKind.Compound or ConsumptionTaxKind.Threshold,
            tax.RatePct is > 0 and < 100);
        Assert.Equal(tax.Kind is ConsumptionTaxKind.Specific or ConsumptionTaxKind.Compound, tax.CnyPerLitre > 0);
        Assert.Equal(
            tax.Kind == ConsumptionTaxKind.Threshold || tax.CnyPerLitreBelow > 0, tax.Threshold != ThresholdGoods.None);
    });

    [Theory]
    [InlineData("")]
    [InlineData("hs8\n\"")]
    [InlineData("hs8,name_zh\n33051000")]
    public void A_malformed_file_is_refused(string text) =>
        Assert.Throws<FormatException>(() => PositiveListFile.Read(new StringReader(text)));
}
