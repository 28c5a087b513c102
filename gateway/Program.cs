using Sandan.Gateway.Authentication;
using Sandan.Gateway.Endpoints;
using Sandan.Gateway.Limits;
using Sandan.Gateway.Proxy;
using Sandan.Shared.Http;
using Sandan.Shared.Telemetry;

namespace Sandan.Gateway;

/// <summary>The one door: knows who sends, keeps limits, and passes on to the service that answers.</summary>
public static class Program
{
    /// <summary>The gateway by itself.</summary>
    public static void Main(string[] args)
    {
        using var telemetry = ProcessTelemetry.Start("gateway");
        Build(args).Run();
    }

    /// <summary>The gateway, not yet started.</summary>
    /// <param name="args">Command line: <c>--NAME=value</c> overrides the environment and appsettings.json.</param>
    public static WebApplication Build(string[] args)
    {
        var builder = GatewayHost.CreateBuilder(args);
        builder.AddAuthentication();
        builder.AddLimits();
        builder.AddForwarding();
        builder.AddEndpoints();

        var app = builder.Build();
        app.UseMiddleware<TraceHeader>();
        app.UseMiddleware<SafetyHeaders>();
        app.UseSandanErrors();
        app.UseMiddleware<BodyLimit>();
        app.UseSandboxDoor();
        app.UseMiddleware<AnyMessage>();
        app.UseRouting();
        app.UseMiddleware<KeyAuthentication>();
        app.UseMiddleware<CompanyRateLimit>();
        app.MapGatewayEndpoints();
        app.MapForwarding();
        return app;
    }
}
