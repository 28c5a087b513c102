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
    private static readonly string[] Sending = ["guid", "appType", "appTime", "appStatus"];

    /// <summary>32 bytes.</summary>
    public static byte[] Of(CebDocument document)
    {
        var content = new ArrayBufferWriter<byte>(1024);
        Write(document, content);
        foreach (var line in document.Lines)
        {
            Write(line, content);
        }

        return SHA256.HashData(content.WrittenSpan);
    }

    private static void Write(CebValues values, ArrayBufferWriter<byte> content)
    {
        foreach (var field in values.Table.Fields)
        {
            if (values[field] is not { Length: > 0 } text || Sending.Contains(field.Name))
            {
                continue;
            }

            if (values.Number(field) is { } number)
            {
                text = number.ToString("0.#####", CultureInfo.InvariantCulture);
            }

            // Index, then the text, then a byte that no UTF-8 text has: no two documents run together.
            content.GetSpan(1)[0] = (byte)field.Index;
            content.Advance(1);
            var length = Encoding.UTF8.GetMaxByteCount(text.Length);
            content.Advance(Encoding.UTF8.GetBytes(text, content.GetSpan(length)));
            content.GetSpan(1)[0] = 0xFF;
            content.Advance(1);
        }

        content.GetSpan(1)[0] = 0xFE;
        content.Advance(1);
    }
}
