namespace Sandan.Tax.Domain;

/// <summary>Three taxes in CNY, not yet rounded unless said.</summary>
internal readonly record struct TaxAmounts(decimal Tariff, decimal Vat, decimal ConsumptionTax)
{
    /// <summary>Sum of the three.</summary>
    public decimal Total => Tariff + Vat + ConsumptionTax;
}

/// <summary>The import formulas, ad valorem, specific and compound in one.</summary>
/// <remarks>
/// Source: Cai Guan Shui [2016] No. 18 and [2018] No. 49 for the part inside the limits; the composed price with a specific
/// part is the standard import rule (recalled). Nothing is rounded between the steps.
/// </remarks>
internal static class TaxFormula
{
    /// <summary>
    /// The tax of a dutiable value. Rates are percent of 100, <paramref name="consumptionTaxPct"/> is below 100;
    /// <paramref name="factor"/> is the part of VAT and consumption tax that is levied, 1 on the full-rate path. The VAT base
    /// holds the full consumption tax either way.
    /// </summary>
    public static TaxAmounts Compute(
        decimal value, decimal tariffPct, decimal vatPct, decimal consumptionTaxPct, decimal specificCny, decimal factor)
    {
        var tariff = value * tariffPct / 100;
        var composed = (value + tariff + specificCny) * 100 / (100 - consumptionTaxPct);
        var consumptionTax = (composed * consumptionTaxPct / 100) + specificCny;
        return new(tariff, composed * vatPct / 100 * factor, consumptionTax * factor);
    }

    /// <summary>Half-up to the fen.</summary>
    public static decimal ToFen(decimal amountCny) => Math.Round(amountCny, 2, MidpointRounding.AwayFromZero);
}
