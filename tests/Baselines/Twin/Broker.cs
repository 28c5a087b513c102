using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Sandan.Twin;

/// <summary>A message that is not acknowledged yet.</summary>
internal readonly record struct Delivery(ulong Tag, byte[] Body);

/// <summary>The exchange and the queues, and what every loop does with them.</summary>
internal sealed class Broker(Uri address, string prefix)
{
    /// <summary>Deliveries that wait in the process while the ones before them are stored.</summary>
    private const ushort Prefetch = 16;

    private static readonly string[] Consumers = ["tax", "customs", "credit", "statistics"];

    private static readonly Dictionary<string, object?> Quorum = new() { ["x-queue-type"] = "quorum" };

    /// <summary>The queue of the matcher.</summary>
    public string Documents => prefix + "documents";

    /// <summary>The exchange of the verdicts: every consumer downstream gets each.</summary>
    public string Verdicts => prefix + "verdicts";

    /// <summary>The queue of a consumer downstream.</summary>
    public string QueueOf(string consumer) => prefix + consumer;

    /// <summary>Declares everything anew; messages of an earlier run go, as its database went.</summary>
    public async Task DeclareAsync()
    {
        await using var connection = await ConnectAsync(CancellationToken.None);
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(Verdicts, ExchangeType.Fanout, durable: true);
        foreach (var queue in Consumers.Select(QueueOf).Prepend(Documents))
        {
            await channel.QueueDeleteAsync(queue);
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, Quorum);
        }

        foreach (var queue in Consumers.Select(QueueOf))
        {
            await channel.QueueBindAsync(queue, Verdicts, routingKey: "");
        }
    }

    /// <summary>A connection that ends when it breaks: its loop then fails, and with it the process.</summary>
    public Task<IConnection> ConnectAsync(CancellationToken ct) =>
        new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false }.CreateConnectionAsync(ct);

    /// <summary>A channel on which publishing ends with the confirm.</summary>
    public static Task<IChannel> OpenChannelAsync(IConnection connection, CancellationToken ct) =>
        connection.CreateChannelAsync(
            new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct);

    /// <summary>Publishes a persistent message; done when it is confirmed, a failure if no queue takes it.</summary>
    public static ValueTask PublishAsync(
        IChannel channel, string exchange, string routingKey, ReadOnlyMemory<byte> body, CancellationToken ct) =>
        channel.BasicPublishAsync(
            exchange,
            routingKey,
            mandatory: true,
            new BasicProperties { DeliveryMode = DeliveryModes.Persistent },
            body,
            ct);

    /// <summary>The messages of a queue, to be acknowledged on the same channel.</summary>
    public static async Task<ChannelReader<Delivery>> ConsumeAsync(IChannel channel, string queue, CancellationToken ct)
    {
        var deliveries = Channel.CreateBounded<Delivery>(Prefetch);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
            await deliveries.Writer.WriteAsync(
                new(message.DeliveryTag, message.Body.ToArray()), message.CancellationToken);
        consumer.ShutdownAsync += (_, shutdown) =>
        {
            deliveries.Writer.TryComplete(new InvalidOperationException($"{queue} broke off: {shutdown.ReplyText}"));
            return Task.CompletedTask;
        };
        await channel.BasicQosAsync(0, Prefetch, global: false, ct);
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, ct);
        return deliveries.Reader;
    }

    /// <summary>Everything that waits, at least one.</summary>
    public static async Task<List<Delivery>> TakeAsync(ChannelReader<Delivery> deliveries, CancellationToken ct)
    {
        List<Delivery> taken = [await deliveries.ReadAsync(ct)];
        while (deliveries.TryRead(out var delivery))
        {
            taken.Add(delivery);
        }

        return taken;
    }
}
