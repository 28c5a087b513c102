using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Npgsql;
using RabbitMQ.Client;
using Sandan.Contracts.Events;
using Sandan.Shared;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Telemetry;

namespace Sandan.Customs.IntegrationTests;

/// <summary>
/// All tests share one service on its own database, exchanges and queues; each uses its own companies.
/// </summary>
[CollectionDefinition(nameof(RunningService))]
public sealed class RunningServiceCollection : ICollectionFixture<RunningService>;

/// <summary>
/// The service as it runs, on the servers that SANDAN_TEST_POSTGRES and SANDAN_TEST_RABBITMQ name; the tests take the
/// place of the gateway (signed callers) and of the other services (messages).
/// </summary>
public sealed class RunningService : IAsyncLifetime
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string run = Guid.CreateVersion7().ToString("N")[..12] + RandomNumberGenerator.GetHexString(4, lowercase: true);
    private readonly string keyFolder = Directory.CreateTempSubdirectory("customs-keys-").FullName;
    private WebApplication app = null!;
    private KeyRing keys = null!;
    private IConnection broker = null!;
    private IChannel channel = null!;

    internal SandanSettings Settings { get; private set; } = null!;
    internal NpgsqlDataSource Database { get; private set; } = null!;
    internal Uri Address { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        foreach (var name in (string[])["master.key", "index.key", "identity.key"])
        {
            await File.WriteAllTextAsync(
                Path.Combine(keyFolder, name), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        }

        string[] args =
        [
            $"--SANDAN_POSTGRES={Required("SANDAN_TEST_POSTGRES")}",
            $"--SANDAN_RABBITMQ={Required("SANDAN_TEST_RABBITMQ")}",
            $"--SANDAN_KEYS={keyFolder}",
            $"--SANDAN_DATABASE_PREFIX=t_{run}_",
            $"--SANDAN_BUS_PREFIX=t.{run}.",
            "--SANDAN_ZONE=test",
            "--SANDAN_LISTEN=http://127.0.0.1:0",
            "--Customs:HeartbeatInterval=00:00:00.5",
            "--Customs:StreamsPerCompanyMax=8",
            "--Customs:StreamPageEvents=7",
            "--Customs:PollInterval=00:00:03", // long: what comes sooner was signalled, also on a busy machine
        ];
        Settings = SandanSettings.From(new ConfigurationBuilder().AddCommandLine(args).Build());
        keys = new(keyFolder);
        MetricsText.Start(); // as Main does
        app = Program.Build(args);
        await app.StartAsync();
        Address = new(app.Urls.Single());
        Database = Shared.Storage.Database.Open(Settings, "customs");
        broker = await Broker.ConnectAsync(Settings, "tests", default);
        channel = await broker.CreateChannelAsync(new CreateChannelOptions(true, true));
    }

    public async Task DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        foreach (var (eventType, consumers) in Topology.Subscriptions)
        {
            foreach (var consumer in consumers)
            {
                await channel.QueueDeleteAsync(Topology.QueueOf(consumer, eventType, Settings.BusPrefix));
            }

            await channel.ExchangeDeleteAsync(Topology.ExchangeOf(eventType, Settings.BusPrefix));
        }

        await broker.DisposeAsync();
        await Database.DisposeAsync();
        await using var admin = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(Settings.Postgres) { Database = "postgres", Pooling = false });
        await using var drop = admin.CreateCommand($"DROP DATABASE \"{Settings.DatabasePrefix}customs\" WITH (FORCE)");
        drop.CommandTimeout = 0; // a checkpoint comes first
        await drop.ExecuteNonQueryAsync();
        Directory.Delete(keyFolder, recursive: true);
    }

    /// <summary>Publishes as an outbox relay does.</summary>
    internal async Task<Guid> PublishAsync<TEvent>(TEvent message, Guid? id = null) where TEvent : class
    {
        var messageId = id ?? Guid.CreateVersion7();
        await channel.BasicPublishAsync(
            Topology.ExchangeOf(typeof(TEvent), Settings.BusPrefix),
            routingKey: "",
            mandatory: false, // a queue of every consumer is there; nobody needs the returned ones here
            new BasicProperties
            {
                MessageId = messageId.ToString(),
                ContentType = "application/json",
                DeliveryMode = DeliveryModes.Persistent,
            },
            EventBytes.Pack(message));
        return messageId;
    }

    /// <summary>Publishes, and waits until the service has worked it in.</summary>
    internal async Task SendAsync<TEvent>(TEvent message, Guid? id = null) where TEvent : class =>
        await WorkedInAsync(await PublishAsync(message, id));

    internal Task JudgeAsync(params ConsignmentJudged[] verdicts) => SendAsync(new ConsignmentsJudged(verdicts));

    internal Task AssessAsync(params TaxAssessed[] assessments) => SendAsync(new TaxesAssessed(assessments));

    /// <summary>Waits until a message is in the inbox.</summary>
    internal Task WorkedInAsync(Guid messageId) => UntilAsync(
        async () => await CountAsync("SELECT count(*) FROM inbox WHERE message_id = $1", messageId) == 1);

    internal static async Task UntilAsync(Func<Task<bool>> reached)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!await reached())
        {
            await Task.Delay(10, deadline.Token);
        }
    }

    internal async Task<long> CountAsync(string sql, params object[] parameters)
    {
        await using var command = Database.CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Status and code of each result of a version.</summary>
    internal async Task<List<string>> ReceiptsAsync(Guid document)
    {
        await using var command = Database.CreateCommand("SELECT status || ' ' || code FROM receipt WHERE document = $1 ORDER BY no");
        command.Parameters.Add(new() { Value = document });
        await using var row = await command.ExecuteReaderAsync();
        var receipts = new List<string>();
        while (await row.ReadAsync())
        {
            receipts.Add(row.GetString(0));
        }

        return receipts;
    }

    /// <summary>All decisions that were published to the tax service so far: its queue has no other reader.</summary>
    internal Task<IReadOnlyList<ClearanceDecided>> PublishedAsync(string platform, int count) =>
        PublishedAsync<ClearancesDecided, ClearanceDecided>(published, message => message.Decisions, one => one.PlatformCode == platform, count);

    /// <summary>The same of released returns.</summary>
    internal Task<IReadOnlyList<ReturnReleased>> ReturnedAsync(string platform, int count) =>
        PublishedAsync<ReturnsReleased, ReturnReleased>(returned, message => message.Returns, one => one.PlatformCode == platform, count);

    private readonly List<ClearanceDecided> published = [];
    private readonly List<ReturnReleased> returned = [];

    private async Task<IReadOnlyList<TItem>> PublishedAsync<TEvent, TItem>(
        List<TItem> seen, Func<TEvent, IEnumerable<TItem>> itemsOf, Func<TItem, bool> isMeant, int count)
    {
        var queue = Topology.QueueOf("tax", typeof(TEvent), Settings.BusPrefix);
        await UntilAsync(async () =>
        {
            while (await channel.BasicGetAsync(queue, autoAck: true) is { } delivery)
            {
                lock (seen)
                {
                    seen.AddRange(itemsOf(EventBytes.Unpack<TEvent>(delivery.Body)));
                }
            }

            return seen.Count(isMeant) >= count && await CountAsync("SELECT count(*) FROM outbox") == 0;
        });
        return [.. seen.Where(isMeant)];
    }

    /// <summary>A client as the gateway would pass it on.</summary>
    internal HttpClient As(string role, string company, string client = "client-1")
    {
        var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Add(Caller.Header, new Caller(client, company, role).Sign(keys, TimeProvider.System.GetUtcNow()));
        http.DefaultRequestHeaders.AcceptLanguage.Add(new StringWithQualityHeaderValue("en"));
        return http;
    }

    internal HttpClient Customs => As(Roles.Customs, "CUSTOMS", "officer-7");

    private static string Required(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? value
        : throw new InvalidOperationException($"{name} is not set: these tests want a real server.");
}

/// <summary>Short ways to ask.</summary>
internal static class HttpShortcuts
{
    public static async Task<JsonElement> GetJsonAsync(this HttpClient http, string path) =>
        await http.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Status and body of an answer that may be an error.</summary>
    public static async Task<(int Status, JsonElement Body)> AskAsync(this HttpClient http, string path)
    {
        using var response = await http.GetAsync(path);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    public static async Task<(int Status, JsonElement Body)> ActAsync(
        this HttpClient http, string platform, string orderNo, string? action, string? reason = "because")
    {
        using var response = await http.PostAsJsonAsync($"/v1/clearances/{platform}/{orderNo}/actions", new { action, reason });
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Reads the feed to its end.</summary>
    public static async Task<List<JsonElement>> FeedAsync(this HttpClient http, string? after = null, string? types = null, int limit = 1000)
    {
        var events = new List<JsonElement>();
        while (true)
        {
            var page = await http.GetJsonAsync($"/v1/events?limit={limit}&after={after}&types={types}");
            events.AddRange(page.GetProperty("data").EnumerateArray());
            after = page.GetProperty("next").GetString();
            if (!page.GetProperty("hasMore").GetBoolean())
            {
                return events;
            }
        }
    }

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static int Number(this JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
