using Sandan.Contracts.Events;
using Sandan.Credit.Consumers;
using Sandan.Credit.Endpoints;
using Sandan.Credit.Storage;
using Sandan.Shared;
using Sandan.Shared.Telemetry;

namespace Sandan.Credit;

/// <summary>What each company did, and the score that follows from it.</summary>
public static class Program
{
    /// <summary>The service by itself.</summary>
    public static void Main(string[] args)
    {
        using var telemetry = ProcessTelemetry.Start("credit");
        Build(args).Run();
    }

    /// <summary>The service, not yet started.</summary>
    /// <param name="args">Command line: <c>--NAME=value</c> overrides the environment.</param>
    public static WebApplication Build(string[] args)
    {
        var service = SandanService.Create(args, "credit", typeof(Program).Assembly)
            .Consume<ConsignmentsJudged, ConsignmentsJudgedConsumer>()
            .Consume<ConsignmentsOverdue, ConsignmentsOverdueConsumer>()
            .Consume<DeliveriesOverdue, DeliveriesOverdueConsumer>()
            .Consume<ClearancesDecided, ClearancesDecidedConsumer>()
            .Configure<CreditOptions>();
        service.Services.AddSingleton<RecordLine>();
        service.Services.AddSingleton<CreditStore>();
        var app = service.Build();
        app.MapCompanyCredit();
        return app;
    }
}
