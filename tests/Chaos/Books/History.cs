using System.Globalization;
using System.Text.Json;

namespace Sandan.Chaos.Books;

/// <summary>
/// What the ledger says: which versions of which documents Sandan has stored, by its own answers. Answers that
/// contradict each other are faults.
/// </summary>
internal sealed class History
{
    private readonly Dictionary<PaperName, SortedList<int, Version>> documents = [];
    private readonly Dictionary<int, Sent> requests = [];
    private readonly Faults faults;

    private History(Faults faults) => this.faults = faults;

    /// <summary>The stored versions of each document, oldest first.</summary>
    public IReadOnlyDictionary<PaperName, SortedList<int, Version>> Documents => documents;

    /// <summary>Documents that were sent, each request once.</summary>
    public int Papers { get; private set; }

    /// <summary>Answers that told the same again.</summary>
    public int Repeats { get; private set; }

    /// <summary>Reads a ledger to its end.</summary>
    public static History Read(string path, Faults faults) => Read(File.OpenRead(path), faults);

    /// <summary>Reads a ledger, or the beginning of one, to its end, and closes it.</summary>
    public static History Read(Stream ledger, Faults faults)
    {
        var history = new History(faults);
        foreach (var entry in LedgerEntry.Read(ledger))
        {
            if (entry.What == 'S')
            {
                history.Send(entry.Request, entry.Words[2], entry.Words[4] != "-", entry.Lines);
            }
            else if (entry.What == 'A')
            {
                history.Answer(entry.Request, int.Parse(entry.Words[3], CultureInfo.InvariantCulture), entry.Lines);
            }
        }

        history.Close();
        return history;
    }

    private void Send(int request, string route, bool hasKey, string[] lines)
    {
        var papers = Array.ConvertAll(lines, line => Paper.Read(route, System.Text.Encoding.UTF8.GetBytes(line)));
        Papers += papers.Count(one => one is not null);
        requests.Add(request, new(papers, hasKey));
    }

    private void Answer(int request, int status, string[] lines)
    {
        var sent = requests[request];
        if (status != 200)
        {
            if (status is not (429 or 502 or 503 or 504))
            {
                faults.Add("refused", $"Request {request} was answered {status}.");
            }

            return;
        }

        Repeats += sent.IsAnswered ? lines.Length : 0;
        if (lines.Length != sent.Papers.Length)
        {
            faults.Add("answers", $"Request {request} has {sent.Papers.Length} documents and {lines.Length} answers.");
            return;
        }

        var answer = string.Join('\n', lines).GetHashCode(StringComparison.Ordinal);
        if (sent is { HasKey: true, IsAnswered: true } && sent.Answer != answer)
        {
            faults.Add("receipts differ", $"Request {request}: under its Idempotency-Key another answer came.");
        }

        (sent.IsAnswered, sent.Answer) = (true, answer);
        for (var at = 0; at < lines.Length; at++)
        {
            using var line = JsonDocument.Parse(lines[at]);
            Take(request, at, sent, line.RootElement);
        }
    }

    private void Take(int request, int at, Sent sent, JsonElement answer)
    {
        var outcome = answer.GetProperty("outcome").GetString()!;
        var where = $"Request {request}, document {at} ({sent.Papers[at]?.Name.ToString() ?? "broken"})";
        if (sent.Papers[at] is not { } paper)
        {
            if (outcome != "rejected" || answer.GetProperty("errors").GetArrayLength() == 0)
            {
                faults.Add("answers", $"{where}: a broken document was answered {outcome}.");
            }

            return;
        }

        if (outcome == "stale" && paper.AppType == '2' && sent.Versions[at] is null)
        {
            return; // a newer change came first
        }

        if (outcome is not ("created" or "changed" or "deleted" or "exists"))
        {
            faults.Add("answers", $"{where} was answered {outcome}: {answer}");
            return;
        }

        var version = new Version(answer.GetProperty("version").GetInt32(), answer.GetProperty("id").GetGuid(), paper);
        if (sent.Versions[at] is { } before && (before.Id, before.Number) != (version.Id, version.Number))
        {
            faults.Add("receipts differ", $"{where}: first {before.Id} version {before.Number}, then {version.Id} version {version.Number}.");
        }

        sent.Versions[at] = version;
        if (!documents.TryGetValue(paper.Name, out var versions))
        {
            documents.Add(paper.Name, versions = []);
        }

        if (!versions.TryAdd(version.Number, version) && versions[version.Number].Id != version.Id)
        {
            faults.Add("doubled", $"{where}: version {version.Number} is {versions[version.Number].Id} and {version.Id}.");
        }
    }

    private void Close()
    {
        foreach (var (request, sent) in requests.Where(one => !one.Value.IsAnswered))
        {
            faults.Add("unanswered", $"Request {request} with {sent.Papers.Length} documents has no answer.");
        }

        foreach (var (name, versions) in documents)
        {
            for (var at = 0; at < versions.Count; at++)
            {
                if (versions.Keys[at] != at + 1)
                {
                    faults.Add("answers", $"{name}: version {at + 1} was never answered.");
                    break;
                }

                if (at > 0 && string.CompareOrdinal(versions.Values[at - 1].Paper.AppTime, versions.Values[at].Paper.AppTime) >= 0)
                {
                    faults.Add("out of order", $"{name}: version {at + 1} is not newer than the one before it.");
                }
            }
        }
    }

    private sealed class Sent(Paper?[] papers, bool hasKey)
    {
        /// <summary>It named an Idempotency-Key: every answer is the same, byte for byte.</summary>
        public bool HasKey => hasKey;

        /// <summary>Hash of the last answer.</summary>
        public int Answer { get; set; }

        public Paper?[] Papers => papers;

        /// <summary>What the answers said; null where nothing was stored.</summary>
        public Version?[] Versions { get; } = new Version?[papers.Length];

        public bool IsAnswered { get; set; }
    }
}
