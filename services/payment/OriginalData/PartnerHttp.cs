using System.Text.Json;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Timeout;

namespace Sandan.Payment.OriginalData;

/// <summary>What the other side answered, or why there is no answer.</summary>
/// <param name="Code">10000, or a kind of failure; null where there was no answer in the form of the announcement.</param>
/// <param name="Trouble">In place of it.</param>
internal sealed record PartnerAnswer(string? Code, string? Message, string? Trouble);

/// <summary>
/// Posts one form field to the other side of the announcement. Follows no redirect, reads little, waits for a bounded time; tells
/// nothing of our traces, and leaves no address, which may hold a token, in them.
/// </summary>
internal sealed class PartnerHttp : IDisposable
{
    public const string Accepted = "10000";
    public const string Refused = "20000";

    private const int AnswerBytesMax = 16 * 1024;
    private const int MessageMax = 1000;

    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        MaxResponseContentBufferSize = AnswerBytesMax,
        Timeout = Timeout.InfiniteTimeSpan, // patience has the one that counts
    };

    private readonly ResiliencePipeline patience;

    public PartnerHttp(IOptions<OriginalDataOptions> options) =>
        patience = new ResiliencePipelineBuilder().AddTimeout(options.Value.AnswerWithin).Build();

    public void Dispose() => http.Dispose();

    /// <summary>Posts; trouble on the way is an answer, too.</summary>
    public async Task<PartnerAnswer> PostAsync(Uri address, string field, string json, CancellationToken ct)
    {
        try
        {
            return await patience.ExecuteAsync(
                async token =>
                {
                    using var form = new FormUrlEncodedContent([new(field, json)]);
                    using var answer = await http.PostAsync(address, form, token);
                    return answer.IsSuccessStatusCode
                        ? Read(await answer.Content.ReadAsByteArrayAsync(token))
                        : new(null, null, $"HTTP {(int)answer.StatusCode}");
                },
                ct);
        }
        catch (TimeoutRejectedException)
        {
            return new(null, null, "no answer in time");
        }
        catch (HttpRequestException trouble)
        {
            return new(null, null, trouble.HttpRequestError.ToString());
        }
    }

    private static PartnerAnswer Read(byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("code", out var code)
                && Text(code) is { Length: > 0 and <= 20 } said
                    ? new(said, root.TryGetProperty("message", out var message) ? Text(message) : null, null)
                    : new(null, null, "an answer without a code");
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException) // the latter: half a surrogate pair
        {
            return new(null, null, "an answer that is no JSON");
        }
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Printable(value.GetString()!),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };

    private static string Printable(string text) =>
        new([.. text.Take(MessageMax).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? ' ' : letter)]);
}
