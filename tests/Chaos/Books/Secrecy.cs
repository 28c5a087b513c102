using System.Diagnostics;

namespace Sandan.Chaos.Books;

/// <summary>
/// Looks for the buyers of a run in every file that was written: databases with their indexes and WAL, queues, logs,
/// metrics, traces, the feed, every answer. The requests have them in clear, and must be found: else nobody would be.
/// </summary>
internal sealed class Secrecy(Installation sandan, Faults faults)
{
    private const int BuyersMax = 2_000;

    /// <summary>Buyers looked for.</summary>
    public int Buyers { get; private set; }

    /// <summary>Everything must have been written before.</summary>
    /// <param name="consignments">So many were sent.</param>
    /// <param name="answers">What was read through the gateway, by name.</param>
    /// <param name="exported">The file of traces and metrics.</param>
    public async Task CheckAsync(
        int consignments, string ledger, IReadOnlyDictionary<string, string> answers, string exported, CancellationToken ct)
    {
        var state = Path.GetDirectoryName(sandan.Machine.Folder)!;
        var written = Path.Combine(sandan.Machine.Folder, "written");
        Directory.CreateDirectory(written);
        foreach (var (name, text) in answers)
        {
            await File.WriteAllTextAsync(Path.Combine(written, name), text, ct);
        }

        await File.WriteAllLinesAsync(
            Path.Combine(written, "answers.ndjson"),
            LedgerEntry.Read(File.OpenRead(ledger)).Where(one => one.What == 'A').SelectMany(one => one.Lines), ct);
        using var http = new HttpClient();
        foreach (var child in sandan.Children.Where(child => child.Metrics is not null))
        {
            await File.WriteAllTextAsync(
                Path.Combine(written, $"{child.Name}.metrics"), await http.GetStringAsync(child.Metrics!, ct), ct);
        }

        Buyers = Math.Min(consignments, BuyersMax);
        var patterns = Path.Combine(state, "buyers.txt");
        await File.WriteAllLinesAsync(
            patterns, Enumerable.Range(0, Buyers).SelectMany(Traffic.BuyerOf).Distinct().SelectMany(Spellings), ct);
        if ((await FindAsync(patterns, ledger, ct)).Length == 0)
        {
            faults.Add("in clear", "The ledger names no buyer: the search does not work.");
        }

        if (new FileInfo(exported).Length == 0 || answers.Values.Any(text => text.Length == 0))
        {
            faults.Add("in clear", "No trace was exported, or no question was answered: nothing of it could be searched.");
        }

        foreach (var folder in (string[])["postgres/data", "rabbitmq", "logs", sandan.Machine.Folder, exported])
        {
            foreach (var file in await FindAsync(patterns, Path.Combine(state, folder), ct))
            {
                faults.Add("in clear", $"{file} names a buyer.");
            }
        }
    }

    /// <summary>As it is, and as JSON may have it.</summary>
    private static string[] Spellings(string value) => value.All(char.IsAscii)
        ? [value]
        : [value, string.Concat(value.Select(letter => char.IsAscii(letter) ? $"{letter}" : $"\\u{(int)letter:X4}"))];

    /// <summary>Files in which one of the patterns stands.</summary>
    private static async Task<string[]> FindAsync(string patterns, string where, CancellationToken ct)
    {
        var start = new ProcessStartInfo("grep", ["-r", "-a", "-l", "-F", "-f", patterns, where])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C"; // bytes
        using var grep = Process.Start(start)!;
        var said = grep.StandardError.ReadToEndAsync(ct);
        var found = await grep.StandardOutput.ReadToEndAsync(ct);
        await grep.WaitForExitAsync(ct);
        // A server may remove a file while it is looked for: that is all that may go wrong.
        var trouble = (await said).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(line => !line.EndsWith("No such file or directory", StringComparison.Ordinal));
        return trouble is null
            ? found.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            : throw new InvalidOperationException(trouble);
    }
}
