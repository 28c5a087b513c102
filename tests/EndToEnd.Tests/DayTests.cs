namespace Sandan.EndToEnd.Tests;

/// <summary>The demonstration is a test too: it knows the right outcome of each consignment.</summary>
[Collection("one process")]
public sealed class DayTests(OneProcess system)
{
    [Fact]
    public async Task A_day_with_every_defect_comes_out_right() =>
        Assert.Equal(0, await Demo.Program.RunAsync(system.Installation.EnvironmentFile, consignments: 600, seed: 7));
}
