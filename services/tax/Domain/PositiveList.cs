using System.Collections.Frozen;
using Sandan.Contracts.Codes;

namespace Sandan.Tax.Domain;

/// <summary>
/// The list of goods that may enter as cross-border retail import (跨境电子商务零售进口商品清单), by the day it was in force.
/// </summary>
/// <remarks>Source: Announcement No. 7 of 2022 (Ministry of Finance and others), in force 2022-03-01, and its forerunners.</remarks>
internal sealed class PositiveList(IEnumerable<PositiveListVersion> versions)
{
    private readonly PositiveListVersion[] newestFirst = [.. versions.OrderByDescending(version => version.From)];

    /// <summary>The versions, newest first.</summary>
    public IReadOnlyList<PositiveListVersion> Versions => newestFirst;

    /// <summary>The version in force on <paramref name="day"/> (a day of Asia/Shanghai); null before the oldest.</summary>
    public PositiveListVersion? At(DateOnly day) => Array.Find(newestFirst, version => version.From <= day);
}

/// <summary>One version of the list.</summary>
internal sealed class PositiveListVersion(DateOnly from, bool complete, IEnumerable<PositiveListLine> lines)
{
    private readonly FrozenDictionary<string, PositiveListLine> byHs8 = lines.ToFrozenDictionary(line => line.Hs8);

    /// <summary>First day in force; the version ends where the next begins.</summary>
    public DateOnly From { get; } = from;

    /// <summary>Whether a code that is absent here is not on the list. False where only some lines are on file.</summary>
    public bool Complete { get; } = complete;

    /// <summary>How many tariff lines are on file.</summary>
    public int Count => byHs8.Count;

    /// <summary>The tariff lines on file, in no order.</summary>
    public IReadOnlyCollection<PositiveListLine> Lines => byHs8.Values;

    /// <summary>The tariff line of a commodity code of 8 or 10 digits; null where it is not on file.</summary>
    public PositiveListLine? Find(string hsCode) =>
        hsCode.Length is 8 or 10 && byHs8.TryGetValue(hsCode[..8], out var line) ? line : null;
}

/// <summary>One tariff line of the list with its remarks and its rates. Percentages are of 100.</summary>
/// <param name="Hs8">8-digit tariff line, HS 2022.</param>
/// <param name="ListConfirmed">Whether the line was seen in a published copy of the list; otherwise it is likely only.</param>
/// <param name="Mode">Remark on the trade mode.</param>
/// <param name="Weight">Remark on the weight per person and year.</param>
/// <param name="ExcludedHs10">10-digit codes under the line that are not on the list.</param>
/// <param name="Remark">Remark that no machine can decide (a name, a composition), for a person to read.</param>
/// <param name="MfnPct">Most-favoured-nation rate of 2026; null where it is not known. For the full-rate path only.</param>
/// <param name="ProvisionalPct">Provisional rate of 2026, below the MFN rate; null where there is none.</param>
/// <param name="MfnConfirmed">Whether the tariff rate was read, not recalled.</param>
/// <param name="VatPct">Import VAT; null where it is not known.</param>
/// <param name="TaxConfirmed">Whether VAT and consumption tax were read or follow from a published combined rate.</param>
internal sealed record PositiveListLine(
    string Hs8,
    string NameZh,
    string NameEn,
    bool ListConfirmed,
    TradeModeLimit Mode,
    AnnualWeightLimit? Weight,
    FrozenSet<string> ExcludedHs10,
    Localized? Remark,
    decimal? MfnPct,
    decimal? ProvisionalPct,
    bool MfnConfirmed,
    decimal? VatPct,
    ConsumptionTax ConsumptionTax,
    bool TaxConfirmed)
{
    /// <summary>The tariff rate of the full-rate path in percent; null where it is not known.</summary>
    public decimal? TariffPct(TaxOptions options) =>
        options.UseProvisionalRates && ProvisionalPct is { } provisional ? provisional : MfnPct;
}

/// <summary>Remark of the list on the trade mode.</summary>
internal enum TradeModeLimit
{
    /// <summary>No remark.</summary>
    None,

    /// <summary>Only 网购保税: 1210, 1239 (that 1239 counts as bonded is recalled); 9610 is refused.</summary>
    BondedOnly,

    /// <summary>The same, but the remark was not seen for this line: 9610 is held, not refused.</summary>
    BondedOnlyUnconfirmed,
}

/// <summary>Most kilograms, inclusive, that a person may buy of a group of goods in a calendar year.</summary>
/// <param name="Group">Key under which bought weight is counted: <c>sugar</c>, <c>rice</c>.</param>
internal sealed record AnnualWeightLimit(string Group, decimal KgMax);
