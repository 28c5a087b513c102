using System.Reflection;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sandan.Shared.Audit;
using Sandan.Shared.Http;
using Sandan.Shared.Messaging;
using Sandan.Shared.Sandbox;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;
using Sandan.Shared.Telemetry;

namespace Sandan.Shared;

/// <summary>
/// What every service is made of: its own database and migrations, outbox and relay, inbox and consumers, callers
/// known from the gateway, problems for errors, health, metrics and traces. Used by a service's <c>Program.Build</c>.
/// </summary>
public sealed class SandanService
{
    /// <summary>Longest body that a service reads, bytes. The gateway refuses larger ones before.</summary>
    public const long BodyBytesMax = 64L * 1024 * 1024;

    /// <summary>Most bytes of a body that holds no documents but says what is to be done.</summary>
    public const long SmallBodyBytesMax = 16 * 1024;

    private readonly WebApplicationBuilder builder;
    private readonly BusBuilder bus;
    private readonly KeptConnections connections = new(TimeProvider.System);
    private readonly string name;
    private readonly List<Func<IServiceProvider, CancellationToken, Task>> steps = [];
    private bool isAudited;

    private SandanService(string[] args, string name, Assembly[] assemblies)
    {
        this.name = name;
        builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = assemblies[^1].GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        Settings = SandanSettings.From(builder.Configuration);
        builder.AddSandanLogging();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
            connections.Watch(kestrel);
        });
        Services.AddSingleton(connections);
        LocalServer.Register(Services);
        builder.WebHost.UseUrls(builder.Configuration["SANDAN_LISTEN"] ?? Settings.Addresses[name].ToString());

        Services.AddSingleton(Settings);
        Services.AddSingleton(new ForcedOutcomes(Settings.IsSandbox));
        AddClock();
        Services.AddSingleton(_ => KeyRing.From(builder.Configuration, Settings.KeyFolder));
        Services.AddSingleton(provider => new DataKeyFiles(provider.GetRequiredService<KeyRing>(), Settings.DataKeyFolder));
        Services.AddSingleton<PersonalData>();
        Services.AddSingleton(_ => Database.Open(Settings, name));
        Services.AddSingleton<OutboxSignal>();
        Services.AddHostedService(provider => new StartUp(
            Settings, name, assemblies, provider.GetRequiredService<NpgsqlDataSource>(),
            [.. steps.Select(step => (Func<CancellationToken, Task>)(ct => step(provider, ct)))], provider.GetRequiredService<ILogger<StartUp>>()));
        Services.AddHostedService(provider => new OutboxRelay(
            Settings, name, provider.GetRequiredService<OutboxSignal>(), TimeProvider.System,
            provider.GetRequiredService<ILogger<OutboxRelay>>()));
        Services.AddHostedService(provider => new WaitingWatch(
            provider.GetRequiredService<NpgsqlDataSource>(), name, TimeProvider.System,
            provider.GetRequiredService<ILogger<WaitingWatch>>()));
        Services.AddHostedService(provider => new MessagePruning(
            provider.GetRequiredService<NpgsqlDataSource>(), TimeProvider.System, provider.GetRequiredService<ILogger<MessagePruning>>()));
        Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Encoder = Problems.Json.Encoder;
            json.SerializerOptions.DefaultIgnoreCondition = Problems.Json.DefaultIgnoreCondition;
        });
        bus = new(Services, Settings, name);
    }

    /// <summary>The service's configuration.</summary>
    public IConfiguration Configuration => builder.Configuration;

    /// <summary>The service's own registrations go here.</summary>
    public IServiceCollection Services => builder.Services;

    /// <summary>Where the servers and the other services are.</summary>
    public SandanSettings Settings { get; }

    /// <summary>Begins a service.</summary>
    /// <param name="args">Command line: <c>--NAME=value</c> overrides the environment.</param>
    /// <param name="name">Its name, as in <see cref="SandanSettings.Addresses"/> and Topology.</param>
    /// <param name="assemblies">Where its migrations are embedded, in order; the service itself comes last.</param>
    public static SandanService Create(string[] args, string name, params Assembly[] assemblies) =>
        new(args, name, assemblies);

    /// <summary>Names a consumer for each event that Topology gives this service.</summary>
    public SandanService Consume<TEvent, TConsumer>() where TEvent : class where TConsumer : class, IConsumer<TEvent>
    {
        bus.Consume<TEvent, TConsumer>();
        return this;
    }

    /// <summary>
    /// A step behind the migrations and before the port opens, tried again while a server is away. A step may have to be done
    /// anew from its beginning.
    /// </summary>
    public SandanService AtStart(Func<IServiceProvider, CancellationToken, Task> step)
    {
        steps.Add(step);
        return this;
    }

    /// <summary>The service does what must be answered for: it keeps an audit trail, and shows it.</summary>
    /// <exception cref="InvalidOperationException">It is none of those that verify and gateway know.</exception>
    public SandanService KeepAuditTrail()
    {
        if (!AuditTrail.Services.Contains(name))
        {
            throw new InvalidOperationException($"{name} is missing in {nameof(AuditTrail)}.{nameof(AuditTrail.Services)}.");
        }

        isAudited = true;
        Services.AddSingleton(provider => new AuditTrail(
            provider.GetRequiredService<KeyRing>(), name, TimeProvider.System,
            provider.GetRequiredService<ILogger<AuditTrail>>()));
        return this;
    }

    /// <summary>Binds and validates options from the section of their name without "Options".</summary>
    public SandanService Configure<TOptions>() where TOptions : class
    {
        Services.AddOptions<TOptions>()
            .BindConfiguration(typeof(TOptions).Name.Replace("Options", "", StringComparison.Ordinal))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        return this;
    }

    /// <summary>The application, with everything but the service's own routes.</summary>
    public WebApplication Build()
    {
        bus.Register();
        var app = builder.Build();
        connections.Use(app);
        app.UseSandanErrors();
        app.UseRouting();
        app.UseCaller();
        app.MapHealth(name);
        if (isAudited)
        {
            app.MapAudit(name);
        }

        connections.Map(app);
        app.MapGet("/metrics", () => Results.Text(MetricsText.Write(), "text/plain; version=0.0.4; charset=utf-8"));
        return app;
    }

    /// <summary>What the rules call "now". What keeps the service going has real time, which is not this one's in a sandbox.</summary>
    private void AddClock()
    {
        if (!Settings.IsSandbox)
        {
            Services.AddSingleton(TimeProvider.System);
            return;
        }

        Services.AddSingleton<SandboxClock>();
        Services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<SandboxClock>());
        if (name != ClockFollower.Keeper)
        {
            Services.AddSingleton<ClockFollower>();
            Services.AddHostedService(provider => provider.GetRequiredService<ClockFollower>());
            AtStart((provider, ct) => provider.GetRequiredService<ClockFollower>().FollowAsync(ct));
        }
    }
}
