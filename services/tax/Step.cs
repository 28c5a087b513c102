using Sandan.Contracts.Events;
using Sandan.Tax.Domain;
using Sandan.Tax.Storage;

namespace Sandan.Tax;

/// <summary>What becomes of a consignment.</summary>
internal enum StepKind
{
    /// <summary>Its row is written as it is given: a verdict or a decision was noted.</summary>
    Note,

    /// <summary>Its assessment holds no longer, and gives back what it booked.</summary>
    Cancel,

    /// <summary>Its assessment was released: it holds, and if it was cancelled, books again.</summary>
    Keep,

    /// <summary>It is assessed and booked, in the place of what it booked before.</summary>
    Assess,

    /// <summary>Goods came back: a part of what it booked is given back.</summary>
    Return,
}

/// <summary>What is to be done with a consignment.</summary>
/// <param name="Row">With the verdict or the decision noted.</param>
internal sealed record Step(StepKind Kind, ConsignmentRow Row)
{
    /// <summary>What is assessed; there where <see cref="Kind"/> says so, as the next three.</summary>
    public TaxableGoods? Taxable { get; init; }

    public int Revision { get; init; }

    public int Attempt { get; init; }

    /// <summary>The assessment in a year that holds nothing; made anew where the person's year makes a difference.</summary>
    public Assessment? InEmptyYear { get; init; }

    /// <summary>A first verdict, which customs hears of by its tax.</summary>
    public ConsignmentJudged? FirstVerdict { get; init; }

    /// <summary>What a return gives back; at most what is booked.</summary>
    public PersonYear Returned { get; init; } = PersonYear.Empty;

    /// <summary>Adds the years that are locked before anything is booked or given back.</summary>
    public void AddPersons(HashSet<PersonYearKey> persons, int year)
    {
        if (Kind != StepKind.Note && Row.Assessed is { } before)
        {
            persons.Add(before.Person);
        }

        if (Kind == StepKind.Assess)
        {
            persons.Add(new(Taxable!.Goods.BuyerIndex, year));
        }
    }
}
