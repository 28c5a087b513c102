namespace Sandan.Tax.Domain;

/// <summary>One line of what was assessed, and how much of it came back.</summary>
/// <param name="Value">Its dutiable value, CNY.</param>
/// <param name="Quantity">In the declared unit, above 0, as the next.</param>
internal readonly record struct ReturnedLine(decimal Value, decimal Quantity, decimal Returned)
{
    /// <summary>What comes back of the value; a part is rounded half-up to the fen.</summary>
    public decimal ReturnedValue => IsWhole ? Value : Math.Round(Value * Returned / Quantity, 2, MidpointRounding.AwayFromZero);

    /// <summary>True where nothing of it is left with the buyer.</summary>
    public bool IsWhole => Returned >= Quantity;
}

/// <summary>What goes back to a person's year when goods come back.</summary>
/// <remarks>
/// GACC 2020-45 restores the amount of what is returned. Proposed: a line goes back by its dutiable value, freight and insurance with it,
/// as it was counted; weights go back when all of the goods have.
/// </remarks>
internal static class ReturnedGoods
{
    /// <summary>What is given back of a booking by all returns so far: the same in whatever order they came.</summary>
    /// <param name="lines">Every line of the assessment.</param>
    /// <param name="booked">What the assessment took of the year before anything came back.</param>
    /// <returns>Never more than <paramref name="booked"/>.</returns>
    public static PersonYear Of(IReadOnlyCollection<ReturnedLine> lines, PersonYear booked) =>
        lines.All(line => line.IsWhole) ? booked : new(Math.Min(booked.UsedCny, lines.Sum(line => line.ReturnedValue)), PersonYear.Empty.UsedKg);
}
