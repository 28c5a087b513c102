using Sandan.Tax.Domain;

namespace Sandan.Tax.Tests;

/// <summary>Consignments and filings for the tests. Every filing is of origin Japan (116) unless said.</summary>
internal static class Given
{
    public const string Handbag = "4202210090";
    public const string Shampoo = "3305100090";
    public const string OliveOil = "1509100000";
    public const string Wine = "2204210000";
    public const string Beer = "2203000000";
    public const string Whisky = "2208300000";
    public const string SkinCare = "3304990039";
    public const string Mask = "3304990049";
    public const string Watch = "9102210090";
    public const string Sugar = "1701991010";
    public const string Rice = "1006302001";
    public const string SeaCucumber = "0308190090";

    public static PositiveList Lists { get; } = PositiveListFile.Load();

    public static PositiveListVersion List2022 { get; } = Lists.At(new(2025, 11, 14))!;

    public static TaxOptions Options { get; } = new();

    /// <summary>A line of <paramref name="hs"/>; its item number is its place in the consignment.</summary>
    public static Goods Goods(
        string hs, string total, string qty = "1", string? unit1 = null, string? perUnit = null, string name = "goods") =>
        new(hs, D(total), D(qty), unit1, perUnit is null ? null : D(perUnit), name);

    public static Assessment Assess(params Goods[] goods) => Assess(goods, ImportMode.Bonded);

    public static Assessment Assess(
        Goods[] goods,
        ImportMode? mode = ImportMode.Bonded,
        decimal freight = 0,
        decimal insuredFee = 0,
        PersonYear? used = null,
        PositiveListVersion? list = null,
        TaxOptions? options = null)
    {
        var lines = goods.Select((one, i) => new ConsignmentLine(
            i + 1, $"{i}", one.Name, "140", one.Qty, one.Qty == 0 ? 0 : one.Total / one.Qty, one.Total, Country: null));
        var filings = goods.Select((one, i) => (Key: $"{i}", one)).Where(pair => pair.one.Hs != "").ToDictionary(
            pair => pair.Key,
            pair => new GoodsFiling(
                pair.one.Hs, pair.one.Unit1, pair.one.PerUnit, pair.one.NetKg, "filed goods", pair.one.Origin,
                pair.one.Unit2, pair.one.PerUnit2, pair.one.FiledUnit));
        return ImportTax.Assess(
            new(mode, "3301968ABC", "hash", freight, insuredFee, [.. lines]),
            filings,
            used ?? PersonYear.Empty,
            list ?? List2022,
            options ?? Options);
    }

    public static PersonYear Used(string cny) => PersonYear.Empty with { UsedCny = D(cny) };

    public static PersonYear UsedKg(string group, string kg) =>
        new(0, new Dictionary<string, decimal> { [group] = D(kg) });

    /// <summary>A decimal of invariant text; attributes cannot hold decimals.</summary>
    public static decimal D(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The codes of the reasons, each once, in order.</summary>
    public static string Codes(this Assessment assessment) =>
        string.Join(' ', assessment.Reasons.Select(reason => reason.Code).Distinct());
}

/// <summary>One line with its filing; an empty code means that nothing was filed.</summary>
internal sealed record Goods(
    string Hs,
    decimal Total,
    decimal Qty,
    string? Unit1,
    decimal? PerUnit,
    string Name,
    decimal? NetKg = null,
    string? Unit2 = null,
    decimal? PerUnit2 = null,
    string? Origin = "116",
    string? FiledUnit = null);
