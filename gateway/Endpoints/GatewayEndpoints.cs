using System.Net;
using Sandan.Contracts.Codes;
using Sandan.Gateway.Authentication;
using Sandan.Gateway.OpenApi;
using Sandan.Shared.Http;
using Sandan.Shared.Telemetry;

namespace Sandan.Gateway.Endpoints;

/// <summary>What the gateway answers by itself.</summary>
internal static class GatewayEndpoints
{
    /// <summary>Registers it.</summary>
    public static void AddEndpoints(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddSingleton<CodeTexts>();
        builder.Services.AddSingleton<OpenApiDocument>();
    }

    /// <summary>Maps it.</summary>
    public static void MapGatewayEndpoints(this WebApplication app)
    {
        var open = app.MapGroup("").WithMetadata(NoKeyNeeded.Mark);
        open.MapGet("/", () => TypedResults.Ok(new
        {
            service = "Sandan 三单",
            openapi = "/openapi/v1.json",
            codes = "/v1/codes",
            health = "/health/ready",
            authentication = "Authorization: Bearer sdn_…",
        }));
        open.MapGet("/health/live", () => TypedResults.Ok(new { service = "gateway", status = "live" }));
        open.MapGet("/health/ready", (Readiness readiness, CancellationToken ct) => readiness.AnswerAsync(ct));
        open.MapGet("/metrics", Metrics);
        open.MapGet("/openapi/v1.json", (HttpContext context, OpenApiDocument document) =>
        {
            context.Response.Headers.CacheControl = "public, max-age=300";
            return document.Answer();
        });
        open.MapCodes();
        app.MapTools();
        app.MapReceipts();
        app.MapCheck();
        AnyMessage.Map(app);
    }

    /// <summary>Metrics tell of the inside: they are for a collector beside the gateway and for nobody else.</summary>
    private static IResult Metrics(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            ? Results.Text(MetricsText.Write(), "text/plain; version=0.0.4; charset=utf-8")
            : Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
}
