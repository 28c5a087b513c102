using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Npgsql;
using RabbitMQ.Client;
using Sandan.Contracts.Events;
using Sandan.Shared;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Downstream.IntegrationTests;

/// <summary>
/// Credit and statistics as they run, on databases, exchanges, queues and keys of their own, all removed at the end.
/// </summary>
public sealed class Installation : IAsyncLifetime
{
    private static readonly HttpClient Http = new();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string run = $"test{Guid.CreateVersion7():n}";
    private readonly DirectoryInfo keys = Directory.CreateTempSubdirectory("sandan-keys-");
    private readonly Dictionary<string, Stack<WebApplication>> services =
        new() { ["credit"] = [], ["statistics"] = [] };
    private readonly Dictionary<Type, HashSet<Guid>> published = [];
    private readonly Dictionary<string, NpgsqlDataSource> databases = [];
    private IConnection? connection;
    private IChannel? channel;

    public static string? Postgres { get; } = Environment.GetEnvironmentVariable("SANDAN_TEST_POSTGRES");

    public static string? RabbitMq { get; } = Environment.GetEnvironmentVariable("SANDAN_TEST_RABBITMQ");

    private string[] Arguments =>
    [
        $"--SANDAN_POSTGRES={Postgres}", $"--SANDAN_RABBITMQ={RabbitMq}", $"--SANDAN_KEYS={keys.FullName}",
        $"--SANDAN_DATABASE_PREFIX={run}_", $"--SANDAN_BUS_PREFIX={run}.", "--SANDAN_LISTEN=http://127.0.0.1:0",
        "--Statistics:Gather=00:00:00", "--Credit:Gather=00:00:00", // nothing waits for company that does not come
    ];

    private SandanSettings Settings =>
        SandanSettings.From(new ConfigurationBuilder().AddCommandLine(Arguments).Build());

    public async Task InitializeAsync()
    {
        if (Postgres is null || RabbitMq is null)
        {
            return;
        }

        foreach (var name in new[] { "master", "index", "identity" })
        {
            await File.WriteAllTextAsync(
                Path.Combine(keys.FullName, $"{name}.key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        }

        await StartAsync("credit");
        await StartAsync("statistics");
        foreach (var name in services.Keys)
        {
            databases[name] = Database.Open(Settings, name);
        }

        connection = await new ConnectionFactory { Uri = new(RabbitMq) }.CreateConnectionAsync();
        channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
    }

    public async Task DisposeAsync()
    {
        foreach (var name in services.Keys.ToList())
        {
            while (services[name].Count > 0)
            {
                await StopAsync(name);
            }
        }

        if (channel is not null)
        {
            foreach (var (type, consumers) in Topology.Subscriptions)
            {
                foreach (var consumer in consumers)
                {
                    await channel.QueueDeleteAsync(Topology.QueueOf(consumer, type, $"{run}."));
                }

                await channel.ExchangeDeleteAsync(Topology.ExchangeOf(type, $"{run}."));
            }

            await channel.DisposeAsync();
            await connection!.DisposeAsync();
        }

        foreach (var (name, database) in databases)
        {
            await database.DisposeAsync();
            await using var admin = NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(Postgres) { Database = "postgres", Pooling = false });
            await using var drop = admin.CreateCommand($"DROP DATABASE IF EXISTS {run}_{name} WITH (FORCE)");
            drop.CommandTimeout = 0; // a checkpoint comes first
            await drop.ExecuteNonQueryAsync();
        }

        keys.Delete(recursive: true);
    }

    /// <summary>The database of a service.</summary>
    public NpgsqlDataSource DatabaseOf(string service) => databases[service];

    /// <summary>Starts a service, or one more replica of it.</summary>
    /// <param name="more">Arguments that prevail over the usual ones.</param>
    public async Task StartAsync(string service, params string[] more)
    {
        string[] arguments = [.. Arguments, .. more];
        var app = service == "credit" ? Credit.Program.Build(arguments) : Statistics.Program.Build(arguments);
        await app.StartAsync();
        services[service].Push(app);
    }

    /// <summary>Stops a replica with whatever it is at; what it did not acknowledge comes again.</summary>
    public async Task StopAsync(string service)
    {
        var app = services[service].Pop();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    /// <summary>Publishes as the outbox relay does; the same id again is a repeat.</summary>
    public async Task PublishAsync<TEvent>(TEvent message, Guid id) where TEvent : class
    {
        await channel!.BasicPublishAsync(
            Topology.ExchangeOf(typeof(TEvent), $"{run}."), routingKey: "", mandatory: true,
            new BasicProperties
            {
                MessageId = id.ToString(),
                ContentType = "application/json",
                DeliveryMode = DeliveryModes.Persistent,
            },
            EventBytes.Pack(message));
        published.TryAdd(typeof(TEvent), []);
        published[typeof(TEvent)].Add(id);
    }

    /// <summary>
    /// Waits until everything published so far is worked in. An empty message goes last into each queue, behind the
    /// repeats; where replicas share a queue, those before it are waited for as well.
    /// </summary>
    public async Task SettleAsync()
    {
        await PublishAsync(new ConsignmentsJudged([]), Guid.CreateVersion7());
        await PublishAsync(new ConsignmentsOverdue([]), Guid.CreateVersion7());
        await PublishAsync(new DeliveriesOverdue([]), Guid.CreateVersion7());
        await PublishAsync(new ClearancesDecided([]), Guid.CreateVersion7());
        foreach (var service in services.Keys)
        {
            await WaitForAsync(service, PublishedTo(service));
        }
    }

    /// <summary>Messages published so far, repeats not counted, that a service is to work in.</summary>
    public int PublishedTo(string service) => published
        .Where(one => Topology.Subscriptions.Single(other => other.Event == one.Key).Consumers.Contains(service))
        .Sum(one => one.Value.Count);

    /// <summary>Waits until a service has worked so many messages in.</summary>
    public async Task WaitForAsync(string service, int messages)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (await CountAsync(service, "SELECT count(*) FROM inbox") < messages)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"{service} did not come to an end.");
            await Task.Delay(20);
        }
    }

    /// <summary>GET as a caller whom the gateway would let through.</summary>
    public async Task<(int Status, JsonElement Body)> GetAsync(
        string service, string path, string? role, string company = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, services[service].Peek().Urls.Single() + path);
        if (role is not null)
        {
            request.Headers.Add(
                Caller.Header, new Caller("test", company, role)
                    .Sign(new(keys.FullName), TimeProvider.System.GetUtcNow()));
        }

        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>One number from a database.</summary>
    public async Task<long> CountAsync(string service, string sql)
    {
        await using var command = databases[service].CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), null);
    }

    /// <summary>Runs <c>recount</c> as the command line does.</summary>
    public Task<int> RecountAsync() => Statistics.Program.Main(["recount", .. Arguments]);
}
