using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandan.Demo;

/// <summary>Sandan as an integrator sees it: the gateway and a key.</summary>
internal sealed class Api(Uri gateway) : IDisposable
{
    private const int TriesMax = 120;
    private static readonly TimeSpan PauseBetweenTries = TimeSpan.FromMilliseconds(250);

    private readonly HttpClient http = new() { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(60) };

    public void Dispose() => http.Dispose();

    /// <summary>The JSON that a question answers.</summary>
    /// <exception cref="DemoException">The answer is an error.</exception>
    public Task<JsonNode> GetAsync(string key, string path) => SendAsync(key, HttpMethod.Get, path, () => null);

    /// <summary>Sends JSON.</summary>
    public Task<JsonNode> PostAsync(string key, string path, JsonNode body) =>
        SendAsync(key, HttpMethod.Post, path, () => JsonContent.Create(body));

    /// <summary>Sends NDJSON; one result per line.</summary>
    public async Task<IReadOnlyList<JsonNode>> PostLinesAsync(string key, string path, IEnumerable<JsonNode> lines)
    {
        var text = string.Join('\n', lines.Select(line => line.ToJsonString())) + "\n";
        using var response = await RespondAsync(
            key, HttpMethod.Post, path, () => new StringContent(text, Encoding.UTF8, "application/x-ndjson"));
        var answer = await response.Content.ReadAsStringAsync();
        return [.. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    /// <summary>Sends the official XML; the receipts come back as text.</summary>
    public async Task<string> PostXmlAsync(string key, string path, byte[] message)
    {
        using var response = await RespondAsync(
            key, HttpMethod.Post, path, () => new ByteArrayContent(message) { Headers = { ContentType = new("application/xml") } });
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<JsonNode> SendAsync(string key, HttpMethod method, string path, Func<HttpContent?> content)
    {
        using var response = await RespondAsync(key, method, path, content);
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    /// <summary>
    /// Asks until it gets an answer, as a real integrator must: a service that restarts answers 502 or 503 for a moment,
    /// and to send the same again is safe.
    /// </summary>
    private async Task<HttpResponseMessage> RespondAsync(string key, HttpMethod method, string path, Func<HttpContent?> content)
    {
        using var pause = new PeriodicTimer(PauseBetweenTries);
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, path) { Content = content() };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            request.Headers.AcceptLanguage.ParseAdd("en");
            var response = await http.SendAsync(request);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            if (attempt == TriesMax || (int)response.StatusCode is not (429 or 502 or 503 or 504))
            {
                throw new DemoException(
                    $"{method} {path} answers {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            }

            response.Dispose();
            await pause.WaitForNextTickAsync();
        }
    }
}

/// <summary>The demonstration cannot go on; the message says why.</summary>
internal sealed class DemoException(string message) : Exception(message);
