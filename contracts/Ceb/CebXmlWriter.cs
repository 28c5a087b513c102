using System.Buffers;

namespace Sandan.Contracts.Ceb;

/// <summary>
/// Writes any message of the standard in one form: elements in the order of the schema, no white space between them, an empty
/// value as start and end tag, as canonical XML has it, the original in a CEB900 as CDATA. What is sent has the prefix <c>ceb</c>, as nearly all real messages
/// have; answers have the default namespace, as those of customs. What <see cref="CebXmlReader"/> read of a message in this
/// form is written again byte by byte, but for BaseSubscribe, ExtendMessage and Signature.
/// </summary>
public static class CebXmlWriter
{
    /// <summary>Writes a message.</summary>
    /// <param name="output">Where the UTF-8 goes.</param>
    /// <param name="guid">Of the root, 36 characters.</param>
    /// <param name="transfer">Who transmits; null for an answer.</param>
    /// <param name="documents">At least one, all of them of <paramref name="message"/>.</param>
    /// <exception cref="ArgumentException">The schema has no such message.</exception>
    public static void Write(
        IBufferWriter<byte> output, CebMessage message, string guid, CebTransfer? transfer, IReadOnlyList<CebDocument> documents)
    {
        ArgumentOutOfRangeException.ThrowIfZero(documents.Count, nameof(documents));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(documents.Count, message.DocumentsMax, nameof(documents));
        if (message.Direction is null != transfer is null)
        {
            throw new ArgumentException($"{message} has {(transfer is null ? "a" : "no")} BaseTransfer.", nameof(transfer));
        }

        var xml = new XmlOutput(output, message.Direction is null ? "" : "ceb:");
        xml.StartMessage(message, guid);
        foreach (var document in documents)
        {
            if (document.Message != message)
            {
                throw new ArgumentException($"A {document.Message} is no part of a {message}.", nameof(documents));
            }

            Write(xml, document);
        }

        if (transfer is not null)
        {
            xml.Start("BaseTransfer");
            xml.Element("copCode", transfer.CopCode);
            xml.Element("copName", transfer.CopName);
            xml.Element("dxpMode", transfer.DxpMode);
            xml.Element("dxpId", transfer.DxpId);
            xml.End("BaseTransfer");
        }

        xml.End(message.RootName);
    }

    private static void Write(XmlOutput xml, CebDocument document)
    {
        var message = document.Message;
        xml.Start(message.DocumentName);
        if (message.HeadName is { } head)
        {
            xml.Start(head);
            WriteFields(xml, document);
            xml.End(head);
        }
        else
        {
            WriteFields(xml, document);
        }

        foreach (var line in document.Lines)
        {
            xml.Start(message.LineName!);
            WriteFields(xml, line);
            xml.End(message.LineName!);
        }

        xml.End(message.DocumentName);
    }

    private static void WriteFields(XmlOutput xml, CebValues values)
    {
        foreach (var field in values.Table.Span)
        {
            if (field.IsExtension || values[field] is not { } value)
            {
                continue;
            }

            if (field.IsUnbounded)
            {
                xml.CData(field.Name, value);
            }
            else
            {
                xml.Element(field.Name, value);
            }
        }
    }
}
