using Sandan.Registry.Development;
using Sandan.Registry.Endpoints;
using Sandan.Registry.Sandbox;
using Sandan.Registry.Storage;
using Sandan.Shared;
using Sandan.Shared.Telemetry;

namespace Sandan.Registry;

/// <summary>Who may send, and the goods they filed (备案).</summary>
public static class Program
{
    /// <summary>The service by itself.</summary>
    public static void Main(string[] args)
    {
        using var telemetry = ProcessTelemetry.Start("registry");
        Build(args).Run();
    }

    /// <summary>The service, not yet started.</summary>
    /// <param name="args">Command line: <c>--NAME=value</c> overrides the environment.</param>
    public static WebApplication Build(string[] args)
    {
        var service = SandanService.Create(args, "registry", typeof(Program).Assembly).KeepAuditTrail();
        service.Services.AddSingleton<CompanyStore>();
        service.Services.AddSingleton<KeyStore>();
        service.Services.AddSingleton<CertificateStore>();
        service.Services.AddSingleton<GoodsStore>();
        if (service.Configuration["SANDAN_DEVELOPMENT_ENV"] is { Length: > 0 } path)
        {
            service.AtStart((provider, ct) => ActivatorUtilities.CreateInstance<DevelopmentSeed>(provider, path).RunAsync(ct));
        }

        if (service.Settings.IsSandbox)
        {
            service.Configure<SandboxOptions>().AtStart((provider, ct) => provider.GetRequiredService<ClockStore>().LoadAsync(ct));
            service.Services.AddSingleton<ClockStore>();
            service.Services.AddHostedService(provider => provider.GetRequiredService<ClockStore>());
        }

        var app = service.Build();
        app.MapCompanies();
        app.MapKeys();
        app.MapCertificates();
        app.MapGoods();
        if (service.Settings.IsSandbox)
        {
            app.MapClock();
            app.MapTenants();
        }

        return app;
    }
}
