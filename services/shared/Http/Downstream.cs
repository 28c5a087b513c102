using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Sandan.Shared.Security;

namespace Sandan.Shared.Http;

/// <summary>
/// Asks other services for their part of an answer, in the name of the caller.
/// </summary>
public sealed class Downstream(HttpClient http, SandanSettings settings)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    /// <summary>One for each service: that tax is away must not break the way to customs.</summary>
    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> pipelines = new();

    /// <summary>The answer of a service, null where it says 404; and whether it answered at all.</summary>
    public Task<(JsonNode? Answer, bool Available)> AskAsync(string service, string path, HttpContext context, CancellationToken ct) =>
        AskAsync(service, path, null, context, ct);

    /// <summary>The answer to a question that is too long for a path.</summary>
    /// <param name="question">Posted as JSON; null: the path is the question.</param>
    public async Task<(JsonNode? Answer, bool Available)> AskAsync(
        string service, string path, object? question, HttpContext context, CancellationToken ct)
    {
        try
        {
            using var response = await pipelines.GetOrAdd(service, PipelineOf).ExecuteAsync(
                async token =>
                {
                    using var request = new HttpRequestMessage(question is null ? HttpMethod.Get : HttpMethod.Post, new Uri(settings.Addresses[service], path))
                    {
                        Content = question is null ? null : JsonContent.Create(question, options: Problems.Json),
                    };
                    request.Headers.Add(Caller.Header, context.Request.Headers[Caller.Header].ToString());
                    request.Headers.Add("Accept-Language", Problems.TagOf(Problems.LanguageOf(context.Request)));
                    return await http.SendAsync(request, token);
                },
                ct);
            return response.StatusCode switch
            {
                System.Net.HttpStatusCode.OK => (await response.Content.ReadFromJsonAsync<JsonNode>(ct), true),
                System.Net.HttpStatusCode.NotFound => (null, true),
                _ => (null, false),
            };
        }
        catch (Exception away) when (away is HttpRequestException or TimeoutRejectedException or BrokenCircuitException
            or JsonException)
        {
            return (null, false);
        }
    }

    private static ResiliencePipeline<HttpResponseMessage> PipelineOf(string _) => new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddTimeout(AnswerWithin)
        .AddRetry(new()
        {
            ShouldHandle = new PredicateBuilder<HttpResponseMessage>().Handle<HttpRequestException>(),
            MaxRetryAttempts = 1,
            Delay = TimeSpan.FromMilliseconds(50),
        })
        .AddCircuitBreaker(new()
        {
            ShouldHandle = new PredicateBuilder<HttpResponseMessage>().Handle<HttpRequestException>().Handle<TimeoutRejectedException>(),
            BreakDuration = TimeSpan.FromSeconds(1),
        })
        .Build();
}
