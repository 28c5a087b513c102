using System.Xml;

namespace Sandan.Contracts.Ceb;

/// <summary>
/// Finds the bytes behind an element, from the line and column that the XML reader tells. The reader counts UTF-16
/// units; this walks along behind it, forward only, so that a whole message costs one pass.
/// </summary>
internal sealed class SourceSlices(ReadOnlyMemory<byte> utf8)
{
    private int offset;
    private int line = 1;
    private int column = 1;

    /// <summary>Offset of the <c>&lt;</c> of the start tag at which <paramref name="reader"/> stands.</summary>
    public int StartOf(XmlReader reader) => OffsetOf((IXmlLineInfo)reader) - 1;

    /// <summary>
    /// From <paramref name="start"/> to the end of the end tag (or of the empty tag) at which <paramref name="reader"/>
    /// stands.
    /// </summary>
    public ReadOnlyMemory<byte> To(XmlReader reader, int start)
    {
        var name = OffsetOf((IXmlLineInfo)reader);
        var end = utf8.Span[name..].IndexOf((byte)'>');
        return utf8[start..(name + end + 1)];
    }

    private int OffsetOf(IXmlLineInfo place)
    {
        var bytes = utf8.Span;
        while (line < place.LineNumber)
        {
            offset += bytes[offset..].IndexOfAny((byte)'\r', (byte)'\n');
            offset += bytes[offset] == '\r' && offset + 1 < bytes.Length && bytes[offset + 1] == '\n' ? 2 : 1;
            (line, column) = (line + 1, 1);
        }

        while (column < place.LinePosition)
        {
            // A leading byte of 4 stands for a surrogate pair.
            var length = bytes[offset] switch { < 0x80 => 1, < 0xE0 => 2, < 0xF0 => 3, _ => 4 };
            offset += length;
            column += length == 4 ? 2 : 1;
        }

        return offset;
    }
}
