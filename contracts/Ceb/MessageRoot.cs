using System.Buffers;
using System.Buffers.Text;
using System.Collections.Frozen;
using System.Text;

namespace Sandan.Contracts.Ceb;

/// <summary>Tells by the first bytes of a body which message it holds, so that it can be sent on its way unread.</summary>
public static class MessageRoot
{
    /// <summary>So many bytes are enough: the head of an envelope has some hundred.</summary>
    public const int BytesEnough = 16 * 1024;

    private const int Base64Max = 4 * 1024;
    private static readonly SearchValues<byte> NameEnds = SearchValues.Create(" \t\r\n>/"u8);

    private static readonly FrozenDictionary<string, CebMessage> Known = CebMessage.All
        .SelectMany(message => new[] { (message.RootName, message), (message.Type, message) }).ToFrozenDictionary(one => one.Item1, one => one.message);

    /// <summary>The message; null where it is none of the standard, or does not stand in these bytes.</summary>
    public static CebMessage? MessageOf(ReadOnlySpan<byte> utf8) => NameOf(utf8) switch
    {
        null => null,
        var name when DxpEnvelope.IsRoot(name) => Inside(utf8),
        var name => Known.GetValueOrDefault(name),
    };

    /// <summary>The root's name without its prefix; null where it does not stand in these bytes.</summary>
    public static string? NameOf(ReadOnlySpan<byte> utf8)
    {
        while (utf8.IndexOf((byte)'<') is >= 0 and var at)
        {
            utf8 = utf8[(at + 1)..];
            var end = utf8.StartsWith("?"u8) ? "?>"u8 : utf8.StartsWith("!--"u8) ? "-->"u8 : default;
            if (end.IsEmpty)
            {
                var length = utf8.StartsWith("!"u8) ? -1 : utf8.IndexOfAny(NameEnds);
                return length < 0 ? null : Encoding.UTF8.GetString(utf8[..length].Slice(utf8[..length].IndexOf((byte)':') + 1));
            }

            var rest = utf8.IndexOf(end);
            utf8 = rest < 0 ? default : utf8[(rest + end.Length)..];
        }

        return null;
    }

    private static CebMessage? Inside(ReadOnlySpan<byte> envelope)
    {
        while (envelope.IndexOf("Data"u8) is > 0 and var at)
        {
            var isTag = envelope[at - 1] is (byte)'<' or (byte)':';
            envelope = envelope[(at + 4)..];
            if (isTag && envelope.IndexOf((byte)'>') is >= 0 and var open)
            {
                return NameOf(Decoded(envelope[(open + 1)..])) is { } name ? Known.GetValueOrDefault(name) : null;
            }
        }

        return null;
    }

    /// <summary>The beginning of what stands there in base64, as far as it can be read.</summary>
    private static byte[] Decoded(ReadOnlySpan<byte> base64)
    {
        var end = base64.IndexOf((byte)'<');
        base64 = base64[..Math.Min(end < 0 ? base64.Length : end, Base64Max)];
        var clean = new byte[base64.Length];
        var length = 0;
        foreach (var letter in base64)
        {
            if (letter is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                clean[length++] = letter;
            }
        }

        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(length)];
        Base64.DecodeFromUtf8(clean.AsSpan(0, length - (length % 4)), bytes, out _, out var written);
        return bytes[..written];
    }
}
