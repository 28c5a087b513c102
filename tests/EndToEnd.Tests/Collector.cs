using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Sandan.EndToEnd.Tests;

/// <summary>Takes what services export by OTLP over HTTP. It keeps the bytes: what matters is who speaks of which trace.</summary>
public sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<byte[]> traces = new();
    private readonly WebApplication app;

    private Collector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            if (context.Request.Path == "/v1/traces")
            {
                traces.Enqueue(body.ToArray());
            }
        });
    }

    /// <summary>What a process needs in its environment to export here.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = app.Urls.First(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
    };

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector.app.StartAsync();
        return collector;
    }

    /// <summary>True where a process (its service.name) told of a span in a trace.</summary>
    /// <param name="traceId">32 hexadecimal digits.</param>
    public bool HasSpan(string process, string traceId)
    {
        // The resource attribute as Protocol Buffers write it: key, then (2) an AnyValue that holds (1) a string.
        byte[] name = [.. "service.name"u8, 0x12, (byte)(process.Length + 2), 0x0A, (byte)process.Length, .. Encoding.UTF8.GetBytes(process)];
        var id = Convert.FromHexString(traceId);
        return traces.Any(export => export.AsSpan().IndexOf(name) >= 0 && export.AsSpan().IndexOf(id) >= 0);
    }

    /// <summary>True where any export holds a text.</summary>
    public bool Tells(string text) => traces.Any(export => export.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
