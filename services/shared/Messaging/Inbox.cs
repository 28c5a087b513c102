using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;
using Polly.Retry;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;

namespace Sandan.Shared.Messaging;

/// <summary>What a service does with the items of a message, inside the transaction given.</summary>
public delegate Task ItemHandler<TItem>(UnitOfWork unit, IReadOnlyList<TItem> items, CancellationToken ct);

/// <summary>Messages that are worked in together: of one queue, or of several that have the same kind of items.</summary>
/// <param name="Name">Unique in the service. Handlers of one line do the same.</param>
/// <param name="ItemsMax">Items of a transaction; the message that goes beyond is the last of it.</param>
/// <param name="Gather">
/// How long a message waits for others at least, for a service that nobody waits for: what follows upon each other is
/// then written once.
/// </param>
public sealed record InboxLine(string Name, int ItemsMax = 2_000, TimeSpan Gather = default);

/// <summary>
/// Works a message in exactly once: the inbox row, the effect and the events to publish are one transaction. Trouble
/// that passes (the database is away, a deadlock) is retried for as long as it lasts. An item that fails for another
/// reason is parked with the reason, and its neighbours in the same message go on.
/// </summary>
public sealed partial class Inbox(NpgsqlDataSource database, OutboxSignal signal, TimeProvider time, ILogger<Inbox> log)
{
    /// <summary>Messages of a queue that are under way at most.</summary>
    public const int MessagesMax = 32;

    private const int ReasonLengthMax = 2000;
    private static readonly TimeSpan GatherStep = TimeSpan.FromMilliseconds(10);
    private const double RestTimes = 2;
    private static readonly TimeSpan RestMax = TimeSpan.FromMilliseconds(100);

    private static readonly Counter<long> Worked = SandanActivity.Meter.CreateCounter<long>("sandan.inbox.items");
    private static readonly Counter<long> Repeated = SandanActivity.Meter.CreateCounter<long>("sandan.inbox.repeated");
    private static readonly Counter<long> ParkedItems = SandanActivity.Meter.CreateCounter<long>("sandan.inbox.parked");

    private readonly ConcurrentDictionary<string, object> lines = new();

    private readonly ResiliencePipeline patience = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<Exception>(Trouble.Passes),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = TimeSpan.FromMilliseconds(50),
            MaxDelay = TimeSpan.FromSeconds(5),
            UseJitter = true,
            OnRetry = attempt =>
            {
                Waiting(log, attempt.AttemptNumber + 1, attempt.Outcome.Exception!.Message);
                return default;
            },
        })
        .Build();

    /// <summary>
    /// Has <paramref name="handler"/> work the items of this message in, once. Messages that wait for each other share a
    /// transaction, and a line rests after one for twice as long as it took: under load a transaction is large and
    /// costs little per item, at rest a message waits for none.
    /// </summary>
    /// <param name="line">Messages of one line are worked in together; null: those of the queue.</param>
    public async Task OnceAsync<TMessage, TItem>(
        ConsumeContext<TMessage> context, IReadOnlyList<TItem> items, ItemHandler<TItem> handler, InboxLine? line = null)
        where TMessage : class
    {
        var properties = context.ReceiveContext.TryGetPayload<RabbitMqBasicConsumeContext>(out var delivery)
            ? delivery.Properties
            : throw new InvalidOperationException("Messages come from RabbitMQ only.");
        var messageId = Guid.Parse(properties.MessageId
            ?? throw new InvalidOperationException("A message without an id was not sent by an outbox."));
        var queue = context.ReceiveContext.InputAddress.AbsolutePath.TrimStart('/');
        if (items is null)
        {
            throw new InvalidOperationException("A message without its list of items was not sent by an outbox.");
        }

        var delivered = new Delivery<TItem>(messageId, queue, typeof(TMessage).Name, TraceOf(delivery.Properties.Headers), items);
        line ??= new(queue);
        var waiting = (Line<TItem>)lines.GetOrAdd(line.Name, _ => new Line<TItem>(time));
        waiting.Add(delivered);
        var ct = context.CancellationToken;
        try
        {
            // Who comes through works for all who wait.
            await waiting.Gate.WaitAsync(ct);
            try
            {
                while (!delivered.IsDone)
                {
                    await waiting.GatherAsync(line, ct);
                    var some = waiting.Take(line.ItemsMax);
                    waiting.Pace.Begin();
                    try
                    {
                        await WorkAsync(some, handler, ct);
                        waiting.Pace.End();
                    }
                    catch
                    {
                        some.FindAll(one => !one.IsDone).ForEach(waiting.Add); // for those who are not stopping
                        throw;
                    }
                }
            }
            finally
            {
                waiting.Gate.Release();
            }
        }
        catch (Exception) when (ct.IsCancellationRequested)
        {
            // Stopping is no fault of the message: only this exception gives it back to the queue.
            throw new OperationCanceledException(ct);
        }
    }

    /// <summary>Works some messages in together; where that cannot be, for the poison in one of them, each by itself.</summary>
    private async Task WorkAsync<TItem>(List<Delivery<TItem>> deliveries, ItemHandler<TItem> handler, CancellationToken ct)
    {
        using var activity = StartActivity(deliveries);
        await patience.ExecuteAsync(
            async stop =>
            {
                try
                {
                    await WorkTogetherAsync(deliveries, handler, stop);
                }
                catch (Exception trouble) when (IsPoison(trouble, stop))
                {
                    foreach (var one in deliveries.Where(one => !one.IsDone))
                    {
                        await WorkApartAsync(one.MessageId, one.Queue, one.Items, handler, stop);
                        one.IsDone = true;
                    }
                }
            },
            ct);
        deliveries.ForEach(one => one.IsDone = true);
    }

    private async Task WorkTogetherAsync<TItem>(
        List<Delivery<TItem>> deliveries, ItemHandler<TItem> handler, CancellationToken ct)
    {
        await using var unit = await BeginAsync(ct);
        var known = await NewAsync(unit, deliveries, ct);
        var items = new List<TItem>();
        foreach (var one in deliveries)
        {
            if (known.Remove(one.MessageId))
            {
                items.AddRange(one.Items);
            }
            else
            {
                Repeated.Add(one.Items.Count);
            }
        }

        try
        {
            if (items.Count > 0)
            {
                await handler(unit, items, ct);
            }

            await unit.CommitAsync(ct);
        }
        catch (Exception trouble) when (unit.IsBroken && !ct.IsCancellationRequested)
        {
            throw new PassingTroubleException(trouble);
        }

        Worked.Add(items.Count);
    }

    /// <summary>Something in the message is poison: halve it until the poison stands alone, park that, keep the rest.</summary>
    private async Task WorkApartAsync<TItem>(
        Guid messageId, string queue, IReadOnlyList<TItem> items, ItemHandler<TItem> handler, CancellationToken ct)
    {
        await using var unit = await BeginAsync(ct);
        if ((await NewAsync<TItem>(unit, [new(messageId, queue, "", default, items)], ct)).Count == 0)
        {
            return;
        }

        var parked = 0;
        try
        {
            parked = await WorkApartAsync(unit, messageId, queue, items, handler, ct);
            await unit.CommitAsync(ct);
        }
        catch (Exception trouble) when (unit.IsBroken && !ct.IsCancellationRequested)
        {
            throw new PassingTroubleException(trouble);
        }

        ParkedItems.Add(parked);
        Worked.Add(items.Count - parked);
    }

    /// <summary>Returns how many items were parked.</summary>
    private async Task<int> WorkApartAsync<TItem>(
        UnitOfWork unit, Guid messageId, string queue, IReadOnlyList<TItem> items, ItemHandler<TItem> handler, CancellationToken ct)
    {
        var parked = 0;
        var heap = new Stack<IReadOnlyList<TItem>>([items]);
        while (heap.TryPop(out var part))
        {
            var noted = await unit.SaveAsync("part", ct);
            try
            {
                await handler(unit, part, ct);
            }
            catch (Exception poison) when (IsPoison(poison, ct) && !unit.IsBroken)
            {
                await unit.RollBackToAsync("part", noted, ct);
                if (part.Count == 1)
                {
                    await ParkAsync(unit, messageId, queue, part[0], poison, ct);
                    parked++;
                }
                else
                {
                    heap.Push([.. part.Skip(part.Count / 2)]);
                    heap.Push([.. part.Take(part.Count / 2)]);
                }
            }

            await unit.ReleaseAsync("part", ct);
        }

        return parked;
    }

    /// <summary>Whatever keeps a unit from beginning (a password that was changed, a table that is missing) is not the message's.</summary>
    private async Task<UnitOfWork> BeginAsync(CancellationToken ct)
    {
        try
        {
            return await UnitOfWork.BeginAsync(database, signal, ct);
        }
        catch (Exception trouble) when (!ct.IsCancellationRequested)
        {
            throw new PassingTroubleException(trouble);
        }
    }

    private async Task ParkAsync<TItem>(
        UnitOfWork unit, Guid messageId, string queue, TItem item, Exception poison, CancellationToken ct)
    {
        var reason = Storable($"{poison.GetType().Name}: {poison.Message}");
        Parked(log, queue, messageId, reason);
        await unit.ExecuteAsync(
            "INSERT INTO parked (message_id, queue, item, reason) VALUES ($1, $2, $3, $4)",
            ct,
            messageId,
            queue,
            new NpgsqlParameter
            {
                // jsonb cannot hold NUL, and what cannot be kept cannot be parked.
                Value = JsonSerializer.Serialize(item, item!.GetType(), EventJson.Default)
                    .Replace("\\u0000", "\\ufffd", StringComparison.Ordinal),
                NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Jsonb,
            },
            reason);
    }

    /// <summary>PostgreSQL's text holds neither NUL nor half a surrogate pair; a reason need not hold a whole document.</summary>
    private static string Storable(string reason) => string.Concat(reason.EnumerateRunes().Take(ReasonLengthMax))
        .Replace('\0', '\ufffd');

    /// <summary>The messages that were not worked in before.</summary>
    private static async Task<HashSet<Guid>> NewAsync<TItem>(
        UnitOfWork unit, List<Delivery<TItem>> deliveries, CancellationToken ct)
    {
        try
        {
            await using var command = unit.Command(
                """
                INSERT INTO inbox (message_id, queue) SELECT * FROM unnest($1, $2) ORDER BY 1
                ON CONFLICT DO NOTHING RETURNING message_id
                """,
                deliveries.ConvertAll(one => one.MessageId).ToArray(),
                deliveries.ConvertAll(one => one.Queue).ToArray());
            await using var reader = await command.ExecuteReaderAsync(ct);
            var known = new HashSet<Guid>();
            while (await reader.ReadAsync(ct))
            {
                known.Add(reader.GetGuid(0));
            }

            return known;
        }
        catch (Exception trouble) when (!ct.IsCancellationRequested)
        {
            throw new PassingTroubleException(trouble);
        }
    }

    /// <summary>True where trying again would end the same: also a handler that cancels itself while nobody stops it.</summary>
    private static bool IsPoison(Exception trouble, CancellationToken ct) =>
        !Trouble.Passes(trouble) && !ct.IsCancellationRequested;

    /// <summary>The first message is the parent, the others are linked.</summary>
    private static Activity? StartActivity<TItem>(List<Delivery<TItem>> deliveries)
    {
        var links = deliveries.Skip(1).Where(one => one.Trace != default).Select(one => new ActivityLink(one.Trace));
        return SandanActivity.Source.StartActivity(
            ActivityKind.Consumer, deliveries[0].Trace, links: links, name: $"process {deliveries[0].Event}");
    }

    private static ActivityContext TraceOf(IDictionary<string, object?>? headers)
    {
        var trace = headers is not null && headers.TryGetValue("traceparent", out var value)
            ? value as string ?? (value is byte[] bytes ? System.Text.Encoding.ASCII.GetString(bytes) : null)
            : null;
        return ActivityContext.TryParse(trace, null, isRemote: true, out var parent) ? parent : default;
    }

    /// <summary>A message that waits to be worked in.</summary>
    private sealed record Delivery<TItem>(
        Guid MessageId, string Queue, string Event, ActivityContext Trace, IReadOnlyList<TItem> Items)
    {
        /// <summary>Its effect is committed. Written and read by whoever is through the gate.</summary>
        public bool IsDone { get; set; }
    }

    /// <summary>Messages that wait for each other.</summary>
    private sealed class Line<TItem>(TimeProvider time)
    {
        private readonly ConcurrentQueue<Delivery<TItem>> deliveries = [];
        private int items;

        public SemaphoreSlim Gate { get; } = new(1);

        /// <summary>Used by whoever is through the gate.</summary>
        public Pace Pace { get; } = new(RestTimes, RestMax, time);

        public void Add(Delivery<TItem> one)
        {
            deliveries.Enqueue(one);
            Interlocked.Add(ref items, one.Items.Count);
        }

        /// <summary>Waits for others, until time and rest are over, a transaction is full or no more of a queue are delivered.</summary>
        public async Task GatherAsync(InboxLine line, CancellationToken ct)
        {
            var since = time.GetTimestamp();
            while (Volatile.Read(ref items) < line.ItemsMax && deliveries.Count < MessagesMax
                && Longer(line.Gather - time.GetElapsedTime(since), Pace.Left) is { Ticks: > 0 } left)
            {
                await Task.Delay(left < GatherStep ? left : GatherStep, time, ct);
            }

            static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
        }

        /// <summary>The first ones, as many as share a transaction.</summary>
        public List<Delivery<TItem>> Take(int itemsMax)
        {
            var taken = new List<Delivery<TItem>>();
            var count = 0;
            while (count < itemsMax && deliveries.TryDequeue(out var one))
            {
                taken.Add(one);
                count += one.Items.Count;
            }

            Interlocked.Add(ref items, -count);
            return taken;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Trouble that will pass, try {Attempt}: {Reason}")]
    private static partial void Waiting(ILogger log, int attempt, string reason);

    [LoggerMessage(LogLevel.Error, "{Queue}: an item of message {MessageId} is parked: {Reason}")]
    private static partial void Parked(ILogger log, string queue, Guid messageId, string reason);
}
