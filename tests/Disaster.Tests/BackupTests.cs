using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sandan.Chaos.Books;
using Xunit.Abstractions;

namespace Sandan.Disaster.Tests;

/// <summary>
/// The blocks of docs/backup.md, run in order under load: the cluster is killed and its folder deleted, and then restored
/// with nothing lost, and once more to a moment. Only the names of the machine's folders and of the databases are others.
/// </summary>
[Collection("disaster")]
public sealed partial class BackupTests(OwnServers servers, ITestOutputHelper output) : IAsyncLifetime
{
    private const double Rate = 40; // consignments a second
    private static readonly string[] Intakes = ["order", "payment", "waybill", "customs"];

    private readonly Dictionary<string, string> blocks = Blocks();
    private readonly Dictionary<string, string> settings = [];
    private Process? receiver;

    public async Task InitializeAsync()
    {
        await servers.RunAsync("start", "postgres", OwnServers.FreePort(17_000, 2).ToString(CultureInfo.InvariantCulture));
        var folder = await servers.ShellAsync("echo \"$POSTGRES_FOLDER\"");
        settings["PGPORT"] = servers.Setting("postgres_port");
        settings["PGHOST"] = settings["DATA"] = $"{folder}/data";
        settings["RESTORED"] = $"{folder}/restored";
        settings["BACKUP"] = $"{folder}/backup";
        settings["BACKUP_PASSWORD"] = settings["PGPASSWORD"] = "only-for-the-drill";
        settings["PRIMARY"] = $"host=127.0.0.1 port={settings["PGPORT"]} user=sandan_backup";
        settings["RABBITMQ_VHOST"] = "/";
        settings["RABBITMQ_USER"] = "sandan";
    }

    public Task DisposeAsync()
    {
        StopReceiver();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task T_BACKUP_no_answered_document_is_lost_with_the_cluster_and_it_can_be_set_back_to_a_moment()
    {
        await RunAsync("archive");
        StartReceiver();
        await using var load = await Load.StartAsync(servers.Machine(
            $"Host=127.0.0.1;Port={settings["PGPORT"]};Username=sandan;Password={servers.Setting("postgres_password")}", "backup"));
        await RunAsync("wait");
        var isEnough = false;
        var sending = load.SendAsync(Rate, () => isEnough);
        await AnsweredAsync(load, 100);

        var clock = Stopwatch.StartNew();
        await RunAsync("base");
        Say($"base backup and its verification: {clock.Elapsed.TotalSeconds:0.0} s");
        await AnsweredAsync(load, 200);
        var answeredBefore = load.Ledger.Flush();
        var moment = await MomentAsync();
        await Task.Delay(TimeSpan.FromSeconds(1));
        var sentBehind = load.Ledger.Flush();
        await AnsweredAsync(load, 200);

        // While nobody takes the WAL to the other machine, no document is answered.
        StopReceiver();
        await AtRestAsync(load);
        StartReceiver();
        await AnsweredAsync(load, 100);

        // The machine dies, and its disk with it.
        var documents = load.Documents;
        clock.Restart();
        await servers.ShellAsync($"kill -KILL $(head -n 1 '{settings["DATA"]}/postmaster.pid'); for try in 1 2 3; do rm -rf '{settings["DATA"]}' && break; sleep 1; done");
        StopReceiver();
        settings["PGHOST"] = settings["RESTORED"];
        await RunAsync("together");
        await RunAsync("restore");
        await RunAsync("start");
        StartReceiver();
        await AnsweredAsync(load, 1);
        Say($"from the loss until documents are answered again, {documents:N0} documents: {clock.Elapsed.TotalSeconds:0.0} s");
        await AnsweredAsync(load, 200);
        isEnough = true;
        await sending;
        Say($"nothing lost: {await load.CloseAsync()} of {load.Documents:N0} documents");

        await SetBackAsync(load, moment, answeredBefore, sentBehind);
    }

    private async Task SetBackAsync(Load load, string moment, long answeredBefore, long sentBehind)
    {
        var sandan = load.Sandan;
        await sandan.Children[0].StopAsync();
        StopReceiver();
        await servers.ShellAsync($"pg_ctl stop -m immediate -D '{settings["RESTORED"]}'");
        settings["MOMENT"] = moment;
        settings["PGHOST"] = settings["RESTORED"] += "-to-a-moment";
        var clock = Stopwatch.StartNew();
        foreach (var block in (string[])["together", "restore", "moment", "start"])
        {
            await RunAsync(block);
        }

        StartReceiver();
        await servers.OwnShellAsync(Script("empty"));
        var (stored, before, behind) = (await StoredAsync(sandan), AnsweredIn(load, until: answeredBefore), SentBehind(load, sentBehind));
        Assert.NotEmpty(before);
        Assert.NotEmpty(behind);
        Assert.Empty(before.Except(stored));
        Assert.Empty(behind.Intersect(stored));

        var (told, untold) = (await CountAsync(sandan, "message WHERE told_at IS NOT NULL"), await CountAsync(sandan, "outbox"));
        await RunAsync("again");
        Assert.Equal((0, told + untold), (await CountAsync(sandan, "message WHERE told_at IS NOT NULL"), await CountAsync(sandan, "outbox")));
        sandan.Restart(sandan.Children[0]);
        await Ready.WaitAsync(sandan.Gateway, sandan.Children, sandan.Machine.Folder, default);
        Say($"set back to a moment, {stored.Count:N0} documents, and ready with {told:N0} messages to tell again: {clock.Elapsed.TotalSeconds:0.0} s");
        await load.SendAllAgainAsync();
        Say($"with everything sent again: {await load.CloseAsync()}");
    }

    /// <summary>A moment of the database's clock, at least a second behind what the ledger has now.</summary>
    private async Task<string> MomentAsync()
    {
        await Task.Delay(TimeSpan.FromSeconds(1));
        return await servers.ShellAsync($"{Exports()}\npsql -AtXd postgres -c 'SELECT clock_timestamp()'");
    }

    /// <summary>Waits until so many more documents are answered.</summary>
    private static async Task AnsweredAsync(Load load, int more)
    {
        var (enough, clock) = (load.Documents + more, Stopwatch.StartNew());
        while (load.Documents < enough)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"{load.Documents} documents are answered, and no more.");
            await Task.Delay(20);
        }
    }

    /// <summary>Waits until nothing is answered for two seconds, and holds that it was so: then requests were waiting.</summary>
    private static async Task AtRestAsync(Load load)
    {
        var clock = Stopwatch.StartNew();
        for (var (before, since) = (load.Documents, Stopwatch.StartNew()); since.Elapsed < TimeSpan.FromSeconds(2);)
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), "Documents are answered though nobody takes their WAL.");
            await Task.Delay(50);
            if (load.Documents != before)
            {
                (before, since) = (load.Documents, Stopwatch.StartNew());
            }
        }
    }

    private void StartReceiver() => receiver = servers.Shell(Script("receive"));

    private void StopReceiver()
    {
        receiver?.Kill(entireProcessTree: true);
        receiver?.WaitForExit();
        receiver?.Dispose();
        receiver = null;
    }

    /// <summary>Runs a block of the page.</summary>
    private Task<string> RunAsync(string block) => servers.ShellAsync(Script(block));

    private string Script(string block) =>
        $"{Exports()}\n{blocks[block].Replace("'sandan_'", $"'{Installation.Prefix}'", StringComparison.Ordinal)}\n";

    private string Exports() => string.Join('\n', settings.Select(one => $"export {one.Key}='{one.Value}'"));

    private static async Task<HashSet<Guid>> StoredAsync(Installation sandan)
    {
        var stored = new HashSet<Guid>();
        foreach (var service in Intakes)
        {
            await using var database = sandan.Database(service);
            await using var command = database.CreateCommand("SELECT id FROM document");
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                stored.Add(reader.GetGuid(0));
            }
        }

        return stored;
    }

    private static async Task<long> CountAsync(Installation sandan, string table)
    {
        var count = 0L;
        foreach (var service in (string[])[.. Intakes, "registry", "matcher", "tax", "customs", "credit", "statistics"])
        {
            await using var database = sandan.Database(service);
            await using var command = database.CreateCommand($"SELECT count(*) FROM {table}");
            count += (long)(await command.ExecuteScalarAsync())!;
        }

        return count;
    }

    /// <summary>Versions that an answer told of in the beginning of the ledger.</summary>
    private static HashSet<Guid> AnsweredIn(Load load, long until)
    {
        var ledger = new MemoryStream(File.ReadAllBytes(load.Ledger.Path)[..(int)until]);
        return [.. History.Read(ledger, new()).Documents.Values.SelectMany(versions => versions.Values).Select(version => version.Id!.Value)];
    }

    /// <summary>Versions of documents whose request was sent for the first time behind that place of the ledger.</summary>
    private static HashSet<Guid> SentBehind(Load load, long from)
    {
        var sent = File.ReadAllBytes(load.Ledger.Path).AsSpan(0, (int)from).Count("\nS "u8) + 1;
        var entries = LedgerEntry.Read(File.OpenRead(load.Ledger.Path)).ToList();
        var late = entries.Where(one => one.What == 'S').Skip(sent).Select(one => one.Request).ToHashSet();
        var versions = new HashSet<Guid>();
        foreach (var line in entries.Where(one => one.What == 'A' && late.Contains(one.Request)).SelectMany(one => one.Lines))
        {
            using var answer = JsonDocument.Parse(line);
            if (answer.RootElement.GetProperty("outcome").GetString() is "created" or "changed" or "deleted")
            {
                versions.Add(answer.RootElement.GetProperty("id").GetGuid());
            }
        }

        return versions;
    }

    private void Say(string what) => output.WriteLine(what);

    /// <summary>The blocks of the page by the name before each.</summary>
    private static Dictionary<string, string> Blocks() => NamedBlock().Matches(File.ReadAllText(Path.Combine(OwnServers.Root, "docs", "backup.md")))
        .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    [GeneratedRegex(@"<!-- drill: (\w+) -->\n```sh\n(.*?)\n```\n", RegexOptions.Singleline)]
    private static partial Regex NamedBlock();
}
