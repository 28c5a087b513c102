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
    private const int ExportsInHundred = 20;
    private const int LateAsksMax = 25;
    private static readonly Kind[] Imports = [Kind.Order, Kind.Payment, Kind.Waybill, Kind.Inventory, Kind.Return, Kind.Cancellation];
    private static readonly Kind[] Exports = [Kind.ExportOrder, Kind.ExportPayment, Kind.ExportWaybill, Kind.ExportInventory, Kind.ExportCancellation, Kind.Departure];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(300);
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly HttpClient http;
    private readonly Traffic traffic;
    private readonly Stories stories;
    private readonly ExportStories exports;
    private readonly Ledger ledger;
    private readonly int seed;
    private readonly bool withNumbers;
    private readonly List<Request> kept = [];
    private int requests;
    private int documents;
    private int exported;

    /// <param name="withNumbers">Returns and cancellations name numbers that Sandan gave, which it gives anew to whatever was lost with a database.</param>
    public Senders(Uri gateway, Traffic traffic, Ledger ledger, int seed, bool withNumbers = true)
    {
        (this.traffic, stories, exports, this.ledger, this.seed, this.withNumbers) = (traffic, new(seed), new(seed), ledger, seed, withNumbers);
        http = new() { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(20) };
    }

    /// <summary>Documents that were answered, each once.</summary>
    public int Documents => Volatile.Read(ref documents);

    /// <summary>Imports begun.</summary>
    public int Consignments { get; private set; }

    /// <summary>Sends at a rate until <paramref name="isEnough"/> says so; returns when all is answered.</summary>
    /// <param name="rate">Consignments a second, exports among them.</param>
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

            var random = Draws.Of(seed, Purpose.Group, group);
            var (isExport, count) = (random.Next(100) < ExportsInHundred, random.Next(10, 60));
            var first = isExport ? exported : Consignments;
            (exported, Consignments) = isExport ? (exported + count, Consignments) : (exported, Consignments + count);
            due += TimeSpan.FromSeconds(count / rate);
            running.RemoveAll(task => task.IsCompletedSuccessfully);
            running.Add(RunChunkAsync(new(group, first, count), isExport ? Exports : Imports, random.Next(), room, ct));
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

    private async Task RunChunkAsync(Chunk chunk, Kind[] of, int chunkSeed, SemaphoreSlim room, CancellationToken ct)
    {
        try
        {
            var random = new Random(chunkSeed);
            var kinds = of.Where(kind => withNumbers || kind is not (Kind.Return or Kind.Cancellation or Kind.ExportCancellation)).ToArray();
            random.Shuffle(kinds);
            await Task.WhenAll(kinds.Select(kind => RunKindAsync(chunk, kind, random.Next(), ct)));
        }
        finally
        {
            room.Release();
        }
    }

    private async Task RunKindAsync(Chunk chunk, Kind kind, int kindSeed, CancellationToken ct)
    {
        var random = new Random(kindSeed);
        await Task.Delay(random.Next(300), ct);
        var stages = (await SendingsAsync(chunk, kind, ct)).ToLookup(one => one.Stage, one => one.Write);
        await SendAsync(0);
        await Task.WhenAll(stages.Select(one => one.Key).Where(stage => stage > 0).Select(SendAsync));

        async Task SendAsync(int stage)
        {
            if (!stages.Contains(stage))
            {
                return; // of a few consignments none may have an inventory
            }

            var request = Write(chunk, kind, [.. stages[stage]], random);
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

    /// <summary>What is sent of a kind: of stage 0 first, and when that is answered all later stages at once.</summary>
    private async Task<IEnumerable<(int Stage, Action<DocumentWriter> Write)>> SendingsAsync(Chunk chunk, Kind kind, CancellationToken ct)
    {
        var (group, numbers) = (chunk.Group, Enumerable.Range(chunk.First, chunk.Count));
        return kind switch
        {
            Kind.Return => await ReturnsAsync(chunk, ct),
            Kind.Cancellation => await CancellationsAsync(chunk, kind, stories.IsCancelled, ct),
            Kind.ExportCancellation => await CancellationsAsync(chunk, kind, exports.IsCancelled, ct),
            Kind.Departure => exports.DepartureOf(chunk.First, chunk.Count)
                .Select(one => (one.Stage, (Action<DocumentWriter>)(writer => traffic.WriteDeparture(writer, group, one.Edition)))),
            >= Kind.ExportOrder => numbers.SelectMany(number => exports.Of(number, kind), (number, one) =>
                (one.Stage, (Action<DocumentWriter>)(writer => traffic.WriteExport(writer, kind, group, number, one.Edition)))),
            _ => numbers.SelectMany(number => stories.Of(number, kind), (number, one) =>
                (one.Stage, (Action<DocumentWriter>)(writer => traffic.Write(writer, kind, group, number, one.Edition)))),
        };
    }

    /// <summary>Returns name the number that customs gave: their sender asks for it until there is one.</summary>
    private async Task<IEnumerable<(int Stage, Action<DocumentWriter> Write)>> ReturnsAsync(Chunk chunk, CancellationToken ct)
    {
        var sendings = new List<(int, Action<DocumentWriter>)>();
        foreach (var number in Enumerable.Range(chunk.First, chunk.Count))
        {
            var returns = stories.ReturnsOf(number);
            if (returns.Count == 0)
            {
                continue;
            }

            var invtNo = await AskInvtNoAsync(chunk.Group, Kind.Return, number, isLate: false, ct);
            sendings.AddRange(returns.Select((pieces, no) =>
                (no, (Action<DocumentWriter>)(writer => traffic.WriteReturn(writer, chunk.Group, number, invtNo, no, pieces)))));
        }

        return sendings;
    }

    /// <summary>Half of those who cancel wait for a result, for a while: then it may be too late.</summary>
    private async Task<IEnumerable<(int Stage, Action<DocumentWriter> Write)>> CancellationsAsync(
        Chunk chunk, Kind kind, Func<int, bool> isCancelled, CancellationToken ct)
    {
        var sendings = new List<(int, Action<DocumentWriter>)>();
        foreach (var number in Enumerable.Range(chunk.First, chunk.Count).Where(isCancelled))
        {
            var invtNo = await AskInvtNoAsync(chunk.Group, kind, number, isLate: chunk.Group % 2 == 0, ct);
            sendings.Add((0, writer => traffic.WriteCancellation(writer, kind, chunk.Group, number, invtNo)));
        }

        return sendings;
    }

    private async Task<string> AskInvtNoAsync(int group, Kind kind, int number, bool isLate, CancellationToken ct)
    {
        var asker = traffic.SenderOf(group, kind);
        var route = kind == Kind.ExportCancellation
            ? $"/v1/export-inventories/{asker.Code}/{traffic.ExportNo(number)}"
            : $"/v1/inventories/{traffic.SellerOf(number).Code}/{traffic.OrderNo(number)}";
        var began = Stopwatch.GetTimestamp();
        for (var asks = 1; Stopwatch.GetElapsedTime(began) < Patience; asks++)
        {
            try
            {
                using var question = new HttpRequestMessage(HttpMethod.Get, route);
                question.Headers.Authorization = new AuthenticationHeaderValue("Bearer", asker.Key);
                using var answer = await http.SendAsync(question, ct);
                if (answer.IsSuccessStatusCode)
                {
                    using var inventory = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(ct));
                    if (!isLate || asks >= LateAsksMax || IsDecided(inventory.RootElement))
                    {
                        return inventory.RootElement.GetProperty("invtNo").GetString()!;
                    }
                }
                else if ((int)answer.StatusCode is not (404 or 429 or 502 or 503 or 504))
                {
                    throw new InvalidOperationException($"{route} was answered {(int)answer.StatusCode}.");
                }
            }
            catch (Exception trouble) when (IsTransport(trouble, ct))
            {
                // As where it is not there yet.
            }

            await Task.Delay(AskAgainAfter, ct);
        }

        throw new InvalidOperationException($"{route} was not answered.");
    }

    private static bool IsDecided(JsonElement inventory) => inventory.TryGetProperty("returnStatus", out var status) && status.GetString() != "120";

    private Request Write(Chunk chunk, Kind kind, IReadOnlyCollection<Action<DocumentWriter>> sendings, Random random)
    {
        var writer = new DocumentWriter();
        writer.Reset(Format.Ndjson);
        foreach (var write in sendings)
        {
            write(writer);
        }

        var isSpoiled = random.Next(4) == 0;
        if (isSpoiled)
        {
            var buyer = Traffic.BuyerOf(chunk.First);
            writer.Raw(BrokenOf(buyer[0], buyer[1], buyer[2], buyer[3]));
        }

        var sender = traffic.SenderOf(chunk.Group, kind);
        var number = Interlocked.Increment(ref requests);
        return new(
            number,
            Traffic.RouteOf(kind),
            sender.Code,
            sender.Key,
            random.Next(2) == 0 ? $"chaos-{seed}-{number}" : null,
            sendings.Count + (isSpoiled ? 1 : 0),
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
            catch (Exception trouble) when (IsTransport(trouble, ct))
            {
                ledger.Break(request, attempt, trouble.Message);
            }

            await Task.Delay(pause, ct);
        }
    }

    private static bool IsTransport(Exception trouble, CancellationToken ct) => trouble is HttpRequestException or IOException or SocketException
        || (trouble is TaskCanceledException && !ct.IsCancellationRequested);

    /// <summary>Consignments that are sent together: imports, or exports.</summary>
    private readonly record struct Chunk(int Group, int First, int Count);
}
