using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using Sandan.Tax.Domain;

namespace Sandan.Tax;

/// <summary>
/// Reads the positive lists that are embedded from <c>data/</c>. A file is named by the day its list came into force;
/// <c>.partial</c> in the name says that lines are missing, so that absence proves nothing.
/// </summary>
internal static class PositiveListFile
{
    private const string Prefix = "positive-list-";

    /// <summary>All embedded versions; call it once.</summary>
    /// <exception cref="FormatException">A file of this assembly is malformed: a defect of the build.</exception>
    public static PositiveList Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return new(assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                var from = DateOnly.ParseExact(name.AsSpan(Prefix.Length, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture);
                return new PositiveListVersion(from, !name.Contains(".partial.", StringComparison.Ordinal), Read(reader));
            }));
    }

    /// <summary>The lines of one file, with its columns found by name.</summary>
    public static IReadOnlyList<PositiveListLine> Read(TextReader reader)
    {
        var columns = Fields(reader.ReadLine() ?? throw new FormatException("Positive list: the file is empty."));
        var lines = new List<PositiveListLine>();
        while (reader.ReadLine() is { } text)
        {
            var fields = Fields(text);
            if (fields.Count != columns.Count)
            {
                throw new FormatException($"Positive list: {fields.Count} fields instead of {columns.Count} in '{text}'.");
            }

            lines.Add(Line(columns.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second)));
        }

        return lines;
    }

    /// <summary>Splits at commas outside of quotes (RFC 4180, without line breaks or doubled quotes in a field).</summary>
    private static List<string> Fields(string text)
    {
        var (fields, start, quoted) = (new List<string>(), 0, false);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && !quoted))
            {
                fields.Add(text[start..i].Trim('"'));
                start = i + 1;
            }
            else if (text[i] == '"')
            {
                quoted = !quoted;
            }
        }

        return fields;
    }

    private static PositiveListLine Line(Dictionary<string, string> row) => new(
        Hs8: Text(row, "hs8") is { Length: 8 } hs8 ? hs8 : throw Malformed(row, "hs8"),
        NameZh: Text(row, "name_zh")!,
        NameEn: Text(row, "name_en")!,
        ListConfirmed: YesNo(row, "list_confirmed"),
        Mode: Text(row, "trade_mode") switch
        {
            "any" => TradeModeLimit.None,
            "bonded_only" => TradeModeLimit.BondedOnly,
            "bonded_only_unconfirmed" => TradeModeLimit.BondedOnlyUnconfirmed,
            _ => throw Malformed(row, "trade_mode"),
        },
        Weight: Text(row, "weight_group") is { } group ? new(group, Number(row, "weight_kg_per_year")!.Value) : null,
        ExcludedHs10: (Text(row, "excluded_hs10") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(),
        Remark: Text(row, "remark_zh") is { } remark ? new(remark, Text(row, "remark_en")!) : null,
        MfnPct: Number(row, "mfn_pct"),
        ProvisionalPct: Number(row, "provisional_pct"),
        MfnConfirmed: YesNo(row, "mfn_confirmed"),
        VatPct: Number(row, "vat_pct"),
        ConsumptionTax: new(
            Text(row, "ct_kind") switch
            {
                "none" => ConsumptionTaxKind.None,
                "ad_valorem" => ConsumptionTaxKind.AdValorem,
                "specific" => ConsumptionTaxKind.Specific,
                "compound" => ConsumptionTaxKind.Compound,
                "threshold" => ConsumptionTaxKind.Threshold,
                _ => throw Malformed(row, "ct_kind"),
            },
            Text(row, "ct_threshold") switch
            {
                null => ThresholdGoods.None,
                "cosmetics" => ThresholdGoods.Cosmetics,
                "watch" => ThresholdGoods.Watch,
                "beer" => ThresholdGoods.Beer,
                _ => throw Malformed(row, "ct_threshold"),
            },
            RatePct: Number(row, "ct_rate_pct") ?? 0,
            CnyPerLitre: Number(row, "ct_cny_per_litre") ?? 0,
            CnyPerLitreBelow: Number(row, "ct_cny_per_litre_below") ?? 0),
        TaxConfirmed: YesNo(row, "tax_confirmed"));

    private static string? Text(Dictionary<string, string> row, string column) => row[column] is { Length: > 0 } text ? text : null;

    private static decimal? Number(Dictionary<string, string> row, string column) => Text(row, column) is { } text
        ? decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)
        : null;

    private static bool YesNo(Dictionary<string, string> row, string column) => Text(row, column) switch
    {
        "yes" => true,
        "no" => false,
        _ => throw Malformed(row, column),
    };

    private static FormatException Malformed(Dictionary<string, string> row, string column) =>
        new($"Positive list, tariff line {row["hs8"]}: column {column} holds '{row[column]}'.");
}
