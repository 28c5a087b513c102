using Sandan.Contracts.Events;
using Sandan.Tax.Domain;

namespace Sandan.Tax.Storage;

/// <summary>A consignment: order numbers are unique on one platform only. The order is that of the locks.</summary>
internal readonly record struct ConsignmentKey(string PlatformCode, string OrderNo) : IComparable<ConsignmentKey>
{
    /// <inheritdoc />
    public int CompareTo(ConsignmentKey other)
    {
        var order = string.CompareOrdinal(PlatformCode, other.PlatformCode);
        return order != 0 ? order : string.CompareOrdinal(OrderNo, other.OrderNo);
    }
}

/// <summary>An article of a seller.</summary>
internal readonly record struct ItemKey(string SellerCode, string ItemNo);

/// <summary>A person and a calendar year. The order is that of the locks.</summary>
/// <param name="PersonIndex">Blind index of the ID number; never logged.</param>
internal readonly record struct PersonYearKey(string PersonIndex, int Year) : IComparable<PersonYearKey>
{
    /// <inheritdoc />
    public int CompareTo(PersonYearKey other)
    {
        var order = string.CompareOrdinal(PersonIndex, other.PersonIndex);
        return order != 0 ? order : Year.CompareTo(other.Year);
    }
}

/// <summary>What is needed to assess a consignment, now or again.</summary>
internal sealed record TaxableGoods(int? Mode, ConsignmentGoods Goods);

/// <summary>A row of <c>assessment</c>: locked by this transaction, or to be added by it.</summary>
/// <param name="Id">0 where it is to be added.</param>
/// <param name="JudgedRevision">Highest revision that came.</param>
/// <param name="Decision">Highest decision that was noted.</param>
/// <param name="RejectedRevision">The revision that customs rejected last; null where none is.</param>
/// <param name="ReleasedRevision">The revision that customs released; null where none is.</param>
/// <param name="Assessed">The latest assessment; null before the first.</param>
internal sealed record ConsignmentRow(
    long Id,
    ConsignmentKey Key,
    string SellerCode,
    int JudgedRevision,
    int Decision = 0,
    int? RejectedRevision = null,
    int? ReleasedRevision = null,
    AssessedRow? Assessed = null)
{
    /// <summary>Nobody heard of the consignment before.</summary>
    public bool IsNew => Id == 0;
}

/// <summary>The assessment in a row.</summary>
/// <param name="Quota">What it takes of the person's year: booked, or while it is cancelled given back.</param>
/// <param name="DetailsBytes"><see cref="AssessmentDetails"/> as stored.</param>
internal sealed record AssessedRow(
    int Revision,
    int Attempt,
    Route Route,
    bool Cancelled,
    PersonYearKey Person,
    PersonYear Quota,
    byte[] DetailsBytes)
{
    /// <summary>What it holds of the person's year now.</summary>
    public PersonYear Booked => Cancelled ? PersonYear.Empty : Quota;

    /// <summary>The details; read anew with every call.</summary>
    public AssessmentDetails ReadDetails() => EventBytes.Read<AssessmentDetails>(DetailsBytes);

    /// <summary>What was assessed, to assess it again.</summary>
    public TaxableGoods ReadTaxable()
    {
        var details = ReadDetails();
        return new(details.Mode, details.Goods with { BuyerIndex = Person.PersonIndex });
    }
}
