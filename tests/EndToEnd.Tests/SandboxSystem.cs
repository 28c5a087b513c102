using System.Globalization;
using Microsoft.AspNetCore.Builder;

namespace Sandan.EndToEnd.Tests;

/// <summary>A whole sandbox in this process, and before it the gateway of an installation that has nothing else.</summary>
public sealed class SandboxSystem : IAsyncLifetime
{
    private IReadOnlyList<WebApplication> apps = [];

    public Installation Installation { get; } = Installation.Create();

    /// <summary>Sends with the sandbox's development keys to the other gateway.</summary>
    public Client Client { get; private set; } = null!;

    /// <summary>Of the gateway that is not the sandbox's.</summary>
    public Uri Door => new($"http://127.0.0.1:{Installation.GatewayPort + Installation.Ports}");

    public async Task InitializeAsync()
    {
        string[] settings = [.. Installation.Settings.Select(one => $"--{one.Key}={one.Value}")];
        apps =
        [
            .. All.Program.Build([.. settings, "--SANDAN_ENVIRONMENT=sandbox"]),
            Gateway.Program.Build([.. settings, $"--SANDAN_PORT={Door.Port.ToString(CultureInfo.InvariantCulture)}", $"--SANDAN_SANDBOX={Installation.Gateway}"]),
        ];
        await Task.WhenAll(apps.Select(app => app.StartAsync()));
        await Installation.ReadyAsync(Eventually.Soon);
        Client = new(Installation, Door);
    }

    public async Task DisposeAsync()
    {
        Client?.Dispose();
        await Task.WhenAll(apps.Select(app => app.StopAsync()));
        foreach (var app in apps)
        {
            await app.DisposeAsync();
        }

        await Installation.DisposeAsync();
    }
}
