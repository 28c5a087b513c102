namespace Sandan.Intake.Storage;

/// <summary>A month of receipt, UTC: a part of the body log, and a data key.</summary>
internal readonly record struct Month(DateOnly First)
{
    /// <summary>202611.</summary>
    public int Number => (First.Year * 100) + First.Month;

    /// <summary>The month behind it.</summary>
    public Month Next => After(1);

    /// <summary>Its part of the body log: <c>document_block_2026_11</c>.</summary>
    public string Part => $"document_block_{First:yyyy_MM}";

    /// <summary>The month of an instant.</summary>
    public static Month Of(DateTimeOffset at) => new(new DateOnly(at.UtcDateTime.Year, at.UtcDateTime.Month, 1));

    /// <summary>The month of a <see cref="Number"/>.</summary>
    public static Month Of(int number) => new(new DateOnly(number / 100, number % 100, 1));

    /// <summary>So many months later.</summary>
    public Month After(int months) => new(First.AddMonths(months));
}
