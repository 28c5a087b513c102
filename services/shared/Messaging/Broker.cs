using RabbitMQ.Client;
using Sandan.Contracts.Events;

namespace Sandan.Shared.Messaging;

/// <summary>What every service agrees on about RabbitMQ: the connection, the exchanges and the queues.</summary>
public static class Broker
{
    /// <summary>A connection that recovers by itself; its name shows in RabbitMQ's own tools.</summary>
    public static Task<IConnection> ConnectAsync(SandanSettings settings, string name, CancellationToken ct) =>
        Factory(settings, name).CreateConnectionAsync(ct);

    /// <summary>
    /// A connection that ends when it breaks, for an owner who connects again: recovery behind its back would leave it
    /// to wait on a channel whose confirms never come.
    /// </summary>
    public static Task<IConnection> ConnectOnceAsync(
        SandanSettings settings, string name, TimeSpan heartbeat, CancellationToken ct)
    {
        var factory = Factory(settings, name);
        factory.AutomaticRecoveryEnabled = false;
        factory.RequestedHeartbeat = heartbeat;
        return factory.CreateConnectionAsync(ct);
    }

    /// <summary>
    /// Declares every exchange, queue and binding of <see cref="Topology"/>: durable, quorum, the same from every
    /// service, so that it does not matter which of them starts first.
    /// </summary>
    public static async Task DeclareTopologyAsync(SandanSettings settings, string service, CancellationToken ct)
    {
        await using var connection = await ConnectOnceAsync(settings, $"{service}: topology", TimeSpan.FromSeconds(10), ct);
        foreach (var (eventType, _) in Topology.Subscriptions)
        {
            await DeclareAsync(connection, settings, eventType, ct);
        }
    }

    /// <summary>Declares exchange, queues and bindings of one event type.</summary>
    internal static async Task DeclareAsync(
        IConnection connection, SandanSettings settings, Type eventType, CancellationToken ct)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        var exchange = Topology.ExchangeOf(eventType, settings.BusPrefix);
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: ct);
        foreach (var consumer in Topology.Subscriptions.Single(one => one.Event == eventType).Consumers)
        {
            var queue = Topology.QueueOf(consumer, eventType, settings.BusPrefix);
            await channel.QueueDeclareAsync(
                queue, durable: true, exclusive: false, autoDelete: false, arguments: QueueArguments, cancellationToken: ct);
            await channel.QueueBindAsync(queue, exchange, routingKey: "", cancellationToken: ct);
        }
    }

    private static ConnectionFactory Factory(SandanSettings settings, string name) =>
        new() { Uri = settings.RabbitMq, ClientProvidedName = name };

    /// <summary>
    /// Quorum queues: a confirmed message is on disk. RabbitMQ 4 would drop a message after 20 deliveries, 3.10 never;
    /// ours are never dropped: a database that is away for an hour is no fault of the message.
    /// </summary>
    internal static readonly Dictionary<string, object?> QueueArguments = new()
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = 1_000_000,
    };
}
