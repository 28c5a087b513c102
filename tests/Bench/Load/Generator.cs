using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Sandan.Demo;

namespace Sandan.Bench.Load;

/// <summary>How a load looks.</summary>
/// <param name="Format">Of the requests.</param>
/// <param name="DocumentsPerRequest">Consignments of a group, whose documents of one kind are one request.</param>
/// <param name="RepeatsInHundred">So many requests are sent a second time, byte by byte the same.</param>
/// <param name="Spread">Groups between the documents of a group: 0 sends its three requests one after another.</param>
internal sealed record Shape(Format Format, int DocumentsPerRequest, int RepeatsInHundred = 0, int Spread = 0)
{
    public static readonly Shape Batch = new(Format.Ndjson, 500);
    public static readonly Shape Single = new(Format.Json, 1);
    public static readonly Shape Xml = new(Format.Xml, 100);
}

/// <summary>Who is sent to.</summary>
/// <param name="Address">Of the gateway, or of a baseline.</param>
/// <param name="Tells">The answer tells of each document; a baseline's only that all of the request are taken.</param>
internal sealed record Target(Uri Address, bool Tells = true);

/// <summary>
/// Sends at a fixed rate whatever the answers (open loop): each request has a time at which it should go, and its latency
/// counts from there, also where it had to wait for a connection.
/// </summary>
internal sealed class Generator : IAsyncDisposable
{
    private const int Connections = 64;
    private const int TriesMax = 100;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly Traffic traffic;
    private readonly Ledger ledger;
    private readonly Shape shape;
    private readonly IPEndPoint server;
    private readonly Channel<Request> due = Channel.CreateUnbounded<Request>(new() { SingleWriter = true });
    private readonly Task[] senders;
    private int pending;
    private int refusals;
    private long bytes;
    private readonly Target target;
    private int group;

    public Generator(Target target, Traffic traffic, Ledger ledger, Shape shape)
    {
        (this.target, this.traffic, this.ledger, this.shape) = (target, traffic, ledger, shape);
        server = new(IPAddress.Parse(target.Address.Host), target.Address.Port);
        senders = [.. Enumerable.Range(0, Connections).Select(_ => Task.Run(SendAsync))];
    }

    /// <summary>Requests that were refused for the time being (429, 503); sent again unless <see cref="GivesUp"/>.</summary>
    public int Refusals => Volatile.Read(ref refusals);

    /// <summary>Requests that should have gone and were not answered yet.</summary>
    public int Pending => Volatile.Read(ref pending);

    /// <summary>Bytes of all request bodies.</summary>
    public long Bytes => Volatile.Read(ref bytes);

    /// <summary>What is refused for the time being is not sent again: its documents never come.</summary>
    public bool GivesUp { get; set; }

    /// <summary>Sends consignments at a rate for a time.</summary>
    /// <param name="rate">Consignments a second.</param>
    /// <param name="backlogMax">Ends early where so many requests wait: the system does not keep up at all.</param>
    /// <returns>Consignments sent.</returns>
    public async Task<int> RunAsync(double rate, TimeSpan time, CancellationToken ct, int backlogMax = 20_000)
    {
        var first = ledger.Sent;
        var groups = Math.Max(1, (int)Math.Round(rate * time.TotalSeconds / shape.DocumentsPerRequest));
        var gap = Stopwatch.Frequency * (shape.DocumentsPerRequest / rate) / 3;
        var start = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 20;
        var sent = 0L;
        using var timer = new PeriodicTimer(Tick);
        for (var at = 0; at < groups + shape.Spread && Pending < backlogMax; at++)
        {
            // With a spread the three requests of a slot belong to groups that began at different times.
            for (var part = 0; part < 3; part++)
            {
                var intended = start + (long)(gap * sent++);
                while (Stopwatch.GetTimestamp() < intended)
                {
                    await timer.WaitForNextTickAsync(ct);
                }

                var back = shape.Spread * part / 2;
                if (at >= back && at - back < groups)
                {
                    Send(group + at - back, first + (at - back) * shape.DocumentsPerRequest, part, intended);
                }
            }
        }

        group += groups;
        return ledger.Sent - first;
    }

    /// <summary>Sends consignments as fast as answers come.</summary>
    /// <param name="requestsMax">Requests under way at once.</param>
    /// <returns>What was sent, to be repeated.</returns>
    public async Task<Part> RunFlatOutAsync(int consignments, int requestsMax, CancellationToken ct)
    {
        var part = new Part(group, ledger.Sent, consignments / shape.DocumentsPerRequest);
        group += part.Groups;
        await SendAsync(part, requestsMax, Send, ct);
        return part;
    }

    /// <summary>Sends again what was sent before, byte by byte the same, as fast as answers come.</summary>
    public Task RepeatAsync(Part part, int requestsMax, CancellationToken ct) => SendAsync(part, requestsMax, Enqueue, ct);

    private async Task SendAsync(Part part, int requestsMax, Action<int, int, int, long> send, CancellationToken ct)
    {
        for (var at = 0; at < part.Groups * 3; at++)
        {
            while (Pending >= requestsMax)
            {
                await Task.Delay(1, ct);
            }

            send(part.Group + at / 3, part.First + at / 3 * shape.DocumentsPerRequest, at % 3, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Waits until everything was answered.</summary>
    public async Task SettleAsync(CancellationToken ct)
    {
        while (Pending > 0)
        {
            await Task.Delay(10, ct);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        due.Writer.Complete();
        await Task.WhenAll(senders);
    }

    /// <summary>Sends one of the three requests of a group for the first time.</summary>
    private void Send(int ofGroup, int first, int part, long intended)
    {
        var kind = KindOf(ofGroup, part);
        for (var number = first; number < first + shape.DocumentsPerRequest; number++)
        {
            ledger.Begin(number, ofGroup);
            if (Traffic.IsSent(Traffic.DefectOf(number), kind))
            {
                ledger.Intend(number, intended);
            }

            if (part == 2)
            {
                ledger.Complete(number);
            }
        }

        Enqueue(ofGroup, first, part, intended);
        if ((ofGroup * 3 + part) * 37 % 100 < shape.RepeatsInHundred)
        {
            Enqueue(ofGroup, first, part, intended);
        }
    }

    private void Enqueue(int ofGroup, int first, int part, long intended)
    {
        Interlocked.Increment(ref pending);
        due.Writer.TryWrite(new(KindOf(ofGroup, part), ofGroup, first, intended));
    }

    private static Kind KindOf(int ofGroup, int part)
    {
        var (one, two, three) = Traffic.OrderOf(ofGroup);
        return part switch { 0 => one, 1 => two, _ => three };
    }

    private async Task SendAsync()
    {
        using var connection = new Connection(server);
        var writer = new DocumentWriter();
        var heads = new Dictionary<(Company, Kind), string>();
        await foreach (var request in due.Reader.ReadAllAsync())
        {
            var documents = traffic.Write(
                writer, shape.Format, request.Kind, request.Group, request.First, shape.DocumentsPerRequest);
            if (documents > 0)
            {
                Interlocked.Add(ref bytes, writer.Written.Length);
                await SendAsync(connection, heads, request, writer.Written, documents);
            }

            Interlocked.Decrement(ref pending);
        }
    }

    private async Task SendAsync(
        Connection connection, Dictionary<(Company, Kind), string> heads, Request request, ReadOnlyMemory<byte> body, int documents)
    {
        var sender = traffic.SenderOf(request.Group, request.Kind);
        if (!heads.TryGetValue((sender, request.Kind), out var head))
        {
            heads.Add((sender, request.Kind), head = HeadOf(sender, request.Kind));
        }

        var bytes = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head}Content-Length: {body.Length}\r\n\r\n"));
        for (var attempt = 1; ; attempt++)
        {
            var trouble = "";
            try
            {
                var answer = await connection.SendAsync(bytes, body, CancellationToken.None);
                if (answer.Status is 200 or 201)
                {
                    var taken = CountTaken(answer, documents);
                    ledger.Answered(request.Intended, taken.New);
                    if (taken.New + taken.Known != documents)
                    {
                        ledger.Fault($"{taken.New} + {taken.Known} of {documents} were taken: {Text(answer)}");
                    }

                    return;
                }

                trouble = $"{answer.Status} {Text(answer)}";
                if (answer.Status is 429 or 503)
                {
                    Interlocked.Increment(ref refusals);
                    if (GivesUp)
                    {
                        GiveUp(request);
                        return;
                    }

                    await Task.Delay(TimeSpan.FromSeconds(Math.Max(answer.RetryAfterSeconds, 1)));
                }
                else if (answer.Status < 500)
                {
                    attempt = TriesMax;
                }
            }
            catch (IOException broken)
            {
                trouble = broken.Message;
                await Task.Delay(100);
            }

            if (attempt >= TriesMax)
            {
                ledger.Fault($"A request for {request.Kind} got no answer: {trouble}");
                return;
            }
        }
    }

    private void GiveUp(Request request)
    {
        ledger.Answered(request.Intended, 0);
        for (var number = request.First; number < request.First + shape.DocumentsPerRequest; number++)
        {
            if (Traffic.IsSent(Traffic.DefectOf(number), request.Kind))
            {
                ledger.GiveUp(number, request.Kind);
            }
        }
    }

    /// <summary>What the answer says was stored now, and what was there already.</summary>
    private (int New, int Known) CountTaken(Answer answer, int documents) => shape.Format switch
    {
        _ when !target.Tells => (documents, 0),
        Format.Xml => (Count(answer.Body.Span, "<returnStatus>2<"u8), 0),
        _ => (Count(answer.Body.Span, "\"created\""u8), Count(answer.Body.Span, "\"exists\""u8)),
    };

    private static int Count(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part)
    {
        var count = 0;
        for (int at; (at = text.IndexOf(part)) >= 0; count++)
        {
            text = text[(at + part.Length)..];
        }

        return count;
    }

    private static string Text(Answer answer) => Encoding.UTF8.GetString(answer.Body.Span[..Math.Min(answer.Body.Length, 300)]);

    private string HeadOf(Company sender, Kind kind)
    {
        var (path, type) = (shape.Format, kind) switch
        {
            (Format.Xml, Kind.Order) => ("/v1/ceb/CEB311", "application/xml"),
            (Format.Xml, Kind.Payment) => ("/v1/ceb/CEB411", "application/xml"),
            (Format.Xml, _) => ("/v1/ceb/CEB511", "application/xml"),
            _ => (Traffic.RouteOf(kind), ""),
        };
        if (type.Length == 0)
        {
            type = shape.Format == Format.Json ? "application/json" : "application/x-ndjson";
        }

        return $"POST {path} HTTP/1.1\r\nHost: {server}\r\nAuthorization: Bearer {sender.Key}\r\nContent-Type: {type}\r\n";
    }

    /// <summary>Some groups that were sent.</summary>
    public readonly record struct Part(int Group, int First, int Groups);

    private readonly record struct Request(Kind Kind, int Group, int First, long Intended);
}
