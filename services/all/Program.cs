using Sandan.Shared;
using Sandan.Shared.Audit;
using Sandan.Shared.Security;
using Sandan.Shared.Telemetry;

namespace Sandan.All;

/// <summary>Every service and the gateway in one process, each on its own port: the laptop's default.</summary>
public static class Program
{
    /// <summary>
    /// Builds them all, starts them together and ends when they have ended. Or does what an operator asks: <c>verify [FILE]</c>
    /// follows the audit trails, <c>rotate-master-key</c> puts a new master key into force, <c>lint FILE…</c> says what is wrong
    /// with official messages.
    /// </summary>
    public static async Task<int> Main(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        switch (args)
        {
            case ["verify", .. var rest]:
                return await VerifyCommand.RunAsync(configuration, rest.FirstOrDefault(), Console.Out);
            case ["lint", .. var rest]:
                return await LintCommand.RunAsync(rest, Console.Out);
            case ["rotate-master-key"]:
                var (folder, dataKeys) = SandanSettings.KeyFoldersFrom(configuration);
                var keys = KeyRing.From(configuration, folder);
                Console.WriteLine($"{MasterKeyRotation.Run(keys, new(keys, dataKeys))} data keys are wrapped by the new master key.");
                return 0;
        }

        using var telemetry = ProcessTelemetry.Start("sandan");
        var apps = Build(args);
        try
        {
            await Task.WhenAll(apps.Select(app => app.StartAsync()));
            await Task.WhenAll(apps.Select(app => app.WaitForShutdownAsync()));
            return 0;
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
