using System.Net;

namespace Sandan.Chaos.Load;

/// <summary>Takes what the processes export by OTLP over HTTP, traces and metrics, and writes the bytes into a file.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(3);

    private readonly HttpListener http = new();
    private readonly FileStream file;
    private readonly Task taking;

    /// <param name="path">Of the file.</param>
    /// <param name="port">Of 127.0.0.1.</param>
    public Collector(string path, int port)
    {
        Path = path;
        Address = $"http://127.0.0.1:{port}/";
        file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        http.Prefixes.Add(Address);
        http.Start();
        taking = TakeAsync();
    }

    public string Address { get; }

    public string Path { get; }

    /// <summary>Bytes that came.</summary>
    public long Bytes => file.Position;

    /// <summary>The file ends with all that came before this.</summary>
    public void Flush() => file.Flush();

    public async ValueTask DisposeAsync()
    {
        http.Close();
        await Task.WhenAny(taking, Task.Delay(EndWithin)); // of a body that was broken off HttpListener never hears the end
        await file.DisposeAsync();
    }

    private async Task TakeAsync()
    {
        while (http.IsListening)
        {
            try
            {
                var one = await http.GetContextAsync();
                await one.Request.InputStream.CopyToAsync(file);
                one.Response.Close();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException or IOException)
            {
                // It is closed, or a process was killed while it told.
            }
        }
    }
}
