using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Shared;
using Sandan.Shared.Telemetry;

namespace Sandan.Order;

/// <summary>Takes orders in: CEB311 and, of exports, CEB303, as JSON or as the official XML.</summary>
public static class Program
{
    /// <summary>Runs the service alone in its process.</summary>
    public static async Task Main(string[] args)
    {
        using var telemetry = ProcessTelemetry.Start("order");
        await Build(args).RunAsync();
    }

    /// <summary>The service, ready to run in its own process or beside others.</summary>
    public static WebApplication Build(string[] args)
    {
        var service = SandanService.Create(args, "order", IntakeService.Assembly, typeof(Program).Assembly)
            .Configure<IntakeOptions>()
            .AddDocuments()
            .AddReceipts()
            .AddIntake<OrderKind, OrderAccepted>()
            .AddIntake<ExportOrderKind, ExportOrderAccepted>();
        var app = service.Build();
        app.MapIntake<OrderAccepted>("/v1/orders");
        app.MapReveal<OrderAccepted>("/v1/orders");
        app.MapIntake<ExportOrderAccepted>("/v1/export-orders");
        app.MapCheck<OrderAccepted>();
        app.MapCheck<ExportOrderAccepted>();
        app.MapReceipts();
        app.MapReconciliations();
        return app;
    }
}
