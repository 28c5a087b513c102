using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Sandan.Intake.Domain;

/// <summary>
/// The ids of a transaction's documents: UUIDs of version 7 (RFC 9562, 5.7). Their random bits are drawn for many at once,
/// for a call of the system for each costs more than all else about it.
/// </summary>
public sealed class VersionIds(DateTimeOffset now)
{
    private const int Bytes = 16;
    private const int AtOnce = 64;

    private readonly byte[] random = new byte[Bytes * AtOnce];
    private int used = AtOnce;

    /// <summary>The least id of documents that were stored at that time or later, to the millisecond.</summary>
    public static Guid First(DateTimeOffset since)
    {
        Span<byte> id = stackalloc byte[Bytes];
        id.Clear();
        BinaryPrimitives.WriteInt64BigEndian(id, since.ToUnixTimeMilliseconds() << 16);
        return new(id, bigEndian: true);
    }

    /// <summary>One that was never given before.</summary>
    public Guid Next()
    {
        if (used == AtOnce)
        {
            RandomNumberGenerator.Fill(random);
            used = 0;
        }

        var id = random.AsSpan(used++ * Bytes, Bytes);
        var more = BinaryPrimitives.ReadUInt16BigEndian(id[6..]) & 0x0FFF;
        BinaryPrimitives.WriteInt64BigEndian(id, (now.ToUnixTimeMilliseconds() << 16) | 0x7000L | (long)more);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new(id, bigEndian: true);
    }
}
