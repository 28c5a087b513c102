using System.Runtime.InteropServices;
using System.Text;
using System.Xml;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Ceb;

/// <summary>Bounds of an XML message.</summary>
public sealed record XmlLimits
{
    /// <summary>
    /// Most bytes of a message, inclusive. Default 16 MiB: 100 orders, some of them with 99 long lines.
    /// </summary>
    public int BytesMax { get; init; } = 16 << 20;

    /// <summary>Deepest nesting of elements, inclusive; a signature with its certificate needs 6. Default 32.</summary>
    public int DepthMax { get; init; } = 32;

    /// <summary>
    /// Most bytes of a tag, a text, a comment, inclusive. Default 64 KiB. A parser holds all of one at once, and of a tag ten times
    /// as much; the longest field has 2,000 characters, a certificate less than 10 KiB.
    /// </summary>
    public int RunMax { get; init; } = 64 << 10;

    /// <summary>
    /// Most elements and attributes that no document has, inclusive: those of ExtendMessage and Signature, and attributes anywhere.
    /// Default 10,000. A parser remembers every name that it has seen.
    /// </summary>
    public int StraysMax { get; init; } = 10_000;
}

/// <summary>Who transmits, from BaseTransfer; required by the schema of every import message.</summary>
/// <param name="CopCode">
/// copCode: customs registration number or credit code of the transmitting company, C..18.
/// </param>
/// <param name="CopName">copName, C..100.</param>
/// <param name="DxpMode">dxpMode, C3: <c>DXP</c>.</param>
/// <param name="DxpId">dxpId: its user id at the exchange, C..30.</param>
public sealed record CebTransfer(string CopCode, string CopName, string DxpMode, string DxpId);

/// <summary>Why a message as a whole is refused; it is answered with a CEB900.</summary>
/// <param name="Code">A code of <see cref="FieldCodes"/>.</param>
/// <param name="ReturnStatus">The e-port's number for it, negative.</param>
/// <param name="MessageType">Root element as it came where it may be one of a message, else <c>Unknown</c>.</param>
/// <param name="Reason">What is wrong and where, without a value from the message.</param>
public sealed record CebXmlFailure(string Code, string ReturnStatus, string MessageType, Localized Reason)
{
    /// <summary>Line where it is, from 1; 0 where it is the message as a whole.</summary>
    public int Line { get; init; }

    /// <summary>Column where it is, from 1; 0 where it is the message as a whole.</summary>
    public int Column { get; init; }

    /// <summary>The envelope could not be read, so nothing is known of the message.</summary>
    /// <param name="expected">The message that is taken here: its number is answered.</param>
    public static CebXmlFailure OfEnvelope(FormatException wrong, CebMessage expected)
    {
        var text = CodeDictionary.Get(FieldCodes.BadEnvelope).Text;
        return new(FieldCodes.BadEnvelope, expected.UnreadableStatus, "Unknown", new($"{text.Zh}: {wrong.Message}", $"{text.En}: {wrong.Message}"));
    }
}

/// <summary>Something in the envelope that is against the schema and was read all the same.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Text">What it is, and what it should be.</param>
public sealed record CebXmlRemark(int Line, int Column, Localized Text);

/// <summary>A message in XML that was read.</summary>
/// <param name="Message">Its table; null where the root could not be told.</param>
/// <param name="Guid">guid of the root, which an answer repeats; null where the root has none.</param>
/// <param name="Transfer">Who transmits; null where <paramref name="Failure"/> is set, and in an answer.</param>
/// <param name="IsSigned">A ds:Signature is there. It is not verified here.</param>
/// <param name="Items">
/// The documents in the order sent, each valid or with its errors; empty where <paramref name="Failure"/> is set.
/// </param>
/// <param name="Failure">Why the message as a whole is refused; null where it is not.</param>
public sealed record CebXmlMessage(
    CebMessage? Message,
    string? Guid,
    CebTransfer? Transfer,
    bool IsSigned,
    IReadOnlyList<DocumentItem> Items,
    CebXmlFailure? Failure)
{
    /// <summary>Faults of the envelope that were overlooked.</summary>
    public IReadOnlyList<CebXmlRemark> Remarks { get; init; } = [];

    /// <summary>The message as it was read: in UTF-8, whatever it declares. Empty where it could not be.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; init; }
}

/// <summary>
/// Reads the official XML messages. Strict about structure (namespace, known elements, counts, BaseTransfer), lenient
/// about what senders are known to get wrong: the order of elements, the misspellings of the published specification, a second
/// BaseTransfer and a root without "Message", as in official samples; optional elements that are empty, and fields of local systems
/// that the specification does not know. What was overlooked is told. A fault of structure refuses the message, a fault of a value
/// only its document. No DTD, no entities but XML's own five, nothing outside the bytes is ever fetched. UTF-8, or GB18030 where
/// that is declared. Stateless; safe to share.
/// </summary>
/// <param name="accepted">The messages taken here, the first of which lends its number to what cannot be told.</param>
/// <param name="validator">Default <see cref="CebValidator.Default"/>.</param>
/// <param name="limits">Default <see cref="XmlLimits"/>.</param>
public sealed class CebXmlReader(
    IReadOnlyList<CebMessage> accepted, CebValidator? validator = null, XmlLimits? limits = null)
{
    private readonly CebValidator validator = validator ?? CebValidator.Default;
    private readonly XmlLimits limits = limits ?? new XmlLimits();

    /// <summary>Reads and checks a message.</summary>
    /// <param name="message">
    /// The message, with or without BOM. The items keep slices of it, so it must not be reused.
    /// </param>
    public CebXmlMessage Read(ReadOnlyMemory<byte> message)
    {
        (int Line, int Column) fault = default;
        var utf8 = message.Length > limits.BytesMax ? null : MessageEncoding.ToUtf8(message, out fault);
        var body = utf8 ?? message;
        var pass = new CebXmlPass(accepted, body, limits);
        if (message.Length > limits.BytesMax)
        {
            var (zh, en) = ($"报文超过{limits.BytesMax}字节", $"The message has more than {limits.BytesMax} bytes");
            pass.Fail(FieldCodes.MessageTooLarge, zh, en);
        }
        else if (utf8 is null)
        {
            pass.FailAt(
                FieldCodes.WrongEncoding, fault.Line, fault.Column, "此处的字节既不是UTF-8，也不是首行声明的GB2312、GBK或GB18030",
                "These bytes are neither UTF-8 nor GB2312, GBK or GB18030 as the first line declares");
        }
        else if (LongRun(body.Span) is >= 0 and var at)
        {
            pass.Fail(
                FieldCodes.WrongStructure,
                $"第{at}字节起的标记或文字超过{limits.RunMax}字节",
                $"The tag or text at byte {at} has more than {limits.RunMax} bytes");
        }
        else
        {
            Run(pass, body);
        }

        return new(
            pass.Message,
            pass.Guid,
            pass.Failure is null ? pass.Transfer : null,
            pass.IsSigned,
            pass.Failure is null ? [.. pass.Documents.Select(Checked)] : [],
            pass.Failure)
        {
            Remarks = pass.Remarks,
            Utf8 = utf8 ?? default,
        };
    }

    /// <summary>
    /// Where more than <see cref="XmlLimits.RunMax"/> bytes come without a <c>&lt;</c>, which a tag cannot hold and a text ends at; -1
    /// where it is nowhere. Nearly every step finds one at once.
    /// </summary>
    private int LongRun(ReadOnlySpan<byte> body)
    {
        var start = 0;
        while (body.Length - start > limits.RunMax)
        {
            var last = body.Slice(start + 1, limits.RunMax).LastIndexOf((byte)'<');
            if (last < 0)
            {
                return start;
            }

            start += 1 + last;
        }

        return -1;
    }

    private DocumentItem Checked((CebDocument Document, ReadOnlyMemory<byte> Raw) read, int index)
    {
        var errors = new ErrorList();
        validator.Check(read.Document, errors);
        for (var line = -1; line < read.Document.Lines.Count; line++)
        {
            foreach (var note in (line < 0 ? (CebValues)read.Document : read.Document.Lines[line]).Notes)
            {
                errors.Add(new(read.Document.Message.Pointer(note.Name, line), note.Code, note.Expected, note.Actual), isWarning: !note.IsError);
            }
        }

        return new(index, read.Raw, read.Document, errors.Errors) { Warnings = errors.Warnings };
    }

    private void Run(CebXmlPass pass, ReadOnlyMemory<byte> body)
    {
        // The declared encoding is told, not obeyed: the bytes are UTF-8 at this point.
        using var text = new StreamReader(AsStream(body), Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        using var reader = XmlReader.Create(text, Settings());
        try
        {
            pass.Read(reader);
        }
        catch (XmlException exception)
        {
            // The exception's own text may hold a part of a value, so only its place is told.
            if (pass.HasDtd)
            {
                pass.Fail(FieldCodes.DtdForbidden, "报文含有DTD，不予接受", "The message has a document type declaration");
            }
            else
            {
                var (line, column) = (exception.LineNumber, exception.LinePosition);
                pass.FailAt(FieldCodes.BadXml, line, column, "XML格式不正确", "The XML is not well-formed");
            }
        }
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> body) => MemoryMarshal.TryGetArray(body, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(body.ToArray(), writable: false);

    private XmlReaderSettings Settings() => new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = limits.BytesMax,
        MaxCharactersFromEntities = 1,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };
}
