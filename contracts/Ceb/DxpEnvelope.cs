using System.Buffers;
using System.Globalization;
using System.Xml;

namespace Sandan.Contracts.Ceb;

/// <summary>
/// The envelope DxpMsg in which messages travel between exchange users: who sends to whom, and the business XML in base64.
/// Source: transmission specification of the e-port, namespace http://www.chinaport.gov.cn/dxp.
/// </summary>
/// <param name="CopMsgId">The sender's id of the envelope, C1..255.</param>
/// <param name="SenderId">Exchange user id, C1..16: DXPENT and ten digits.</param>
/// <param name="ReceiverIds">1..5, C1..16 each: DXPEDCCEB0000002 for import, DXPEDCCEB0000003 for export.</param>
/// <param name="CreatTime">When it was made, as an xs:dateTime; the standard spells it so.</param>
/// <param name="MsgType">Type of the message: CEB311Message; may be empty.</param>
/// <param name="Message">The business XML, decoded.</param>
/// <param name="FileName">From AddInfo, C1..255; null where there is none.</param>
public sealed record DxpEnvelope(
    string CopMsgId,
    string SenderId,
    IReadOnlyList<string> ReceiverIds,
    string CreatTime,
    string MsgType,
    ReadOnlyMemory<byte> Message,
    string? FileName = null)
{
    /// <summary>Namespace of the envelope.</summary>
    public const string Namespace = "http://www.chinaport.gov.cn/dxp";

    /// <summary>Receiver of import messages.</summary>
    public const string ImportReceiver = "DXPEDCCEB0000002";

    /// <summary>Receiver of export messages.</summary>
    public const string ExportReceiver = "DXPEDCCEB0000003";

    internal const string RootName = "DxpMsg";

    /// <summary>Around a DxpMsg between nodes of the exchange, with the number of the node in SvNo; also where one hands it on unopened.</summary>
    internal const string ServerRootName = "DxpMsgSv";

    private const int ReceiversMax = 5;

    /// <summary>True where a body begins like an envelope: its root is a DxpMsg, or a DxpMsgSv around one.</summary>
    public static bool IsOne(ReadOnlySpan<byte> utf8) => IsRoot(MessageRoot.NameOf(utf8[..Math.Min(utf8.Length, MessageRoot.BytesEnough)]));

    internal static bool IsRoot(string? name) => name is RootName or ServerRootName;

    /// <summary>Reads an envelope. No DTD, nothing outside the bytes is fetched.</summary>
    /// <param name="body">UTF-8, or GB18030 where that is declared.</param>
    /// <exception cref="FormatException">It is none; the message says what is wrong and where, without a value.</exception>
    public static DxpEnvelope Read(ReadOnlyMemory<byte> body, XmlLimits? limits = null)
    {
        limits ??= new();
        var utf8 = MessageEncoding.ToUtf8(body, out var fault) ?? throw new FormatException(
            Place(fault.Line, fault.Column, "these bytes are neither UTF-8 nor GB2312, GBK or GB18030 as the first line declares"));
        using var reader = XmlReader.Create(
            new StreamReader(new MemoryStream(utf8.ToArray(), writable: false)), // whatever encoding is declared
            new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = limits.BytesMax,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                IgnoreWhitespace = true,
            });
        try
        {
            return Read(reader);
        }
        catch (XmlException trouble)
        {
            throw new FormatException(Place(trouble.LineNumber, trouble.LinePosition, "the envelope is not well-formed XML"), trouble);
        }
    }

    /// <summary>The envelope in which an answer goes back: from the first receiver to the sender.</summary>
    /// <param name="type">Root of the answer: <c>CEB312Message</c>.</param>
    public DxpEnvelope Answer(ReadOnlyMemory<byte> message, string type, DateTimeOffset now) => new(
        Guid.CreateVersion7(now).ToString("D").ToUpperInvariant(), ReceiverIds[0], [SenderId],
        now.ToOffset(ShanghaiTime.Offset).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture), type, message);

    /// <summary>Writes an envelope as the templates of live clients have it.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        var xml = new XmlOutput(output);
        xml.Markup($"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DxpMsg xmlns=\"{Namespace}\" ver=\"1.0\"><TransInfo>");
        xml.Element("CopMsgId", CopMsgId);
        xml.Element("SenderId", SenderId);
        xml.Start("ReceiverIds");
        foreach (var receiver in ReceiverIds)
        {
            xml.Element("ReceiverId", receiver);
        }

        xml.End("ReceiverIds");
        xml.Element("CreatTime", CreatTime);
        xml.Element("MsgType", MsgType);
        xml.Markup("</TransInfo><Data>");
        xml.Markup(Convert.ToBase64String(Message.Span));
        xml.Markup("</Data>");
        if (FileName is not null)
        {
            xml.Markup("<AddInfo>");
            xml.Element("FileName", FileName);
            xml.Markup("</AddInfo>");
        }

        xml.Markup("</DxpMsg>");
    }

    /// <summary>Names the envelope only: the message is personal.</summary>
    public override string ToString() => $"DxpMsg {CopMsgId}";

    private static DxpEnvelope Read(XmlReader reader)
    {
        string? copMsgId = null, senderId = null, creatTime = null, msgType = null, fileName = null;
        byte[]? data = null;
        var receivers = new List<string>();
        if (reader.MoveToContent() != XmlNodeType.Element || !IsRoot(reader.LocalName) || reader.NamespaceURI != Namespace)
        {
            throw Wrong(reader, $"the root must be DxpMsg in {Namespace}");
        }

        var isOfServer = reader.LocalName == ServerRootName;
        while (reader.Read())
        {
            while (reader.NodeType == XmlNodeType.Element)
            {
                if (reader.NamespaceURI != Namespace)
                {
                    reader.Skip(); // ds:Signature of the node
                    continue;
                }

                switch (reader.LocalName)
                {
                    case "CopMsgId": copMsgId = Text(reader, 1, 255, copMsgId); continue;
                    case "SenderId": senderId = Text(reader, 1, 16, senderId); continue;
                    case "CreatTime": creatTime = Text(reader, 1, 40, creatTime); continue;
                    case "MsgType": msgType = Text(reader, 0, 30, msgType); continue;
                    case "FileName": fileName = Text(reader, 0, 255, fileName); continue;
                    case "ReceiverId" when receivers.Count < ReceiversMax: receivers.Add(Text(reader, 1, 16, null)); continue;
                    case "ReceiverId": throw Wrong(reader, $"there are more than {ReceiversMax} ReceiverId");
                    case "Data" when data is null: data = Decoded(reader); continue;
                    case "Data": throw Wrong(reader, "there are two Data");
                    case "IcCard" or "BizKey" or "IsText" or "RecMapId": reader.Skip(); continue;
                    case "SvNo" when isOfServer: reader.Skip(); continue;
                    case RootName when isOfServer: break;
                    case "TransInfo" or "ReceiverIds" or "AddInfo": break;
                    default: throw Wrong(reader, "DxpMsg has no such element");
                }

                break;
            }
        }

        return new(
            copMsgId ?? throw Missing("CopMsgId"),
            senderId ?? throw Missing("SenderId"),
            receivers.Count > 0 ? receivers : throw Missing("ReceiverId"),
            creatTime ?? throw Missing("CreatTime"),
            msgType ?? throw Missing("MsgType"),
            data ?? throw Missing("Data"),
            fileName);
    }

    private static string Text(XmlReader reader, int least, int most, string? before)
    {
        var name = reader.LocalName;
        if (before is not null)
        {
            throw Wrong(reader, $"there are two {name}");
        }

        var (place, text) = (reader, reader.ReadElementContentAsString());
        return text.Length >= least && text.Length <= most ? text : throw Wrong(place, $"{name} must have {least} to {most} characters");
    }

    private static byte[] Decoded(XmlReader reader)
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = reader.ReadElementContentAsBase64(buffer, 0, buffer.Length)) > 0)
        {
            message.Write(buffer, 0, read);
        }

        return message.ToArray();
    }

    private static FormatException Wrong(XmlReader reader, string what) =>
        new(Place(((IXmlLineInfo)reader).LineNumber, ((IXmlLineInfo)reader).LinePosition, what));

    private static FormatException Missing(string name) => new($"The envelope lacks its {name}.");

    private static string Place(int line, int column, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"Line {line}, column {column}: {what}.");
}
