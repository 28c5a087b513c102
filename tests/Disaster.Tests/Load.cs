using System.Globalization;
using Sandan.Chaos.Books;
using Sandan.Chaos.Load;
using Sandan.Demo;

namespace Sandan.Disaster.Tests;

/// <summary>A Sandan under the load of the chaos run, whose books are closed at the end.</summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Seed = 7;
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(90); // what is held up comes all at once, on a busy machine

    private readonly HttpClient http;
    private readonly bool withNumbers;
    private Senders senders;
    private int tries = 10_000_000; // the senders never come to these numbers

    private Load(Installation sandan, World world, Traffic traffic, Ledger ledger, bool withNumbers)
    {
        (Sandan, World, Traffic, Ledger, this.withNumbers) = (sandan, world, traffic, ledger, withNumbers);
        senders = NewSenders();
        http = new() { BaseAddress = sandan.Gateway, Timeout = TimeSpan.FromSeconds(60) };
    }

    public Installation Sandan { get; }

    public World World { get; }

    public Traffic Traffic { get; }

    public Ledger Ledger { get; private set; }

    /// <summary>Documents that were answered, each once.</summary>
    public int Documents => senders.Documents;

    /// <param name="withNumbers">Not where a database is restored, see <see cref="Senders"/>.</param>
    public static async Task<Load> StartAsync(Machine machine, IReadOnlyDictionary<string, string>? settings = null, bool withNumbers = false)
    {
        var sandan = await Installation.StartAsync(machine, split: false, default, settings);
        var now = TimeProvider.System.GetUtcNow();
        var run = (now.ToUnixTimeSeconds() % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
        var world = await sandan.WorldAsync(run, default);
        var traffic = new Traffic(world, run, now);
        await Accounts.OpenAsync(sandan.Gateway, world, traffic, default);
        return new(sandan, world, traffic, new(Path.Combine(machine.Folder, "ledger.txt")), withNumbers);
    }

    /// <summary>Sends at a rate, in consignments a second, until it is enough; returns when all of it is answered.</summary>
    public Task SendAsync(double rate, Func<bool> isEnough) => senders.RunAsync(rate, isEnough, default);

    /// <summary>Sends a payment that no order belongs to, once; what is not taken is to be sent with <see cref="SendAsync(Request)"/>.</summary>
    public async Task<(Request Request, int Status, string Body, bool SaysWhen)> TryAsync()
    {
        var number = ++tries;
        var writer = new DocumentWriter();
        writer.Reset(Format.Ndjson);
        Traffic.Write(writer, Kind.Payment, number, number, Edition.First(Defect.None));
        var sender = Traffic.SenderOf(number, Kind.Payment);
        var request = new Request(number, "/v1/payments", sender.Code, sender.Key, null, 1, writer.Written.ToArray());
        Ledger.Send(request);
        using var message = new HttpRequestMessage(HttpMethod.Post, request.Route)
        {
            Content = new ByteArrayContent(request.Body) { Headers = { ContentType = new("application/x-ndjson") } },
        };
        message.Headers.Authorization = new("Bearer", request.Key);
        message.Headers.AcceptLanguage.ParseAdd("en");
        using var answer = await http.SendAsync(message);
        var body = await answer.Content.ReadAsByteArrayAsync();
        Ledger.Answer(request, ++request.Attempts, (int)answer.StatusCode, body);
        return (request, (int)answer.StatusCode, System.Text.Encoding.UTF8.GetString(body), answer.Headers.RetryAfter?.Delta is not null);
    }

    /// <summary>Sends a request until it is answered.</summary>
    public Task SendAsync(Request request) => senders.SendAsync(request, default);

    /// <summary>Begins a new ledger, with everything in the old one sent once more in its order.</summary>
    public async Task SendAllAgainAsync()
    {
        Ledger.Dispose();
        senders.Dispose();
        var before = Ledger.Path;
        Ledger = new(before + ".again");
        senders = NewSenders();
        var keys = World.Platforms.Concat(World.PaymentCompanies).Concat(World.LogisticsCompanies).Concat(World.Declarants)
            .ToDictionary(one => one.Code, one => one.Key);
        foreach (var entry in LedgerEntry.Read(File.OpenRead(before)).Where(one => one.What == 'S'))
        {
            var body = System.Text.Encoding.UTF8.GetBytes(string.Concat(entry.Lines.Select(line => line + '\n')));
            var request = new Request(
                entry.Request, entry.Words[2], entry.Words[3], keys[entry.Words[3]], entry.Words[4] == "-" ? null : entry.Words[4], entry.Lines.Length, body);
            Ledger.Send(request);
            await senders.SendAsync(request, default);
        }
    }

    /// <summary>Waits until nothing is under way, and holds the databases and the feed against everything that was sent.</summary>
    /// <returns>How many consignments have an outcome, and how many of those are released.</returns>
    public async Task<(int Consignments, int Released)> CloseAsync()
    {
        var faults = new Faults();
        await using var checker = new Checker(Sandan, faults);
        await Ready.WaitAsync(Sandan.Gateway, Sandan.Children, Sandan.Machine.Folder, default);
        if (await checker.SettleAsync(SettleMax, default) > SettleMax)
        {
            faults.Add("stuck", $"It did not settle within {SettleMax.TotalSeconds:0} s.");
        }

        using var feed = new FeedReader(Sandan.Gateway, World.CustomsKey);
        await feed.ReadAllAsync(default);
        Ledger.Flush();
        await checker.CheckAsync(History.Read(Ledger.Path, faults).Documents, feed.Events, [], default);
        Assert.True(faults.None, string.Join('\n', faults.Lines()));
        return checker.Outcomes;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        senders.Dispose();
        Ledger.Dispose();
        await Sandan.DisposeAsync();
    }

    private Senders NewSenders() => new(Sandan.Gateway, Traffic, Ledger, Seed, withNumbers);
}
