using System.Text;
using System.Text.Unicode;

namespace Sandan.Contracts.Ceb;

/// <summary>
/// Brings messages to UTF-8, the encoding of the standard (transmission specification of the e-port). Programs of senders declare
/// others: GB2312, GBK or GB18030, and UTF-16, which .NET writes above every text that it makes in memory; mostly their bytes are
/// UTF-8 all the same. What is UTF-8 is read as that whichever of these it declares, the rest as GB18030 where it says so.
/// </summary>
internal static class MessageEncoding
{
    private const int DeclarationMax = 200;

    private static readonly string[] Chinese = ["gb2312", "gbk", "gb18030"];
    private static readonly string[] Misnamed = ["utf8", "utf-16"];

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Encoding Gb18030 = CodePagesEncodingProvider.Instance.GetEncoding(
        "GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    private static ReadOnlySpan<byte> Bom => [0xEF, 0xBB, 0xBF];

    /// <summary>True where a message that declares this encoding may be read.</summary>
    public static bool IsKnown(string declared) => IsStandard(declared) || Chinese.Concat(Misnamed).Any(one => Is(declared, one));

    /// <summary>True for the encoding of the standard.</summary>
    public static bool IsStandard(string declared) => Is(declared, "utf-8");

    /// <summary>The message in UTF-8 and without a byte order mark; the same bytes where that is what came.</summary>
    /// <param name="fault">Line and column, from 1, of the first bytes that are not in the encoding.</param>
    /// <returns>Null where there are such.</returns>
    public static ReadOnlyMemory<byte>? ToUtf8(ReadOnlyMemory<byte> message, out (int Line, int Column) fault)
    {
        fault = default;
        var body = message.Span.StartsWith(Bom) ? message[3..] : message;
        if (Utf8.IsValid(body.Span))
        {
            return body;
        }

        var encoding = Chinese.Any(one => Is(DeclaredIn(body.Span), one)) ? Gb18030 : StrictUtf8;
        try
        {
            return Encoding.UTF8.GetBytes(encoding.GetString(body.Span));
        }
        catch (DecoderFallbackException wrong)
        {
            var before = encoding.GetString(body.Span[..wrong.Index]);
            fault = (before.Count(letter => letter == '\n') + 1, before.Length - before.LastIndexOf('\n'));
            return null;
        }
    }

    /// <summary>The encoding that the XML declaration names; empty where it names none.</summary>
    private static string DeclaredIn(ReadOnlySpan<byte> body)
    {
        var start = Encoding.Latin1.GetString(body[..Math.Min(body.Length, DeclarationMax)]);
        var end = start.StartsWith("<?xml", StringComparison.Ordinal) ? start.IndexOf("?>", StringComparison.Ordinal) : -1;
        return end < 0 || start[..end].Split("encoding", 2) is not [_, var named] || named.Split('"', '\'') is not [_, var name, ..] ? "" : name;
    }

    private static bool Is(string declared, string name) => declared.Equals(name, StringComparison.OrdinalIgnoreCase);
}
