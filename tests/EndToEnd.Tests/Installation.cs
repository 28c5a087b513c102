using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Npgsql;

namespace Sandan.EndToEnd.Tests;

/// <summary>
/// Where one test installation lives: real servers (given by SANDAN_TEST_POSTGRES and SANDAN_TEST_RABBITMQ), with
/// databases, queues, keys and ports of its own, so that several can stand side by side.
/// </summary>
public sealed class Installation : IAsyncDisposable
{
    /// <summary>Ports that it has: the gateway's and those of the services; the one behind them is free too.</summary>
    public const int Ports = 10;

    private static readonly string[] Services =
        ["registry", "order", "payment", "waybill", "matcher", "tax", "customs", "credit", "statistics"];

    private static int portsTaken;

    private Installation(string folder, string prefix, int gatewayPort)
    {
        (Folder, Prefix, GatewayPort) = (folder, prefix, gatewayPort);
        Gateway = new($"http://127.0.0.1:{gatewayPort}");
    }

    public string Folder { get; }
    public string Prefix { get; }
    public int GatewayPort { get; }
    public Uri Gateway { get; }
    public string EnvironmentFile => Path.Combine(Folder, "env.json");

    /// <summary>The settings, as the environment or the command line carries them.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["SANDAN_POSTGRES"] = Required("SANDAN_TEST_POSTGRES"),
        ["SANDAN_RABBITMQ"] = Required("SANDAN_TEST_RABBITMQ"),
        ["SANDAN_KEYS"] = Folder,
        ["SANDAN_DEVELOPMENT_ENV"] = EnvironmentFile,
        ["SANDAN_DATABASE_PREFIX"] = Prefix,
        ["SANDAN_BUS_PREFIX"] = Prefix,
        ["SANDAN_PORT"] = GatewayPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["Gateway:InternalTimeout"] = "00:00:30", // all tests share the machine: a slow registry is no fault here
        ["Gateway:ConnectPatience"] = "00:01:00", // nor a service that takes its time to start
        ["Gateway:FailuresBurst"] = "10000", // the tests of keys are all one address
        ["SANDAN_PORT_BASE"] = GatewayPort.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    public static Installation Create()
    {
        var folder = Directory.CreateTempSubdirectory("sandan-e2e-").FullName;
        foreach (var key in (string[])["master", "index", "identity"])
        {
            File.WriteAllText(Path.Combine(folder, key + ".key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        }

        return new(folder, $"e2e_{Guid.CreateVersion7():N}"[..20] + "_", FreePorts());
    }

    /// <summary>A database of the installation.</summary>
    public NpgsqlDataSource Database(string service) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(Required("SANDAN_TEST_POSTGRES")) { Database = Prefix + service });

    /// <summary>Waits until the gateway says that everything is ready, or a service says it of itself.</summary>
    public async Task ReadyAsync(TimeSpan atMost, Uri? service = null)
    {
        using var http = new HttpClient { BaseAddress = service ?? Gateway };
        await Eventually.IsTrueAsync(atMost, "the system is ready", async () =>
        {
            try
            {
                using var answer = await http.GetAsync("/health/ready");
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    /// <summary>Development keys and company codes.</summary>
    public JsonNode ReadEnvironment() => JsonNode.Parse(File.ReadAllText(EnvironmentFile))!;

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await using var admin = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(Required("SANDAN_TEST_POSTGRES")) { Database = "postgres", Pooling = false });
        foreach (var service in Services)
        {
            await using var drop = admin.CreateCommand($"DROP DATABASE IF EXISTS \"{Prefix}{service}\" WITH (FORCE)");
            drop.CommandTimeout = 0; // a checkpoint comes first
            await drop.ExecuteNonQueryAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static string Required(string name) => Environment.GetEnvironmentVariable(name)
        ?? throw new InvalidOperationException($"{name} is not set: run ./sandan test, which starts the servers.");

    /// <summary>Ports in a row that are free now; below the range from which the system deals out ports.</summary>
    private static int FreePorts()
    {
        for (var first = 21_000 + (20 * Interlocked.Increment(ref portsTaken)) + (Environment.ProcessId % 400 * 20); ; first += 20)
        {
            if (Enumerable.Range(first, Ports + 1).All(IsFree))
            {
                return first;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
