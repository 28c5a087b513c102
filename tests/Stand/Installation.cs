using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Npgsql;
using Sandan.Demo;

namespace Sandan.Stand;

/// <summary>A Sandan of its own, with empty databases: in one process, or in one per service.</summary>
internal sealed class Installation : IAsyncDisposable
{
    public const string Prefix = "stand_";
    private static readonly string[] Split =
        ["Registry", "Order", "Payment", "Waybill", "Matcher", "Tax", "Customs", "Credit", "Statistics", "Gateway"];

    private readonly Machine machine;

    private readonly IReadOnlyDictionary<string, string> settings;
    private readonly List<Child> children = [];

    private Installation(Machine machine, IReadOnlyDictionary<string, string> settings) =>
        (this.machine, this.settings) = (machine, settings);

    public IReadOnlyList<Child> Children => children;

    /// <summary>Development keys and company codes.</summary>
    public string EnvironmentFile => Path.Combine(machine.Folder, "env.json");

    public Uri Gateway => new($"http://127.0.0.1:{machine.Port}");

    public Machine Machine => machine;

    /// <summary>How long it took from its start with no databases until it was ready.</summary>
    public double ReadySeconds { get; private set; }

    /// <summary>Starts one with empty databases and waits until it is ready.</summary>
    /// <param name="settings">Environment of its processes, beside and instead of what all have.</param>
    public static async Task<Installation> StartAsync(
        Machine machine, bool split, CancellationToken ct, IReadOnlyDictionary<string, string>? settings = null)
    {
        RefuseUsedPorts(machine);
        await Servers.EmptyAsync(machine, Prefix, ct);
        if (Directory.Exists(machine.Folder))
        {
            Directory.Delete(machine.Folder, recursive: true); // of the scenario before
        }

        var clock = Stopwatch.StartNew();
        var keys = Path.Combine(machine.Folder, "keys");
        Directory.CreateDirectory(keys);
        foreach (var key in (string[])["master", "index", "identity"])
        {
            await File.WriteAllTextAsync(
                Path.Combine(keys, key + ".key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), ct);
        }

        var installation = new Installation(machine, settings ?? new Dictionary<string, string>());
        installation.children.AddRange((split ? Split : ["All"]).Select((project, at) => new Child(
            machine, project, installation.Environment,
            project == "Gateway" ? null : new Uri($"http://127.0.0.1:{machine.Port + 1 + at}/metrics"))));
        await Ready.WaitAsync(installation.Gateway, installation.Children, machine.Folder, ct);
        installation.ReadySeconds = clock.Elapsed.TotalSeconds;
        return installation;
    }

    /// <summary>Starts one of its programs again that has ended.</summary>
    public Child Restart(Child dead)
    {
        lock (children)
        {
            dead.Dispose();
            return children[children.IndexOf(dead)] = new(machine, dead.Name, Environment, dead.Metrics);
        }
    }

    /// <summary>A database of this installation.</summary>
    public NpgsqlDataSource Database(string service) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(machine.Postgres) { Database = Prefix + service, CommandTimeout = 600 });

    /// <summary>Companies, keys and goods, made through the gateway.</summary>
    /// <param name="run">Six digits that begin every number of the run.</param>
    public async Task<World> WorldAsync(string run, CancellationToken ct)
    {
        using var api = new Api(Gateway);
        var environment = JsonNode.Parse(await File.ReadAllTextAsync(EnvironmentFile, ct))!;
        return await new WorldBuilder(api, environment, run).BuildAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Children.Select(child => child.StopAsync()));
        foreach (var child in Children)
        {
            child.Dispose();
        }
    }

    /// <summary>Else whoever answers there would be measured.</summary>
    private static void RefuseUsedPorts(Machine machine)
    {
        var used = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
            .FirstOrDefault(one => one.Port >= machine.Port && one.Port <= machine.Port + Split.Length);
        if (used is not null)
        {
            throw new InvalidOperationException($"Port {used.Port} is in use: another Sandan runs there.");
        }
    }

    private Dictionary<string, string> Environment
    {
        get
        {
            var environment = new Dictionary<string, string>
            {
                ["SANDAN_POSTGRES"] = machine.Postgres,
                ["SANDAN_RABBITMQ"] = machine.RabbitMq,
                ["SANDAN_KEYS"] = Path.Combine(machine.Folder, "keys"),
                ["SANDAN_DEVELOPMENT_ENV"] = EnvironmentFile,
                ["SANDAN_DATABASE_PREFIX"] = Prefix,
                ["SANDAN_BUS_PREFIX"] = Prefix,
                ["SANDAN_PORT"] = machine.Port.ToString(CultureInfo.InvariantCulture),
                ["SANDAN_PORT_BASE"] = machine.Port.ToString(CultureInfo.InvariantCulture),
                // Whether a change comes before the release depends on who is faster: what is refused for that, no oracle could say.
                ["Intake__DeclaredMayChange"] = "true",
                // Eleven companies send here what in a zone are hundreds.
                ["Gateway__RequestsPerSecond"] = "100000",
                ["Gateway__RequestsBurst"] = "100000",
            };
            foreach (var (name, value) in settings)
            {
                environment[name] = value;
            }

            return environment;
        }
    }
}
