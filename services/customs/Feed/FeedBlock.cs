using System.Buffers;
using MessagePack;

namespace Sandan.Customs.Feed;

/// <summary>Some events that follow upon each other, as the bytes of one row.</summary>
/// <remarks>
/// One event behind the other, each in MessagePack: [id, type, subject, time, [party, …], data]; time in ticks, data is
/// JSON.
/// </remarks>
internal sealed class FeedBlock
{
    /// <summary>Events of a block at most: who wants many of them reads all.</summary>
    public const int EventsMax = 100;

    /// <summary>A block is full when its data come to this, so that it stays off the heap for large objects.</summary>
    private const int DataBytesMax = 56_000;

    private const int BufferBytes = 80_000;

    private FeedBlock(int behind, int[] ends, byte[] body) => (Behind, Ends, Body) = (behind, ends, body);

    /// <summary>How many events of the batch stand before it.</summary>
    public int Behind { get; }

    /// <summary>Where in the body each event ends.</summary>
    public int[] Ends { get; }

    public byte[] Body { get; }

    /// <summary>Writes a batch of events.</summary>
    public static IEnumerable<FeedBlock> Write(List<FeedEvent> events)
    {
        var buffer = new ArrayBufferWriter<byte>(BufferBytes);
        for (int from = 0, count; from < events.Count; from += count)
        {
            count = CountOf(events, from);
            yield return Write(buffer, events, from, count);
        }
    }

    /// <summary>Adds the events that somebody wants.</summary>
    /// <param name="company">In UTF-8: only events to which it is a party; null for all.</param>
    /// <param name="type">Only this type; null for all.</param>
    public static void Read(FeedPart part, byte[]? company, short? type, long after, List<StoredEvent> events, int countMax)
    {
        var reader = new MessagePackReader(part.Bytes);
        for (var position = part.Position; !reader.End && events.Count < countMax; position++)
        {
            if (position <= after)
            {
                reader.Skip();
            }
            else if (Read(ref reader, position, part.TraceParent, company, type) is { } one)
            {
                events.Add(one);
            }
        }
    }

    private static StoredEvent? Read(
        ref MessagePackReader reader, long position, string? traceParent, byte[]? company, short? type)
    {
        reader.ReadArrayHeader();
        var id = reader.ReadBytes()!.Value;
        var ofType = reader.ReadInt16();
        var subject = reader.ReadStringSequence()!.Value;
        var time = reader.ReadInt64();
        var concerns = Concerns(ref reader, company);
        var data = reader.ReadBytes()!.Value;
        return concerns && (type is null || type == ofType)
            ? new(
                position, new(id.FirstSpan, bigEndian: true), ofType, subject.First,
                new(time, TimeSpan.Zero), traceParent, data.First)
            : null;
    }

    /// <summary>Reads the parties.</summary>
    private static bool Concerns(ref MessagePackReader reader, byte[]? company)
    {
        var concerns = company is null;
        for (var parties = reader.ReadArrayHeader(); parties > 0; parties--)
        {
            concerns |= reader.TryReadStringSpan(out var party) && party.SequenceEqual(company);
        }

        return concerns;
    }

    /// <summary>How many events, from a place on, are the next block.</summary>
    private static int CountOf(List<FeedEvent> events, int from)
    {
        var (count, bytes) = (0, 0);
        while (count < EventsMax && from + count < events.Count && bytes < DataBytesMax)
        {
            bytes += events[from + count].Data.Length;
            count++;
        }

        return count;
    }

    private static FeedBlock Write(ArrayBufferWriter<byte> buffer, List<FeedEvent> events, int from, int count)
    {
        buffer.ResetWrittenCount();
        var writer = new MessagePackWriter(buffer);
        var ends = new int[count];
        for (var at = 0; at < count; at++)
        {
            Write(ref writer, events[from + at]);
            writer.Flush();
            ends[at] = buffer.WrittenCount;
        }

        return new(from, ends, buffer.WrittenSpan.ToArray());
    }

    private static void Write(ref MessagePackWriter writer, FeedEvent one)
    {
        writer.WriteArrayHeader(6);
        writer.WriteBinHeader(16);
        one.Id.TryWriteBytes(writer.GetSpan(16), bigEndian: true, out _);
        writer.Advance(16);
        writer.Write(FeedTypes.NumberOf(one.Type));
        writer.Write(one.Subject);
        writer.Write(one.Time.UtcTicks);
        writer.WriteArrayHeader(one.Parties.Count);
        foreach (var party in one.Parties)
        {
            writer.Write(party);
        }

        writer.Write(one.Data);
    }
}

/// <summary>A block, or a stretch of one, as it is read.</summary>
/// <param name="Position">Of the first event in it.</param>
internal readonly record struct FeedPart(long Position, string? TraceParent, ReadOnlyMemory<byte> Bytes);
