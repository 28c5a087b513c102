using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Npgsql;
using Sandan.Contracts.Codes;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Shared.Http;

/// <summary>Errors, callers, health and logs: the same in every service and in the gateway.</summary>
public static partial class HostExtensions
{
    private static readonly TimeSpan DatabaseAnswerMax = TimeSpan.FromSeconds(2);

    /// <summary>One line per log entry, our own at Information, the frameworks' at Warning.</summary>
    public static void AddSandanLogging(this WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.FormatterName = LogLine.Name)
            .AddConsoleFormatter<LogLine, ConsoleFormatterOptions>();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Sandan", LogLevel.Information);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error); // its warnings tell of callers who hung up
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
    }

    /// <summary>Turns what went wrong into a problem; nothing of the exception reaches the caller.</summary>
    public static void UseSandanErrors(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Sandan.Errors");
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (Exception gone) when (gone is ConnectionResetException or ConnectionAbortedException
                || (gone is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested))
            {
                // The caller hung up: nobody reads an answer. Kestrel may not know yet, and would try to read on.
                context.Abort();
            }
            catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
            {
                var isTooLong = bad.StatusCode == StatusCodes.Status413PayloadTooLarge;
                var most = context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
                await Problems.WriteAsync(
                    context,
                    bad.StatusCode,
                    isTooLong ? RequestCodes.BodyTooLarge : RequestCodes.BodyUnreadable,
                    isTooLong ? [new("", RequestCodes.BodyTooLarge, $"<= {most}")] : []);
            }
            catch (IOException unreadable) when (unreadable.InnerException is OverflowException && !context.Response.HasStarted)
            {
                // Kestrel says so of a chunk that is longer than any it can count.
                await Problems.WriteAsync(context, StatusCodes.Status400BadRequest, RequestCodes.BodyUnreadable);
            }
            catch (NpgsqlException away) when (Trouble.Passes(away) && !context.Response.HasStarted)
            {
                DatabaseAway(log, away.Message);
                context.Response.Headers.RetryAfter = "2";
                await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, RequestCodes.Busy);
            }
            catch (Exception defect) when (!context.Response.HasStarted)
            {
                Defect(log, defect, context.Request.Method, context.Request.Path);
                await Problems.WriteAsync(context, StatusCodes.Status500InternalServerError, RequestCodes.InternalError);
            }
        });
        app.UseStatusCodePages(async pages =>
        {
            var context = pages.HttpContext;
            var code = context.Response.StatusCode switch
            {
                StatusCodes.Status401Unauthorized => RequestCodes.KeyMissing,
                StatusCodes.Status403Forbidden => RequestCodes.RoleNotAllowed,
                StatusCodes.Status404NotFound => RequestCodes.RouteUnknown, // what a route itself does not find, it says itself
                StatusCodes.Status405MethodNotAllowed => RequestCodes.MethodNotAllowed,
                StatusCodes.Status413PayloadTooLarge => RequestCodes.BodyTooLarge,
                StatusCodes.Status415UnsupportedMediaType => RequestCodes.ContentTypeUnsupported,
                StatusCodes.Status429TooManyRequests => RequestCodes.TooManyRequests,
                StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable
                    or StatusCodes.Status504GatewayTimeout => RequestCodes.ServiceAway,
                >= StatusCodes.Status500InternalServerError => RequestCodes.InternalError,
                _ => RequestCodes.BodyUnreadable,
            };
            if (code == RequestCodes.ServiceAway)
            {
                context.Response.Headers.RetryAfter = "2";
            }

            await Problems.WriteAsync(context, context.Response.StatusCode, code);
        });
    }

    /// <summary>
    /// Under <c>/v1</c> and <c>/internal</c> only the gateway may call, or another service in its own name: the signed
    /// caller header says so. A process that finds the port but has no key gets 401.
    /// </summary>
    internal static void UseCaller(this WebApplication app)
    {
        var keys = app.Services.GetRequiredService<KeyRing>();
        app.Use(async (context, next) =>
        {
            if (context.Request.Path.StartsWithSegments("/v1") || context.Request.Path.StartsWithSegments("/internal"))
            {
                if (Caller.Read(context.Request.Headers[Caller.Header], keys, TimeProvider.System.GetUtcNow()) is not { } caller)
                {
                    await Problems.WriteAsync(context, StatusCodes.Status401Unauthorized, RequestCodes.KeyMissing);
                    return;
                }

                context.Items[typeof(Caller)] = caller;
            }

            await next(context);
        });
    }

    /// <summary>Who sends this request.</summary>
    public static Caller GetCaller(this HttpContext context) => (Caller)context.Items[typeof(Caller)]!;

    /// <summary>Refuses callers of other roles with 403.</summary>
    public static TBuilder RequireRole<TBuilder>(this TBuilder endpoint, params string[] roles)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.AddEndpointFilter(async (context, next) => roles.Contains(context.HttpContext.GetCaller().Role)
            ? await next(context)
            : Problems.Result(
                context.HttpContext,
                StatusCodes.Status403Forbidden,
                RequestCodes.RoleNotAllowed,
                [new("", RequestCodes.RoleNotAllowed, string.Join(", ", roles), context.HttpContext.GetCaller().Role)]));

    /// <summary>
    /// <c>/health/live</c>: the process runs. <c>/health/ready</c>: database and, where the service consumes, broker
    /// answer, and the process is not about to end. A service that only publishes stays ready without a broker: what it
    /// accepts waits in the outbox.
    /// </summary>
    internal static void MapHealth(this IEndpointRouteBuilder app, string service)
    {
        app.MapGet("/health/live", () => TypedResults.Ok(new { service, status = "live" }));
        app.MapGet("/health/ready", async (
            NpgsqlDataSource database, IServiceProvider services, IHostApplicationLifetime lifetime, CancellationToken ct) =>
        {
            var broker = services.GetService<BusHost>()?.Health;
            var databaseAnswers = true;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(DatabaseAnswerMax);
            try
            {
                await using var command = database.CreateCommand("SELECT 1");
                await command.ExecuteScalarAsync(patience.Token).WaitAsync(patience.Token);
            }
            catch (Exception) when (!ct.IsCancellationRequested)
            {
                databaseAnswers = false;
            }

            var ready = databaseAnswers && broker is null or BusHealthStatus.Healthy
                && !lifetime.ApplicationStopping.IsCancellationRequested;
            return Results.Json(
                new
                {
                    service,
                    status = ready ? "ready" : "not ready",
                    database = databaseAnswers ? "answers" : "away",
                    broker = broker?.ToString().ToLowerInvariant() ?? "not used for consuming",
                },
                JsonSerializerOptions.Web,
                statusCode: ready ? 200 : 503);
        });
    }

    [LoggerMessage(LogLevel.Error, "Unexpected while answering {Method} {Path}")]
    private static partial void Defect(ILogger log, Exception defect, string method, string path);

    [LoggerMessage(LogLevel.Warning, "The database is away or full: {Reason}")]
    private static partial void DatabaseAway(ILogger log, string reason);
}
