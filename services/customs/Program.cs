using Sandan.Contracts.Events;
using Sandan.Customs.Consumers;
using Sandan.Customs.Declarations;
using Sandan.Customs.Endpoints;
using Sandan.Customs.Exports;
using Sandan.Customs.Feed;
using Sandan.Customs.Stock;
using Sandan.Customs.Storage;
using Sandan.Customs.Warehousing;
using Sandan.Intake;
using Sandan.Shared;
using Sandan.Shared.Telemetry;

namespace Sandan.Customs;

/// <summary>Takes inventories in, decides on consignments and on these, and tells everyone who may know: the feed.</summary>
public static class Program
{
    /// <summary>The service by itself.</summary>
    public static void Main(string[] args)
    {
        using var telemetry = ProcessTelemetry.Start("customs");
        Build(args).Run();
    }

    /// <summary>The service, not yet started.</summary>
    /// <param name="args">Command line: <c>--NAME=value</c> overrides the environment.</param>
    public static WebApplication Build(string[] args)
    {
        var service = SandanService.Create(args, "customs", IntakeService.Assembly, typeof(Program).Assembly)
            .Consume<ConsignmentsJudged, ConsignmentsJudgedConsumer>()
            .Consume<ConsignmentsOverdue, ConsignmentsOverdueConsumer>()
            .Consume<DeliveriesOverdue, DeliveriesOverdueConsumer>()
            .Consume<TaxesAssessed, TaxesAssessedConsumer>()
            .Consume<InventoriesJudged, InventoriesJudgedConsumer>()
            .Consume<CancellationsAccepted, CancellationsAcceptedConsumer>()
            .Consume<ReturnsAccepted, ReturnsAcceptedConsumer>()
            .Consume<ClearancesDecided, ClearancesDecidedConsumer>()
            .Consume<ExportInventoriesJudged, ExportInventoriesJudgedConsumer>()
            .Consume<ExportCancellationsAccepted, ExportCancellationsAcceptedConsumer>()
            .Consume<TransportsAccepted, TransportsAcceptedConsumer>()
            .Consume<ExportReturnsAccepted, ExportReturnsAcceptedConsumer>()
            .Consume<SummariesAccepted, SummariesAcceptedConsumer>()
            .Consume<WarehousingsAccepted, WarehousingsAcceptedConsumer>()
            .Configure<CustomsOptions>()
            .Configure<IntakeOptions>()
            .AddDocuments()
            .AddIntake<InventoryKind, InventoryAccepted>()
            .AddIntake<CancellationKind, CancellationAccepted>()
            .AddIntake<ReturnKind, ReturnAccepted>()
            .AddIntake<ExportInventoryKind, ExportInventoryAccepted>()
            .AddIntake<ExportCancellationKind, ExportCancellationKind.Accepted>()
            .AddIntake<ManifestKind, ManifestKind.Accepted>()
            .AddIntake<ArrivalKind, ArrivalKind.Accepted>()
            .AddIntake<DepartureKind, DepartureKind.Accepted>()
            .AddIntake<ExportReturnKind, ExportReturnAccepted>()
            .AddIntake<TallyKind, TallyKind.Accepted>()
            .AddIntake<SummaryKind, SummaryPart>()
            .AddIntake<WarehousingKind, WarehousingKind.Accepted>()
            .AtStart((provider, ct) => provider.GetRequiredService<InventoryStore>().NameParcelsAsync(ct));
        service.Services.AddSingleton<ExportDesk>().AddSingleton<ExportStore>().AddSingleton<TransportDesk>().AddSingleton<TransportStore>()
            .AddSingleton<SummaryDesk>().AddSingleton<SummaryStore>();
        service.Services.AddSingleton<ExportReturnDesk>().AddSingleton<ExportReturnStore>()
            .AddSingleton<ReturnDesk<ExportReturnAccepted>>(provider => provider.GetRequiredService<ExportReturnDesk>());
        service.Services.AddSingleton<WarehousingDesk>().AddSingleton<StockReader>().AddSingleton<Trials>();
        service.Services.AddSingleton<ReturnDesk>().AddSingleton<ReturnStore>()
            .AddSingleton<ReturnDesk<ReturnAccepted>>(provider => provider.GetRequiredService<ReturnDesk>())
            .AddSingleton<InventoryDesk>().AddSingleton<InventoryStore>().AddSingleton<TaxBillStore>().AddHostedService<TaxBillWatch>().AddSingleton<ReceiptStore>()
            .AddSingleton<ILaterReceipts>(provider => provider.GetRequiredService<ReceiptStore>());
        service.Services.AddSingleton<ClearanceStore>().AddSingleton<DecisionStore>().AddSingleton<ClearanceDesk>()
            .AddSingleton<CustomsMetrics>().AddSingleton<FeedStore>().AddSingleton<FeedSignal>().AddSingleton<FeedStreams>()
            .AddHostedService<FeedWatch>();
        var app = service.Build();
        app.MapIntake<InventoryAccepted>("/v1/inventories");
        app.MapReveal<InventoryAccepted>("/v1/inventories");
        app.MapIntake<CancellationAccepted>("/v1/cancellations");
        app.MapReveal<CancellationAccepted>("/v1/cancellations");
        app.MapIntake<ReturnAccepted>("/v1/returns");
        app.MapReveal<ReturnAccepted>("/v1/returns");
        app.MapIntake<ExportInventoryAccepted>("/v1/export-inventories");
        app.MapIntake<ExportCancellationKind.Accepted>("/v1/export-cancellations");
        app.MapIntake<ManifestKind.Accepted>("/v1/manifests");
        app.MapIntake<ArrivalKind.Accepted>("/v1/arrivals");
        app.MapIntake<DepartureKind.Accepted>("/v1/departures");
        app.MapIntake<ExportReturnAccepted>("/v1/export-returns");
        app.MapIntake<TallyKind.Accepted>("/v1/export-return-tallies");
        app.MapIntake<SummaryPart>("/v1/summaries");
        app.MapIntake<WarehousingKind.Accepted>("/v1/warehousings");
        app.MapChecks();
        app.MapReceipts();
        app.MapReconciliations();
        app.MapInventories();
        app.MapReturns<ReturnAccepted>("/v1/returns", ReturnView.ShowAsync);
        app.MapReturns<ExportReturnAccepted>("/v1/export-returns", ExportReturnView.ShowAsync);
        app.MapExports();
        app.MapSummaries();
        app.MapWarehousings();
        app.MapStock();
        app.MapStanding();
        app.MapClearances();
        app.MapOfficerActions();
        app.MapEvents();
        app.MapEventStream();
        return app;
    }
}
