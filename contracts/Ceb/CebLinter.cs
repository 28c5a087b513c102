using System.Globalization;
using System.Xml;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Ceb;

/// <summary>One thing that a linter has to say of a message.</summary>
/// <param name="Line">From 1; in the message inside, where it came in an envelope; 0 where it is the message as a whole.</param>
/// <param name="Column">From 1, likewise.</param>
/// <param name="IsError">The official system would refuse it, whether Sandan does or not.</param>
/// <param name="Code">A code of <see cref="CodeDictionary"/>.</param>
/// <param name="Where">Document and field: <c>Order[2]/orderList/0/qty</c>; empty where it is the message as a whole.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Rule">The rule and the paper in which it stands, and where another paper says otherwise.</param>
/// <param name="Fix">What to do.</param>
public sealed record LintFinding(
    int Line, int Column, bool IsError, string Code, string Where, Localized What, Localized Rule, Localized Fix);

/// <summary>
/// Holds a message of the standard against all that its schema and its specification say, and names the place of each fault. It
/// is stricter than <see cref="CebXmlReader"/>, which reads much of what the official system refuses.
/// </summary>
public static class CebLinter
{
    private const string XmlnsNamespace = "http://www.w3.org/2000/xmlns/";
    private const string XsiNamespace = "http://www.w3.org/2001/XMLSchema-instance";

    private static readonly CebXmlReader Reader = new(CebMessage.All);

    /// <summary>What is wrong with a message, or with the message in an envelope; by place, empty where nothing is.</summary>
    /// <param name="body">The bytes as they would be sent.</param>
    public static IReadOnlyList<LintFinding> Check(ReadOnlyMemory<byte> body)
    {
        if (DxpEnvelope.IsOne(body.Span))
        {
            try
            {
                body = DxpEnvelope.Read(body).Message;
            }
            catch (FormatException trouble)
            {
                return [Of(FieldCodes.BadEnvelope, true, 0, 0, "", Named(FieldCodes.BadEnvelope, trouble.Message), new("传输规范 DxpMsg", "transmission specification, DxpMsg"))];
            }
        }

        var read = Reader.Read(body);
        if (read.Failure is { } failure)
        {
            var paper = new Localized($"{read.Message?.RootName ?? "CEB"} 的 schema（2022-05）", $"schema of {read.Message?.RootName ?? "CEB"} (2022-05)");
            return [Of(failure.Code, true, failure.Line, failure.Column, "", failure.Reason, paper)];
        }

        var message = read.Message!;
        var findings = new List<LintFinding>();
        var schema = new Localized($"{message.RootName} 的 schema（2022-05）", $"schema of {message.RootName} (2022-05)");
        var places = new Places(message, schema, findings);
        places.Read(read.Utf8);
        findings.AddRange(read.Remarks.Select(remark => Of(FieldCodes.Tolerated, true, remark.Line, remark.Column, "", remark.Text, schema)));
        if (!read.IsSigned && message.Signature is CebSignatureRule.Schema or CebSignatureRule.Text)
        {
            var text = CodeDictionary.Get(FieldCodes.NotSigned).Text;
            findings.Add(Of(
                FieldCodes.NotSigned, true, 0, 0, "", text, message.Signature == CebSignatureRule.Schema
                    ? schema
                    : new("规范正文（2022-05）要求签名，schema 不要求", "the text of the specification (2022-05) demands it, its schema does not")));
        }

        foreach (var item in read.Items)
        {
            findings.AddRange(item.Errors.Select(error => Of(message, item.Index, error, isError: true, places)));
            findings.AddRange(item.Warnings.Select(error => Of(message, item.Index, error, isError: error.Code is FieldCodes.Tolerated or FieldCodes.UnknownMember, places)));
        }

        return [.. findings.OrderBy(one => one.Line).ThenBy(one => one.Column)];
    }

    private static LintFinding Of(CebMessage message, int document, FieldError error, bool isError, Places places)
    {
        var (line, column) = places.Of(document, error.Pointer);
        var text = CodeDictionary.Get(error.Code).Text;
        var told = (error.Expected, error.Actual) switch
        {
            (null, null) => "",
            (var expected, null) => $": {expected}",
            (null, var actual) => $": {actual}",
            var (expected, actual) => $": {actual} ≠ {expected}",
        };
        var field = FieldOf(message, error.Pointer);
        return Of(
            error.Code, isError, line, column, string.Create(CultureInfo.InvariantCulture, $"{message.DocumentName}[{document}]{error.Pointer}"),
            new(text.Zh + told, text.En + told), field is null ? Rule(message) : Rule(message, field));
    }

    private static Localized Rule(CebMessage message) =>
        new($"{message.Type} {message.Zh}", $"{message.Type} {message.En}");

    private static Localized Rule(CebMessage message, CebField field)
    {
        var papers = field.Papers is null ? "" : $" [{field.Papers}]";
        var modes = string.Join(", ", field.RequiredIn);
        return new(
            $"{message.Type} {field} {field.Zh} {field.Format} {(field.Mandatory ? "必填" : modes.Length > 0 ? $"{modes} 必填" : "可选")}{papers}",
            $"{message.Type} {field} {field.Format} {(field.Mandatory ? "mandatory" : modes.Length > 0 ? $"mandatory in {modes}" : "optional")}{papers}");
    }

    private static CebField? FieldOf(CebMessage message, string pointer) => pointer.Split('/') switch
    {
        ["", var name] => message.Head.Find(name),
        ["", _, _, var name] => message.Lines?.Find(name),
        _ => null,
    };

    private static Localized Named(string code, string what)
    {
        var text = CodeDictionary.Get(code).Text;
        return new($"{text.Zh}: {what}", $"{text.En}: {what}");
    }

    private static LintFinding Of(string code, bool isError, int line, int column, string where, Localized what, Localized rule) =>
        new(line, column, isError, code, where, what, rule, CodeDictionary.Get(code).Fix);

    /// <summary>Where the elements of a message stand; whether they stand in the order of the schema, and have attributes that it lacks.</summary>
    private sealed class Places(CebMessage message, Localized schema, List<LintFinding> findings)
    {
        private const int AttributesMax = 100; // of as many names is told where they stand first

        private readonly Dictionary<(int Document, string Pointer), (int, int)> known = [];
        private readonly HashSet<string> attributes = ["guid", "version"]; // of the root

        /// <summary>The place of a field; where it is missing that of the element in which it should be.</summary>
        public (int Line, int Column) Of(int document, string pointer)
        {
            for (; pointer.Length > 0; pointer = pointer[..pointer.LastIndexOf('/')])
            {
                if (known.TryGetValue((document, pointer), out var place))
                {
                    return place;
                }
            }

            return known.GetValueOrDefault((document, ""));
        }

        /// <summary>Walks over a message that was read before without a failure.</summary>
        public void Read(ReadOnlyMemory<byte> utf8)
        {
            using var reader = XmlReader.Create(
                new StreamReader(new MemoryStream(utf8.ToArray(), writable: false)),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreComments = true, IgnoreWhitespace = true });
            reader.MoveToContent();
            Attributes(reader, "");
            attributes.Clear();
            var (document, last) = (0, 0);
            Children(reader, () =>
            {
                var place = Place(reader);
                var at = RankOf(reader.LocalName);
                if (at < last)
                {
                    Disordered(reader.LocalName, place, document: -1, pointer: "");
                }

                last = Math.Max(last, at);
                if (reader.LocalName is "BaseTransfer" or "BaseSubscribe")
                {
                    Fields(reader, reader.LocalName == "BaseTransfer" ? CebXmlPass.TransferFields : CebXmlPass.SubscribeFields, document: -1, reader.LocalName);
                    return;
                }

                if (reader.LocalName != message.DocumentName)
                {
                    reader.Skip();
                    return;
                }

                known[(document, "")] = place;
                Attributes(reader, Where(document, ""));
                if (message.HeadName is null)
                {
                    Fields(reader, message.Head, document, "");
                }
                else
                {
                    Parts(reader, document);
                }

                document++;
            });
        }

        private void Parts(XmlReader reader, int document)
        {
            var lines = 0;
            Children(reader, () =>
            {
                Attributes(reader, Where(document, ""));
                if (reader.LocalName == message.HeadName)
                {
                    if (lines > 0)
                    {
                        Disordered(reader.LocalName, Place(reader), document, "");
                    }

                    Fields(reader, message.Head, document, "");
                }
                else if (lines == message.LinesMax)
                {
                    reader.Skip(); // as the reader does: that there are too many is all that is said of these
                }
                else
                {
                    var pointer = $"/{message.LineMember}/{lines++}";
                    known[(document, pointer)] = Place(reader);
                    Fields(reader, message.Lines!, document, pointer);
                }
            });
        }

        private void Fields(XmlReader reader, CebFieldTable table, int document, string pointer)
        {
            var last = -1;
            Children(reader, () =>
            {
                var field = table.FindXml(reader.LocalName);
                var at = $"{pointer}/{field?.Name ?? CebXmlPass.Shown(reader.LocalName)}";
                known[(document, at)] = Place(reader);
                Attributes(reader, Where(document, at));
                if (field?.Index < last)
                {
                    Disordered(reader.LocalName, Place(reader), document, at);
                }

                last = Math.Max(last, field?.Index ?? last);
                reader.Skip();
            });
        }

        private void Disordered(string name, (int Line, int Column) place, int document, string pointer)
        {
            findings.Add(CebLinter.Of(
                FieldCodes.OutOfOrder, true, place.Line, place.Column, Where(document, pointer), Named(FieldCodes.OutOfOrder, name),
                new($"{schema.Zh}，xs:sequence", $"{schema.En}, xs:sequence")));
        }

        /// <summary>Tells of attributes of the element; those of the instance namespace (xsi) are anybody's.</summary>
        private void Attributes(XmlReader reader, string where)
        {
            var place = Place(reader);
            while (reader.MoveToNextAttribute())
            {
                if (reader.NamespaceURI is not (XmlnsNamespace or XsiNamespace) && attributes.Count < AttributesMax && attributes.Add(reader.Name))
                {
                    var name = CebXmlPass.Shown(reader.Name);
                    findings.Add(CebLinter.Of(
                        FieldCodes.Tolerated, true, place.Line, place.Column, where, new($"schema 没有属性 {name}", $"The schema has no attribute {name}"), schema));
                }
            }

            reader.MoveToElement();
        }

        private string Where(int document, string pointer) =>
            document < 0 ? pointer : string.Create(CultureInfo.InvariantCulture, $"{message.DocumentName}[{document}]{pointer}");

        private int RankOf(string name) => (name, message.Direction) switch
        {
            ("BaseTransfer", _) => 1,
            ("BaseSubscribe", _) => 2,
            ("ExtendMessage", CebDirection.Import) or ("Signature", CebDirection.Export) => 3,
            ("ExtendMessage" or "Signature", _) => 4,
            _ => 0,
        };

        /// <summary>Each child is left behind by <paramref name="visit"/>, on whatever follows it.</summary>
        private static void Children(XmlReader reader, Action visit)
        {
            if (reader.IsEmptyElement)
            {
                reader.Read();
                return;
            }

            reader.Read();
            while (reader.NodeType != XmlNodeType.EndElement)
            {
                if (reader.NodeType == XmlNodeType.Element)
                {
                    visit();
                }
                else
                {
                    reader.Read();
                }
            }

            reader.Read();
        }

        private static (int Line, int Column) Place(XmlReader reader) =>
            (((IXmlLineInfo)reader).LineNumber, ((IXmlLineInfo)reader).LinePosition);
    }
}
