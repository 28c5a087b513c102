using System.Buffers;
using System.Text;

namespace Sandan.Contracts.Ceb;

/// <summary>The little XML that messages need, straight into a buffer. Characters that XML cannot carry become U+FFFD.</summary>
/// <param name="prefix">Of every element: <c>ceb:</c>, or nothing.</param>
internal readonly struct XmlOutput(IBufferWriter<byte> output, string prefix = "")
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create("<>&\r\"");

    /// <summary>A parser would make a blank of the others in an attribute.</summary>
    private static readonly SearchValues<char> EscapedInAttribute = SearchValues.Create("<>&\r\"\n\t");

    public void StartMessage(CebMessage message, string guid)
    {
        Markup("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        Markup($"<{prefix}{message.RootName} xmlns{(prefix.Length == 0 ? "" : ":" + prefix[..^1])}=\"{CebMessage.Namespace}\" guid=\"");
        Text(CebCharacters.Cut(guid, message.Head["guid"].Length), EscapedInAttribute);
        Markup("\" version=\"1.0\">");
    }

    public void Element(CebField field, string value)
    {
        Element(field.Name, CebCharacters.Cut(value, field.Length));
    }

    public void Element(string name, ReadOnlySpan<char> value)
    {
        Start(name);
        Text(value, Escaped);
        End(name);
    }

    public void Start(string name) => Markup($"<{prefix}{name}>");

    public void End(string name) => Markup($"</{prefix}{name}>");

    /// <summary>A whole message as text: nothing in it is escaped but what would end it, and what a parser would change.</summary>
    public void CData(string name, string value)
    {
        Start(name);
        Markup("<![CDATA[");
        Markup(Clean(value).Replace("]]>", "]]]]><![CDATA[>", StringComparison.Ordinal).Replace("\r", "]]>&#xD;<![CDATA[", StringComparison.Ordinal));
        Markup("]]>");
        End(name);
    }

    public void Markup(string markup) => Encoding.UTF8.GetBytes(markup, output);

    private void Text(ReadOnlySpan<char> text, SearchValues<char> escaped)
    {
        if (CebCharacters.IndexOfRefused(text) >= 0)
        {
            text = Clean(text.ToString());
        }

        while (text.IndexOfAny(escaped) is >= 0 and var at)
        {
            Encoding.UTF8.GetBytes(text[..at], output);
            Markup(text[at] switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '"' => "&quot;",
                '\r' => "&#xD;",
                '\n' => "&#xA;",
                _ => "&#x9;",
            });
            text = text[(at + 1)..];
        }

        Encoding.UTF8.GetBytes(text, output);
    }

    /// <summary>The text with U+FFFD for what XML cannot carry.</summary>
    public static string Clean(string text)
    {
        if (CebCharacters.IndexOfRefused(text) < 0)
        {
            return text;
        }

        var clean = text.ToCharArray();
        for (var at = 0; CebCharacters.IndexOfRefused(clean.AsSpan(at)) is >= 0 and var next;)
        {
            at += next;
            clean[at++] = '\uFFFD';
        }

        return new string(clean);
    }
}
