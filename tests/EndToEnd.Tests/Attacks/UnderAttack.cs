using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace Sandan.EndToEnd.Tests.Attacks;

/// <summary>
/// An installation in two processes: everything with its gateway, as on a laptop, and before the same services a second
/// gateway, which reaches them over sockets, as in a cluster. What is attacked is attacked through both doors.
/// </summary>
public sealed class UnderAttack : IAsyncLifetime
{
    private static readonly string[] Roles = ["platform", "seller", "payment", "logistics", "declarant", "warehouse"];

    /// <summary>
    /// What the garbage collector may have: 256 MiB for all services together. In Kubernetes each alone has a container of 512 MiB, of
    /// which the collector takes 384 (deploy/k8s/base/service). Who needs more gets an exception, and it is told as unexpected.
    /// </summary>
    private const string HeapMax = "0x10000000";

    private readonly List<Server> servers = [];
    private int unexpected;

    public Installation Installation { get; } = Installation.Create();

    /// <summary>The two gateways.</summary>
    internal IReadOnlyList<Door> Doors { get; private set; } = [];

    /// <summary>The company that attacks, in every role that a company may have; customs and operator lend it their keys.</summary>
    internal string Attacker { get; private set; } = "";

    /// <summary>Its keys by role.</summary>
    internal IReadOnlyDictionary<string, string> Keys { get; private set; } = new Dictionary<string, string>();

    /// <summary>What the processes have written so far.</summary>
    internal string Log => string.Concat(servers.Select(server => server.Log));

    public async Task InitializeAsync()
    {
        Doors =
        [
            new("in one process", Start("All", Installation.GatewayPort), Installation),
            new("over sockets", Start("Gateway", Installation.GatewayPort + Installation.Ports), Installation),
        ];
        foreach (var door in Doors)
        {
            await Installation.ReadyAsync(TimeSpan.FromMinutes(2), door.Address);
        }

        (Attacker, Keys) = await RegisterAsync();

        // What a process needs anyway is not the attack's. An attack that is over leaves memory behind, which would hide the next one's.
        var bystander = new Bystander(Doors);
        await bystander.HasSentAsync(100);
        var wrong = new List<string>();
        await bystander.EndAsync(wrong);
        Assert.Empty(wrong);
        servers.ForEach(server => server.Usual = server.Resident("VmRSS"));
    }

    public async Task DisposeAsync()
    {
        foreach (var door in Doors)
        {
            door.Dispose();
        }

        foreach (var server in servers)
        {
            await server.DisposeAsync();
        }

        await Installation.DisposeAsync();
    }

    /// <summary>An order that the attacker may send.</summary>
    internal JsonObject Order(string orderNo)
    {
        var order = Documents.Order(orderNo);
        (order["ebpCode"], order["ebpName"]) = (Attacker, "攻击者");
        return order;
    }

    /// <summary>
    /// Attacks while a bystander sends right documents, then looks: neither process has grown by more than the bound at any time, the
    /// bystander was never refused and all his consignments are released, the system is ready, and nothing unexpected stands in the log.
    /// </summary>
    /// <param name="growthMax">Most resident memory that a process may gain, MiB.</param>
    internal async Task BesiegeAsync(int growthMax, ITestOutputHelper output, Func<Task> attack)
    {
        var wrong = new List<string>();
        var bystander = new Bystander(Doors);
        servers.ForEach(server => server.ForgetPeak());
        await bystander.HasSentAsync(5);
        await attack();
        await bystander.HasSentAsync(bystander.Sent + 5);
        foreach (var server in servers)
        {
            var growth = server.Resident("VmHWM") - server.Usual;
            output.WriteLine($"{server.Name} has {server.Usual} MiB and gained {growth} MiB.");
            if (growth > growthMax)
            {
                wrong.Add($"{server.Name} gained {growth} MiB.");
            }
        }

        output.WriteLine($"The bystander sent {await bystander.EndAsync(wrong)} consignments.");
        await Installation.ReadyAsync(Eventually.Soon);
        Assert.Empty(wrong);
        AssertNothingUnexpected();
    }

    /// <summary>No request ended in what nobody had thought of since this was last asked.</summary>
    internal void AssertNothingUnexpected()
    {
        var all = Log.Split('\n').Where(line => line.Contains("Unexpected while answering", StringComparison.Ordinal)).ToArray();
        var fresh = all[unexpected..];
        unexpected = all.Length;
        Assert.True(fresh.Length == 0, string.Join('\n', fresh));
    }

    private Uri Start(string program, int port)
    {
        servers.Add(new(program, new(Installation.Settings)
        {
            ["SANDAN_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["Gateway:KeyFreshFor"] = "00:00:02",
            ["DOTNET_GCHeapHardLimit"] = HeapMax,
        }));
        return new($"http://127.0.0.1:{port}");
    }

    private async Task<(string Code, Dictionary<string, string> Keys)> RegisterAsync()
    {
        var client = Doors[0].Client;
        var code = $"{Guid.CreateVersion7():N}"[^10..].ToUpperInvariant();
        var registered = await client.PostAsync("operator", "/v1/companies", new JsonObject
        {
            ["code"] = code, ["name"] = "攻击者", ["roles"] = new JsonArray([.. Roles.Select(role => (JsonNode)role)]),
        });
        Assert.Equal(HttpStatusCode.Created, registered.Status);
        var keys = new Dictionary<string, string> { ["customs"] = client.Key("customs"), ["operator"] = client.Key("operator") };
        foreach (var role in Roles)
        {
            var made = await client.PostAsync(
                "operator", $"/v1/companies/{code}/keys", new JsonObject { ["role"] = role, ["environment"] = "test" });
            keys.Add(role, made.Json["key"]!.ToString());
        }

        return (code, keys);
    }
}

/// <summary>Tests that attack one installation, one after another.</summary>
[CollectionDefinition("under attack")]
public sealed class UnderAttackTests : ICollectionFixture<UnderAttack>;

/// <summary>A gateway.</summary>
internal sealed class Door(string name, Uri address, Installation installation) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        AllowAutoRedirect = false,
    })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromMinutes(2),
    };

    private Client? client;

    public string Name => name;

    public Uri Address => address;

    /// <summary>With the development keys; to be asked for once these are there.</summary>
    public Client Client => client ??= new(installation, address);

    public void Dispose()
    {
        http.Dispose();
        client?.Dispose();
    }

    /// <summary>Sends what is to be sent, and reads as much of the answer as is told: a stream has no end.</summary>
    public async Task<Answer> SendAsync(string method, string? key, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), path) { Content = content };
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        foreach (var (header, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var type = answer.Content.Headers.ContentType?.MediaType ?? "";
        return new(answer.StatusCode, answer.Headers, type, type == "text/event-stream" ? "" : await answer.Content.ReadAsStringAsync());
    }

    public Task<Answer> PostAsync(string key, string path, byte[] body, string type, string? encoding = null)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        }

        return SendAsync("POST", key, path, content);
    }
}

/// <summary>A process of Sandan that we started: what it writes, byte for byte, and what memory it holds.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly Process process;
    private readonly MemoryStream written = new();
    private readonly Task reading;

    public Server(string name, Dictionary<string, string> settings)
    {
        Name = name;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"Sandan.{name}.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (setting, value) in settings)
        {
            start.Environment[setting] = value;
        }

        process = Process.Start(start)!;
        reading = Task.WhenAll(ReadAsync(process.StandardOutput.BaseStream), ReadAsync(process.StandardError.BaseStream));
    }

    public string Name { get; }

    /// <summary>Resident memory before all attacks, MiB.</summary>
    public long Usual { get; set; }

    public string Log
    {
        get
        {
            lock (written)
            {
                return Encoding.UTF8.GetString(written.GetBuffer(), 0, (int)written.Length);
            }
        }
    }

    /// <summary>VmRSS: resident now; VmHWM: at most since the peak was forgotten. MiB.</summary>
    public long Resident(string which) => long.Parse(
        File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(which, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    public void ForgetPeak() => File.WriteAllText($"/proc/{process.Id}/clear_refs", "5");

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        await reading;
        process.Dispose();
    }

    private async Task ReadAsync(Stream from)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer) is > 0 and var read)
        {
            lock (written)
            {
                written.Write(buffer, 0, read);
            }
        }
    }
}
