using System.Net;

namespace Sandan.Twin;

/// <summary>
/// The bare twin: the main job with nothing between the bytes and the two engines, so that it shows what PostgreSQL
/// and RabbitMQ themselves allow on a machine. Binary COPY, a few fat messages, an in-memory join.
/// </summary>
/// <remarks>
/// What it answers with 200 is durable, and it loses and doubles nothing while it runs. It is no way to build the
/// thing: it cannot be restarted (what waits to be joined is only in memory, a broken connection ends it), a document
/// that is sent twice fails everything that was stored with it, and there are no callers, no validation, no
/// encryption, no versions and no rule but equality of fields that are taken to be there. Messages carry hashes of the
/// compared fields, since the join needs no more. All runs in one process. Tables: orders, payments, waybills,
/// verdict, and of those downstream tax, outcome, credit, statistics.
/// </remarks>
internal static class Program
{
    private static async Task Main(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        string Setting(string name) =>
            builder.Configuration[name] ?? throw new InvalidOperationException($"{name} is not set.");

        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, int.Parse(Setting("BASELINE_PORT"), provider: null)));
        builder.Logging.SetMinimumLevel(LogLevel.Warning);

        await using var database =
            await Database.CreateAsync(Setting("SANDAN_POSTGRES"), Setting("BASELINE_DATABASE"));
        var broker = new Broker(new(Setting("SANDAN_RABBITMQ")), Setting("BASELINE_PREFIX"));
        await broker.DeclareAsync();

        var orders = new Intake(DocumentKind.Order, database, broker);
        var payments = new Intake(DocumentKind.Payment, database, broker);
        var waybills = new Intake(DocumentKind.Waybill, database, broker);
        var tax = new Downstream("tax", "tax", database, broker);
        var customs = new Downstream("customs", "outcome", database, broker);
        var credit = new Downstream("credit", "credit", database, broker);
        var statistics = new Downstream("statistics", "statistics", database, broker);
        BackgroundService[] loops =
            [orders, payments, waybills, new Matcher(database, broker), tax, customs, credit, statistics];
        foreach (var loop in loops)
        {
            builder.Services.AddSingleton<IHostedService>(loop); // one that fails ends the process
        }

        var app = builder.Build();
        app.MapGet("/health/ready", () => TypedResults.Ok());
        app.MapGet("/progress", () => TypedResults.Text(
            $$"""
            {"tax":{{tax.Rows}},"customs":{{customs.Rows}},"credit":{{credit.Rows}},"statistics":{{statistics.Rows}}}
            """,
            "application/json"));
        app.MapPost("/v1/orders", orders.SubmitAsync);
        app.MapPost("/v1/payments", payments.SubmitAsync);
        app.MapPost("/v1/waybills", waybills.SubmitAsync);
        await app.RunAsync();
    }
}
