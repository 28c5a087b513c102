using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Shared.Http;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Shared.IntegrationTests;

/// <summary>What a test's service does with decisions.</summary>
internal sealed class Handling
{
    public ItemHandler<ClearanceDecided> Handler { get; set; } = RecordAsync;

    /// <summary>When a consumer is made.</summary>
    public Action Making { get; set; } = () => { };

    /// <summary>What <c>/open/until</c> waits for, and how it says that it does.</summary>
    public TaskCompletionSource Until { get; } = new();
    public TaskCompletionSource Waits { get; } = new();

    /// <summary>One effect per item, in one statement.</summary>
    public static Task RecordAsync(UnitOfWork unit, IReadOnlyList<ClearanceDecided> items, CancellationToken ct) => unit.ExecuteAsync(
        "INSERT INTO effect (order_no) SELECT * FROM unnest($1)", ct, (object)items.Select(item => item.OrderNo).ToArray());
}

internal sealed class DecidedConsumer : IConsumer<ClearancesDecided>
{
    private readonly Inbox inbox;
    private readonly Handling handling;

    public DecidedConsumer(Inbox inbox, Handling handling)
    {
        (this.inbox, this.handling) = (inbox, handling);
        handling.Making();
    }

    public Task Consume(ConsumeContext<ClearancesDecided> context) =>
        inbox.OnceAsync(context, context.Message.Decisions, (unit, items, ct) => handling.Handler(unit, items, ct));
}

internal sealed class JudgedConsumer(Inbox inbox) : IConsumer<ConsignmentsJudged>
{
    public Task Consume(ConsumeContext<ConsignmentsJudged> context) =>
        inbox.OnceAsync(context, context.Message.Consignments, (_, _, _) => Task.CompletedTask);
}

/// <summary>What a service wrote into its log, warnings and worse.</summary>
internal sealed class Logs : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Lines.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
        // Lines are read after the end too.
    }
}

/// <summary>A service as they all are, in the place of statistics, with routes that go wrong in every way.</summary>
internal sealed class TestService : IAsyncDisposable
{
    public const string Name = "statistics";

    private TestService(WebApplication app, Logs logs) => (App, Logs) = (app, logs);

    public Logs Logs { get; }

    public WebApplication App { get; }

    public Handling Handling => App.Services.GetRequiredService<Handling>();

    public static TestService Build(Rig rig)
    {
        var logs = new Logs();
        var service = SandanService.Create(rig.Args, Name, typeof(TestService).Assembly)
            .Consume<ConsignmentsJudged, JudgedConsumer>()
            .Consume<ClearancesDecided, DecidedConsumer>();
        service.Services.AddSingleton<Handling>();
        service.Services.AddSingleton<ILoggerProvider>(logs);
        var app = service.Build();
        app.MapPost("/v1/decide/{orderNo}", async (string orderNo, NpgsqlDataSource database, OutboxSignal signal, CancellationToken ct) =>
        {
            await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
            unit.Publish(new ClearancesDecided([Decision(orderNo)]));
            await unit.CommitAsync(ct);
            return Results.Accepted();
        });
        app.MapGet("/v1/who", (HttpContext context) => context.GetCaller());
        app.MapGet("/v1/officers", () => "officers only").RequireRole(Roles.Customs);
        app.MapGet("/internal/who", (HttpContext context) => context.GetCaller());
        app.MapGet("/open/broken", string () => throw new InvalidOperationException("secret 王小明 in a message"));
        app.MapGet("/open/broken-late", async (HttpContext context) =>
        {
            context.Response.ContentLength = 5;
            context.Response.Headers.ETag = "\"1\"";
            await Task.Yield();
            throw new InvalidOperationException("secret");
        });
        app.MapGet("/open/database", async (NpgsqlDataSource database, CancellationToken ct) =>
        {
            await using var command = database.CreateCommand("SELECT 1");
            return Results.Ok(await command.ExecuteScalarAsync(ct));
        });
        app.MapPost("/open/body", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            return (await reader.ReadToEndAsync()).Length;
        });
        app.MapPost("/open/json", (ClearancesDecided body) => body.Decisions.Count);
        app.MapGet("/open/number/{number}", (int number, int more) => number + more);
        app.MapGet("/open/status/{status:int}", (int status) => Results.StatusCode(status));
        app.MapGet("/open/connection", (HttpContext context) => context.Connection.Id);
        app.MapGet("/open/until", async (Handling handling) =>
        {
            handling.Waits.SetResult();
            await handling.Until.Task;
            return "answered";
        });
        app.MapGet("/open/wait", (CancellationToken ct) => Task.Delay(Timeout.Infinite, ct));
        return new(app, logs);
    }

    public static async Task<TestService> StartAsync(Rig rig)
    {
        var service = Build(rig);
        await service.App.StartAsync();
        return service;
    }

    public static ClearanceDecided Decision(string orderNo) => new()
    {
        PlatformCode = "P", OrderNo = orderNo, Decision = 1, Revision = 1, Status = 800, Code = "2600",
        DecidedAt = DateTimeOffset.UnixEpoch, DecidedBy = "rules", SellerCode = "S",
    };

    public static byte[] Message(params IEnumerable<string> orderNos) => EventBytes.Pack(
        new ClearancesDecided([.. orderNos.Select(Decision)]));

    /// <summary>A client, with the gateway's word for a caller or without.</summary>
    public HttpClient Client(Rig rig, string? role = null)
    {
        var client = new HttpClient { BaseAddress = new(App.Urls.Single()) };
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        if (role is not null)
        {
            client.DefaultRequestHeaders.Add(
                Caller.Header, new Caller("client-1", "C1", role).Sign(rig.Keys, TimeProvider.System.GetUtcNow()));
        }

        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
    }
}
