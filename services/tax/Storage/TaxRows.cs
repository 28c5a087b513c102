using Sandan.Contracts.Events;
using Sandan.Tax.Domain;

namespace Sandan.Tax.Storage;

/// <summary>A consignment: order numbers are unique on one platform only.</summary>
internal readonly record struct ConsignmentKey(string PlatformCode, string OrderNo);

/// <summary>An article of a seller.</summary>
internal readonly record struct ItemKey(string SellerCode, string ItemNo);

/// <summary>A person and a calendar year.</summary>
/// <param name="PersonIndex">Blind index of the ID number; never logged.</param>
internal readonly record struct PersonYearKey(string PersonIndex, int Year);

/// <summary>What is needed to assess a consignment, now or again.</summary>
internal sealed record TaxableGoods(int? Mode, ConsignmentGoods Goods);

/// <summary>A row of <c>assessment</c>, locked by this transaction.</summary>
/// <param name="JudgedRevision">Highest revision that came.</param>
/// <param name="RejectedRevision">The revision that customs rejected last; null where none is.</param>
/// <param name="ReleasedRevision">The revision that customs released; null where none is.</param>
/// <param name="Assessed">The latest assessment; null before the first.</param>
internal sealed record ConsignmentRow(
    ConsignmentKey Key,
    string SellerCode,
    int JudgedRevision,
    int? RejectedRevision,
    int? ReleasedRevision,
    AssessedRow? Assessed);

/// <summary>The assessment in a row.</summary>
/// <param name="Booked">What it holds of the person's year; nothing once cancelled.</param>
/// <param name="Returned">What it held before it was cancelled; nothing where it is not.</param>
/// <param name="ReasonsJson">As stored, to see whether another attempt says anything new.</param>
internal sealed record AssessedRow(
    int Revision,
    int Attempt,
    Route Route,
    bool Cancelled,
    PersonYearKey Person,
    PersonYear Booked,
    PersonYear Returned,
    string ReasonsJson,
    TaxableGoods Taxable);

/// <summary>An assessment to be written.</summary>
/// <param name="Quota">What it takes of the person's year: booked, or kept as given back where it is cancelled.</param>
internal sealed record NewAssessment(
    ConsignmentKey Key,
    TaxAssessed Event,
    TaxableGoods Taxable,
    PersonYearKey Person,
    PersonYear Quota,
    DateOnly? ListFrom,
    bool Cancelled,
    IReadOnlyList<ItemKey> WaitsFor)
{
    public PersonYear Booked => Cancelled ? PersonYear.Empty : Quota;

    public PersonYear Returned => Cancelled ? Quota : PersonYear.Empty;
}
