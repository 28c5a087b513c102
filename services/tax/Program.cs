using Sandan.Contracts.Events;
using Sandan.Shared;
using Sandan.Shared.Telemetry;
using Sandan.Tax.Consumers;
using Sandan.Tax.Endpoints;

namespace Sandan.Tax;

/// <summary>Assesses the tax of matched retail imports and keeps the annual limit of every person.</summary>
public static class Program
{
    /// <summary>Runs the service alone in its process.</summary>
    public static async Task Main(string[] args)
    {
        using var telemetry = ProcessTelemetry.Start("tax");
        await Build(args).RunAsync();
    }

    /// <summary>The service, ready to run in its own process or beside others.</summary>
    public static WebApplication Build(string[] args) => Build(args, null);

    /// <summary>The same by another clock, where one is given.</summary>
    internal static WebApplication Build(string[] args, TimeProvider? time)
    {
        var service = SandanService.Create(args, "tax", typeof(Program).Assembly)
            .Consume<ConsignmentsJudged, ConsignmentsJudgedConsumer>()
            .Consume<ClearancesDecided, ClearancesDecidedConsumer>()
            .Consume<GoodsFiled, GoodsFiledConsumer>()
            .Consume<ReturnsReleased, ReturnsReleasedConsumer>()
            .Configure<TaxOptions>();
        if (time is not null)
        {
            service.Services.AddSingleton(time);
        }

        service.Services.AddSingleton(PositiveListFile.Load());
        service.Services.AddSingleton<Assessor>();
        service.Services.AddSingleton<Reassessment>();
        service.Services.AddHostedService(provider => provider.GetRequiredService<Reassessment>());
        var app = service.Build();
        app.MapTaxes();
        return app;
    }
}
