using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Sandan.Contracts.Events;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;
using Sandan.Shared.Telemetry;

namespace Sandan.Tax.IntegrationTests;

/// <summary>
/// The service on a real PostgreSQL and RabbitMQ, in a database and under queue names of this run alone; both are removed
/// at the end. Messages go in as an outbox sends them; what is told is read from the queue of customs.
/// </summary>
public sealed class TaxBench : IAsyncLifetime
{
    /// <summary>Assessments with what is booked, what was given back, and what was released, in words.</summary>
    public const string Rows =
        """
        (SELECT platform_code, order_no, person_index, revision, attempt, cancelled,
           (ARRAY['Preferential', 'FullRate', 'GeneralTrade', 'Reject', 'Held'])[route + 1] AS route,
           CASE WHEN cancelled THEN 0 ELSE quota_cny END AS booked_cny,
           CASE WHEN cancelled THEN quota_cny ELSE 0 END AS returned_cny,
           CASE WHEN EXISTS (SELECT FROM released WHERE released.id = assessment.id) THEN revision ELSE released_revision END
             AS released_revision
         FROM assessment) AS rows
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string prefix = $"tax_test_{Guid.CreateVersion7():N}_";
    private readonly string keyFolder = Directory.CreateTempSubdirectory("sandan-keys-").FullName;
    private readonly ConcurrentQueue<TaxAssessed> told = new();
    private readonly ConcurrentDictionary<string, bool> heard = new();
    private readonly List<WebApplication> hosts = [];
    private IConnection connection = null!;
    private IChannel channel = null!;

    public NpgsqlDataSource Database { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    internal Assessor Assessor => hosts[0].Services.GetRequiredService<Assessor>();

    public async Task InitializeAsync()
    {
        MetricsText.Start(); // as a host does
        foreach (var name in new[] { "master.key", "index.key", "identity.key" })
        {
            await File.WriteAllTextAsync(
                Path.Combine(keyFolder, name), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        }

        var host = await StartHostAsync(TimeProvider.System);
        Http = new() { BaseAddress = new(AddressOf(host)) };
        Database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(Required("SANDAN_TEST_POSTGRES")) { Database = prefix + "tax" });
        connection = await new ConnectionFactory { Uri = new(Required("SANDAN_TEST_RABBITMQ")) }.CreateConnectionAsync();
        channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            // A host that is stopped between the broker's confirm and its mark sends a message once more, with the same id.
            if (!heard.TryAdd(delivery.BasicProperties.MessageId!, true))
            {
                return Task.CompletedTask;
            }

            foreach (var assessment in EventBytes.Unpack<TaxesAssessed>(delivery.Body).Assessments)
            {
                told.Enqueue(assessment);
            }

            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(
            Topology.QueueOf("customs", typeof(TaxesAssessed), prefix), autoAck: true, consumer);
    }

    public async Task DisposeAsync()
    {
        Http?.Dispose();
        foreach (var host in hosts)
        {
            await host.StopAsync();
            await host.DisposeAsync();
        }

        foreach (var (type, consumers) in Topology.Subscriptions)
        {
            foreach (var consumer in consumers)
            {
                await channel.QueueDeleteAsync(Topology.QueueOf(consumer, type, prefix));
            }

            await channel.ExchangeDeleteAsync(Topology.ExchangeOf(type, prefix));
        }

        await connection.DisposeAsync();
        await Database.DisposeAsync();
        await using var admin = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(Required("SANDAN_TEST_POSTGRES")) { Database = "postgres", Pooling = false });
        await using var drop = admin.CreateCommand($"""DROP DATABASE "{prefix}tax" WITH (FORCE)""");
        drop.CommandTimeout = 0; // a checkpoint comes first
        await drop.ExecuteNonQueryAsync();
        Directory.Delete(keyFolder, recursive: true);
    }

    /// <summary>Another instance of the service beside the first, on the same database and queues.</summary>
    public async Task<WebApplication> StartHostAsync(TimeProvider time, params string[] more)
    {
        var host = BuildHost(time, more);
        await host.StartAsync();
        hosts.Add(host);
        return host;
    }

    public WebApplication BuildHost(TimeProvider time, params string[] more) => Program.Build(
        [
            $"--SANDAN_POSTGRES={Required("SANDAN_TEST_POSTGRES")}",
            $"--SANDAN_RABBITMQ={Required("SANDAN_TEST_RABBITMQ")}",
            $"--SANDAN_KEYS={keyFolder}",
            $"--SANDAN_DATABASE_PREFIX={prefix}",
            $"--SANDAN_BUS_PREFIX={prefix}",
            "--SANDAN_LISTEN=http://127.0.0.1:0",
            "--Tax:ReassessedMax=3", // small, so that the steps are seen
            .. more,
        ],
        time);

    public Task StopFirstAsync() => StopHostAsync(hosts[0]);

    public async Task StopHostAsync(WebApplication host)
    {
        hosts.Remove(host);
        await host.StopAsync();
        await host.DisposeAsync();
    }

    /// <summary>Sends an event as an outbox does.</summary>
    public async Task<Guid> SendAsync<TEvent>(TEvent message, Guid? id = null)
        where TEvent : class
    {
        var messageId = id ?? Guid.CreateVersion7();
        var properties = new BasicProperties
        {
            MessageId = messageId.ToString(), ContentType = "application/json", DeliveryMode = DeliveryModes.Persistent,
        };
        await channel.BasicPublishAsync(
            Topology.ExchangeOf(typeof(TEvent), prefix), routingKey: "", mandatory: true, properties,
            EventBytes.Pack(message));
        return messageId;
    }

    /// <summary>Sends and waits until it is worked in.</summary>
    public async Task WorkInAsync<TEvent>(TEvent message)
        where TEvent : class
    {
        var id = await SendAsync(message);
        await UntilAsync(() => ScalarAsync<bool>("SELECT EXISTS (SELECT FROM inbox WHERE message_id = $1)", id));
    }

    public Task WorkInAsync(params ConsignmentJudged[] judged) => WorkInAsync(new ConsignmentsJudged(judged));

    public Task WorkInAsync(params ClearanceDecided[] decided) => WorkInAsync(new ClearancesDecided(decided));

    public Task WorkInAsync(params GoodsFiling[] filings) => WorkInAsync(new GoodsFiled(filings));

    /// <summary>What was told of an order, once it is <paramref name="count"/> times or more.</summary>
    public async Task<TaxAssessed[]> ToldAsync(string orderNo, int count = 1)
    {
        await UntilAsync(() => Task.FromResult(told.Count(one => one.OrderNo == orderNo) >= count));
        return [.. told.Where(one => one.OrderNo == orderNo)];
    }

    /// <summary>What a person has booked in a year, CNY; nothing where no row is.</summary>
    public Task<decimal> UsedAsync(string person, int? year = null) => ScalarAsync<decimal>(
        "SELECT coalesce(sum(used_cny), 0) FROM person_year WHERE person_index = $1 AND ($2 = 0 OR year = $2)",
        person, year ?? 0);

    public Task<string> RouteAsync(string orderNo) =>
        ScalarAsync<string>($"SELECT coalesce(max(route), '') FROM {Rows} WHERE order_no = $1", orderNo);

    /// <summary>Kilograms that a person has booked, by group.</summary>
    public async Task<Dictionary<string, decimal>> UsedKgAsync(string person) => EventBytes.Unpack<Dictionary<string, decimal>>(
        await ScalarAsync<byte[]>("SELECT used_kg FROM person_year WHERE person_index = $1", person));

    public async Task<T> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A transaction of the first instance, to hold open.</summary>
    internal Task<UnitOfWork> BeginAsync() => UnitOfWork.BeginAsync(
        hosts[0].Services.GetRequiredService<NpgsqlDataSource>(), hosts[0].Services.GetRequiredService<OutboxSignal>(), default);

    /// <summary>Returns when a transaction of this database waits for another; <paramref name="work"/> may not end before.</summary>
    public Task UntilSomebodyWaitsAsync(Task work) => UntilAsync(() =>
    {
        Assert.False(work.IsCompleted, "It did not wait.");
        return ScalarAsync<bool>(
            """
            SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')
            """);
    });

    /// <summary>Asks for a tax as a company.</summary>
    public async Task<HttpResponseMessage> GetAsync(
        string platform, string orderNo, string company, string role, string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/taxes/{platform}/{orderNo}");
        request.Headers.Add(Caller.Header, new Caller("client", company, role)
            .Sign(new KeyRing(keyFolder), TimeProvider.System.GetUtcNow()));
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(language));
        return await Http.SendAsync(request);
    }

    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, $"Not so within {Deadline}.");
            await Task.Delay(20);
        }
    }

    private static string AddressOf(WebApplication host) =>
        host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    private static string Required(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"{name} must name a server for tests.");
}

/// <summary>One service for all tests; each has orders, persons and articles of its own.</summary>
[CollectionDefinition(Name)]
public sealed class TaxBenchDefinition : ICollectionFixture<TaxBench>
{
    public const string Name = "tax";
}
