using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace Sandan.EndToEnd.Tests;

/// <summary>
/// Senders and readers that go on without a pause, each over a connection of its own. Nobody asks twice: what is not answered
/// right the first time is a failure.
/// </summary>
internal sealed class SteadyLoad : IAsyncDisposable
{
    /// <summary>Between two requests of a sender, so that a small machine has time to restart a service too.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(15);

    private readonly CancellationTokenSource end = new();
    private readonly CancellationTokenSource streamEnd = new();
    private readonly Client client;
    private string start = null!;
    private int requests;
    private Task running = null!;
    private Task streaming = null!;

    private SteadyLoad(Client client) => this.client = client;

    /// <summary>What was not answered as it must be.</summary>
    public ConcurrentQueue<string> Failures { get; } = [];

    /// <summary>Order numbers whose three documents were accepted.</summary>
    public ConcurrentBag<string> Consignments { get; } = [];

    /// <summary>Order numbers of the releases since the beginning, as the stream tells them.</summary>
    public ConcurrentBag<string> Streamed { get; } = [];

    /// <summary>How often the stream came to its end, and was begun again where it had ended.</summary>
    public int StreamEnds { get; private set; }

    public int Requests => requests;

    /// <summary>The first order and what was answered.</summary>
    public (string OrderNo, JsonNode Receipt) FirstReceipt { get; private set; }

    /// <summary>Sends one consignment and waits for its release, then begins.</summary>
    public static async Task<SteadyLoad> StartAsync(Client client, int senders)
    {
        var load = new SteadyLoad(client) { start = (await client.GetAsync("customs", "/v1/events?after=latest")).Json["next"]!.ToString() };
        var orderNo = Documents.NewNumber();
        load.FirstReceipt = (orderNo, (await load.SendAsync(orderNo))!);
        await client.ConsignmentAsync(orderNo, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 800, "the first is released");
        load.streaming = load.StreamAsync();
        load.running = Task.WhenAll(Enumerable.Range(0, senders).Select(_ => load.RunAsync(orderNo)));
        return load;
    }

    /// <summary>Ends senders and readers; the stream goes on.</summary>
    public async Task EndAsync()
    {
        await end.CancelAsync();
        await running;
    }

    /// <summary>Order numbers of the releases since the beginning, as pages tell them; also of those that others sent.</summary>
    public async Task<IReadOnlyList<string>> ReleasedAsync()
    {
        var released = new List<string>();
        for (var (after, more) = (start, true); more;)
        {
            var page = (await client.GetAsync("customs", $"/v1/events?limit=1000&after={after}")).Json;
            released.AddRange(page["data"]!.AsArray().Select(OrderNoOf!));
            (after, more) = (page["next"]!.ToString(), page["hasMore"]!.GetValue<bool>());
        }

        return released;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await streamEnd.CancelAsync();
        await streaming;
        end.Dispose();
        streamEnd.Dispose();
    }

    private async Task RunAsync(string known)
    {
        var platform = client.Company("platform");
        while (!end.IsCancellationRequested)
        {
            await SendAsync(Documents.NewNumber());
            await AskAsync(HttpMethod.Get, "platform", $"/v1/consignments/{platform}/{known}", HttpStatusCode.OK);
            await AskAsync(HttpMethod.Get, "payment", "/v1/events?limit=10", HttpStatusCode.OK);
            await AskAsync(HttpMethod.Get, "customs", $"/v1/clearances/{platform}/{known}", HttpStatusCode.OK);
            await AskAsync(HttpMethod.Get, "customs", $"/v1/taxes/{platform}/{known}", HttpStatusCode.OK);
            await AskAsync(HttpMethod.Get, "platform", $"/v1/credit/companies/{platform}", HttpStatusCode.OK);
            await AskAsync(HttpMethod.Get, "customs", "/v1/statistics/summary?by=mode", HttpStatusCode.OK);
            await AskAsync(HttpMethod.Get, "platform", $"/v1/companies/{platform}", HttpStatusCode.OK);
        }
    }

    /// <summary>Sends the three documents of a consignment; what was answered to the order.</summary>
    private async Task<JsonNode?> SendAsync(string orderNo)
    {
        var order = await AskAsync(HttpMethod.Post, "platform", "/v1/orders", HttpStatusCode.Created, Documents.Order(orderNo));
        var payment = await AskAsync(HttpMethod.Post, "payment", "/v1/payments", HttpStatusCode.Created, Documents.Payment(orderNo));
        var waybill = await AskAsync(HttpMethod.Post, "logistics", "/v1/waybills", HttpStatusCode.Created, Documents.Waybill(orderNo));
        if (order is not null && payment is not null && waybill is not null)
        {
            Consignments.Add(orderNo);
        }

        return order;
    }

    private async Task<JsonNode?> AskAsync(HttpMethod method, string role, string path, HttpStatusCode right, JsonObject? body = null)
    {
        Interlocked.Increment(ref requests);
        await Task.Delay(Pause);
        try
        {
            var answer = body is null ? await client.GetAsync(role, path) : await client.PostAsync(role, path, body);
            if (answer.Status == right)
            {
                return answer.Json;
            }

            Failures.Enqueue($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {method} {path}: {answer}");
        }
        catch (Exception broken) when (broken is HttpRequestException or TaskCanceledException)
        {
            Failures.Enqueue($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {method} {path}: {broken.Message}");
        }

        return null;
    }

    /// <summary>Follows the stream, and begins again where it ended; a stream that breaks instead is a failure.</summary>
    private async Task StreamAsync()
    {
        using var http = new HttpClient { BaseAddress = client.Gateway, Timeout = Timeout.InfiniteTimeSpan };
        var last = start;
        while (!streamEnd.IsCancellationRequested)
        {
            await Task.Delay(Pause);
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events/stream");
                request.Headers.Authorization = new("Bearer", client.Key("customs"));
                request.Headers.Add("Last-Event-ID", last);
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, streamEnd.Token);
                if (answer.StatusCode != HttpStatusCode.OK)
                {
                    Failures.Enqueue($"the stream: {answer.StatusCode}");
                }

                using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(streamEnd.Token));
                while (await lines.ReadLineAsync(streamEnd.Token) is { } line)
                {
                    if (line.StartsWith("id: ", StringComparison.Ordinal))
                    {
                        last = line[4..];
                    }
                    else if (line.StartsWith("data: ", StringComparison.Ordinal)
                        && OrderNoOf(JsonNode.Parse(line[6..])!) is { Length: > 0 } orderNo)
                    {
                        Streamed.Add(orderNo);
                    }
                }

                StreamEnds++;
            }
            catch (OperationCanceledException) when (streamEnd.IsCancellationRequested)
            {
                // The test is over.
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                Failures.Enqueue($"the stream broke: {broken.Message}");
            }
        }
    }

    /// <summary>Of a release; empty for another event.</summary>
    private static string OrderNoOf(JsonNode one) => one["type"]!.ToString() == "cn.sandan.clearance.released.v1"
        ? one["data"]!["orderNo"]!.ToString()
        : "";
}
