using Sandan.Contracts.Events;
using Sandan.Shared;
using Sandan.Shared.Telemetry;
using Sandan.Statistics.Consumers;
using Sandan.Statistics.Endpoints;
using Sandan.Statistics.Storage;

namespace Sandan.Statistics;

/// <summary>Preliminary figures of what was released, and where consignments stand.</summary>
public static class Program
{
    /// <summary>
    /// The service by itself; or <c>recount</c>: count anew, say what differs, exit 1 if anything does.
    /// </summary>
    public static async Task<int> Main(string[] args)
    {
        if (args is ["recount", ..])
        {
            return await RecountCommand.RunAsync(args[1..]);
        }

        using var telemetry = ProcessTelemetry.Start("statistics");
        await Build(args).RunAsync();
        return 0;
    }

    /// <summary>The service, not yet started.</summary>
    /// <param name="args">Command line: <c>--NAME=value</c> overrides the environment.</param>
    public static WebApplication Build(string[] args)
    {
        var service = SandanService.Create(args, "statistics", typeof(Program).Assembly)
            .Consume<ConsignmentsJudged, ConsignmentsJudgedConsumer>()
            .Consume<ClearancesDecided, ClearancesDecidedConsumer>()
            .Configure<StatisticsOptions>();
        service.Services.AddSingleton<FactLine>();
        service.Services.AddSingleton<TallyReader>();
        var app = service.Build();
        app.MapSummary();
        app.MapRecount();
        return app;
    }
}
