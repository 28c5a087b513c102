using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sandan.Shared.Http;

namespace Sandan.Gateway.Tests;

/// <summary>A request as it reached a stand-in.</summary>
public sealed record Received(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>
/// Stands in for one service behind the gateway: a small real web server that keeps what it received and answers as told.
/// </summary>
public sealed class StandIn : IAsyncDisposable
{
    private readonly WebApplication app;

    private StandIn(WebApplication app) => this.app = app;

    public Uri Address => new(app.Urls.Single());

    /// <summary>What came, in order.</summary>
    public ConcurrentQueue<Received> Requests { get; } = new();

    /// <summary>How to answer; at first 200 with the stand-in's name.</summary>
    public RequestDelegate Answer { get; set; } = context => context.Response.WriteAsync("ok");

    public bool IsReady { get; set; } = true;

    /// <summary>False: of a version that knows nothing of kept connections.</summary>
    public bool KeepsConnections { get; set; } = true;

    /// <summary>Starts one: at an address where another stood, answering as that did, or anywhere.</summary>
    public static async Task<StandIn> StartAsync(Uri? address = null, RequestDelegate? answer = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address?.ToString() ?? "http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var app = builder.Build();
        var self = new StandIn(app);
        self.Answer = answer ?? self.Answer;
        app.Run(self.HandleAsync);
        await app.StartAsync();
        return self;
    }

    public async Task StopAsync()
    {
        using var atOnce = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await app.StopAsync(atOnce.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path == "/health/ready")
        {
            context.Response.StatusCode = IsReady ? 200 : 503;
            return;
        }

        if (context.Request.Path == KeptConnections.Path)
        {
            context.Response.StatusCode = KeepsConnections ? 204 : 404;
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        Requests.Enqueue(new(
            context.Request.Method,
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync(context.RequestAborted)));
        await Answer(context);
    }
}
