using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sandan.Contracts.Ceb;

namespace Sandan.Intake.Domain;

/// <summary>
/// Fingerprint of what a document says: SHA-256 over its fields in the order of the table, numbers without trailing
/// zeros, without guid, appType, appTime and appStatus, which belong to the sending and not to the content. The same
/// order as JSON and as XML has the same fingerprint.
/// </summary>
public static class ContentHash
{
    /// <summary>The longest decimal: 29 digits, sign and point.</summary>
    private const int NumberLengthMax = 32;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    /// <summary>32 bytes.</summary>
    public static byte[] Of(CebDocument document)
    {
        var content = buffer ??= new(1024);
        content.ResetWrittenCount();
        Write(document, content);
        foreach (var line in document.Lines)
        {
            Write(line, content);
        }

        var hash = SHA256.HashData(content.WrittenSpan);
        content.Clear(); // with zeros: what is personal does not stay in memory longer than it must
        return hash;
    }

    private static void Write(CebValues values, ArrayBufferWriter<byte> content)
    {
        foreach (var field in values.Table.Fields)
        {
            if (values[field] is not { Length: > 0 } text || field.Name is "guid" or "appType" or "appTime" or "appStatus")
            {
                continue;
            }

            // Index, then the text, then a byte that no UTF-8 text has: no two documents run together.
            content.GetSpan(1)[0] = (byte)field.Index;
            content.Advance(1);
            if (values.Number(field) is { } number)
            {
                number.TryFormat(content.GetSpan(NumberLengthMax), out var length, "G29", CultureInfo.InvariantCulture);
                content.Advance(length);
            }
            else
            {
                var lengthMax = Encoding.UTF8.GetMaxByteCount(text.Length);
                content.Advance(Encoding.UTF8.GetBytes(text, content.GetSpan(lengthMax)));
            }

            content.GetSpan(1)[0] = 0xFF;
            content.Advance(1);
        }

        content.GetSpan(1)[0] = 0xFE;
        content.Advance(1);
    }
}
