using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sandan.Intake.IntegrationTests;

/// <summary>The other side of GACC 2018-179 as a real server: customs who take uploads, or a platform that is asked.</summary>
public sealed class Partner : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> answers = new();
    private readonly ConcurrentQueue<string> received = new();

    private Partner(WebApplication server) => this.server = server;

    public Uri Address => new(new Uri(server.Urls.Single()), "/here?x=1");

    /// <summary>The form fields that came, whatever was answered.</summary>
    public IReadOnlyList<string> Received => [.. received];

    public static async Task<Partner> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        var partner = new Partner(server);
        server.MapPost("/here", partner.AnswerAsync);
        await server.StartAsync();
        return partner;
    }

    /// <summary>How the next calls are answered, each once; behind them all are accepted.</summary>
    public void Then(params Func<HttpContext, Task>[] next) => Array.ForEach(next, answers.Enqueue);

    public static Task Accept(HttpContext context) => Say(context, "10000", "上传成功");

    public static Task Refuse(HttpContext context) => Say(context, "20000", "上传失败");

    public static Func<HttpContext, Task> Status(int status, string? location = null) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = location;
        return Task.CompletedTask;
    };

    public static Func<HttpContext, Task> Text(string text) => context => context.Response.WriteAsync(text);

    /// <summary>Until the caller gives up.</summary>
    public static Task Hang(HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted)
        .ContinueWith(_ => { }, TaskScheduler.Default);

    public static Task Break(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();

    private static Task Say(HttpContext context, string code, string message) =>
        context.Response.WriteAsJsonAsync(new { code, message, total = 0, serviceTime = 1545123456789 });

    private async Task AnswerAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        received.Enqueue(form.Single().Value.Single()!);
        await (answers.TryDequeue(out var answer) ? answer : Accept)(context);
    }
}
