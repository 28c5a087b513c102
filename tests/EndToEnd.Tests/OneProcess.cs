using Microsoft.AspNetCore.Builder;
using Sandan.Shared.Telemetry;

namespace Sandan.EndToEnd.Tests;

/// <summary>The whole system in this process, as services/all runs it, shared by the tests of a class collection.</summary>
public sealed class OneProcess : IAsyncLifetime
{
    private readonly IDisposable telemetry = ProcessTelemetry.Start("test");
    private IReadOnlyList<WebApplication> apps = [];

    public Installation Installation { get; } = Installation.Create();

    public Client Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        apps = All.Program.Build([.. Installation.Settings.Select(one => $"--{one.Key}={one.Value}")]);
        await Task.WhenAll(apps.Select(app => app.StartAsync()));
        await Installation.ReadyAsync(Eventually.Soon);
        Client = new(Installation);
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
        telemetry.Dispose();
    }
}

/// <summary>Tests that share one running system; each uses order numbers of its own.</summary>
[CollectionDefinition("one process")]
public sealed class OneProcessTests : ICollectionFixture<OneProcess>;
