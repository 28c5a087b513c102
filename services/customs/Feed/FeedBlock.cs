using System.Buffers;
using System.Text;
using MessagePack;

namespace Sandan.Customs.Feed;

/// <summary>Some events that follow upon each other, as the bytes of one row.</summary>
/// <remarks>MessagePack: [traceparent, [[id, type, subject, time, [party, …], data], …]]; time in ticks, data is JSON.</remarks>
internal static class FeedBlock
{
    /// <summary>Events of a block at most: a reader who wants one of them reads all.</summary>
    public const int EventsMax = 100;

    /// <summary>A block is full when its data come to this, so that it stays off the heap for large objects.</summary>
    public const int DataBytesMax = 56_000;

    private const int BufferBytes = 80_000;

    /// <summary>How many events of <paramref name="events"/>, from a place on, are the next block.</summary>
    public static int Fit(List<FeedEvent> events, int from)
    {
        var (count, bytes) = (0, 0);
        while (count < EventsMax && from + count < events.Count && bytes < DataBytesMax)
        {
            bytes += events[from + count].Data.Length;
            count++;
        }

        return count;
    }

    /// <summary>Writes blocks; the buffer is for one after the other.</summary>
    public static ArrayBufferWriter<byte> Buffer() => new(BufferBytes);

    /// <summary>Writes a block.</summary>
    /// <param name="traceParent">W3C trace context of what made the events; null where there is none.</param>
    public static byte[] Write(ArrayBufferWriter<byte> buffer, string? traceParent, ReadOnlySpan<FeedEvent> events)
    {
        buffer.ResetWrittenCount();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(2);
        writer.Write(traceParent);
        writer.WriteArrayHeader(events.Length);
        foreach (var one in events)
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

        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Adds the events of a block that a reader wants, up to a number of them in all.</summary>
    /// <param name="first">Position of the first event of the block.</param>
    public static void Read(ReadOnlyMemory<byte> block, long first, in FeedWish wish, List<StoredEvent> events, int countMax)
    {
        var reader = new MessagePackReader(block);
        reader.ReadArrayHeader();
        var traceParent = reader.ReadString();
        var count = reader.ReadArrayHeader();
        for (var position = first; position < first + count && events.Count < countMax; position++)
        {
            var members = reader.ReadArrayHeader();
            if (position <= wish.After)
            {
                Skip(ref reader, members);
                continue;
            }

            var id = reader.ReadBytes()!.Value;
            var type = reader.ReadInt16();
            var subject = reader.ReadString()!;
            var time = reader.ReadInt64();
            var isWanted = Concerns(ref reader, wish.CompanyUtf8) && wish.Has(type);
            var data = reader.ReadBytes()!.Value;
            if (isWanted)
            {
                events.Add(new(
                    position, new(id.FirstSpan, bigEndian: true), type, subject,
                    new(time, TimeSpan.Zero), traceParent, data.First));
            }
        }
    }

    private static void Skip(ref MessagePackReader reader, int members)
    {
        for (; members > 0; members--)
        {
            reader.Skip();
        }
    }

    /// <summary>Reads the parties.</summary>
    private static bool Concerns(ref MessagePackReader reader, byte[]? company)
    {
        var concerns = company is null;
        for (var parties = reader.ReadArrayHeader(); parties > 0; parties--)
        {
            concerns |= reader.TryReadStringSpan(out var party) && company is not null && party.SequenceEqual(company);
        }

        return concerns;
    }
}

/// <summary>What a reader of the feed wants.</summary>
internal readonly struct FeedWish
{
    private readonly int types;

    /// <param name="company">Only events to which it is a party; null for all.</param>
    /// <param name="types">Only these; null for all.</param>
    /// <param name="after">Only positions above.</param>
    public FeedWish(string? company, IReadOnlyList<string>? types, long after)
    {
        (Company, After) = (company, after);
        CompanyUtf8 = company is null ? null : Encoding.UTF8.GetBytes(company);
        foreach (var type in types ?? FeedTypes.All)
        {
            this.types |= 1 << FeedTypes.NumberOf(type);
        }

        Types = types?.Select(FeedTypes.NumberOf).ToArray();
    }

    public string? Company { get; }

    public byte[]? CompanyUtf8 { get; }

    /// <summary>Numbers of the types; null for all.</summary>
    public short[]? Types { get; }

    public long After { get; }

    public bool Has(short type) => (types & (1 << type)) != 0;
}
