using System.Text.Json.Serialization;

namespace Sandan.Contracts.Events;

/// <summary>How a consignment is to be taxed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TaxRoute>))]
public enum TaxRoute
{
    /// <summary>Inside the limits: tariff 0, VAT and consumption tax at 70 % (财关税〔2018〕49号).</summary>
    Preferential,

    /// <summary>One piece above the single limit: full rates.</summary>
    FullRate,

    /// <summary>Over the annual limit: to be declared as general trade, not in this channel.</summary>
    GeneralTrade,

    /// <summary>May not enter in this channel.</summary>
    Reject,

    /// <summary>Something is missing that must not be guessed; assessed again when it comes.</summary>
    Held,
}

/// <summary>Why an assessment is what it is.</summary>
/// <param name="Code">Code of the dictionary.</param>
/// <param name="LineNo">gnum of the line concerned; null for the whole order.</param>
/// <param name="Note">True where a reader should know it and it did not decide the route; reasons stand before notes.</param>
public sealed record TaxReason(
    string Code, int? LineNo = null, string? Expected = null, string? Actual = null, bool Note = false);

/// <summary>One line as taxed, CNY.</summary>
/// <param name="HsCode">Ten digits, from the goods filing; null where the line is held for want of one.</param>
/// <param name="Value">Dutiable value: price and its share of freight and insurance.</param>
public sealed record TaxedLine(
    int LineNo, string? HsCode, string Country, decimal Value, decimal Tariff, decimal Vat, decimal ConsumptionTax);

/// <summary>Assessments of one transaction of <c>tax</c>.</summary>
public sealed record TaxesAssessed(IReadOnlyList<TaxAssessed> Assessments);

/// <summary>The tax on a matched consignment.</summary>
/// <param name="Revision">Revision of the verdict that was assessed.</param>
/// <param name="Attempt">Counts the assessments of that revision, from 1: a held one is assessed again.</param>
public sealed record TaxAssessed(
    string PlatformCode,
    string OrderNo,
    int Revision,
    int Attempt,
    TaxRoute Route,
    decimal DutiableValue,
    decimal Tariff,
    decimal Vat,
    decimal ConsumptionTax,
    decimal Total,
    IReadOnlyList<TaxReason> Reasons,
    IReadOnlyList<TaxedLine> Lines,
    DateTimeOffset AssessedAt);

/// <summary>Decisions of one transaction of <c>customs</c>.</summary>
public sealed record ClearancesDecided(IReadOnlyList<ClearanceDecided> Decisions);

/// <summary>A consignment is released, held, inspected or rejected.</summary>
public sealed record ClearanceDecided
{
    public required string PlatformCode { get; init; }
    public required string OrderNo { get; init; }

    /// <summary>Counts the decisions on this consignment, from 1.</summary>
    public required int Decision { get; init; }

    /// <summary>Revision of the verdict that it rests on.</summary>
    public required int Revision { get; init; }

    /// <summary>Official returnStatus: 100, 120, 300, 500, 800 …</summary>
    public required int Status { get; init; }

    /// <summary>returnStatus before; null at the first.</summary>
    public int? PreviousStatus { get; init; }

    /// <summary>Code of the dictionary that says why.</summary>
    public required string Code { get; init; }
    public required DateTimeOffset DecidedAt { get; init; }

    /// <summary><c>rules</c>, or the client id of the officer's key.</summary>
    public required string DecidedBy { get; init; }
    public SupervisionMode? Mode { get; init; }
    public required string SellerCode { get; init; }
    public string? PaymentCompanyCode { get; init; }
    public string? LogisticsCompanyCode { get; init; }

    /// <summary>Value and tax by line; empty where no tax was assessed.</summary>
    public IReadOnlyList<TaxedLine> Lines { get; init; } = [];
}

/// <summary>Companies registered or changed.</summary>
public sealed record CompaniesRegistered(IReadOnlyList<CompanyRegistered> Companies);

/// <summary>A company of the zone.</summary>
/// <param name="Code">Customs registration number (10) or unified social credit code (18).</param>
/// <param name="Mode">Supervision mode that a seller filed for its goods; null where none.</param>
/// <param name="Version">Counts the changes; an older one never overwrites a newer one.</param>
public sealed record CompanyRegistered(
    string Code, string Name, IReadOnlyList<string> Roles, SupervisionMode? Mode, int Version);

/// <summary>Goods filed or changed (备案).</summary>
public sealed record GoodsFiled(IReadOnlyList<GoodsFiling> Filings);

/// <summary>What a seller filed for one article: once filed, shared by all.</summary>
/// <param name="ItemNo">The seller's article number, as in the order line.</param>
/// <param name="HsCode">Ten digits.</param>
/// <param name="Unit">Declared unit, customs code.</param>
/// <param name="LegalUnit">First legal unit of the HS code, customs code (035 kg, 095 litre, 007 piece).</param>
/// <param name="LegalQuantityPerUnit">Legal units in one declared unit; null where not filed.</param>
/// <param name="NetWeightKgPerUnit">Kilograms in one declared unit; null where not filed.</param>
/// <param name="OriginCountry">Customs numeric code or ISO letters.</param>
/// <param name="Version">Counts the changes; an older one never overwrites a newer one.</param>
public sealed record GoodsFiling(
    string SellerCode,
    string ItemNo,
    string HsCode,
    string Name,
    string Unit,
    string? LegalUnit,
    decimal? LegalQuantityPerUnit,
    decimal? NetWeightKgPerUnit,
    string OriginCountry,
    int Version);
