using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sandan.Chaos.Books;

namespace Sandan.Chaos.Load;

/// <summary>
/// Senders as real ones are: each repeats a request until it is answered, and some send again what was answered.
/// </summary>
internal sealed class Senders : IDisposable
{
    private const int ChunksMax = 48;
    private const int RepeatsInHundred = 25;
    private const int KeptInHundred = 5;
    private static readonly Kind[] Kinds = [Kind.Order, Kind.Payment, Kind.Waybill, Kind.Inventory];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromSeconds(2);
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpClient http;
    private readonly Traffic traffic;
    private readonly Stories stories;
    private readonly Ledger ledger;
    private readonly int seed;
    private readonly List<Request> kept = [];
    private int requests;
    private int documents;

    public Senders(Uri gateway, Traffic traffic, Stories stories, Ledger ledger, int seed)
    {
        (this.traffic, this.stories, this.ledger, this.seed) = (traffic, stories, ledger, seed);
        http = new() { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(20) };
    }

    /// <summary>Documents that were answered, each once.</summary>
    public int Documents => Volatile.Read(ref documents);

    /// <summary>Consignments begun.</summary>
    public int Consignments { get; private set; }

    /// <summary>Sends at a rate until <paramref name="isEnough"/> says so; returns when all is answered.</summary>
    /// <param name="rate">Consignments a second.</param>
    public async Task RunAsync(double rate, Func<bool> isEnough, CancellationToken ct)
    {
        using var room = new SemaphoreSlim(ChunksMax);
        var running = new List<Task>();
        var clock = Stopwatch.StartNew();
        var due = TimeSpan.Zero;
        for (var group = 0; !isEnough(); group++)
        {
            await room.WaitAsync(ct);
            if (clock.Elapsed - due > TimeSpan.FromSeconds(1))
            {
                due = clock.Elapsed; // what an outage kept back is not sent on top
            }

            if (due > clock.Elapsed)
            {
                await Task.Delay(due - clock.Elapsed, ct);
            }

            var random = new Random(unchecked((seed * 104_729) + group));
            var (first, count) = (Consignments, random.Next(10, 60));
            Consignments += count;
            due += TimeSpan.FromSeconds(count / rate);
            running.RemoveAll(task => task.IsCompletedSuccessfully);
            running.Add(RunChunkAsync(group, first, count, random.Next(), room, ct));
        }

        await Task.WhenAll(running);
    }

    /// <summary>Sends again some of what was answered during the run: nothing may change by that.</summary>
    public async Task RepeatAsync(CancellationToken ct)
    {
        await Parallel.ForEachAsync(
            kept, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (request, token) => await SendAsync(request, token));
    }

    public void Dispose() => http.Dispose();

    private async Task RunChunkAsync(int group, int first, int count, int chunkSeed, SemaphoreSlim room, CancellationToken ct)
    {
        try
        {
            var random = new Random(chunkSeed);
            var kinds = Kinds.ToArray();
            random.Shuffle(kinds);
            await Task.WhenAll(kinds.Select(kind => RunKindAsync(group, first, count, kind, random.Next(), ct)));
        }
        finally
        {
            room.Release();
        }
    }

    private async Task RunKindAsync(int group, int first, int count, Kind kind, int kindSeed, CancellationToken ct)
    {
        var random = new Random(kindSeed);
        await Task.Delay(random.Next(300), ct);
        var stages = Enumerable.Range(first, count)
            .SelectMany(number => stories.Of(number, kind), (number, one) => (one.Stage, Number: number, one.Edition))
            .ToLookup(one => one.Stage);
        await SendAsync(0);
        await Task.WhenAll(stages.Select(one => one.Key).Where(stage => stage > 0).Select(SendAsync));

        async Task SendAsync(int stage)
        {
            if (!stages.Contains(stage))
            {
                return; // of a few consignments none may have an inventory
            }

            var request = Write(group, kind, [.. stages[stage].Select(one => (one.Number, one.Edition))], random);
            var (isRepeated, isKept) = (random.Next(100) < RepeatsInHundred, random.Next(100) < KeptInHundred);
            var pause = random.Next(4_000);
            ledger.Send(request);
            await this.SendAsync(request, ct);
            Interlocked.Add(ref documents, stages[stage].Count());
            if (isRepeated)
            {
                await Task.Delay(pause, ct);
                await this.SendAsync(request, ct);
            }

            if (isKept)
            {
                lock (kept)
                {
                    kept.Add(request);
                }
            }
        }
    }

    private Request Write(int group, Kind kind, List<(int Number, Edition Edition)> editions, Random random)
    {
        var writer = new DocumentWriter();
        writer.Reset(Format.Ndjson);
        foreach (var (consignment, edition) in editions)
        {
            traffic.Write(writer, kind, group, consignment, edition);
        }

        var isSpoiled = random.Next(4) == 0;
        if (isSpoiled)
        {
            var buyer = Traffic.BuyerOf(editions[0].Number);
            writer.Raw(BrokenOf(buyer[0], buyer[1], buyer[2], buyer[3]));
        }

        var sender = traffic.SenderOf(group, kind);
        var number = Interlocked.Increment(ref requests);
        return new(
            number,
            Traffic.RouteOf(kind),
            sender.Code,
            sender.Key,
            random.Next(2) == 0 ? $"chaos-{seed}-{number}" : null,
            editions.Count + (isSpoiled ? 1 : 0),
            writer.Written.ToArray());
    }

    /// <summary>A line that is no document: what it says of a buyer is in the wrong fields, or too long for the right ones.</summary>
    private static byte[] BrokenOf(string name, string idNumber, string telephone, string address) =>
    [
        .. JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                orderNo = "no document",
                goodsValue = name,
                buyerName = string.Concat(Enumerable.Repeat(name, 100)),
                buyerIdType = idNumber,
                buyerIdNumber = idNumber + "0",
                buyerTelephone = $"{telephone} {telephone} {telephone}",
                consigneeAddress = address + '\u0001',
                payTime = telephone,
                appTime = address,
            },
            Unescaped),
        (byte)'\n',
    ];

    /// <summary>Until it is answered, or refused for good.</summary>
    public async Task SendAsync(Request request, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Patience)
        {
            var attempt = Interlocked.Increment(ref request.Attempts);
            var pause = TimeSpan.FromMilliseconds(200);
            try
            {
                using var message = new HttpRequestMessage(HttpMethod.Post, request.Route)
                {
                    Content = new ByteArrayContent(request.Body) { Headers = { ContentType = new("application/x-ndjson") } },
                };
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", request.Key);
                if (request.IdempotencyKey is { } key)
                {
                    message.Headers.Add("Idempotency-Key", key);
                }

                using var answer = await http.SendAsync(message, ct);
                var body = await answer.Content.ReadAsByteArrayAsync(ct);
                var status = (int)answer.StatusCode;
                ledger.Answer(request, attempt, status, body);
                if (status is 200 or (>= 400 and < 500 and not 429))
                {
                    return;
                }

                pause = answer.Headers.RetryAfter?.Delta is { } after && after < RetryAfterMax ? after : RetryAfterMax;
            }
            catch (Exception trouble) when (trouble is HttpRequestException or IOException or SocketException
                || (trouble is TaskCanceledException && !ct.IsCancellationRequested))
            {
                ledger.Break(request, attempt, trouble.Message);
            }

            await Task.Delay(pause, ct);
        }
    }
}
