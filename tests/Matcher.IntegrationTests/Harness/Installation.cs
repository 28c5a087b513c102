using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sandan.Shared.Security;

namespace Sandan.IntegrationTests;

/// <summary>A fact that needs PostgreSQL and RabbitMQ; skipped, and said so, where no servers are named.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServersFactAttribute : FactAttribute
{
    public ServersFactAttribute()
    {
        Skip = Installation.WhyNot;
    }
}

/// <summary>The same for a table.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ServersTheoryAttribute : TheoryAttribute
{
    public ServersTheoryAttribute()
    {
        Skip = Installation.WhyNot;
    }
}

/// <summary>
/// An installation of its own for a test class: databases, exchanges, keys and ports that nobody else uses. Services run
/// in this process.
/// </summary>
public abstract class Installation : IAsyncLifetime
{
    private static int installations;

    private readonly List<WebApplication> services = [];
    private readonly string prefix = $"t{Environment.ProcessId}_{Interlocked.Increment(ref installations)}_";
    private readonly string keys = Directory.CreateTempSubdirectory("sandan-test-keys-").FullName;

    /// <summary>Why tests are skipped; null where they are not.</summary>
    public static string? WhyNot => HasServers
        ? null
        : "SANDAN_TEST_POSTGRES and SANDAN_TEST_RABBITMQ are not set; ./sandan test sets them.";

    private static bool HasServers => Postgres is not null && RabbitMq is not null;

    protected static string? Postgres => Environment.GetEnvironmentVariable("SANDAN_TEST_POSTGRES");

    protected static string? RabbitMq => Environment.GetEnvironmentVariable("SANDAN_TEST_RABBITMQ");

    /// <summary>What the services logged, whole lines.</summary>
    public LogCapture Log { get; } = new();

    public Bus Bus { get; private set; } = null!;

    public KeyRing Keys { get; private set; } = null!;

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromMinutes(2) };

    public string BusPrefix => prefix;

    /// <summary>Where the servers are, as the services see it; a test may put a gate in between.</summary>
    protected virtual Uri ServicesBroker => new(RabbitMq!);

    protected virtual string ServicesPostgres => Postgres!;

    public async Task InitializeAsync()
    {
        if (!HasServers)
        {
            return;
        }

        foreach (var name in new[] { "master", "index", "identity" })
        {
            await File.WriteAllTextAsync(
                Path.Combine(keys, $"{name}.key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        }

        Keys = new(keys);
        Bus = await Bus.ConnectAsync(new(RabbitMq!), prefix);
        await StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (!HasServers)
        {
            return;
        }

        foreach (var service in services)
        {
            await service.DisposeAsync();
        }

        await Bus.DisposeAsync();
        Http.Dispose();
        Directory.Delete(keys, recursive: true);
        await using var admin = Open("postgres");
        foreach (var name in await admin.ListAsync("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", prefix))
        {
            await admin.ExecuteAsync($"DROP DATABASE \"{name}\" WITH (FORCE)");
        }
    }

    /// <summary>The database of a service.</summary>
    public NpgsqlDataSource DatabaseOf(string service) => Open(prefix + service);

    /// <summary>Starts a service on a free port.</summary>
    public async Task<WebApplication> StartAsync(Func<string[], WebApplication> build, params string[] arguments)
    {
        var service = build(
        [
            $"--SANDAN_POSTGRES={ServicesPostgres}", $"--SANDAN_RABBITMQ={ServicesBroker}", $"--SANDAN_KEYS={keys}",
            $"--SANDAN_DATABASE_PREFIX={prefix}", $"--SANDAN_BUS_PREFIX={prefix}", $"--SANDAN_PORT_BASE={FreePort()}",
            "--SANDAN_LISTEN=http://127.0.0.1:0", .. arguments,
        ]);
        service.Services.GetRequiredService<ILoggerFactory>().AddProvider(Log);
        await service.StartAsync();
        services.Add(service);
        return service;
    }

    /// <summary>Asks a service in the name of a company.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        WebApplication service, HttpMethod method, string path, string company, string role, HttpContent? content = null,
        Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(new Uri(service.Urls.First()), path)) { Content = content };
        request.Headers.Add(Caller.Header, new Caller("test", company, role).Sign(Keys, TimeProvider.System.GetUtcNow()));
        change?.Invoke(request);
        return await Http.SendAsync(request);
    }

    /// <summary>Starts the services that the tests of the class share.</summary>
    protected abstract Task StartAsync();

    /// <summary>A port on which nobody listens now: the neighbours of a lone service are away.</summary>
    protected static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return Math.Min(((IPEndPoint)socket.LocalEndpoint).Port, 65_000);
    }

    /// <summary>A database by its whole name.</summary>
    public static NpgsqlDataSource Open(string database) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(Postgres) { Database = database, MaxPoolSize = 5 });
}

/// <summary>Small questions to a database.</summary>
public static class Sql
{
    public static async Task<List<string>> ListAsync(this NpgsqlDataSource database, string sql, params object[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in parameters)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(reader.IsDBNull(0) ? "" : reader[0] is byte[] bytes ? Convert.ToHexString(bytes) : $"{reader[0]}");
        }

        return rows;
    }

    public static async Task<long> CountAsync(this NpgsqlDataSource database, string sql, params object[] parameters) =>
        long.Parse(
            (await database.ListAsync(sql, parameters))[0], System.Globalization.CultureInfo.InvariantCulture);

    public static async Task ExecuteAsync(this NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>Waits for something to become true, not for a time to pass.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    public static async Task BecomesAsync(string what, Func<Task<bool>> isSo)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Deadline, $"Not within {Deadline}: {what}");
            await Task.Delay(20);
        }
    }

    public static Task BecomesAsync(string what, Func<bool> isSo) => BecomesAsync(what, () => Task.FromResult(isSo()));
}

/// <summary>Keeps every line that the services log.</summary>
public sealed class LogCapture : ILoggerProvider
{
    private readonly List<string> lines = [];

    public string Text
    {
        get
        {
            lock (lines)
            {
                return string.Join('\n', lines);
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this);

    public void Dispose()
    {
        // Outlives the services: a test reads it afterwards.
    }

    private sealed class Logger(LogCapture capture) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (capture.lines)
            {
                capture.lines.Add($"{logLevel}: {formatter(state, exception)} {exception}");
            }
        }
    }
}
