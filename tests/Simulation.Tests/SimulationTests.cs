using System.Globalization;

namespace Sandan.Simulation.Tests;

/// <summary><c>SANDAN_SEEDS=1000000</c> sets the number of seeds, <c>SANDAN_SEED=17</c> runs one.</summary>
public sealed class SimulationTests
{
    private const int SeedsDefault = 10_000;

    [Fact]
    public void Whatever_crashes_repeats_or_overtakes_every_seed_ends_as_the_oracle_says()
    {
        var seeds = Environment.GetEnvironmentVariable("SANDAN_SEED") is { } one
            ? [Number(one)]
            : Enumerable.Range(1, Environment.GetEnvironmentVariable("SANDAN_SEEDS") is { } count ? Number(count) : SeedsDefault);
        var (steps, accidents, failed) = (0L, 0L, new List<string>());
        foreach (var seed in seeds)
        {
            var simulation = new Simulation(seed);
            var faults = simulation.Run();
            (steps, accidents) = (steps + simulation.Steps, accidents + simulation.Accidents);
            if (faults.Count > 0)
            {
                failed.Add($"seed {seed}: {string.Join(" ", faults)}");
            }
        }

        Assert.True(failed.Count == 0, $"{failed.Count} seeds fail:\n{string.Join('\n', failed.Take(10))}");
        Assert.True(accidents > seeds.Count() * 2, $"Only {accidents} accidents in {steps} steps: nothing was tried.");
    }

    [Fact]
    public void A_seed_runs_the_same_again()
    {
        var (one, other) = (new Simulation(42), new Simulation(42));
        one.Run();
        other.Run();
        Assert.Equal((one.Steps, one.Accidents), (other.Steps, other.Accidents));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
