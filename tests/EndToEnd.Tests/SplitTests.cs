using System.Diagnostics;

namespace Sandan.EndToEnd.Tests;

/// <summary>One process per service, killed and started again in the middle of a day.</summary>
public sealed class SplitTests : IAsyncLifetime
{
    private static readonly string[] Programs =
        ["Registry", "Order", "Payment", "Waybill", "Matcher", "Tax", "Customs", "Credit", "Statistics", "Gateway"];

    private readonly Installation installation = Installation.Create();
    private readonly Dictionary<string, Process> processes = [];
    private Collector collector = null!;

    public async Task InitializeAsync()
    {
        collector = await Collector.StartAsync();
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
        await collector.DisposeAsync();
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

    [Fact]
    public async Task One_trace_runs_through_every_process_from_the_request_to_the_clearance()
    {
        using var client = new Client(installation);
        var orderNo = Documents.NewNumber();
        await client.PostAsync("platform", "/v1/orders", Documents.Order(orderNo));
        await client.PostAsync("payment", "/v1/payments", Documents.Payment(orderNo));
        var last = await client.PostAsync("logistics", "/v1/waybills", Documents.Waybill(orderNo));

        var trace = last.Json["traceId"]!.ToString();
        foreach (var process in (string[])["gateway", "waybill", "matcher", "tax", "customs", "credit", "statistics"])
        {
            await Eventually.IsTrueAsync(
                Eventually.Soon, $"{process} tells of its part", () => Task.FromResult(collector.HasSpan(process, trace)));
        }

        Assert.False(collector.Tells(Documents.Order(orderNo)["buyerName"]!.ToString()));
    }

    private void Start(string program)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"Sandan.{program}.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in installation.Settings.Concat(collector.Settings))
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { }; // read, so that the process never waits for us
        process.BeginOutputReadLine();
        processes[program] = process;
    }
}
