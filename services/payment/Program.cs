using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Payment.OriginalData;
using Sandan.Shared;
using Sandan.Shared.Telemetry;

namespace Sandan.Payment;

/// <summary>Takes payments in: CEB411, as JSON or as the official XML.</summary>
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
            .AddOriginalData();
        var app = service.Build();
        app.MapIntake<PaymentAccepted>("/v1/payments");
        app.MapReveal<PaymentAccepted>("/v1/payments");
        app.MapReceipts();
        app.MapReconciliations();
        app.MapOriginalData();
        return app;
    }
}
