using System.Text.Json.Serialization;
using MessagePack;

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
[MessagePackObject]
public sealed record TaxReason(
    [property: Key(0)] string Code,
    [property: Key(1)] int? LineNo = null,
    [property: Key(2)] string? Expected = null,
    [property: Key(3)] string? Actual = null,
    [property: Key(4)] bool Note = false);

/// <summary>One line as taxed, CNY.</summary>
/// <param name="HsCode">Ten digits, from the goods filing; null where the line is held for want of one.</param>
/// <param name="Value">Dutiable value: price and its share of freight and insurance.</param>
[MessagePackObject]
public sealed record TaxedLine(
    [property: Key(0)] int LineNo,
    [property: Key(1)] string? HsCode,
    [property: Key(2)] string Country,
    [property: Key(3)] decimal Value,
    [property: Key(4)] decimal Tariff,
    [property: Key(5)] decimal Vat,
    [property: Key(6)] decimal ConsumptionTax);

/// <summary>Assessments of one transaction of <c>tax</c>.</summary>
[MessagePackObject]
public sealed record TaxesAssessed([property: Key(0)] IReadOnlyList<TaxAssessed> Assessments);

/// <summary>The tax on a matched consignment.</summary>
/// <param name="Revision">Revision of the verdict that was assessed.</param>
/// <param name="Attempt">Counts the assessments of that revision, from 1: a held one is assessed again.</param>
/// <param name="Verdict">
/// The verdict, without the items of its goods, with the first assessment of a first revision: customs learns of a match
/// by its tax and works both in at once.
/// </param>
[MessagePackObject]
public sealed record TaxAssessed(
    [property: Key(0)] string PlatformCode,
    [property: Key(1)] string OrderNo,
    [property: Key(2)] int Revision,
    [property: Key(3)] int Attempt,
    [property: Key(4)] TaxRoute Route,
    [property: Key(5)] decimal DutiableValue,
    [property: Key(6)] decimal Tariff,
    [property: Key(7)] decimal Vat,
    [property: Key(8)] decimal ConsumptionTax,
    [property: Key(9)] decimal Total,
    [property: Key(10)] IReadOnlyList<TaxReason> Reasons,
    [property: Key(11)] IReadOnlyList<TaxedLine> Lines,
    [property: Key(12)] DateTimeOffset AssessedAt,
    [property: Key(13)] ConsignmentJudged? Verdict = null);

/// <summary>Decisions of one transaction of <c>customs</c>.</summary>
[MessagePackObject]
public sealed record ClearancesDecided([property: Key(0)] IReadOnlyList<ClearanceDecided> Decisions);

/// <summary>A consignment is released, held, inspected or rejected.</summary>
[MessagePackObject]
public sealed record ClearanceDecided
{
    [Key(0)] public required string PlatformCode { get; init; }
    [Key(1)] public required string OrderNo { get; init; }

    /// <summary>Counts the decisions on this consignment, from 1.</summary>
    [Key(2)] public required int Decision { get; init; }

    /// <summary>Revision of the verdict that it rests on.</summary>
    [Key(3)] public required int Revision { get; init; }

    /// <summary>Official returnStatus: 100, 120, 300, 500, 800 …</summary>
    [Key(4)] public required int Status { get; init; }

    /// <summary>returnStatus before; null at the first.</summary>
    [Key(5)] public int? PreviousStatus { get; init; }

    /// <summary>Code of the dictionary that says why.</summary>
    [Key(6)] public required string Code { get; init; }
    [Key(7)] public required DateTimeOffset DecidedAt { get; init; }

    /// <summary><c>rules</c>, or the client id of the officer's key.</summary>
    [Key(8)] public required string DecidedBy { get; init; }
    [Key(9)] public SupervisionMode? Mode { get; init; }
    [Key(10)] public required string SellerCode { get; init; }
    [Key(11)] public string? PaymentCompanyCode { get; init; }
    [Key(12)] public string? LogisticsCompanyCode { get; init; }

    /// <summary>Value and tax by line; empty where no tax was assessed.</summary>
    [Key(13)] public IReadOnlyList<TaxedLine> Lines { get; init; } = [];
}

/// <summary>Companies registered or changed.</summary>
[MessagePackObject]
public sealed record CompaniesRegistered([property: Key(0)] IReadOnlyList<CompanyRegistered> Companies);

/// <summary>A company of the zone.</summary>
/// <param name="Code">Customs registration number (10) or unified social credit code (18).</param>
/// <param name="Mode">Supervision mode that a seller filed for its goods; null where none.</param>
/// <param name="Version">Counts the changes; an older one never overwrites a newer one.</param>
[MessagePackObject]
public sealed record CompanyRegistered(
    [property: Key(0)] string Code,
    [property: Key(1)] string Name,
    [property: Key(2)] IReadOnlyList<string> Roles,
    [property: Key(3)] SupervisionMode? Mode,
    [property: Key(4)] int Version);

/// <summary>Certificates registered or revoked.</summary>
[MessagePackObject]
public sealed record CertificatesRegistered([property: Key(0)] IReadOnlyList<CertificateRegistered> Certificates);

/// <summary>A certificate by which a company signs.</summary>
/// <param name="Id">Names it among those of the company.</param>
/// <param name="Certificate">DER.</param>
/// <param name="Revoked">Final: whatever else is told of it, before or behind.</param>
[MessagePackObject]
public sealed record CertificateRegistered(
    [property: Key(0)] string Company,
    [property: Key(1)] string Id,
    [property: Key(2)] byte[] Certificate,
    [property: Key(3)] bool Revoked);

/// <summary>Goods filed or changed (备案).</summary>
[MessagePackObject]
public sealed record GoodsFiled([property: Key(0)] IReadOnlyList<GoodsFiling> Filings);

/// <summary>What a seller filed for one article: once filed, shared by all.</summary>
/// <param name="ItemNo">The seller's article number, as in the order line.</param>
/// <param name="HsCode">Ten digits.</param>
/// <param name="Unit">Declared unit, customs code.</param>
/// <param name="LegalUnit">First legal unit of the HS code, customs code (035 kg, 095 litre, 007 piece).</param>
/// <param name="LegalQuantityPerUnit">Legal units in one declared unit; null where not filed.</param>
/// <param name="NetWeightKgPerUnit">Kilograms in one declared unit; null where not filed.</param>
/// <param name="OriginCountry">Customs numeric code or ISO letters.</param>
/// <param name="Version">Counts the changes; an older one never overwrites a newer one.</param>
[MessagePackObject]
public sealed record GoodsFiling(
    [property: Key(0)] string SellerCode,
    [property: Key(1)] string ItemNo,
    [property: Key(2)] string HsCode,
    [property: Key(3)] string Name,
    [property: Key(4)] string Unit,
    [property: Key(5)] string? LegalUnit,
    [property: Key(6)] decimal? LegalQuantityPerUnit,
    [property: Key(7)] decimal? NetWeightKgPerUnit,
    [property: Key(8)] string OriginCountry,
    [property: Key(9)] int Version);

/// <summary>Returns that customs released in one transaction.</summary>
[MessagePackObject]
public sealed record ReturnsReleased([property: Key(0)] IReadOnlyList<ReturnReleased> Returns);

/// <summary>Goods of a released consignment came back: tax and annual amount of them go back.</summary>
/// <param name="PreNo">Names the return; it is released once.</param>
[MessagePackObject]
public sealed record ReturnReleased(
    [property: Key(0)] string PreNo,
    [property: Key(1)] string PlatformCode,
    [property: Key(2)] string OrderNo,
    [property: Key(3)] IReadOnlyList<ReturnLine> Lines,
    [property: Key(4)] DateTimeOffset ReleasedAt);
