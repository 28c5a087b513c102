using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Shared;
using Sandan.Shared.Telemetry;

namespace Sandan.Waybill;

/// <summary>Takes waybills (CEB511, of exports CEB505) and delivery states (CEB513) in, as JSON or as the official XML.</summary>
public static class Program
{
    /// <summary>Runs the service alone in its process.</summary>
    public static async Task Main(string[] args)
    {
        using var telemetry = ProcessTelemetry.Start("waybill");
        await Build(args).RunAsync();
    }

    /// <summary>The service, ready to run in its own process or beside others.</summary>
    public static WebApplication Build(string[] args)
    {
        var service = SandanService.Create(args, "waybill", IntakeService.Assembly, typeof(Program).Assembly)
            .Configure<IntakeOptions>()
            .AddDocuments()
            .AddReceipts()
            .AddIntake<WaybillKind, WaybillAccepted>()
            .AddIntake<WaybillStatusKind, WaybillStatusAccepted>()
            .AddIntake<ExportWaybillKind, ExportWaybillAccepted>();
        var app = service.Build();
        app.MapIntake<WaybillAccepted>("/v1/waybills");
        app.MapReveal<WaybillAccepted>("/v1/waybills");
        app.MapCheck<WaybillAccepted>();
        app.MapIntake<WaybillStatusAccepted>("/v1/waybill-statuses");
        app.MapIntake<ExportWaybillAccepted>("/v1/export-waybills");
        app.MapCheck<WaybillStatusAccepted>();
        app.MapCheck<ExportWaybillAccepted>();
        app.MapReceipts();
        app.MapReconciliations();
        return app;
    }
}
