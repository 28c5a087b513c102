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

/// <summary>
/// Works a message in exactly once: the inbox row, the effect and the events to publish are one transaction. Trouble
/// that passes (the database is away, a deadlock) is retried for as long as it lasts. An item that fails for another
/// reason is parked with the reason, and its neighbours in the same message go on.
/// </summary>
public sealed partial class Inbox(NpgsqlDataSource database, OutboxSignal signal, ILogger<Inbox> log)
{
    private const int ReasonLengthMax = 2000;

    private static readonly Counter<long> Worked = SandanActivity.Meter.CreateCounter<long>("sandan.inbox.items");
    private static readonly Counter<long> Repeated = SandanActivity.Meter.CreateCounter<long>("sandan.inbox.repeated");
    private static readonly Counter<long> ParkedItems = SandanActivity.Meter.CreateCounter<long>("sandan.inbox.parked");

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

    /// <summary>Runs <paramref name="handler"/> over <paramref name="items"/> once for this message.</summary>
    public async Task OnceAsync<TMessage, TItem>(
        ConsumeContext<TMessage> context, IReadOnlyList<TItem> items, ItemHandler<TItem> handler)
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

        using var activity = StartActivity(typeof(TMessage).Name, delivery.Properties.Headers);
        try
        {
            await patience.ExecuteAsync(
                async ct =>
                {
                    try
                    {
                        await WorkAsync(messageId, queue, items, handler, ct);
                    }
                    catch (Exception trouble) when (items.Count > 0 && IsPoison(trouble, ct))
                    {
                        await WorkApartAsync(messageId, queue, items, handler, ct);
                    }
                },
                context.CancellationToken);
        }
        catch (Exception) when (context.CancellationToken.IsCancellationRequested)
        {
            // Stopping is no fault of the message: only this exception gives it back to the queue.
            throw new OperationCanceledException(context.CancellationToken);
        }
    }

    private async Task WorkAsync<TItem>(
        Guid messageId, string queue, IReadOnlyList<TItem> items, ItemHandler<TItem> handler, CancellationToken ct)
    {
        await using var unit = await BeginAsync(ct);
        if (!await IsNewAsync(unit, messageId, queue, ct))
        {
            Repeated.Add(items.Count);
            return;
        }

        try
        {
            await handler(unit, items, ct);
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
        if (!await IsNewAsync(unit, messageId, queue, ct))
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
                Value = JsonSerializer.Serialize(item, typeof(TItem), EventJson.Default)
                    .Replace("\\u0000", "\\ufffd", StringComparison.Ordinal),
                NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Jsonb,
            },
            reason);
    }

    /// <summary>PostgreSQL's text holds neither NUL nor half a surrogate pair; a reason need not hold a whole document.</summary>
    private static string Storable(string reason) => string.Concat(reason.EnumerateRunes().Take(ReasonLengthMax))
        .Replace('\0', '\ufffd');

    private static async Task<bool> IsNewAsync(UnitOfWork unit, Guid messageId, string queue, CancellationToken ct)
    {
        try
        {
            return await unit.ExecuteAsync(
                "INSERT INTO inbox (message_id, queue) VALUES ($1, $2) ON CONFLICT DO NOTHING", ct, messageId, queue) == 1;
        }
        catch (Exception trouble) when (!ct.IsCancellationRequested)
        {
            throw new PassingTroubleException(trouble);
        }
    }

    /// <summary>True where trying again would end the same: also a handler that cancels itself while nobody stops it.</summary>
    private static bool IsPoison(Exception trouble, CancellationToken ct) =>
        !Trouble.Passes(trouble) && !ct.IsCancellationRequested;

    private static Activity? StartActivity(string name, IDictionary<string, object?>? headers)
    {
        var trace = headers is not null && headers.TryGetValue("traceparent", out var value)
            ? value as string ?? (value is byte[] bytes ? System.Text.Encoding.ASCII.GetString(bytes) : null)
            : null;
        ActivityContext.TryParse(trace, null, isRemote: true, out var parent);
        return SandanActivity.Source.StartActivity($"process {name}", ActivityKind.Consumer, parent);
    }

    [LoggerMessage(LogLevel.Warning, "Trouble that will pass, try {Attempt}: {Reason}")]
    private static partial void Waiting(ILogger log, int attempt, string reason);

    [LoggerMessage(LogLevel.Error, "{Queue}: an item of message {MessageId} is parked: {Reason}")]
    private static partial void Parked(ILogger log, string queue, Guid messageId, string reason);
}
