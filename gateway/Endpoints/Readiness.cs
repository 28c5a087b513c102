using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Sandan.Gateway.Endpoints;

/// <summary>
/// Ready when every service behind the gateway is. The answer holds for a second: whoever asks often does not load the
/// services with it.
/// </summary>
internal sealed class Readiness(InternalHttp http, ServiceAddresses addresses, TimeProvider time, IOptions<GatewayOptions> options)
{
    private static readonly TimeSpan HoldsFor = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private Task<string[]>? asking;
    private DateTimeOffset askedAt;

    /// <summary>200, or 503 with the names of the services that are not ready.</summary>
    public async Task<IResult> AnswerAsync(CancellationToken ct)
    {
        var notReady = await NotReadyAsync().WaitAsync(ct);
        return Results.Json(
            new { service = "gateway", status = notReady.Length == 0 ? "ready" : "not ready", notReady },
            JsonSerializerOptions.Web,
            statusCode: notReady.Length == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private Task<string[]> NotReadyAsync()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (asking is null || (asking.IsCompleted && now - askedAt > HoldsFor))
            {
                (asking, askedAt) = (AskAllAsync(), now);
            }

            return asking;
        }
    }

    private async Task<string[]> AskAllAsync()
    {
        var answers = await Task.WhenAll(addresses.Services.Select(async name => (name, ready: await IsReadyAsync(name))));
        return [.. answers.Where(answer => !answer.ready).Select(answer => answer.name)];
    }

    private async Task<bool> IsReadyAsync(string service)
    {
        try
        {
            using var patience = new CancellationTokenSource(options.Value.InternalTimeout);
            using var response = await http.Client.GetAsync(new Uri(addresses.Of(service), "/health/ready"), patience.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception trouble) when (trouble is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
