using System.Diagnostics;

namespace Sandan.EndToEnd.Tests;

/// <summary>One process per service, killed and started again in the middle of a day.</summary>
public sealed class SplitTests : IAsyncLifetime
{
    private static readonly string[] Programs =
        ["Registry", "Order", "Payment", "Waybill", "Matcher", "Tax", "Customs", "Credit", "Statistics", "Gateway"];

    private readonly Installation installation = Installation.Create();
    private readonly Dictionary<string, Process> processes = [];

    public async Task InitializeAsync()
    {
        foreach (var program in Programs)
        {
            Start(program);
        }

        await installation.ReadyAsync(TimeSpan.FromMinutes(2));
    }

    public async Task DisposeAsync()
    {
        foreach (var process in processes.Values)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        await installation.DisposeAsync();
    }

    [Fact]
    public async Task A_day_comes_out_right_though_every_consumer_is_killed_in_it()
    {
        var day = Demo.Program.RunAsync(installation.EnvironmentFile, consignments: 300, seed: 1);
        foreach (var program in (string[])["Matcher", "Tax", "Customs", "Statistics", "Credit"])
        {
            processes[program].Kill();
            await processes[program].WaitForExitAsync();
            Start(program);
        }

        Assert.Equal(0, await day);

        using var client = new Client(installation);
        var recount = await client.GetAsync("operator", "/v1/statistics/recount");
        Assert.True(recount.Json["equal"]!.GetValue<bool>(), recount.Text);
    }

    private void Start(string program)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"Sandan.{program}.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in installation.Settings)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { }; // read, so that the process never waits for us
        process.BeginOutputReadLine();
        processes[program] = process;
    }
}
