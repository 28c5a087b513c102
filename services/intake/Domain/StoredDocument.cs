using System.Text;
using System.Text.RegularExpressions;
using Sandan.Contracts.Ceb;

namespace Sandan.Intake.Domain;

/// <summary>A personal value in clear.</summary>
/// <param name="Pointer">Where it stands in the document (RFC 6901): <c>/buyerName</c>.</param>
/// <param name="Kind">name, id, phone, address, account or note.</param>
internal sealed record PersonalValue(string Pointer, string Kind, string Value);

/// <summary>Reads a document again as it was stored: the bytes that came, JSON or an element of the official XML.</summary>
internal static partial class StoredDocument
{
    /// <summary>The document.</summary>
    /// <exception cref="InvalidOperationException">It cannot be read, though it was when it came: a defect.</exception>
    public static CebDocument Read(CebMessage message, ReadOnlyMemory<byte> raw, DateTimeOffset receivedAt) =>
        (raw.Span.TrimStart(" \t\r\n"u8).StartsWith("<"u8)
            ? ReadXml(message, raw.Span)
            : new DocumentJsonReader(message).ReadOne(raw, receivedAt).Document)
        ?? throw new InvalidOperationException($"A stored {message.Type} cannot be read again.");

    /// <summary>Its personal values, in the order of the message's table; those that are absent or empty are left out.</summary>
    public static IReadOnlyList<PersonalValue> PersonalOf(CebDocument document) =>
        [.. Of(document, document.Message, -1), .. document.Lines.SelectMany((line, at) => Of(line, document.Message, at))];

    private static IEnumerable<PersonalValue> Of(CebValues values, CebMessage message, int line) =>
        from field in values.Table.Fields
        where field.Personal != PersonalKind.None && !string.IsNullOrEmpty(values[field])
        select new PersonalValue(
            line < 0 ? $"/{field.Name}" : $"/{message.LineMember}/{line}/{field.Name}", field.Personal.ToString().ToLowerInvariant(), values[field]!);

    /// <summary>The slice alone is no message: its prefixes were declared further out, and all stand for the one namespace.</summary>
    private static CebDocument? ReadXml(CebMessage message, ReadOnlySpan<byte> raw)
    {
        var slice = Encoding.UTF8.GetString(raw);
        var prefixes = Prefix().Matches(slice).Select(match => match.Groups[1].Value).Distinct()
            .Select(prefix => $" xmlns:{prefix}=\"{CebMessage.Namespace}\"");
        var whole = $"""
            <{message.RootName} xmlns="{CebMessage.Namespace}"{string.Concat(prefixes)} guid="{Guid.Empty}" version="1.0">{slice}<BaseTransfer><copCode>0</copCode><copName>0</copName><dxpMode>DXP</dxpMode><dxpId>0</dxpId></BaseTransfer></{message.RootName}>
            """;
        return new CebXmlReader([message]).Read(Encoding.UTF8.GetBytes(whole)).Items is [var item] ? item.Document : null;
    }

    [GeneratedRegex(@"<([A-Za-z_][\w.-]*):")]
    private static partial Regex Prefix();
}
