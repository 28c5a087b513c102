using System.Xml;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Ceb;

/// <summary>
/// Walks over one message. Every step returns false once the message as a whole has failed; <see cref="Failure"/> then
/// says why.
/// </summary>
internal sealed partial class CebXmlPass(IReadOnlyList<CebMessage> accepted, ReadOnlyMemory<byte> body, XmlLimits limits)
{
    private const string SignatureNamespace = "http://www.w3.org/2000/09/xmldsig#";
    private const int NameShownMax = 40;

    private readonly SourceSlices slices = new(body);
    private string messageType = "Unknown";
    private int strays;

    public CebMessage? Message { get; private set; }

    public string? Guid { get; private set; }

    public CebTransfer? Transfer { get; private set; }

    public bool IsSigned { get; private set; }

    public List<(CebDocument Document, ReadOnlyMemory<byte> Raw)> Documents { get; } = [];

    public CebXmlFailure? Failure { get; private set; }

    public List<CebXmlRemark> Remarks { get; } = [];

    /// <summary>A document type declaration stands before the root.</summary>
    public bool HasDtd => Message is null && body.Span.IndexOf("<!DOCTYPE"u8) >= 0;

    public bool Read(XmlReader reader) =>
        ReadRoot(reader) && ReadContent(reader) && CheckCounts() && ReadToEnd(reader);

    public bool Fail(string code, string zh, string en, int line = 0, int column = 0)
    {
        var message = Message ?? accepted[0];
        var status = code switch
        {
            FieldCodes.EmptyBody => message.EmptyStatus,
            FieldCodes.TooManyDocuments => message.TooManyStatus,
            _ => message.UnreadableStatus,
        };
        Failure ??= new(code, status, messageType, new(zh, en)) { Line = line, Column = column };
        return false;
    }

    public bool FailAt(string code, int line, int column, string zh, string en) =>
        Fail(code, $"第{line}行第{column}列：{zh}", $"Line {line}, column {column}: {en}", line, column);

    private void Remark(XmlReader reader, string zh, string en)
    {
        var place = (IXmlLineInfo)reader;
        Remarks.Add(new(place.LineNumber, place.LinePosition, new(zh, en)));
    }

    internal static string Shown(string name) => ErrorList.Printable(name, NameShownMax);

    private bool FailAt(XmlReader reader, string code, string zh, string en)
    {
        var place = (IXmlLineInfo)reader;
        return FailAt(code, place.LineNumber, place.LinePosition, zh, en);
    }

    private bool ReadRoot(XmlReader reader)
    {
        while (reader.Read() && reader.NodeType != XmlNodeType.Element)
        {
            if (reader.NodeType != XmlNodeType.XmlDeclaration || reader.GetAttribute("encoding") is not { } encoding || MessageEncoding.IsStandard(encoding))
            {
                continue;
            }

            if (!MessageEncoding.IsKnown(encoding))
            {
                return FailAt(reader, FieldCodes.WrongEncoding, "声明的编码不是UTF-8", "The declared encoding is not UTF-8");
            }

            Remark(reader, $"声明的编码是 {encoding}，规范为 UTF-8", $"{encoding} is declared; the standard has UTF-8");
        }

        if (IsMessageName(reader.LocalName))
        {
            messageType = reader.LocalName;
        }

        var message = accepted.FirstOrDefault(known => known.RootName == reader.LocalName)
            ?? accepted.FirstOrDefault(known => known.Type == reader.LocalName);
        if (message is null)
        {
            var names = string.Join(", ", accepted.Select(known => known.RootName));
            return FailAt(
                reader, FieldCodes.WrongMessage, $"根元素应为 {names}", $"The root element must be one of {names}");
        }

        Message = message;
        if (reader.LocalName != message.RootName)
        {
            Remark(reader, $"根元素应为 {message.RootName}", $"The root element should be {message.RootName}");
        }

        if (reader.NamespaceURI != CebMessage.Namespace)
        {
            return FailAt(
                reader,
                FieldCodes.WrongNamespace,
                $"命名空间应为 {CebMessage.Namespace}",
                $"The namespace must be {CebMessage.Namespace}");
        }

        return CountStrays(reader, reader.AttributeCount) && ReadRootAttributes(reader);
    }

    private bool ReadRootAttributes(XmlReader reader)
    {
        var guid = reader.GetAttribute("guid");
        if (guid is null || CebCharacters.Count(guid) != 36)
        {
            return FailAt(
                reader, FieldCodes.WrongStructure, "根元素的 guid 应为36位", "The guid of the root must have 36 characters");
        }

        Guid = guid;
        return reader.GetAttribute("version") is { Length: >= 1 and <= 10 }
            || FailAt(
                reader,
                FieldCodes.WrongStructure,
                "根元素的 version 应为1至10位",
                "The version of the root must have 1 to 10 characters");
    }

    private bool ReadContent(XmlReader reader) => ReadChildren(reader, child => child switch
    {
        { NamespaceURI: SignatureNamespace, LocalName: "Signature" } => ReadSignature(reader),
        { NamespaceURI: not CebMessage.Namespace } => FailUnknown(reader, Message!.RootName),
        { LocalName: "BaseTransfer" } when Message!.Direction is not null => ReadTransfer(reader),
        { LocalName: "BaseSubscribe" } when Message!.Direction is not null => ReadSubscribe(reader),
        { LocalName: "ExtendMessage" } when Message!.Direction is not null => ReadExtension(reader),
        _ when child.LocalName == Message!.DocumentName => ReadDocument(reader),
        _ => FailUnknown(reader, Message!.RootName),
    });

    private bool ReadDocument(XmlReader reader)
    {
        if (Documents.Count == Message!.DocumentsMax)
        {
            return FailAt(
                reader,
                FieldCodes.TooManyDocuments,
                $"一个报文最多{Message.DocumentsMax}个单证",
                $"A message holds at most {Message.DocumentsMax} documents");
        }

        var start = slices.StartOf(reader);
        var document = new CebDocument(Message!);
        var isRead = Message!.HeadName is null ? ReadFields(reader, document) : ReadParts(reader, document);
        if (isRead)
        {
            Documents.Add((document, slices.To(reader, start)));
        }

        return isRead;
    }

    private bool ReadParts(XmlReader reader, CebDocument document)
    {
        var heads = 0;
        var isRead = ReadChildren(reader, child =>
        {
            if (child.NamespaceURI == CebMessage.Namespace && child.LocalName == Message!.HeadName && heads++ == 0)
            {
                return ReadFields(reader, document);
            }

            if (child.NamespaceURI == CebMessage.Namespace && child.LocalName == Message!.LineName)
            {
                var line = document.AddLine();
                return line is null ? Skip(reader) : ReadFields(reader, line);
            }

            return FailUnknown(reader, Message!.DocumentName);
        });

        return isRead && (heads == 1 || FailAt(
            reader,
            FieldCodes.WrongStructure,
            $"{Message!.DocumentName} 缺少 {Message.HeadName}",
            $"{Message.DocumentName} lacks its {Message.HeadName}"));
    }

    private bool CheckCounts()
    {
        if (Documents.Count == 0)
        {
            var name = Message!.DocumentName;
            return Fail(FieldCodes.EmptyBody, $"报文中没有 {name}", $"The message holds no {name}");
        }

        return Transfer is not null || Message!.Direction is null
            || Fail(FieldCodes.BadTransfer, "报文缺少 BaseTransfer", "The message lacks its BaseTransfer");
    }

    private static bool ReadToEnd(XmlReader reader)
    {
        while (reader.Read())
        {
            // What follows the root is checked for well-formedness only.
        }

        return true;
    }

    /// <summary>Calls <paramref name="read"/> at every child; it must leave the reader at the child's end.</summary>
    private bool ReadChildren(XmlReader reader, Func<XmlReader, bool> read)
    {
        var parent = reader.LocalName;
        if (reader.IsEmptyElement)
        {
            return true;
        }

        while (reader.Read() && reader.NodeType != XmlNodeType.EndElement)
        {
            var isFine = reader.NodeType switch
            {
                XmlNodeType.Element => CountStrays(reader, reader.AttributeCount) && read(reader),
                XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace => true,
                _ => FailText(reader, parent),
            };
            if (!isFine)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Passes over an element and all in it, up to its end tag.</summary>
    private bool Skip(XmlReader reader)
    {
        var depth = reader.Depth;
        if (reader.IsEmptyElement)
        {
            return true;
        }

        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.Depth > limits.DepthMax)
            {
                return FailAt(
                    reader,
                    FieldCodes.TooDeep,
                    $"元素嵌套超过{limits.DepthMax}层",
                    $"Elements are nested more than {limits.DepthMax} deep");
            }

            if (reader.NodeType == XmlNodeType.Element && !CountStrays(reader, reader.AttributeCount + (IsField(reader.LocalName) ? 0 : 1)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Lines beyond the most that an order may have are passed over too, and are told as an error of their order alone.</summary>
    private bool IsField(string name) => (Message!.Lines ?? Message.Head).FindXml(name) is not null;

    private bool CountStrays(XmlReader reader, int more)
    {
        strays += more;
        return strays <= limits.StraysMax || FailAt(
            reader,
            FieldCodes.WrongStructure,
            $"单证以外的元素和属性超过{limits.StraysMax}个",
            $"There are more than {limits.StraysMax} elements and attributes that belong to no document");
    }

    private bool FailUnknown(XmlReader reader, string parent) => FailUnknown(reader, Shown(reader.LocalName), parent);

    private bool FailUnknown(XmlReader reader, string name, string parent) => FailAt(
        reader,
        FieldCodes.WrongStructure,
        $"元素 {name} 在 {parent} 中未知、重复或命名空间不对",
        $"Element {name} in {parent} is unknown, repeated or in another namespace");

    private bool FailText(XmlReader reader, string parent) => FailAt(
        reader, FieldCodes.WrongStructure, $"{parent} 中不能直接有文字", $"{parent} may not hold text of its own");

    private static bool IsMessageName(string name) =>
        name.Length == 13
        && name.StartsWith("CEB", StringComparison.Ordinal)
        && name.EndsWith("Message", StringComparison.Ordinal)
        && !name.AsSpan(3, 3).ContainsAnyExceptInRange('0', '9');
}
