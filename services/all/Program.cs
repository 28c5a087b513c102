using Sandan.Shared.Telemetry;

namespace Sandan.All;

/// <summary>Every service and the gateway in one process, each on its own port: the laptop's default.</summary>
public static class Program
{
    /// <summary>Builds them all, starts them together and ends when they have ended.</summary>
    public static async Task Main(string[] args)
    {
        using var telemetry = ProcessTelemetry.Start("sandan");
        var apps = Build(args);
        try
        {
            await Task.WhenAll(apps.Select(app => app.StartAsync()));
            await Task.WhenAll(apps.Select(app => app.WaitForShutdownAsync()));
        }
        finally
        {
            foreach (var app in apps)
            {
                await app.DisposeAsync();
            }
        }
    }

    /// <summary>The applications, the gateway last.</summary>
    public static IReadOnlyList<WebApplication> Build(string[] args) =>
    [
        Registry.Program.Build(args),
        Order.Program.Build(args),
        Payment.Program.Build(args),
        Waybill.Program.Build(args),
        Matcher.Program.Build(args),
        Tax.Program.Build(args),
        Customs.Program.Build(args),
        Credit.Program.Build(args),
        Statistics.Program.Build(args),
        Gateway.Program.Build(args),
    ];
}
