using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Sandan.Contracts.Events;

namespace Sandan.IntegrationTests;

/// <summary>Publishes as the outbox of a service does, and listens as another service would.</summary>
public sealed class Bus : IAsyncDisposable
{
    private readonly IConnection connection;
    private readonly IChannel publishing;
    private readonly string prefix;

    private Bus(IConnection connection, IChannel publishing, string prefix)
    {
        this.connection = connection;
        this.publishing = publishing;
        this.prefix = prefix;
    }

    public static async Task<Bus> ConnectAsync(Uri broker, string prefix)
    {
        var connection = await new ConnectionFactory { Uri = broker, ClientProvidedName = "tests" }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        return new(connection, channel, prefix);
    }

    /// <summary>Publishes under an id; the same id again is a redelivery.</summary>
    public async Task<Guid> PublishAsync<T>(T message, Guid? id = null) where T : class
    {
        var messageId = id ?? Guid.CreateVersion7();
        await publishing.BasicPublishAsync(
            Topology.ExchangeOf(typeof(T), prefix),
            routingKey: "",
            mandatory: true,
            new BasicProperties
            {
                MessageId = messageId.ToString(),
                ContentType = EventBytes.ContentType,
                DeliveryMode = DeliveryModes.Persistent,
                Headers = new Dictionary<string, object?>(),
            },
            EventBytes.Pack(message));
        return messageId;
    }

    /// <summary>Everything of an event type that is published from now on.</summary>
    public async Task<Heard<T>> ListenAsync<T>() where T : class
    {
        var channel = await connection.CreateChannelAsync();
        var exchange = Topology.ExchangeOf(typeof(T), prefix);
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true);
        var queue = await channel.QueueDeclareAsync();
        await channel.QueueBindAsync(queue.QueueName, exchange, routingKey: "");
        var heard = new Heard<T>();
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            heard.Add(delivery.BasicProperties.MessageId!, delivery.Body.ToArray());
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        return heard;
    }

    public async ValueTask DisposeAsync()
    {
        await using var channel = await connection.CreateChannelAsync();
        foreach (var (type, consumers) in Topology.Subscriptions)
        {
            foreach (var consumer in consumers)
            {
                var queue = Topology.QueueOf(consumer, type, prefix);
                foreach (var name in new[] { queue, $"{queue}_error", $"{queue}_skipped" })
                {
                    await channel.QueueDeleteAsync(name);
                    await channel.ExchangeDeleteAsync(name);
                }
            }

            await channel.ExchangeDeleteAsync(Topology.ExchangeOf(type, prefix));
        }

        await publishing.DisposeAsync();
        await connection.DisposeAsync();
    }
}

/// <summary>What was heard of an event type, in order.</summary>
public sealed class Heard<T> where T : class
{
    private readonly List<(string Id, byte[] Body, T Event)> messages = [];

    public IReadOnlyList<(string Id, byte[] Body, T Event)> Messages
    {
        get
        {
            lock (messages)
            {
                return [.. messages];
            }
        }
    }

    public IEnumerable<T> Events => Messages.Select(one => one.Event);

    internal void Add(string id, byte[] body)
    {
        var said = EventBytes.Unpack<T>(body);
        lock (messages)
        {
            messages.Add((id, body, said));
        }
    }
}
