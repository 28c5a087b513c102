using System.Text;
using System.Xml;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Ceb;

/// <content>Elements whose children are fields.</content>
internal sealed partial class CebXmlPass
{
    /// <summary>
    /// Most names that are no field, in a message, inclusive; senders have been seen to have two. Each is looked up among all fields.
    /// </summary>
    private const int StrayNamesMax = 50;

    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

    /// <summary>Names that are no field, by the table where they stood, with the field that they resemble.</summary>
    private readonly Dictionary<(CebFieldTable, string), CebField?> strayNames = [];

    private static string Collapse(string text) =>
        text.AsSpan().ContainsAny(Blanks) ? string.Join(' ', text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries)) : text;

    /// <summary>Reads an element whose children are fields, in any order.</summary>
    private bool ReadFields(XmlReader reader, CebValues values)
    {
        var parent = reader.LocalName;
        var expected = 0;   // in the order of the schema the next field is a good guess
        List<string>? unknown = null;
        var isRead = ReadChildren(reader, child =>
        {
            var fields = values.Table.Span;
            var guess = expected < fields.Length ? fields[expected] : null;
            var field = guess is { IsExtension: false } && guess.Name == child.LocalName
                ? guess
                : values.Table.FindXml(child.LocalName);
            if (field is null && values is not CebEnvelopeValues && MayBeField(child))
            {
                (unknown ??= []).Add(Shown(child.LocalName));
                return CountStrays(child, 1) && ReadText(child, out _);
            }

            if (field is null || child.NamespaceURI != CebMessage.Namespace || !values.See(field))
            {
                return FailUnknown(child, parent);
            }

            expected = field.Index + 1;
            if (field.Name != child.LocalName)
            {
                values.Note(new(field.Name, FieldCodes.Tolerated, field.Name, child.LocalName));
            }

            if (!ReadText(child, out var text))
            {
                return false;
            }

            if (field.IsNeverEmpty && text.AsSpan().Trim(Blanks).IsEmpty)
            {
                values.Note(new(field.Name, FieldCodes.Tolerated, field.Expected, null));
                return true;
            }

            // xs:decimal and xs:int collapse the blanks around them; nearly all texts keep theirs.
            values.Set(field, field.IsNumber ? text.Trim(Blanks) : field.Collapses ? Collapse(text) : text);
            return true;
        });
        return isRead && (unknown ?? []).TrueForAll(name => NoteUnknown(reader, values, name, parent));
    }

    /// <summary>Fields begin with a small letter; what holds fields or documents does not.</summary>
    private static bool MayBeField(XmlReader reader) => reader.NamespaceURI == CebMessage.Namespace && char.IsAsciiLetterLower(reader.LocalName[0]);

    /// <summary>
    /// An element that is no field of the specification is overlooked, and told: local systems have fields of their own. Where it
    /// resembles a field that did not come it is a misspelling, and would be lost.
    /// </summary>
    private bool NoteUnknown(XmlReader reader, CebValues values, string name, string parent)
    {
        if (!strayNames.TryGetValue((values.Table, name), out var meant))
        {
            if (strayNames.Count == StrayNamesMax)
            {
                return FailUnknown(reader, name, parent);
            }

            var suggestion = NameSuggestion.For(name, values.Table.Fields.Where(field => !field.IsExtension).Select(field => field.Name));
            strayNames.Add((values.Table, name), meant = suggestion is null ? null : values.Table[suggestion]);
        }

        var isMisspelt = meant is not null && !values.IsSeen(meant);
        values.Note(new(name, FieldCodes.UnknownMember, isMisspelt ? meant!.Name : null, name, isMisspelt));
        return true;
    }

    /// <summary>Reads the text of an element without children, up to its end tag.</summary>
    private bool ReadText(XmlReader reader, out string text)
    {
        text = "";
        var field = reader.LocalName;
        if (reader.IsEmptyElement)
        {
            return true;
        }

        // CDATA sections and comments split a text into parts, of which some may be blank; nearly always there is just one.
        StringBuilder? parts = null;
        var isBlank = true;
        while (reader.Read() && reader.NodeType != XmlNodeType.EndElement)
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                return FailUnknown(reader, field);
            }

            isBlank &= reader.NodeType == XmlNodeType.Whitespace;
            if (text.Length == 0)
            {
                text = reader.Value;
            }
            else
            {
                (parts ??= new StringBuilder(text)).Append(reader.Value);
            }
        }

        text = isBlank ? "" : parts?.ToString() ?? text;
        return true;
    }
}
