using System.Globalization;
using Sandan.Contracts;
using Sandan.Contracts.Codes;

namespace Sandan.Tax.Domain;

/// <summary>How a consignment may enter.</summary>
internal enum Route
{
    /// <summary>Inside both limits: tariff 0, VAT and consumption tax at 70 %.</summary>
    Preferential,

    /// <summary>One piece above the single limit: tariff, VAT and consumption tax in full; counts against the year.</summary>
    FullRate,

    /// <summary>The annual limit would be passed: the whole order leaves the channel.</summary>
    GeneralTrade,

    /// <summary>Not allowed as retail import.</summary>
    Reject,

    /// <summary>Something is missing; nothing was guessed.</summary>
    Held,
}

/// <summary>The tax of one consignment and why. Amounts are CNY, to the fen.</summary>
/// <param name="DutiableValue">Goods, freight and insurance. 0 where the amounts are unusable.</param>
/// <param name="Tariff">0 unless <paramref name="Route"/> is <see cref="Route.FullRate"/>.</param>
/// <param name="Vat">0 unless the route carries tax.</param>
/// <param name="ConsumptionTax">0 unless the route carries tax.</param>
/// <param name="Total">Sum of the three taxes.</param>
/// <param name="QuotaToBookCny">What counts against the annual limit: the dutiable value, not the tax (recalled).</param>
/// <param name="WeightsToBookKg">What counts against annual weight limits, by group.</param>
/// <param name="Reasons">What decided the route; empty where it is <see cref="Route.Preferential"/> or full rate.</param>
/// <param name="Notes">What a reader should know and what did not decide the route.</param>
/// <param name="ListFrom">First day of the positive list that was used; null where none was.</param>
internal sealed record Assessment(
    Route Route,
    decimal DutiableValue,
    decimal Tariff,
    decimal Vat,
    decimal ConsumptionTax,
    decimal Total,
    IReadOnlyList<AssessedLine> Lines,
    IReadOnlyList<FieldError> Reasons,
    IReadOnlyList<FieldError> Notes,
    decimal QuotaToBookCny,
    IReadOnlyDictionary<string, decimal> WeightsToBookKg,
    DateOnly? ListFrom)
{
    /// <summary>
    /// Whether this, assessed for a year that holds nothing, is the same for a year that holds <paramref name="used"/>: only
    /// the annual limit and the limits of weight look at the year. False says only that it has to be assessed to be known.
    /// </summary>
    public bool IsSameIn(PersonYear used, TaxOptions options) =>
        used.IsEmpty || (Route is Route.Preferential or Route.FullRate && WeightsToBookKg.Count == 0
            && used.UsedCny + QuotaToBookCny <= options.AnnualLimitCny);
}

/// <summary>One line of an assessment.</summary>
/// <param name="Hs">10-digit code of the filing; null where there is none.</param>
/// <param name="Value">Dutiable value: price with its share of freight and insurance.</param>
/// <param name="Rates">The rates that were applied, in full; null where the route carries no tax.</param>
/// <param name="Confirmed">False where the list entry or a rate that was used is likely only.</param>
/// <param name="ReasonCode">First code of <see cref="Assessment.Reasons"/>, else of its notes, on this line; null where none.</param>
/// <param name="Remark">Remark of the list that a person must check; null where there is none.</param>
internal sealed record AssessedLine(
    int Gnum,
    string? ItemNo,
    string? Hs,
    decimal Value,
    decimal Tariff,
    decimal Vat,
    decimal ConsumptionTax,
    AppliedRates? Rates,
    bool Confirmed,
    string? ReasonCode,
    Localized? Remark)
{
    /// <summary>First two digits of the code.</summary>
    public string? Chapter => Hs is { Length: >= 2 } ? Hs[..2] : null;
}

/// <summary>The rates behind a line's tax. Percentages are of 100 and before the preferential factor.</summary>
/// <param name="ConsumptionTaxCny">Specific part of the consumption tax, CNY for the whole line.</param>
internal sealed record AppliedRates(decimal TariffPct, decimal VatPct, decimal ConsumptionTaxPct, decimal ConsumptionTaxCny);

/// <summary>Texts in the form that customs gives them.</summary>
internal static class OfficialText
{
    /// <summary>The description under code 1313: the year's sum with this order, and the limit, CNY.</summary>
    /// <remarks>Source: live responses, <c>totalPrice：26,114.44 &gt; limitPrice: 26,000;</c>.</remarks>
    public static string AnnualLimit(decimal totalCny, decimal limitCny) =>
        $"订购人购买超过年度限额,超过个人年度购买额度;totalPrice：{Amount(totalCny)} > limitPrice: {Amount(limitCny)};";

    /// <summary>An amount as customs prints it: thousands parted, no trailing zeros.</summary>
    public static string Amount(decimal amountCny) => amountCny.ToString("#,##0.##", CultureInfo.InvariantCulture);
}
