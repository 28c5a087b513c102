using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Sandan.Shared.Telemetry;

/// <summary>
/// Telemetry of a process, wired once by its <c>Main</c>: several services in one process share it. Traces and metrics
/// leave by OTLP when OTEL_EXPORTER_OTLP_ENDPOINT is set; trace ids exist in any case.
/// </summary>
public static class ProcessTelemetry
{
    /// <summary>Starts it; dispose at the end to flush.</summary>
    /// <param name="process">service.name of the process.</param>
    public static IDisposable Start(string process)
    {
        // ASP.NET tags its spans only with this switch, and only if it is set before the first request.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        MetricsText.Start();
        var export = Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 };
        return OpenTelemetrySdk.Create(telemetry =>
        {
            telemetry.ConfigureResource(resource => resource.AddService(process, "sandan"));
            telemetry.WithTracing(traces =>
            {
                traces.AddSource(SandanActivity.Source.Name, "Microsoft.AspNetCore", "System.Net.Http", "Yarp.ReverseProxy").AddProcessor(new SecretPaths());
                if (export)
                {
                    traces.AddOtlpExporter();
                }
            });
            if (export)
            {
                telemetry.WithMetrics(metrics => metrics
                    .AddMeter(SandanActivity.Meter.Name, "Npgsql", "Microsoft.AspNetCore.Hosting", "System.Runtime")
                    .AddOtlpExporter());
            }
        });
    }
}
