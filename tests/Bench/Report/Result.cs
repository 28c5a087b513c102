namespace Sandan.Bench.Report;

/// <summary>A figure that is demanded.</summary>
/// <param name="Must">What it is to be at least, or at most.</param>
internal sealed record Figure(string Name, double Value, string Unit, double Must, bool AtMost = false)
{
    public bool IsMet => AtMost ? Value <= Must : Value >= Must;
}

/// <summary>What came of a scenario.</summary>
/// <param name="Faults">Of the books; one makes the run void.</param>
internal sealed record Result(string Scenario, IReadOnlyList<Level> Levels, IReadOnlyList<Figure> Figures, IReadOnlyCollection<string> Faults);

/// <summary>Everything that a run of the benchmark says.</summary>
internal sealed record Results(string Command, Facts Facts, IReadOnlyList<Result> Scenarios);
