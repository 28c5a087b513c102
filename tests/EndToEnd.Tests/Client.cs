using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandan.EndToEnd.Tests;

/// <summary>An answer: status, headers and JSON where it is JSON.</summary>
public sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string MediaType, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public override string ToString() => $"{(int)Status} {Text}";
}

/// <summary>Calls the gateway with the development keys.</summary>
/// <param name="gateway">The installation's own where it is null.</param>
public sealed class Client(Installation installation, Uri? gateway = null) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = gateway ?? installation.Gateway, Timeout = TimeSpan.FromMinutes(2) };
    private readonly JsonNode environment = installation.ReadEnvironment();

    public Uri Gateway => installation.Gateway;

    public void Dispose() => http.Dispose();

    public string Key(string role) => environment["keys"]![role]!.ToString();

    public string Company(string role) => environment["companies"]![role]!.ToString();

    public Task<Answer> GetAsync(string role, string path) => SendAsync(HttpMethod.Get, Key(role), path, null);

    public Task<Answer> PostAsync(string role, string path, JsonNode body) =>
        SendAsync(HttpMethod.Post, Key(role), path, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));

    public Task<Answer> PostAsync(string role, string path, string body, string mediaType) =>
        SendAsync(HttpMethod.Post, Key(role), path, new StringContent(body, Encoding.UTF8, mediaType));

    public async Task<Answer> SendAsync(HttpMethod method, string? key, string path, HttpContent? content, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        if (accept is not null)
        {
            request.Headers.Accept.ParseAdd(accept);
        }

        request.Headers.AcceptLanguage.ParseAdd("en");
        using var response = await http.SendAsync(request);
        return new(
            response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType ?? "",
            await response.Content.ReadAsStringAsync());
    }

    /// <summary>The consignment, once it is as it must be.</summary>
    public async Task<JsonNode> ConsignmentAsync(string orderNo, Func<JsonNode, bool> asItMust, string what, string? platform = null)
    {
        var answer = await Eventually.BecomesAsync(
            () => GetAsync("customs", $"/v1/consignments/{platform ?? Company("platform")}/{orderNo}"),
            answer => answer.Status == HttpStatusCode.OK && asItMust(answer.Json),
            what);
        return answer.Json;
    }
}
