using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Payment.OriginalData;
using Sandan.Shared;
using Sandan.Shared.Telemetry;

namespace Sandan.Payment;

/// <summary>Takes payments (CEB411) and receipts of payment for exports (CEB403) in, as JSON or as the official XML.</summary>
public static class Program
{
    /// <summary>Runs the service alone in its process.</summary>
    public static async Task Main(string[] args)
    {
        using var telemetry = ProcessTelemetry.Start("payment");
        await Build(args).RunAsync();
    }

    /// <summary>The service, ready to run in its own process or beside others.</summary>
    public static WebApplication Build(string[] args)
    {
        var service = SandanService.Create(args, "payment", IntakeService.Assembly, typeof(Program).Assembly)
            .Configure<IntakeOptions>()
            .AddDocuments()
            .AddReceipts()
            .AddIntake<PaymentKind, PaymentAccepted>()
            .AddIntake<ExportPaymentKind, ExportPaymentAccepted>()
            .AddOriginalData();
        var app = service.Build();
        app.MapIntake<PaymentAccepted>("/v1/payments");
        app.MapReveal<PaymentAccepted>("/v1/payments");
        app.MapIntake<ExportPaymentAccepted>("/v1/export-payments");
        app.MapCheck<ExportPaymentAccepted>();
        app.MapCheck<PaymentAccepted>();
        app.MapReceipts();
        app.MapReconciliations();
        app.MapOriginalData();
        return app;
    }
}
