using System.Globalization;
using Sandan.Contracts;
using Sandan.Contracts.Codes;

namespace Sandan.Tax.Domain;

/// <summary>
/// The rules of <see cref="ImportTax"/>, each finding nothing or what is wrong. Their order and their consequence stand
/// there.
/// </summary>
internal static class ImportRules
{
    /// <summary>
    /// Largest amount (CNY) and quantity that is calculated with, inclusive: far above every limit of the channel, far below
    /// what a decimal holds after the multiplications.
    /// </summary>
    public const decimal NumberMax = 1_000_000_000m;

    private static readonly string Modes = string.Join(", ", Enum.GetValues<ImportMode>().Select(mode => $"{mode:D}"));

    public static IEnumerable<FieldError> AmountsUsable(TaxCase taxCase) => taxCase.AmountErrors;

    /// <summary>Amounts from 0 to <see cref="NumberMax"/>, quantities above 0, at least one price.</summary>
    public static IEnumerable<FieldError> AmountErrors(Consignment consignment)
    {
        if (consignment.Lines.Count == 0)
        {
            yield return new("/orderList", TaxCodes.AmountUnusable, ">= 1", "0");
            yield break;
        }

        foreach (var (field, amount) in new[] { ("freight", consignment.Freight), ("insuredFee", consignment.InsuredFee) })
        {
            if (amount is not (>= 0 and <= NumberMax))
            {
                yield return new($"/{field}", TaxCodes.AmountUnusable, $"0..{NumberMax}", Text(amount));
            }
        }

        var priced = false;
        for (var i = 0; i < consignment.Lines.Count; i++)
        {
            var line = consignment.Lines[i];
            priced |= line.TotalPrice > 0;
            if (line.Qty is not (> 0 and <= NumberMax))
            {
                yield return new($"/orderList/{i}/qty", TaxCodes.AmountUnusable, $"> 0, <= {NumberMax}", Text(line.Qty));
            }

            if (line.TotalPrice is not (>= 0 and <= NumberMax))
            {
                yield return new(
                    $"/orderList/{i}/totalPrice", TaxCodes.AmountUnusable, $"0..{NumberMax}", Text(line.TotalPrice));
            }
        }

        if (!priced)
        {
            yield return new("/goodsValue", TaxCodes.AmountUnusable, "> 0", "0");
        }
    }

    /// <summary>A tariff line that a complete list does not hold cannot enter. Source: Shang Cai Fa [2018] No. 486.</summary>
    public static IEnumerable<FieldError> OnTheList(TaxCase taxCase) =>
        from line in taxCase.Lines
        where line.HsWellFormed && line.Entry is null && taxCase.List is { Complete: true }
        select line.Error("itemNo", TaxCodes.NotOnPositiveList, ListDay(taxCase), line.Filing!.HsCode);

    /// <summary>10-digit codes that a remark excludes, such as those with endangered species.</summary>
    public static IEnumerable<FieldError> NotExcluded(TaxCase taxCase) =>
        from line in taxCase.Lines
        where line.Entry is not null && line.Entry.ExcludedHs10.Contains(line.Filing!.HsCode)
        select line.Error("itemNo", TaxCodes.CodeExcluded, actual: line.Filing!.HsCode);

    /// <summary>Remark 仅限网购保税商品: not by direct purchase.</summary>
    public static IEnumerable<FieldError> ModeAllowed(TaxCase taxCase) =>
        from line in taxCase.Lines
        where taxCase.Consignment.Mode == ImportMode.Direct && line.Entry?.Mode == TradeModeLimit.BondedOnly
        select line.Error("itemNo", TaxCodes.BondedOnly, $"{ImportMode.Bonded:D}", $"{ImportMode.Direct:D}");

    /// <summary>Kilograms per person and year, over all lines of a group; exactly the limit is allowed.</summary>
    public static IEnumerable<FieldError> WeightLeft(TaxCase taxCase) =>
        from line in taxCase.Lines
        where line.Entry?.Weight is not null
        group line by line.Entry!.Weight! into goods
        let total = taxCase.PersonYear.UsedKg.GetValueOrDefault(goods.Key.Group)
            + taxCase.WeightsKg.GetValueOrDefault(goods.Key.Group)
        where total > goods.Key.KgMax
        select goods.First().Error(
            "qty", TaxCodes.AnnualWeightExceeded, $"<= {Text(goods.Key.KgMax)} kg", $"{Text(total)} kg");

    /// <summary>The mode decides remarks of the list; the three documents do not name it, the inventory does.</summary>
    public static IEnumerable<FieldError> ModeKnown(TaxCase taxCase)
    {
        if (taxCase.Consignment.Mode is not { } mode || !Enum.IsDefined(mode))
        {
            yield return new("/tradeMode", TaxCodes.ModeMissing, Modes, taxCase.Consignment.Mode?.ToString("D"));
        }
    }

    /// <summary>Without a filing there is no classification.</summary>
    public static IEnumerable<FieldError> GoodsFiled(TaxCase taxCase) =>
        from line in taxCase.Lines
        where line.Filing is null
        select line.Error("itemNo", TaxCodes.GoodsNotFiled, actual: Cut(line.Line.ItemNo));

    /// <summary>Excluded codes and cosmetics by piece are told by the last two of ten digits.</summary>
    public static IEnumerable<FieldError> CodeWellFormed(TaxCase taxCase) =>
        from line in taxCase.Lines
        where line.Filing is not null && !line.HsWellFormed
        select line.Error("itemNo", TaxCodes.HsCodeMalformed, "N10", Cut(line.Filing!.HsCode));

    /// <summary>Absence from no list, or from part of one, proves nothing.</summary>
    public static IEnumerable<FieldError> ListKnown(TaxCase taxCase) => taxCase.List is null
        ? [new("", TaxCodes.ListUnknown)]
        : from line in taxCase.Lines
          where line.HsWellFormed && line.Entry is null && !taxCase.List.Complete
          select line.Error("itemNo", TaxCodes.ListUnknown, ListDay(taxCase), line.Filing!.HsCode);

    /// <summary>A bonded-only remark that was not seen for the line holds a direct purchase and does not refuse it.</summary>
    public static IEnumerable<FieldError> ModeLimitConfirmed(TaxCase taxCase) =>
        from line in taxCase.Lines
        where taxCase.Consignment.Mode == ImportMode.Direct && line.Entry?.Mode == TradeModeLimit.BondedOnlyUnconfirmed
        select line.Error("itemNo", TaxCodes.BondedOnly, $"{ImportMode.Bonded:D}", $"{ImportMode.Direct:D}");

    /// <summary>Goods with a weight limit need a weight.</summary>
    public static IEnumerable<FieldError> WeightKnown(TaxCase taxCase) =>
        from line in taxCase.Lines
        where line.Entry?.Weight is not null && line.WeightKg is null
        select line.Error("qty", TaxCodes.LegalQuantityMissing, nameof(Measure.Kilogram), line.UnitAtHand);

    /// <summary>The year may be filled to the limit and not passed. Source: Cai Guan Shui [2018] No. 49, code 1313.</summary>
    public static IEnumerable<FieldError> AnnualLimit(TaxCase taxCase)
    {
        var total = taxCase.PersonYear.UsedCny + taxCase.Value;
        if (total > taxCase.Options.AnnualLimitCny)
        {
            yield return new(
                "", TaxCodes.AnnualLimitExceeded,
                OfficialText.Amount(taxCase.Options.AnnualLimitCny), OfficialText.Amount(total));
        }
    }

    /// <summary>
    /// Above the single limit only one piece may go, at full rates, and only below the annual limit. One piece is quantity 1
    /// on the only line (recalled), so that a gift beside it makes two. Source: Cai Guan Shui [2018] No. 49.
    /// </summary>
    public static IEnumerable<FieldError> SingleLimit(TaxCase taxCase)
    {
        var (value, options) = (taxCase.Value, taxCase.Options);
        if (taxCase.InsideSingleLimit)
        {
            yield break;
        }

        if (taxCase.Lines is not [{ Line.Qty: 1 }])
        {
            yield return new(
                "", TaxCodes.SingleLimitExceeded,
                $"<= {OfficialText.Amount(options.SingleLimitCny)}", OfficialText.Amount(value));
        }
        else if (value == options.AnnualLimitCny && options.RejectSinglePieceAtAnnualLimit)
        {
            yield return new(
                "", TaxCodes.SingleLimitExceeded,
                $"< {OfficialText.Amount(options.AnnualLimitCny)}", OfficialText.Amount(value));
        }
    }

    /// <summary>VAT is needed on both routes, the tariff on the full-rate route.</summary>
    public static IEnumerable<FieldError> RatesKnown(TaxCase taxCase)
    {
        foreach (var line in taxCase.Lines)
        {
            if (line.Entry!.VatPct is null)
            {
                yield return line.Error("itemNo", TaxCodes.RateMissing, "VAT", line.Filing!.HsCode);
            }

            if (!taxCase.InsideSingleLimit && line.Entry.TariffPct(taxCase.Options) is null)
            {
                yield return line.Error("itemNo", TaxCodes.RateMissing, "MFN", line.Filing!.HsCode);
            }
        }
    }

    /// <summary>On the full-rate route the tariff depends on the origin (proposed).</summary>
    public static IEnumerable<FieldError> OriginDecided(TaxCase taxCase)
    {
        if (taxCase.InsideSingleLimit)
        {
            yield break;
        }

        var additional = taxCase.Options.AdditionalDutyOrigins.Split(',', StringSplitOptions.TrimEntries);
        foreach (var line in taxCase.Lines)
        {
            string[] origins = [.. new[] { line.Line.Country, line.Filing!.OriginCountry }
                .Where(origin => !string.IsNullOrWhiteSpace(origin)).Select(origin => origin!)];
            if (origins.Length == 0 || origins.Intersect(additional, StringComparer.OrdinalIgnoreCase).Any())
            {
                yield return line.Error("country", TaxCodes.OriginUndecided, actual: Cut(origins.FirstOrDefault()));
            }
        }
    }

    /// <summary>Specific taxes and price thresholds need a legal quantity.</summary>
    public static IEnumerable<FieldError> QuantitiesKnown(TaxCase taxCase) =>
        from line in taxCase.Lines
        where line.Measure != Measure.None && line.Quantity is null
        select line.Error("qty", TaxCodes.LegalQuantityMissing, $"{line.Measure}", line.UnitAtHand);

    /// <summary>A number without trailing zeros.</summary>
    public static string Text(decimal number) => number.ToString("0.#############", CultureInfo.InvariantCulture);

    private static string ListDay(TaxCase taxCase) => $"{taxCase.List!.From:yyyy-MM-dd}";

    private static string? Cut(string? text) => text is { Length: > 100 } ? text[..100] : text;
}
