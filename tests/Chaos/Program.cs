using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using Sandan.Chaos.Books;
using Sandan.Chaos.Faults;
using Sandan.Chaos.Load;
using Sandan.Demo;

namespace Sandan.Chaos;

/// <summary>The chaos run; see <see cref="Options.Usage"/>.</summary>
public static class Program
{
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(60);

    public static async Task<int> Main(string[] args)
    {
        var isCheck = args is ["--check", ..]; // of the arguments, before servers are started for them
        if (Options.Of(isCheck ? args[1..] : args) is not { } options)
        {
            Console.Error.WriteLine(Options.Usage);
            return 2;
        }

        return isCheck || await RunAsync(options, CancellationToken.None) ? 0 : 1;
    }

    private static async Task<bool> RunAsync(Options options, CancellationToken ct)
    {
        var machine = Machine.FromEnvironment();
        var command = string.Create(
            CultureInfo.InvariantCulture,
            $"./sandan chaos --seed {options.Seed} --documents {options.Documents} --kills {options.Faults} --rate {options.Rate}{(options.Split ? " --split" : "")}");
        Console.WriteLine(command);
        var postgres = new NpgsqlConnectionStringBuilder(machine.Postgres);
        var rabbitMq = new UriBuilder(machine.RabbitMq);
        await using var postgresLink = new TcpProxy(postgres.Host!, postgres.Port);
        await using var rabbitMqLink = new TcpProxy(rabbitMq.Host, rabbitMq.Port);
        postgres.Port = postgresLink.Port;
        rabbitMq.Port = rabbitMqLink.Port;
        await using var collector = new Collector(Path.Combine(Path.GetDirectoryName(machine.Folder)!, "exported.bin"), machine.Port + 19);
        await using var sandan = await Installation.StartAsync(machine, options.Split, ct, new Dictionary<string, string>
        {
            ["SANDAN_POSTGRES"] = postgres.ConnectionString,
            ["SANDAN_RABBITMQ"] = rabbitMq.Uri.ToString(),
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        });
        var now = TimeProvider.System.GetUtcNow();
        var run = (now.ToUnixTimeSeconds() % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
        var world = await sandan.WorldAsync(run, ct);
        Victim[] victims =
        [
            .. sandan.Children.Select(child => new ProgramVictim(sandan, child)),
            new ServerVictim("postgres", machine, machine.PostgresPid),
            new ServerVictim("rabbitmq", machine, machine.RabbitMqPid),
            new LinkVictim("connections to postgres", postgresLink),
            new LinkVictim("connections to rabbitmq", rabbitMqLink),
        ];
        var traffic = new Traffic(world, run, now);
        await Accounts.OpenAsync(sandan.Gateway, world, traffic, ct);
        return await RunAsync(options, sandan, world, traffic, victims, collector, command, ct);
    }

    private static async Task<bool> RunAsync(
        Options options,
        Installation sandan,
        World world,
        Traffic traffic,
        Victim[] victims,
        Collector collector,
        string command,
        CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        using var ledger = new Ledger(Path.Combine(Path.GetDirectoryName(sandan.Machine.Folder)!, "ledger.txt"));
        using var senders = new Senders(sandan.Gateway, traffic, ledger, options.Seed);
        FeedReader[] readers = [new(sandan.Gateway, world.CustomsKey), new(sandan.Gateway, world.CustomsKey)];
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var following = Task.WhenAll(readers.Select(reader => reader.FollowAsync(reading.Token)));
        var faults = new Books.Faults();
        var torment = new Torment(
            victims, options.Seed, options.Faults, () => (double)senders.Documents / options.Documents,
            name => faults.Add("ended by itself", $"{name}, after {clock.Elapsed.TotalSeconds:0} s"));
        var hurt = torment.RunAsync(ct);
        using var progress = new Timer(
            _ => Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {clock.Elapsed.TotalSeconds:0} s: {senders.Documents:N0} documents answered, {torment.Count} faults; attempts refused {ledger.Refused:N0}, broken {ledger.Broken:N0}")),
            null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
        var load = senders.RunAsync(options.Rate, () => senders.Documents >= options.Documents && torment.IsEnough, ct);
        await await Task.WhenAny(load, hurt, following); // a server that does not come back ends the run at once, and so does a reader
        await Task.WhenAll(load, hurt);
        var loaded = clock.Elapsed;

        await using var checker = new Checker(sandan, faults);
        await Ready.WaitAsync(sandan.Gateway, [], sandan.Machine.Folder, ct).WaitAsync(ReadyMax, ct);
        var settled = await checker.SettleAsync(SettleMax, ct);
        if (settled > SettleMax)
        {
            faults.Add("stuck", $"It did not settle within {SettleMax.TotalSeconds:0} s.");
        }

        // Everything is said and done: what is sent again now changes nothing, and gets the same answers.
        await senders.RepeatAsync(ct);
        await Task.Delay(TimeSpan.FromSeconds(2), ct);
        using var whole = new FeedReader(sandan.Gateway, world.CustomsKey);
        var pages = new StringBuilder();
        await whole.ReadAllAsync(ct, pages);
        await Task.Delay(TimeSpan.FromSeconds(3), ct);
        await reading.CancelAsync();
        await following;
        var asked = await Questions.AskAsync(sandan.Gateway, world.CustomsKey, whole.Events.Take(1_000), ct);
        ledger.Dispose();

        var history = History.Read(ledger.Path, faults);
        await checker.CheckAsync(history.Documents, whole.Events, [.. readers.Select(one => one.Events)], ct);
        var secrecy = new Secrecy(sandan, faults);
        collector.Flush();
        await secrecy.CheckAsync(
            senders.Consignments, ledger.Path, new Dictionary<string, string> { ["feed.json"] = pages.ToString(), ["questions.json"] = asked },
            collector.Path, ct);
        foreach (var reader in readers)
        {
            reader.Dispose();
        }

        // What a consumer has in hand and does not work in is no message of its queue, until the consumer ends.
        await Task.WhenAll(sandan.Children.Select(child => child.StopAsync()));
        foreach (var (queue, count) in await Servers.WaitingAsync(sandan.Machine, Installation.Prefix, ct))
        {
            faults.Add("stuck", $"{count} messages came back to {queue} when its consumer ended.");
        }

        foreach (var (queue, count) in await Servers.WaitingAsync(sandan.Machine, Installation.Prefix, ct, "_error"))
        {
            faults.Add("lost", $"{count} messages are in {queue}.");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""

            | | |
            |---|---|
            | command | `{command}` |
            | commit | {sandan.Machine.Commit} |
            | documents sent, each once | {history.Papers:N0} |
            | answers that told the same again | {history.Repeats:N0} |
            | attempts refused for the time being; without an answer | {ledger.Refused:N0}; {ledger.Broken:N0} |
            | versions stored | {history.Documents.Values.Sum(one => one.Count):N0} |
            | consignments; released | {checker.Outcomes.Consignments:N0}; {checker.Outcomes.Released:N0} |
            | inventories of imports | {Told(checker, Kind.Inventory)} |
            | returns | {Told(checker, Kind.Return)} |
            | cancellations | {Told(checker, Kind.Cancellation)} |
            | inventories of exports | {Told(checker, Kind.ExportInventory)} |
            | cancellations of these | {Told(checker, Kind.ExportCancellation)} |
            | events of the feed | {whole.Events.Count:N0} |
            | faults injected | {torment.Count} |
            | bytes of traces and metrics exported | {collector.Bytes:N0} |
            | buyers looked for in every file written | {secrecy.Buyers:N0} |
            | under load; settled after | {loaded.TotalSeconds:0} s; {settled.TotalSeconds:0.0} s |

            """));
        foreach (var line in faults.Lines())
        {
            Console.WriteLine(line);
        }

        Console.WriteLine(faults.None
            ? "0 lost, 0 doubled, 0 wrong, 0 out of order, 0 stuck, 0 receipts that differ, 0 in clear."
            : $"The books do not balance. The ledger: {ledger.Path}");
        return faults.None;
    }

    /// <summary>So many declarations of a kind have each result.</summary>
    private static string Told(Checker checker, Kind kind) => string.Join(", ", checker.Declared.Where(one => one.Key.Kind == kind)
        .OrderBy(one => one.Key.Result, StringComparer.Ordinal)
        .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key.Result}: {one.Value:N0}")));
}
