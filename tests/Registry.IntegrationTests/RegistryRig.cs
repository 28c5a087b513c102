using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using RabbitMQ.Client;
using Sandan.Contracts.Events;
using Sandan.Shared.Security;

namespace Sandan.Registry.IntegrationTests;

/// <summary>The real registry on real servers, in a database and with queues of its own.</summary>
public sealed class RegistryRig : IAsyncDisposable
{
    private readonly string prefix = $"t{RandomNumberGenerator.GetHexString(8, lowercase: true)}_";
    private readonly KeyRing keys;
    private WebApplication app = null!;

    private RegistryRig()
    {
        Folder = Directory.CreateTempSubdirectory("sandan-registry-").FullName;
        foreach (var name in new[] { "master", "index", "identity" })
        {
            File.WriteAllText(Path.Combine(Folder, name + ".key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        }

        keys = new(Folder);
        Database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(ServersFactAttribute.Postgres!) { Database = prefix + "registry" });
    }

    /// <summary>Of this run: keys and whatever a test writes.</summary>
    public string Folder { get; }

    public NpgsqlDataSource Database { get; }

    public Uri Address => new(app.Urls.Single());

    public static async Task<RegistryRig> StartAsync(params string[] options)
    {
        var rig = new RegistryRig();
        await rig.RunAsync(options);
        return rig;
    }

    /// <summary>Stops the registry, if it runs, and starts it on the same database.</summary>
    public async Task RunAsync(params string[] options)
    {
        await StopAsync();
        app = Program.Build(
        [
            "--SANDAN_LISTEN=http://127.0.0.1:0",
            $"--SANDAN_POSTGRES={ServersFactAttribute.Postgres}",
            $"--SANDAN_RABBITMQ={ServersFactAttribute.RabbitMq}",
            $"--SANDAN_KEYS={Folder}",
            $"--SANDAN_DATABASE_PREFIX={prefix}",
            $"--SANDAN_BUS_PREFIX={prefix}",
            .. options,
        ]);
        await app.StartAsync();
    }

    /// <summary>Sends as a caller that the gateway knows.</summary>
    public HttpClient As(string role, string company = "3302960007")
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        client.DefaultRequestHeaders.Add(
            Caller.Header, new Caller("test", company, role).Sign(keys, TimeProvider.System.GetUtcNow()));
        return client;
    }

    public static StringContent Json(string body, string type = "application/json") =>
        new(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type));

    /// <summary>Waits for the events that a service was sent, until <paramref name="enough"/> of their items came.</summary>
    public async Task<List<TEvent>> EventsAsync<TEvent>(string service, Func<List<TEvent>, bool> enough) where TEvent : class
    {
        await using var connection = await new ConnectionFactory { Uri = new(ServersFactAttribute.RabbitMq!) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var events = new List<TEvent>();
        while (!enough(events))
        {
            if (await channel.BasicGetAsync(Topology.QueueOf(service, typeof(TEvent), prefix), autoAck: true, deadline.Token) is { } delivery)
            {
                events.Add(EventBytes.Unpack<TEvent>(delivery.Body));
            }
            else
            {
                await Task.Delay(20, deadline.Token);
            }
        }

        return events;
    }

    public async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Database.DisposeAsync();
        await using (var admin = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(ServersFactAttribute.Postgres!) { Database = "postgres", Pooling = false }))
        await using (var drop = admin.CreateCommand($"DROP DATABASE IF EXISTS {prefix}registry WITH (FORCE)"))
        {
            drop.CommandTimeout = 0; // a checkpoint comes first
            await drop.ExecuteNonQueryAsync();
        }

        await using var connection = await new ConnectionFactory { Uri = new(ServersFactAttribute.RabbitMq!) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        foreach (var (type, consumers) in Topology.Subscriptions)
        {
            foreach (var consumer in consumers)
            {
                await channel.QueueDeleteAsync(Topology.QueueOf(consumer, type, prefix));
            }

            await channel.ExchangeDeleteAsync(Topology.ExchangeOf(type, prefix));
        }

        Directory.Delete(Folder, recursive: true);
    }

    private async Task StopAsync()
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }
}
