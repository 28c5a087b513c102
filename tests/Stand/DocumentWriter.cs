using System.Globalization;
using System.Text;

namespace Sandan.Stand;

/// <summary>How documents are sent.</summary>
internal enum Format
{
    /// <summary>One JSON object a line.</summary>
    Ndjson,

    /// <summary>One JSON object a request.</summary>
    Json,

    /// <summary>The official message, at most 100 documents.</summary>
    Xml,
}

/// <summary>Writes fields as JSON or as the official XML into a buffer that is used again: the generator must cost little.</summary>
internal sealed class DocumentWriter
{
    private byte[] buffer = new byte[1 << 20];
    private int length;
    private bool xml;
    private bool isFirst;

    /// <summary>What was written since <see cref="Reset"/>; valid until the next write.</summary>
    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, length);

    /// <summary>Begins anew.</summary>
    public void Reset(Format format)
    {
        length = 0;
        xml = format == Format.Xml;
    }

    /// <summary>Begins an object or an element.</summary>
    public void Begin(ReadOnlySpan<byte> element)
    {
        isFirst = true;
        if (xml)
        {
            Raw("<ceb:"u8);
            Raw(element);
            Raw(">"u8);
        }
        else
        {
            Raw("{"u8);
        }
    }

    /// <summary>Ends an object or an element.</summary>
    public void End(ReadOnlySpan<byte> element)
    {
        if (xml)
        {
            Raw("</ceb:"u8);
            Raw(element);
            Raw(">"u8);
        }
        else
        {
            Raw("}"u8);
        }
    }

    /// <summary>Bytes that only one of the two formats has.</summary>
    public void Only(bool inXml, ReadOnlySpan<byte> bytes)
    {
        if (inXml == xml)
        {
            Raw(bytes);
        }
    }

    /// <summary>A text without characters that need an escape in either format.</summary>
    public void Text(ReadOnlySpan<byte> name, ReadOnlySpan<char> value)
    {
        Name(name, quoted: true);
        Need(value.Length * 3);
        length += Encoding.UTF8.GetBytes(value, buffer.AsSpan(length));
        EndOf(name, quoted: true);
    }

    /// <summary>The same, in bytes.</summary>
    public void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name(name, quoted: true);
        Raw(value);
        EndOf(name, quoted: true);
    }

    /// <summary>A number.</summary>
    public void Number(ReadOnlySpan<byte> name, decimal value)
    {
        Name(name, quoted: false);
        Need(32);
        value.TryFormat(buffer.AsSpan(length), out var written, default, CultureInfo.InvariantCulture);
        length += written;
        EndOf(name, quoted: false);
    }

    /// <summary>Bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        Need(bytes.Length);
        bytes.CopyTo(buffer.AsSpan(length));
        length += bytes.Length;
    }

    private void Name(ReadOnlySpan<byte> name, bool quoted)
    {
        if (xml)
        {
            Begin(name);
            return;
        }

        Raw(isFirst ? "\""u8 : ",\""u8);
        isFirst = false;
        Raw(name);
        Raw(quoted ? "\":\""u8 : "\":"u8);
    }

    private void EndOf(ReadOnlySpan<byte> name, bool quoted)
    {
        if (xml)
        {
            End(name);
        }
        else if (quoted)
        {
            Raw("\""u8);
        }
    }

    private void Need(int more)
    {
        if (length + more > buffer.Length)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + more));
        }
    }
}
