using Sandan.Contracts.Events;
using Sandan.Matcher.Consumers;
using Sandan.Matcher.Endpoints;
using Sandan.Matcher.Sandbox;
using Sandan.Matcher.Storage;
using Sandan.Shared;
using Sandan.Shared.Http;
using Sandan.Shared.Telemetry;

namespace Sandan.Matcher;

/// <summary>Joins order, payment and waybill, says what fits and what does not, and why.</summary>
public static class Program
{
    /// <summary>Runs the service alone in its process.</summary>
    public static async Task Main(string[] args)
    {
        using var telemetry = ProcessTelemetry.Start("matcher");
        await Build(args).RunAsync();
    }

    /// <summary>The service, ready to run in its own process or beside others.</summary>
    public static WebApplication Build(string[] args)
    {
        var service = SandanService.Create(args, "matcher", typeof(Program).Assembly)
            .Configure<MatcherOptions>()
            .Consume<OrdersAccepted, OrdersAcceptedConsumer>()
            .Consume<PaymentsAccepted, PaymentsAcceptedConsumer>()
            .Consume<WaybillsAccepted, WaybillsAcceptedConsumer>()
            .Consume<InventoriesAccepted, InventoriesAcceptedConsumer>()
            .Consume<ExportOrdersAccepted, ExportOrdersAcceptedConsumer>()
            .Consume<ExportPaymentsAccepted, ExportPaymentsAcceptedConsumer>()
            .Consume<ExportWaybillsAccepted, ExportWaybillsAcceptedConsumer>()
            .Consume<ExportInventoriesAccepted, ExportInventoriesAcceptedConsumer>()
            .Consume<WaybillStatusesAccepted, WaybillStatusesAcceptedConsumer>()
            .Consume<CompaniesRegistered, CompaniesRegisteredConsumer>()
            .Consume<ClearancesDecided, ClearancesDecidedConsumer>();
        service.Services.AddSingleton<HeldBack>();
        service.Services.AddSingleton<Matching>();
        service.Services.AddSingleton<ExportMatching>();
        service.Services.AddSingleton<Checking>().AddSingleton<ExportChecking>();
        service.Services.AddSingleton<ConsignmentReader>();
        service.Services.AddSingleton(_ => new HttpClient());
        service.Services.AddSingleton<Downstream>();
        service.Services.AddHostedService<OverdueWatch>();
        if (service.Settings.IsSandbox)
        {
            service.Services.AddHostedService<HeldBackWatch>();
        }

        var app = service.Build();
        app.MapConsignments();
        app.MapReceipts();
        app.MapCheck();
        app.MapStanding();
        return app;
    }
}
