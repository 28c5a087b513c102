using System.Globalization;
using System.Text;

namespace Sandan.Chaos.Books;

/// <summary>
/// The file of everything that was sent and every answer that came, in the order in which it happened. Lines:
/// <c>S request route sender key lines</c> and so many lines of the body, <c>A request attempt status lines</c> and so
/// many lines of the answer, <c>B request attempt reason</c> where the connection broke.
/// </summary>
internal sealed class Ledger : IDisposable
{
    private readonly FileStream file;
    private readonly Lock gate = new();
    private long answered;
    private long refused;
    private long broken;

    public Ledger(string path)
    {
        Path = path;
        file = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20);
    }

    public string Path { get; }

    /// <summary>Answers of 200.</summary>
    public long Answered => Volatile.Read(ref answered);

    /// <summary>Other answers.</summary>
    public long Refused => Volatile.Read(ref refused);

    /// <summary>Attempts without an answer.</summary>
    public long Broken => Volatile.Read(ref broken);

    /// <summary>Notes a request before its first attempt.</summary>
    public void Send(Request request)
    {
        Write(string.Create(
            CultureInfo.InvariantCulture,
            $"S {request.Number} {request.Route} {request.Sender} {request.IdempotencyKey ?? "-"} {request.Lines}\n"), request.Body);
    }

    /// <summary>Notes an answer; the body is kept where it tells of each document.</summary>
    public void Answer(Request request, int attempt, int status, ReadOnlyMemory<byte> body)
    {
        Interlocked.Increment(ref status == 200 ? ref answered : ref refused);
        var lines = status == 200 ? body : default;
        Write(string.Create(
            CultureInfo.InvariantCulture, $"A {request.Number} {attempt} {status} {lines.Span.Count((byte)'\n')}\n"), lines);
    }

    /// <summary>Notes that no answer came.</summary>
    public void Break(Request request, int attempt, string reason)
    {
        Interlocked.Increment(ref broken);
        Write(string.Create(CultureInfo.InvariantCulture, $"B {request.Number} {attempt} {reason.ReplaceLineEndings(" ")}\n"), default);
    }

    /// <summary>Writes what it has in hand; returns the length of the file, which then ends with a whole entry.</summary>
    public long Flush()
    {
        lock (gate)
        {
            file.Flush();
            return file.Length;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            file.Dispose();
        }
    }

    private void Write(string head, ReadOnlyMemory<byte> lines)
    {
        lock (gate)
        {
            file.Write(Encoding.UTF8.GetBytes(head));
            file.Write(lines.Span);
        }
    }
}

/// <summary>A request that is sent until it is answered, and some again behind that.</summary>
/// <param name="Body">NDJSON.</param>
/// <param name="IdempotencyKey">Null where it has none.</param>
internal sealed record Request(int Number, string Route, string Sender, string Key, string? IdempotencyKey, int Lines, byte[] Body)
{
    /// <summary>Attempts so far.</summary>
    public int Attempts;
}

/// <summary>An entry of a ledger: S, A or B, the words of its first line, and the lines below it.</summary>
internal sealed record LedgerEntry(char What, int Request, string[] Words, string[] Lines)
{
    /// <summary>Reads a ledger, or the beginning of one that ends with a whole entry, and closes it.</summary>
    public static IEnumerable<LedgerEntry> Read(Stream ledger)
    {
        using var file = new StreamReader(ledger);
        while (file.ReadLine() is { } head)
        {
            var words = head.Split(' ');
            var count = words[0] switch { "S" => words[5], "A" => words[4], _ => "0" };
            yield return new(
                head[0], int.Parse(words[1], CultureInfo.InvariantCulture), words,
                [.. Enumerable.Range(0, int.Parse(count, CultureInfo.InvariantCulture)).Select(_ => file.ReadLine()!)]);
        }
    }
}
