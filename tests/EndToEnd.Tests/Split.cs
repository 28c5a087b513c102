using System.Diagnostics;

namespace Sandan.EndToEnd.Tests;

/// <summary>One process per service and one for the gateway, shared by the tests of a class.</summary>
public sealed class Split : IAsyncLifetime
{
    /// <summary>In the order of their ports: base + 1 and so on; the gateway has one of its own.</summary>
    public static readonly IReadOnlyList<string> Services =
        ["Registry", "Order", "Payment", "Waybill", "Matcher", "Tax", "Customs", "Credit", "Statistics"];

    private static readonly TimeSpan StartMax = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, Process> processes = [];

    public Installation Installation { get; } = Installation.Create();

    public Collector Collector { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Collector = await Collector.StartAsync();
        foreach (var program in Services.Append("Gateway"))
        {
            Start(program);
        }

        await Installation.ReadyAsync(StartMax);
    }

    public async Task DisposeAsync()
    {
        foreach (var process in processes.Values)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        await Installation.DisposeAsync();
        await Collector.DisposeAsync();
    }

    /// <summary>Kills a service, and starts it again without waiting for it.</summary>
    public async Task KillAsync(string service)
    {
        processes[service].Kill();
        await processes[service].WaitForExitAsync();
        Start(service);
    }

    /// <summary>Asks a service to end, starts it again when it has, and waits until it is ready.</summary>
    public async Task RestartAsync(string service)
    {
        using (var asked = Process.Start("kill", ["-TERM", $"{processes[service].Id}"]))
        {
            await asked.WaitForExitAsync();
        }

        await processes[service].WaitForExitAsync();
        Assert.True(processes[service].ExitCode == 0, $"{service} ended with {processes[service].ExitCode}.");
        processes[service].Dispose();
        Start(service);
        var port = Installation.GatewayPort + 1 + Services.ToList().IndexOf(service);
        await Installation.ReadyAsync(StartMax, new($"http://127.0.0.1:{port}"));
    }

    private void Start(string program)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"Sandan.{program}.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in Installation.Settings.Concat(Collector.Settings))
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { }; // read, so that the process never waits for us
        process.BeginOutputReadLine();
        processes[program] = process;
    }
}
