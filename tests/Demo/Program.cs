using System.Globalization;
using System.Text.Json.Nodes;

namespace Sandan.Demo;

/// <summary>
/// Plays a day: <c>./sandan demo [--consignments N] [--seed S]</c>. Registers its own companies, sends documents in random
/// order, waits for every outcome and compares it with the right one. Exit code 0 only if all of them are right.
/// </summary>
public static class Program
{
    /// <summary>When nothing has come for so long, what is missing will not come.</summary>
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(30);

    private static int reported;

    /// <summary>Reads the arguments and plays.</summary>
    public static async Task<int> Main(string[] args)
    {
        if (!TryRead(args, "--consignments", 2_000, out var consignments) || !TryRead(args, "--seed", Environment.TickCount, out var seed)
            || consignments < 1)
        {
            Console.Error.WriteLine("Usage: ./sandan demo [--consignments N] [--seed S]");
            return 2;
        }

        return await RunAsync(
            Environment.GetEnvironmentVariable("SANDAN_DEVELOPMENT_ENV") ?? ".sandan/env.json", consignments, seed);
    }

    /// <summary>Plays a day against the system that <paramref name="environmentFile"/> tells of; 0 if all came out right.</summary>
    public static async Task<int> RunAsync(string environmentFile, int consignments, int seed)
    {
        try
        {
            return await PlayAsync(environmentFile, consignments, seed);
        }
        catch (Exception trouble) when (trouble is DemoException or HttpRequestException or IOException)
        {
            Console.Error.WriteLine($"\nThe demonstration cannot go on: {trouble.Message}");
            return 1;
        }
    }

    private static async Task<int> PlayAsync(string path, int consignments, int seed)
    {
        var environment = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        var gateway = new Uri(environment["gateway"]!.ToString());
        var now = TimeProvider.System.GetUtcNow();
        // Numbers of this run: other runs stay apart from it.
        var run = (now.ToUnixTimeSeconds() % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
        using var api = new Api(gateway);

        Console.WriteLine($"A day of {consignments:N0} consignments, seed {seed}.");
        var world = await new WorldBuilder(api, environment, run).BuildAsync();
        Console.WriteLine(
            $"Registered {world.Platforms.Count} platforms, {world.Sellers.Count} sellers, {world.PaymentCompanies.Count} payment companies, "
            + $"{world.LogisticsCompanies.Count} logistics companies; filed {Goods.Shop.Count + 1} articles each.");

        var random = new Random(seed);
        // Other buyers on every run, also with the same seed: a buyer's limits and risks outlive a run.
        var people = new People(new Random(unchecked((seed * 397) ^ (int)now.ToUnixTimeSeconds())));
        var day = new DayWriter(world, run, random, people, now).Write(consignments);
        var outcomes = new Outcomes(api, world.CustomsKey);
        await outcomes.BeginAsync();
        var sending = new Sending(api, random);
        var decided = day.Expectations.Where(one => one.Defect.Status is not null).ToArray();
        var sentBefore = 0;
        foreach (var wave in day.Documents.GroupBy(document => document.Wave).OrderBy(wave => wave.Key))
        {
            await sending.SendAsync([.. wave], sent => Progress(sentBefore + sent, day.Documents.Count));
            sentBefore += wave.Count();
            await outcomes.FollowAsync(QuietMax, () => decided.All(one => one.Wave > wave.Key || outcomes.IsAsExpected(one)));
        }

        Console.WriteLine();
        var wrong = await new Report(api, world, sending, outcomes, day.Expectations).PrintAsync();
        Console.WriteLine(
            $"""

            Look further with the keys of {path}:
              curl -H 'Authorization: Bearer KEY' '{gateway}v1/consignments?state=Mismatched&limit=5'
              curl -H 'Authorization: Bearer KEY' '{gateway}v1/events?limit=3'
              curl -H 'Authorization: Bearer KEY' '{gateway}v1/statistics/summary?by=country'
              curl '{gateway}v1/codes/1332'
            """);
        return wrong == 0 ? 0 : 1;
    }

    private static void Progress(int sent, int all)
    {
        // On a terminal one line that changes; in a log a line now and then.
        if (!Console.IsOutputRedirected)
        {
            Console.Write($"\rSent {sent:N0} of {all:N0} documents");
        }
        else if (sent == all || sent / 1_000 > reported)
        {
            reported = sent / 1_000;
            Console.WriteLine($"Sent {sent:N0} of {all:N0} documents");
        }
    }

    private static bool TryRead(string[] args, string name, int byDefault, out int value)
    {
        value = byDefault;
        var at = Array.IndexOf(args, name);
        return at < 0 || (at + 1 < args.Length && int.TryParse(args[at + 1], CultureInfo.InvariantCulture, out value));
    }
}
