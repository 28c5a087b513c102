using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Sandan.Chaos.Load;

/// <summary>An event of the feed, as far as the books need it.</summary>
/// <param name="Subject"><c>ebpCode/orderNo</c>.</param>
/// <param name="Decision">Null where it is no decision on a consignment.</param>
/// <param name="Document">The version of which a result is told; null of decisions, as the next.</param>
/// <param name="PreNo">The e-port's number of it.</param>
internal sealed record FeedEvent(
    long Sequence, string Id, string Type, string Subject, int? Decision, int? Status, string Code, Guid? Document, string? PreNo);

/// <summary>Reads the feed as customs does, from a cursor on, whatever happens in between.</summary>
internal sealed class FeedReader(Uri gateway, string key) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient http = new() { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(20) };
    private string cursor = "";

    /// <summary>What it read, in the order in which it came.</summary>
    public List<FeedEvent> Events { get; } = [];

    /// <summary>Reads until cancelled.</summary>
    public async Task FollowAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await ReadPageAsync(waitSeconds: 2, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception trouble) when (trouble is HttpRequestException or IOException or SocketException or TaskCanceledException or JsonException)
            {
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    /// <summary>Reads to the end that the feed has now.</summary>
    /// <param name="pages">Gets the pages as they came.</param>
    public async Task ReadAllAsync(CancellationToken ct, StringBuilder? pages = null)
    {
        while (await ReadPageAsync(waitSeconds: 0, ct, pages))
        {
            // There is more.
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<bool> ReadPageAsync(int waitSeconds, CancellationToken ct, StringBuilder? pages = null)
    {
        using var question = new HttpRequestMessage(
            HttpMethod.Get, $"/v1/events?limit=1000{(cursor.Length == 0 ? "" : "&after=" + cursor)}");
        question.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (waitSeconds > 0)
        {
            question.Headers.Add("Prefer", string.Create(CultureInfo.InvariantCulture, $"wait={waitSeconds}"));
        }

        using var answer = await http.SendAsync(question, ct);
        answer.EnsureSuccessStatusCode();
        var text = await answer.Content.ReadAsStringAsync(ct);
        pages?.Append(text).Append('\n');
        using var page = JsonDocument.Parse(text);
        foreach (var one in page.RootElement.GetProperty("data").EnumerateArray())
        {
            var data = one.GetProperty("data");
            Events.Add(new(
                long.Parse(one.GetProperty("sequence").GetString()!, CultureInfo.InvariantCulture),
                one.GetProperty("id").GetString()!,
                one.GetProperty("type").GetString()!,
                one.GetProperty("subject").GetString()!,
                data.TryGetProperty("decision", out var decision) ? decision.GetInt32() : null,
                data.TryGetProperty("returnStatus", out var status) ? status.GetInt32() : null,
                data.GetProperty("code").GetString()!,
                data.TryGetProperty("document", out var document) ? document.GetGuid() : null,
                data.TryGetProperty("preNo", out var preNo) ? preNo.GetString() : null));
        }

        cursor = page.RootElement.GetProperty("next").GetString()!;
        return page.RootElement.GetProperty("hasMore").GetBoolean();
    }
}
