using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;
using Sandan.Contracts.Events;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Shared.IntegrationTests;

/// <summary>A message as it came.</summary>
internal sealed record Taken(string? Id, Dictionary<string, string> Headers, string? ContentType, DeliveryModes Mode, byte[] Body);

/// <summary>A database, exchanges and queues of a test's own, with a proxy before each server; all removed at its end.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private readonly string run = $"t{RandomNumberGenerator.GetHexString(10, lowercase: true)}_";
    private readonly string service;
    private readonly List<string> moreQueues = [];

    private Rig(string service)
    {
        this.service = service;
        foreach (var name in (string[])["master.key", "index.key", "identity.key"])
        {
            File.WriteAllText(Path.Combine(KeyFolder, name), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        }

        var postgres = new NpgsqlConnectionStringBuilder(ServersFactAttribute.Postgres!);
        Postgres = new(postgres.Host!, postgres.Port);
        var rabbit = new Uri(ServersFactAttribute.RabbitMq!);
        RabbitMq = new(rabbit.Host, rabbit.IsDefaultPort ? 5672 : rabbit.Port);
        Direct = Of(ServersFactAttribute.Postgres!, rabbit.ToString());
        Settings = Through(Postgres, RabbitMq);
        Keys = new(KeyFolder);
        Database = Storage.Database.Open(Direct, service);
    }

    public string KeyFolder { get; } = Directory.CreateTempSubdirectory("sandan-shared-").FullName;
    public KeyRing Keys { get; }
    public TcpProxy Postgres { get; }
    public TcpProxy RabbitMq { get; }

    /// <summary>Through the proxies: for what is tested.</summary>
    public SandanSettings Settings { get; }

    /// <summary>Past the proxies: for the test itself.</summary>
    public SandanSettings Direct { get; }
    public NpgsqlDataSource Database { get; }
    public IConnection Connection { get; private set; } = null!;
    public IChannel Channel { get; private set; } = null!;

    /// <summary>Command line of a service on this rig.</summary>
    public string[] Args =>
    [
        "--SANDAN_LISTEN=http://127.0.0.1:0", $"--SANDAN_POSTGRES={Settings.Postgres}", $"--SANDAN_RABBITMQ={Settings.RabbitMq}",
        $"--SANDAN_KEYS={KeyFolder}", $"--SANDAN_DATABASE_PREFIX={run}", $"--SANDAN_BUS_PREFIX={run}",
    ];

    /// <param name="migrated">False for an installation that has no database yet.</param>
    public static async Task<Rig> StartAsync(string service = "tax", bool migrated = true)
    {
        var rig = new Rig(service);
        rig.Connection = await Broker.ConnectAsync(rig.Direct, "tests", default);
        rig.Channel = await rig.Connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        if (migrated)
        {
            await Storage.Database.EnsureExistsAsync(rig.Direct, service, default);
            await Migrator.MigrateAsync(rig.Database, [typeof(Rig).Assembly], default);
        }

        return rig;
    }

    public SandanSettings Through(TcpProxy postgres, TcpProxy rabbit) => Of(
        new NpgsqlConnectionStringBuilder(ServersFactAttribute.Postgres!) { Host = "127.0.0.1", Port = postgres.Port }.ConnectionString,
        new UriBuilder(ServersFactAttribute.RabbitMq!) { Host = "127.0.0.1", Port = rabbit.Port }.Uri.ToString());

    public static async Task UntilAsync(Func<Task<bool>> reached, int seconds = 60)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!await reached())
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    public static Task UntilAsync(Func<bool> reached, int seconds = 60) => UntilAsync(() => Task.FromResult(reached()), seconds);

    public async Task<T> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return (T)(await command.ExecuteScalarAsync())!;
    }

    public Task<long> CountAsync(string table) => ScalarAsync<long>($"SELECT count(*) FROM {table}");

    public async Task ExecuteAsync(string sql, params object[] parameters)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Rows as a service would have written them; each body says its number.</summary>
    public Task AddRowsAsync<TEvent>(int from, int count) => AddRowsAsync(typeof(TEvent).Name, from, count);

    public Task AddRowsAsync(string eventName, int from, int count) => ExecuteAsync(
        """
        INSERT INTO outbox (message_id, event, body)
        SELECT gen_random_uuid(), $1, convert_to(n::text, 'UTF8') FROM generate_series($2, $2 + $3 - 1) AS n
        """,
        eventName, from, count);

    public string Exchange<TEvent>() => Topology.ExchangeOf(typeof(TEvent), run);

    public string Queue<TEvent>(string consumer) => Topology.QueueOf(consumer, typeof(TEvent), run);

    /// <summary>A further queue of this test, removed with it.</summary>
    public string MoreQueue(string name)
    {
        moreQueues.Add(run + name);
        return run + name;
    }

    /// <summary>Takes from a queue, as soon as it exists, until there are enough.</summary>
    public async Task<List<Taken>> TakeAsync(string queue, Func<List<Taken>, bool> enough)
    {
        var taken = new List<Taken>();
        await UntilAsync(async () =>
        {
            try
            {
                await using var connection = await Broker.ConnectOnceAsync(Direct, "tests: take", TimeSpan.FromSeconds(60), default);
                await using var channel = await connection.CreateChannelAsync();
                var consumer = new AsyncEventingBasicConsumer(channel);
                consumer.ReceivedAsync += (_, one) =>
                {
                    lock (taken)
                    {
                        taken.Add(new(
                            one.BasicProperties.MessageId,
                            one.BasicProperties.Headers is null ? [] : one.BasicProperties.Headers.ToDictionary(
                                header => header.Key, header => header.Value is byte[] text ? Encoding.UTF8.GetString(text) : $"{header.Value}"),
                            one.BasicProperties.ContentType, one.BasicProperties.DeliveryMode, one.Body.ToArray()));
                    }

                    return Task.CompletedTask;
                };
                await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
                await UntilAsync(() => connection is { IsOpen: false } || channel is { IsOpen: false } || Enough());
            }
            catch (RabbitMQClientException)
            {
                // Not declared yet, or just elected: again.
            }

            return Enough();
        });
        lock (taken)
        {
            return [.. taken];
        }

        bool Enough()
        {
            lock (taken)
            {
                return enough(taken);
            }
        }
    }

    /// <summary>Publishes as an outbox relay does.</summary>
    public async Task<Guid> PublishAsync<TEvent>(byte[] body, Guid? id = null, bool hasId = true, string? traceParent = null)
    {
        var messageId = id ?? Guid.CreateVersion7();
        var properties = new BasicProperties { ContentType = EventBytes.ContentType, DeliveryMode = DeliveryModes.Persistent };
        if (hasId)
        {
            properties.MessageId = messageId.ToString();
        }

        if (traceParent is not null)
        {
            properties.Headers = new Dictionary<string, object?> { ["traceparent"] = traceParent };
        }

        await Channel.BasicPublishAsync(Exchange<TEvent>(), "", mandatory: true, properties, body);
        return messageId;
    }

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await RabbitMq.DisposeAsync();
        await Database.DisposeAsync();
        await using (var admin = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(ServersFactAttribute.Postgres!) { Database = "postgres", Pooling = false }))
        await using (var drop = admin.CreateCommand($"DROP DATABASE IF EXISTS {run}{service} WITH (FORCE)"))
        {
            drop.CommandTimeout = 0; // a checkpoint comes first
            await drop.ExecuteNonQueryAsync();
        }

        await Connection.DisposeAsync();
        await using var connection = await Broker.ConnectAsync(Direct, "tests: end", default);
        await using var channel = await connection.CreateChannelAsync();
        foreach (var (type, consumers) in Topology.Subscriptions)
        {
            foreach (var queue in consumers.Select(consumer => Topology.QueueOf(consumer, type, run)))
            {
                foreach (var name in (string[])[queue, $"{queue}_error", $"{queue}_skipped"])
                {
                    await channel.QueueDeleteAsync(name);
                    await channel.ExchangeDeleteAsync(name);
                }
            }

            await channel.ExchangeDeleteAsync(Topology.ExchangeOf(type, run));
        }

        foreach (var queue in moreQueues)
        {
            await channel.QueueDeleteAsync(queue);
        }

        Directory.Delete(KeyFolder, recursive: true);
    }

    private SandanSettings Of(string postgres, string rabbit) => SandanSettings.From(new ConfigurationBuilder().AddInMemoryCollection(
        new Dictionary<string, string?>
        {
            ["SANDAN_POSTGRES"] = postgres,
            ["SANDAN_RABBITMQ"] = rabbit,
            ["SANDAN_KEYS"] = KeyFolder,
            ["SANDAN_DATABASE_PREFIX"] = run,
            ["SANDAN_BUS_PREFIX"] = run,
        }).Build());
}
