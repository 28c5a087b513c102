using System.Net;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Sandan.Naive;

/// <summary>
/// The naive baseline: the main job as it is usually written in .NET. Minimal API, EF Core, MassTransit; one message
/// per document, and every consumer loads a row, changes it and saves it.
/// </summary>
/// <remarks>
/// It is correct (nothing lost, nothing twice, under concurrency) and leaves out what the comparison does not need:
/// callers and keys, validation, encryption of personal data, changed and deleted versions, every rule but plain
/// equality, an outbox. All runs in one process, as in <c>./sandan up</c>. Tables: orders, order_items, payments,
/// waybills, consignments, and of those downstream tax, outcome, credit, statistics.
/// </remarks>
internal static class Program
{
    private static async Task Main(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        string Setting(string name) =>
            builder.Configuration[name] ?? throw new InvalidOperationException($"{name} is not set.");

        var prefix = Setting("BASELINE_PREFIX");
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, int.Parse(Setting("BASELINE_PORT"), provider: null)));

        // Two documents of one consignment at the same moment are an error to EF Core, though the retry mends it.
        builder.Logging.SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical)
            .AddFilter("MassTransit", LogLevel.Error);
        builder.Services.AddSingleton<Progress>();
        builder.Services.AddHealthChecks();
        builder.Services.AddDbContextPool<BaselineContext>(options =>
            options.UseNpgsql($"{Setting("SANDAN_POSTGRES")};Database={Setting("BASELINE_DATABASE")}"));
        builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddConsumer<MatcherConsumer>();
            bus.AddConsumer<TaxConsumer>();
            bus.AddConsumer<CustomsConsumer>();
            bus.AddConsumer<CreditConsumer>();
            bus.AddConsumer<StatisticsConsumer>();
            bus.SetEndpointNameFormatter(new DefaultEndpointNameFormatter(prefix, includeNamespace: false));
            bus.AddConfigureEndpointsCallback((_, _, endpoint) =>
            {
                endpoint.UseMessageRetry(retry => retry.Intervals(10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000));
                if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
                {
                    queue.SetQuorumQueue();
                    queue.PurgeOnStartup = true; // the database is new as well
                }
            });
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(new Uri(Setting("SANDAN_RABBITMQ")));
                rabbit.MessageTopology.SetEntityNameFormatter(
                    new PrefixEntityNameFormatter(rabbit.MessageTopology.EntityNameFormatter, prefix));
                rabbit.PrefetchCount = 16; // of each queue; 32 was no faster on two cores
                rabbit.ConfigureEndpoints(context);
            });
        });

        var app = builder.Build();
        app.MapHealthChecks("/health/ready");
        app.MapGet("/progress", (Progress progress) => progress.Now());
        app.MapIntake();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<BaselineContext>().Database;
            await database.EnsureDeletedAsync();
            await database.EnsureCreatedAsync();
        }

        await app.RunAsync();
    }
}
