using Sandan.Contracts;

namespace Sandan.Tax.Domain;

/// <summary>What the rules look at: a consignment with everything that is known about it.</summary>
/// <param name="Value">Dutiable value, CNY.</param>
/// <param name="AmountErrors">Why nothing can be calculated; empty where it can.</param>
internal sealed record TaxCase(
    Consignment Consignment,
    IReadOnlyList<TaxCaseLine> Lines,
    decimal Value,
    IReadOnlyList<FieldError> AmountErrors,
    PersonYear PersonYear,
    PositiveListVersion? List,
    TaxOptions Options)
{
    /// <summary>Whether the single limit is kept, and with it the preferential tax.</summary>
    public bool InsideSingleLimit => Value <= Options.SingleLimitCny;

    /// <summary>Bought weight of this consignment by group, kg, as far as it is known.</summary>
    public IReadOnlyDictionary<string, decimal> WeightsKg { get; } = WeightsOf(Lines);

    private static IReadOnlyDictionary<string, decimal> WeightsOf(IReadOnlyList<TaxCaseLine> lines)
    {
        Dictionary<string, decimal>? weights = null;
        foreach (var line in lines)
        {
            if (line.Entry?.Weight is { } limit && line.WeightKg is { } kilograms)
            {
                weights ??= [];
                weights[limit.Group] = weights.GetValueOrDefault(limit.Group) + kilograms;
            }
        }

        return weights ?? PersonYear.Empty.UsedKg;
    }
}

/// <summary>One line with its filing and its entry in the list, where they exist.</summary>
/// <param name="Index">Place in the consignment, from 0.</param>
internal sealed record TaxCaseLine(
    int Index, ConsignmentLine Line, GoodsFiling? Filing, PositiveListLine? Entry, decimal Value)
{
    /// <summary>Whether the filed code has ten digits.</summary>
    public bool HsWellFormed { get; } = IsWellFormed(Filing);

    /// <summary>Weight for weight limits, kg; null where the filing gives none.</summary>
    public decimal? WeightKg => Filing is null || !UnitFits ? null : LegalQuantity.WeightKg(Filing, Line.Qty);

    /// <summary>What the consumption tax is measured by.</summary>
    public Measure Measure => Entry is null ? Measure.None : Entry.ConsumptionTax.MeasureOf(Filing!.HsCode, Value);

    /// <summary>The legal quantity in <see cref="Measure"/>; null where the filing gives none.</summary>
    public decimal? Quantity => Filing is null || !UnitFits ? null : LegalQuantity.Of(Filing, Line.Qty, Measure);

    /// <summary>Which unit stands where another is needed: the legal unit of the filing, else the declared one that differs.</summary>
    public string? UnitAtHand => UnitFits ? Filing?.Unit1 : $"{Line.Unit} != {Filing!.Unit}";

    /// <summary>Whether the order counts in the unit that the quantities are filed for.</summary>
    private bool UnitFits => Filing?.Unit is null || Filing.Unit == Line.Unit;

    /// <summary>Whether a filing has a code of ten digits.</summary>
    public static bool IsWellFormed(GoodsFiling? filing) =>
        filing is { HsCode.Length: 10 } && !filing.HsCode.AsSpan().ContainsAnyExceptInRange('0', '9');

    /// <summary>An error at a field of this line.</summary>
    public FieldError Error(string field, string code, string? expected = null, string? actual = null) =>
        new($"/orderList/{Index}/{field}", code, expected, actual);
}

/// <summary>Assesses a retail import: the route, the tax of every line, and why.</summary>
/// <remarks>Source: Cai Guan Shui [2016] No. 18 and [2018] No. 49; Shang Cai Fa [2018] No. 486; the positive list.</remarks>
internal static class ImportTax
{
    /// <summary>
    /// The whole decision, in order. The first stage in which a rule finds something decides the route, and all that its
    /// rules found are the reasons. A sure refusal stands before a missing fact: the fact could not change it. Where no
    /// stage finds anything, the route is preferential inside the single limit and full-rate above it.
    /// </summary>
    private static readonly (Route Route, Func<TaxCase, IEnumerable<FieldError>>[] Rules)[] Procedure =
    [
        (Route.Held, [ImportRules.AmountsUsable]),
        (Route.Reject, [ImportRules.OnTheList, ImportRules.NotExcluded, ImportRules.ModeAllowed, ImportRules.WeightLeft]),
        (Route.Held,
        [
            ImportRules.ModeKnown, ImportRules.GoodsFiled, ImportRules.CodeWellFormed, ImportRules.ListKnown,
            ImportRules.ModeLimitConfirmed, ImportRules.WeightKnown,
        ]),
        (Route.GeneralTrade, [ImportRules.AnnualLimit]),
        (Route.Reject, [ImportRules.SingleLimit]),
        (Route.Held, [ImportRules.RatesKnown, ImportRules.OriginDecided, ImportRules.QuantitiesKnown]),
    ];

    /// <summary>Assesses <paramref name="consignment"/>; it never throws for what a document says.</summary>
    /// <param name="filings">The seller's filed goods by item number; more than the consignment names do no harm.</param>
    /// <param name="personYear">What the buyer has booked in the calendar year, this consignment not included.</param>
    /// <param name="list">The positive list in force on the day that counts; null where none is known.</param>
    public static Assessment Assess(
        Consignment consignment,
        IReadOnlyDictionary<string, GoodsFiling> filings,
        PersonYear personYear,
        PositiveListVersion? list,
        TaxOptions options)
    {
        var taxCase = CaseOf(consignment, filings, personYear, list, options);
        foreach (var (route, rules) in Procedure)
        {
            List<FieldError>? reasons = null;
            foreach (var rule in rules)
            {
                foreach (var reason in rule(taxCase))
                {
                    (reasons ??= []).Add(reason);
                }
            }

            if (reasons is not null)
            {
                return Untaxed(taxCase, route, [.. reasons]);
            }
        }

        return Taxed(taxCase, taxCase.InsideSingleLimit ? Route.Preferential : Route.FullRate);
    }

    private static TaxCase CaseOf(
        Consignment consignment,
        IReadOnlyDictionary<string, GoodsFiling> filings,
        PersonYear personYear,
        PositiveListVersion? list,
        TaxOptions options)
    {
        FieldError[] amountErrors = [.. ImportRules.AmountErrors(consignment)];
        var usable = amountErrors.Length == 0;
        var values = usable ? DutiableValue.OfLines(consignment) : new decimal[consignment.Lines.Count];
        var lines = new TaxCaseLine[values.Length];
        for (var index = 0; index < lines.Length; index++)
        {
            var line = consignment.Lines[index];
            var filing = line.ItemNo is null ? null : filings.GetValueOrDefault(line.ItemNo);
            var entry = TaxCaseLine.IsWellFormed(filing) ? list?.Find(filing!.HsCode) : null;
            lines[index] = new(index, line, filing, entry, values[index]);
        }

        return new(consignment, lines, values.Sum(), amountErrors, personYear, list, options);
    }

    private static Assessment Untaxed(TaxCase taxCase, Route route, FieldError[] reasons)
    {
        FieldError[] notes = [.. taxCase.Lines.SelectMany(TaxNotes.Remarks)];
        var lines = taxCase.Lines.Select(line => Line(line, default, null, Confirmed(line, route), reasons, notes));
        return new(
            route, taxCase.Value, 0, 0, 0, 0, [.. lines], reasons, notes,
            QuotaToBookCny: 0, WeightsToBookKg: PersonYear.Empty.UsedKg, taxCase.List?.From);
    }

    private static Assessment Taxed(TaxCase taxCase, Route route)
    {
        AppliedRates[] rates = [.. taxCase.Lines.Select(line => RatesOf(line, route, taxCase.Options))];
        var factor = route == Route.Preferential ? taxCase.Options.DiscountFactor : 1;
        var taxes = Rounded(
            taxCase.Options.Rounding,
            taxCase.Lines.Zip(rates, (line, rate) => TaxFormula.Compute(
                line.Value, rate.TariffPct, rate.VatPct, rate.ConsumptionTaxPct, rate.ConsumptionTaxCny, factor)));
        FieldError[] notes =
        [
            .. taxCase.Lines.SelectMany(TaxNotes.Remarks),
            .. taxCase.Lines.SelectMany(line => TaxNotes.Threshold(line, taxCase.Options)),
        ];
        var lines = taxCase.Lines.Select((line, i) =>
            Line(line, taxes[i], rates[i], Confirmed(line, route), [], notes));
        return new(
            route,
            taxCase.Value,
            taxes.Sum(tax => tax.Tariff),
            taxes.Sum(tax => tax.Vat),
            taxes.Sum(tax => tax.ConsumptionTax),
            taxes.Sum(tax => tax.Total),
            [.. lines],
            Reasons: [],
            notes,
            QuotaToBookCny: taxCase.Value,
            taxCase.WeightsKg,
            taxCase.List!.From);
    }

    private static AppliedRates RatesOf(TaxCaseLine line, Route route, TaxOptions options)
    {
        var entry = line.Entry!;
        var (ratePct, specificCny, _) = entry.ConsumptionTax.For(line.Filing!.HsCode, line.Value, line.Quantity, options);
        var tariffPct = route == Route.FullRate ? entry.TariffPct(options)!.Value : 0;
        return new(tariffPct, entry.VatPct!.Value, ratePct, specificCny);
    }

    /// <summary>Rounds at the level asked for. Once per consignment, each line carries the step of the running sum.</summary>
    private static TaxAmounts[] Rounded(TaxRounding rounding, IEnumerable<TaxAmounts> exact)
    {
        var (sum, given) = (default(TaxAmounts), default(TaxAmounts));
        return [.. exact.Select(tax =>
        {
            sum = rounding == TaxRounding.PerTaxPerLine ? tax : Add(sum, tax, 1);
            var rounded = new TaxAmounts(
                TaxFormula.ToFen(sum.Tariff), TaxFormula.ToFen(sum.Vat), TaxFormula.ToFen(sum.ConsumptionTax));
            var step = Add(rounded, given, -1);
            given = rounding == TaxRounding.PerTaxPerLine ? default : rounded;
            return step;
        })];
    }

    private static TaxAmounts Add(TaxAmounts left, TaxAmounts right, int sign) => new(
        left.Tariff + (sign * right.Tariff),
        left.Vat + (sign * right.Vat),
        left.ConsumptionTax + (sign * right.ConsumptionTax));

    private static bool Confirmed(TaxCaseLine line, Route route) =>
        line.Entry is { ListConfirmed: true, TaxConfirmed: true } entry && (route != Route.FullRate || entry.MfnConfirmed);

    private static AssessedLine Line(
        TaxCaseLine line, TaxAmounts tax, AppliedRates? rates, bool confirmed, FieldError[] reasons, FieldError[] notes)
    {
        string? code = null;
        if (reasons.Length + notes.Length > 0)
        {
            var place = $"/orderList/{line.Index}/";
            code = reasons.Concat(notes)
                .FirstOrDefault(reason => reason.Pointer.StartsWith(place, StringComparison.Ordinal))?.Code;
        }

        return new(
            line.Line.Gnum, line.Line.ItemNo, line.Filing?.HsCode, line.Value, tax.Tariff, tax.Vat, tax.ConsumptionTax,
            rates, confirmed, code, line.Entry?.Remark);
    }
}
