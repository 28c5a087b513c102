using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sandan.Intake.Domain;

/// <summary>
/// The ids of a transaction's documents: UUIDs of version 7 (RFC 9562, 5.7), each above the one before it, for whoever came first is
/// served first: 18 bits behind the time count (6.2, method 1), 56 are random. These are drawn for many at once, for a call of the system
/// for each costs more than all else about it.
/// </summary>
public sealed class VersionIds(DateTimeOffset now)
{
    private const int Bytes = 16;
    private const int AtOnce = 64;

    private readonly byte[] random = new byte[Bytes * AtOnce];
    private int used = AtOnce;
    private int count;

    /// <summary>The least id of documents that were stored at that time or later, to the millisecond.</summary>
    public static Guid First(DateTimeOffset since)
    {
        Span<byte> id = stackalloc byte[Bytes];
        id.Clear();
        BinaryPrimitives.WriteInt64BigEndian(id, since.ToUnixTimeMilliseconds() << 16);
        return new(id, bigEndian: true);
    }

    /// <summary>One that was never given before, above all that this one gave; the 262,145th begins to count anew.</summary>
    public Guid Next()
    {
        if (used == AtOnce)
        {
            RandomNumberGenerator.Fill(random);
            used = 0;
        }

        var id = random.AsSpan(used++ * Bytes, Bytes);
        BinaryPrimitives.WriteInt64BigEndian(id, (now.ToUnixTimeMilliseconds() << 16) | 0x7000L | (long)((count >> 6) & 0x0FFF));
        id[8] = (byte)((count++ & 0x3F) | 0x80);
        return new(id, bigEndian: true);
    }
}
