using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Sandan.Customs.Feed;

/// <summary>
/// A place in a list as its reader keeps it: opaque, base64url of version, list and position, so that the form may
/// change and a cursor of one list is not taken for another's.
/// </summary>
internal static class Cursor
{
    /// <summary>The feed; the position is that of the last event read.</summary>
    public const byte Feed = (byte)'f';

    /// <summary>The clearances; the position is the number of the last one seen.</summary>
    public const byte Clearances = (byte)'c';

    /// <summary>The movements of a bonded account; the position is the number of the last one seen.</summary>
    public const byte Movements = (byte)'m';

    private const byte Version = 1;
    private const int Bytes = 2 + sizeof(long);

    public static string Write(byte list, long position)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        Fill(bytes, list, position);
        return Base64Url.EncodeToString(bytes);
    }

    public static void Write(IBufferWriter<byte> output, byte list, long position)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        Fill(bytes, list, position);
        output.Advance(Base64Url.EncodeToUtf8(bytes, output.GetSpan(Base64Url.GetEncodedLength(Bytes))));
    }

    /// <summary>The position; null where the text is no cursor of this list.</summary>
    public static long? Read(byte list, string text)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        if (!Base64Url.IsValid(text, out var length) || length != Bytes
            || !Base64Url.TryDecodeFromChars(text, bytes, out _)
            || bytes[0] != Version || bytes[1] != list)
        {
            return null;
        }

        var position = BinaryPrimitives.ReadInt64BigEndian(bytes[2..]);
        return position >= 0 && Write(list, position) == text ? position : null;
    }

    private static void Fill(Span<byte> bytes, byte list, long position)
    {
        bytes[0] = Version;
        bytes[1] = list;
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], position);
    }
}
