using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;

namespace Sandan.Shared.Messaging;

/// <summary>
/// Carries the outbox to RabbitMQ: the only place that publishes. One relay per database works at a time (session
/// advisory lock); it reads, publishes as mandatory, waits for the broker's confirms, and marks what was confirmed as
/// told, all over the session that holds the lock. What is not confirmed, or came back as unroutable, stays. A crash
/// between confirm and mark sends a message twice with the same id, which the inbox of the consumer absorbs.
/// </summary>
/// <remarks>
/// Each event type has a lane of its own: what the broker refuses holds up its own type, for a while that grows to
/// <see cref="HoldMax"/>, and no other. Rows leave in the order of their ids; behind a refusal others of its type may
/// have left before it.
/// </remarks>
public sealed partial class OutboxRelay(
    SandanSettings settings, string service, OutboxSignal signal, TimeProvider time, ILogger<OutboxRelay> log) : BackgroundService
{
    private const long LeaderKey = 0x52454C4159; // "RELAY"
    private const int RowsMax = 64;
    private const int BytesMax = 16 * 1024 * 1024; // of one reading; the row that goes beyond is the last of it
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);
    private const double RestTimes = 1;
    private static readonly TimeSpan RestMax = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan HoldMax = TimeSpan.FromSeconds(10);

    private static readonly Counter<long> Published = SandanActivity.Meter.CreateCounter<long>("sandan.outbox.published");
    private static readonly Counter<long> Sent = SandanActivity.Meter.CreateCounter<long>("sandan.outbox.bytes", "By");
    private static readonly Counter<long> Refused = SandanActivity.Meter.CreateCounter<long>("sandan.outbox.refused");

    private readonly NpgsqlDataSource sessions = Database.OpenUnpooled(settings, service, "relay");
    private bool mayMark = true;

    /// <summary>Between two tries to lead, to connect, to publish what was refused. Shorter in tests.</summary>
    internal TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A broker that is silent for twice as long is left. Shorter in tests.</summary>
    internal TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A leader that does nothing for so long, because its process is paused or the broker takes nothing, leads no more. Well
    /// above the poll interval and any pause that a busy machine makes. Shorter in tests.
    /// </summary>
    internal TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    public override void Dispose()
    {
        sessions.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await base.StopAsync(cancellationToken);
        }
        catch (AggregateException trouble) when (trouble.InnerExceptions.All(one => one is ObjectDisposedException))
        {
            // Npgsql cancels on a session that broke at this very moment. The relay was told to stop all the same, and has.
            Interrupted(log, service, trouble.Message);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RelayAsync(stoppingToken);
            }
            catch (Exception trouble) // of any kind: a relay that ended would keep everything, and take the host with it
            {
                if (!stoppingToken.IsCancellationRequested)
                {
                    Interrupted(log, service, trouble.Message);
                }
            }

            // Not the signal: new rows are no reason to ask a broker again that was away a moment ago.
            await Task.Delay(RetryInterval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RelayAsync(CancellationToken ct)
    {
        await using var session = await OpenSessionAsync(ct);
        while (!await LeadAsync(session, ct))
        {
            await Task.Delay(RetryInterval, ct);
        }

        await using var connection = await Broker.ConnectOnceAsync(settings, $"{service}: outbox", Heartbeat, ct);
        var lanes = new Dictionary<string, Lane>();
        var pace = new Pace(RestTimes, RestMax, time);
        while (connection.IsOpen)
        {
            pace.Begin();
            var rows = await ReadAsync(session, [.. lanes.Values.Where(lane => lane.IsHeld).Select(lane => lane.Event)], ct);
            if (rows.Count == 0)
            {
                await signal.WaitAsync(PollInterval, ct);
                continue;
            }

            foreach (var name in rows.Select(row => row.Event).Distinct())
            {
                if (!lanes.TryGetValue(name, out var lane))
                {
                    lanes.Add(name, lane = new(name));
                }

                await OpenAsync(lane, connection, ct);
            }

            if (!mayMark)
            {
                await TryMarkAsync(session, rows.ConvertAll(row => row.Id), ct);
            }

            var confirmed = await PublishAsync(rows, lanes, ct);
            await MarkAsync(session, confirmed);
            ct.ThrowIfCancellationRequested();
            if (!connection.IsOpen)
            {
                break; // no lane is to blame
            }

            foreach (var lane in lanes.Values)
            {
                await SettleAsync(lane);
            }

            if (rows.Count < RowsMax)
            {
                pace.End();
                await pace.RestAsync(ct); // many small commits then leave together
            }
        }

        Interrupted(log, service, connection.CloseReason?.ToString() ?? "the connection to the broker ended");
    }

    private async Task<NpgsqlConnection> OpenSessionAsync(CancellationToken ct)
    {
        var session = await sessions.OpenConnectionAsync(ct);
        try
        {
            // A leader whose machine vanished is noticed by the server, and its lock freed, in 25 s, not in hours: by keepalive,
            // and where an answer was on its way, for which keepalive waits, by the user timeout. One that is paused still has
            // a kernel that answers for it: its session ends when it has asked for nothing for as long as the lease.
            // And a mark need not be on disk: one that is lost sends a message once more, with the same id.
            await using var alive = new NpgsqlCommand(
                $"""
                SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
                SET tcp_user_timeout = 25000; SET idle_session_timeout = {(long)Lease.TotalMilliseconds};
                SET synchronous_commit = off
                """,
                session);
            await alive.ExecuteNonQueryAsync(ct);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private static async Task<bool> LeadAsync(NpgsqlConnection session, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({LeaderKey})", session);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task<List<OutboxRow>> ReadAsync(NpgsqlConnection session, string[] held, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT id, message_id, event, body, traceparent
            FROM (
              SELECT *, sum(octet_length(body)) OVER (ORDER BY id) - octet_length(body) AS bytes_before
              FROM (SELECT * FROM message WHERE told_at IS NULL AND event <> ALL($1) ORDER BY told_at, id LIMIT {RowsMax}) AS next
            ) AS next
            WHERE bytes_before < {BytesMax}
            ORDER BY id
            """,
            session)
        {
            Parameters = { new() { Value = held } },
        };
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<OutboxRow>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new(
                reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), (byte[])reader[3],
                reader.IsDBNull(4) ? null : reader.GetString(4)));
        }

        return rows;
    }

    /// <summary>
    /// Makes a lane ready. What the event needs is declared again: a broker that lost it would refuse for ever, and the
    /// consumers declare only their queues, not the bindings.
    /// </summary>
    private async Task OpenAsync(Lane lane, IConnection connection, CancellationToken ct)
    {
        if (lane.Channel is { IsOpen: true })
        {
            return;
        }

        try
        {
            var eventType = Topology.Subscriptions.SingleOrDefault(one => one.Event.Name == lane.Event).Event
                ?? throw new InvalidOperationException($"{lane.Event} is not in Topology: nobody consumes it.");
            try
            {
                await Broker.DeclareAsync(connection, settings, eventType, ct);
            }
            catch (OperationInterruptedException other) when (connection.IsOpen)
            {
                NotDeclared(log, service, lane.Event, other.Message); // declared otherwise by someone: it may do all the same
            }

            lane.Exchange = Topology.ExchangeOf(eventType, settings.BusPrefix);
            lane.Channel = await connection.CreateChannelAsync(
                new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);
        }
        catch (Exception trouble) when (connection.IsOpen && !ct.IsCancellationRequested)
        {
            lane.Refusal = trouble;
        }
    }

    /// <summary>Publishes all rows at once and awaits each confirm; returns the ids of the confirmed.</summary>
    private static async Task<List<long>> PublishAsync(List<OutboxRow> rows, Dictionary<string, Lane> lanes, CancellationToken ct)
    {
        var confirmed = new List<long>(rows.Count);
        var sends = rows.ConvertAll(row => (Row: row, Lane: lanes[row.Event], Sent: PublishAsync(lanes[row.Event], row, ct)));
        foreach (var (row, lane, sent) in sends)
        {
            try
            {
                await sent;
                confirmed.Add(row.Id);
                Sent.Add(row.Body.Length);
                lane.Confirmed = true;
            }
            catch (Exception refusal) // a return, a nack, the end of the channel or of the connection: the row stays
            {
                lane.Refusal ??= refusal;
                lane.RefusedRows++;
            }
        }

        return confirmed;
    }

    private static async Task PublishAsync(Lane lane, OutboxRow row, CancellationToken ct)
    {
        if (lane.Refusal is { } refusal)
        {
            throw refusal;
        }

        ActivityContext.TryParse(row.TraceParent, null, out var parent);
        using var activity = SandanActivity.Source.StartActivity($"publish {row.Event}", ActivityKind.Producer, parent);
        var properties = new BasicProperties
        {
            MessageId = row.MessageId.ToString(),
            ContentType = EventBytes.ContentType,
            DeliveryMode = DeliveryModes.Persistent,
            Headers = new Dictionary<string, object?>(),
        };
        if ((activity?.Id ?? row.TraceParent) is { } trace)
        {
            properties.Headers["traceparent"] = trace;
        }

        await lane.Channel!.BasicPublishAsync(lane.Exchange, routingKey: "", mandatory: true, properties, row.Body, ct);
    }

    /// <summary>
    /// Where the last mark failed, on a full disk or on a server that only reads, the next is tried before anything is
    /// published: else the same messages would go out again and again for as long as that lasts.
    /// </summary>
    private async Task TryMarkAsync(NpgsqlConnection session, List<long> ids, CancellationToken ct)
    {
        await using var transaction = await session.BeginTransactionAsync(ct);
        await using var mark = Mark(session, ids);
        await mark.ExecuteNonQueryAsync(ct);
        await transaction.RollbackAsync(ct);
        mayMark = true;
    }

    /// <summary>Also while stopping: what is confirmed and not marked would be sent again.</summary>
    private async Task MarkAsync(NpgsqlConnection session, List<long> confirmed)
    {
        if (confirmed.Count == 0)
        {
            return;
        }

        mayMark = false;
        await using var mark = Mark(session, confirmed);
        await mark.ExecuteNonQueryAsync(CancellationToken.None);
        mayMark = true;
        Published.Add(confirmed.Count);
    }

    private static NpgsqlCommand Mark(NpgsqlConnection session, List<long> ids) =>
        new("UPDATE message SET told_at = now() WHERE id = ANY($1)", session) { Parameters = { new() { Value = ids } } };

    /// <summary>Holds a lane that was refused something; its channel may be closed, so the next try gets a new one.</summary>
    private async Task SettleAsync(Lane lane)
    {
        var (refusal, refusedRows, wasConfirmed) = (lane.Refusal, lane.RefusedRows, lane.Confirmed);
        (lane.Refusal, lane.RefusedRows, lane.Confirmed) = (null, 0, false);
        if (refusal is null)
        {
            if (wasConfirmed)
            {
                lane.Release();
            }

            return;
        }

        lane.Hold(RetryInterval);
        Refused.Add(Math.Max(refusedRows, 1), new KeyValuePair<string, object?>("event", lane.Event));
        Held(log, service, lane.Event, lane.HoldTime, refusal.Message);
        if (lane.Channel is { } channel)
        {
            lane.Channel = null;
            await channel.DisposeAsync();
        }
    }

    private sealed record OutboxRow(long Id, Guid MessageId, string Event, byte[] Body, string? TraceParent);

    /// <summary>The way of one event type.</summary>
    private sealed class Lane(string eventName)
    {
        private long heldUntil;

        public string Event { get; } = eventName;
        public string Exchange { get; set; } = "";
        public IChannel? Channel { get; set; }
        public Exception? Refusal { get; set; }
        public int RefusedRows { get; set; }
        public bool Confirmed { get; set; }
        public TimeSpan HoldTime { get; private set; }
        public bool IsHeld => Environment.TickCount64 < heldUntil;

        public void Release() => HoldTime = TimeSpan.Zero;

        public void Hold(TimeSpan first)
        {
            HoldTime = HoldTime == TimeSpan.Zero ? first : HoldTime * 2 < HoldMax ? HoldTime * 2 : HoldMax;
            heldUntil = Environment.TickCount64 + (long)HoldTime.TotalMilliseconds;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Service}: the outbox waits, nothing is lost: {Reason}")]
    private static partial void Interrupted(ILogger log, string service, string reason);

    [LoggerMessage(LogLevel.Error, "{Service}: {Event} is refused and stays in the outbox, next try in {Wait}: {Reason}")]
    private static partial void Held(ILogger log, string service, string @event, TimeSpan wait, string reason);

    [LoggerMessage(LogLevel.Warning, "{Service}: exchange or queues of {Event} are declared otherwise: {Reason}")]
    private static partial void NotDeclared(ILogger log, string service, string @event, string reason);
}
