using System.Diagnostics;
using System.Globalization;
using System.Net.NetworkInformation;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Sandan.Disaster.Tests;

/// <summary>
/// Servers that may be harmed: a RabbitMQ node of these tests alone, and what they start beside it. Needs the programs of
/// both servers on this machine, also where the other tests use servers elsewhere.
/// </summary>
public sealed class OwnServers : IAsyncLifetime
{
    private static string Script => Path.Combine(Root, "deploy", "local", "server.sh");

    /// <summary>The folder in which Sandan.slnx lies.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Where the servers keep what is theirs.</summary>
    public string State { get; } = Path.Combine(Root, ".sandan", "test", "disaster");

    public string RabbitMq { get; private set; } = "";

    public int RabbitMqPid { get; private set; }

    public async Task InitializeAsync()
    {
        await RunAsync("stop", "all"); // of a run that was killed
        RabbitMqPid = int.Parse(
            await RunAsync("start", "rabbitmq", FreePort(15_000, 8).ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
        RabbitMq = $"amqp://sandan:{Setting("rabbitmq_password")}@127.0.0.1:{Setting("rabbitmq_port")}/";
    }

    public Task DisposeAsync() => RunAsync("stop", "all");

    /// <summary>What the state folder knows, see deploy/local/process.sh.</summary>
    public string Setting(string name) => File.ReadLines(Path.Combine(State, "settings"))
        .Single(line => line.StartsWith(name + '=', StringComparison.Ordinal))[(name.Length + 1)..];

    /// <summary>Has deploy/local/server.sh do something; returns what it printed.</summary>
    public Task<string> RunAsync(params string[] arguments) => RunAsync("", arguments);

    /// <summary>Runs commands as the user that runs PostgreSQL, with its programs in PATH; returns what they printed.</summary>
    /// <exception cref="InvalidOperationException">One of them failed.</exception>
    public Task<string> ShellAsync(string commands) => RunAsync(commands, ["as", "postgres"]);

    /// <summary>Runs commands as this user; <c>rabbitmqctl</c> among them is that of the node of these tests.</summary>
    /// <exception cref="InvalidOperationException">One of them failed.</exception>
    public Task<string> OwnShellAsync(string commands) => RunAsync(
        $"rabbitmqctl() {{ bash '{Script}' '{State}' rabbitmqctl \"$@\" </dev/null; }}\n{commands}", ["-euo", "pipefail", "-s"], script: null);

    /// <summary>As <see cref="ShellAsync"/>, for commands that go on; whoever started them ends them.</summary>
    public Process Shell(string commands)
    {
        var process = Start([Script, State, "as", "postgres"]);
        process.OutputDataReceived += (_, _) => { }; // read, so that they never wait for us
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Write(commands);
        process.StandardInput.Close();
        return process;
    }

    /// <summary>A Sandan to be started on a PostgreSQL and the RabbitMQ of these tests.</summary>
    internal Machine Machine(string postgres, string folder) => new()
    {
        Postgres = postgres,
        RabbitMq = RabbitMq,
        PostgresPid = 0, // the tests know themselves whom they kill
        RabbitMqPid = RabbitMqPid,
        Folder = Path.Combine(State, folder),
        Commit = "",
        Root = Root,
        Port = FreePort(16_000, 11),
    };

    /// <summary>The first of some ports in a row that are free now.</summary>
    public static int FreePort(int from, int count)
    {
        var used = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(one => one.Port).ToHashSet();
        var first = from + (Environment.ProcessId % 40 * 20);
        while (Enumerable.Range(first, count).Any(used.Contains))
        {
            first += count;
        }

        return first;
    }

    private Task<string> RunAsync(string input, string[] arguments) => RunAsync(input, [State, .. arguments], Script);

    private static async Task<string> RunAsync(string input, string[] arguments, string? script)
    {
        using var process = Start(script is null ? arguments : [script, .. arguments]);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(4));
        return process.ExitCode == 0
            ? (await said).Trim()
            : throw new InvalidOperationException($"{string.Join(' ', arguments)} ended with {process.ExitCode}: {await complained}\n{await said}\n{input}");
    }

    private static Process Start(string[] arguments) => Process.Start(new ProcessStartInfo("bash", arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Sandan.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside a checkout.");
    }
}

/// <summary>All tests here, one after the other.</summary>
[CollectionDefinition("disaster")]
public sealed class DisasterTests : ICollectionFixture<OwnServers>;
