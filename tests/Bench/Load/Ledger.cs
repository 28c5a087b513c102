using System.Collections.Concurrent;
using System.Diagnostics;
using HdrHistogram;
using Sandan.Demo;

namespace Sandan.Bench.Load;

/// <summary>
/// What was sent and what came of it, by the number of the consignment. Times are those of <see cref="Stopwatch"/>; the
/// latency of a consignment runs from when its last document should have been sent to its clearance event.
/// </summary>
internal sealed class Ledger(Traffic traffic, int capacity)
{
    private const long MicrosecondsMax = 600_000_000;
    private static readonly Defect GivenUp = new("a document was given up", "Waiting", null, null);

    private readonly int[] groups = new int[capacity];
    private readonly long[] lastIntended = new long[capacity];
    private readonly byte[] outcomes = new byte[capacity];
    private readonly byte[] refused = new byte[capacity]; // bits: kinds of documents that were given up
    private readonly bool[] isComplete = new bool[capacity];
    private readonly Lock books = new();
    private long outcomeCount;
    private long accepted;

    /// <summary>What went wrong, told at the end; the first hundred.</summary>
    public ConcurrentQueue<string> Faults { get; } = [];

    /// <summary>Consignments begun so far: the next has this number.</summary>
    public int Sent { get; private set; }

    /// <summary>Consignments whose last document was sent and whose outcome must come.</summary>
    public int Expected { get; private set; }

    /// <summary>Outcomes that came.</summary>
    public long Outcomes => Volatile.Read(ref outcomeCount);

    /// <summary>Documents that were taken in; a repeat does not count.</summary>
    public long Accepted => Volatile.Read(ref accepted);

    /// <summary>Most consignments.</summary>
    public int Capacity => capacity;

    /// <summary>Latencies to the clearance event since <see cref="Measure"/>, microseconds.</summary>
    public LongHistogram Clearance { get; private set; } = new(MicrosecondsMax, 3);

    /// <summary>Latencies to the answer of a request, likewise.</summary>
    public LongHistogram Answer { get; private set; } = new(MicrosecondsMax, 3);

    /// <summary>What comes from now on is measured anew.</summary>
    public void Measure()
    {
        Clearance = new(MicrosecondsMax, 3);
        Answer = new(MicrosecondsMax, 3);
    }

    /// <summary>What is to come of a consignment, with the documents of it that were sent and taken.</summary>
    public Defect OutcomeOf(int number) => refused[number] == 0 ? Traffic.DefectOf(number) : GivenUp;

    /// <summary>True where a document is to be stored: its defect is not to be missing, and it was not given up.</summary>
    public bool IsStored(int number, Kind kind) =>
        Traffic.IsSent(Traffic.DefectOf(number), kind) && (refused[number] & (1 << (int)kind)) == 0;

    /// <summary>Notes that a consignment is begun, in this group.</summary>
    public void Begin(int number, int group) => (Sent, groups[number]) = (Math.Max(Sent, number + 1), group);

    /// <summary>The group of a consignment: its senders.</summary>
    public int GroupOf(int number) => groups[number];

    /// <summary>Notes when a document should have been sent.</summary>
    public void Intend(int number, long at) => lastIntended[number] = Math.Max(lastIntended[number], at);

    /// <summary>Notes that all documents of a consignment are on their way.</summary>
    public void Complete(int number)
    {
        lock (books)
        {
            isComplete[number] = true;
            Expected += OutcomeOf(number).Status is null ? 0 : 1;
        }
    }

    /// <summary>Notes that a document was refused for the time being, and is not sent again.</summary>
    public void GiveUp(int number, Kind kind)
    {
        lock (books)
        {
            Expected -= isComplete[number] && OutcomeOf(number).Status is not null ? 1 : 0;
            refused[number] |= (byte)(1 << (int)kind);
        }
    }

    /// <summary>Notes an answer.</summary>
    public void Answered(long intended, int documents)
    {
        Interlocked.Add(ref accepted, documents);
        lock (Answer)
        {
            Answer.RecordValue(Microseconds(intended));
        }
    }

    /// <summary>Notes a clearance event.</summary>
    public void Cleared(int number, int status, string code)
    {
        if (number < 0 || number >= Sent)
        {
            Fault($"An outcome of a consignment that was never sent: {number}.");
            return;
        }

        var expected = OutcomeOf(number);
        if (expected.Status != status || (expected.Code is { } right && right != code))
        {
            Fault($"{traffic.OrderNo(number)} ({expected.Name}): expected {expected.Status} {expected.Code}, came {status} {code}.");
        }

        if (++outcomes[number] > 1)
        {
            Fault($"{traffic.OrderNo(number)} has {outcomes[number]} outcomes.");
            return;
        }

        Interlocked.Increment(ref outcomeCount);
        Clearance.RecordValue(Microseconds(Volatile.Read(ref lastIntended[number])));
    }

    /// <summary>Notes what went wrong.</summary>
    public void Fault(string what)
    {
        if (Faults.Count < 100)
        {
            Faults.Enqueue(what);
        }
    }

    private static long Microseconds(long since) =>
        Math.Clamp((long)Stopwatch.GetElapsedTime(since).TotalMicroseconds, 1, MicrosecondsMax);
}
