using System.Buffers;
using System.Text;

namespace Sandan.Contracts.Ceb;

/// <summary>The answer about one document, for the receipt of its message: CEB312, 622 …</summary>
/// <param name="Guid">guid of the document that is answered: live receipts repeat it. One that is none is that of the message.</param>
/// <param name="Keys">
/// What names the document, in the order of the receipt: CEB312 ebpCode, ebcCode, orderNo; CEB412 payCode,
/// payTransactionId; CEB512 logisticsCode, logisticsNo; CEB622 customsCode … invtNo. One that is empty is left out where the receipt
/// may be without it.
/// </param>
/// <param name="ReturnStatus">A number of <see cref="Codes.OfficialCodes"/>.</param>
/// <param name="ReturnTime">Time of the result.</param>
/// <param name="ReturnInfo">Text; cut to the field's length.</param>
public sealed record CebReceipt(
    string Guid, IReadOnlyList<string> Keys, string ReturnStatus, DateTimeOffset ReturnTime, string ReturnInfo)
{
    /// <summary>The answer about <paramref name="document"/>.</summary>
    /// <param name="preNo">
    /// The e-port's number, which stands in place of a copNo that the document lacks, too; null where it was given none. The schemas demand one
    /// even then: its number is 0 [proposed].
    /// </param>
    /// <param name="customsNo">The number that customs gave: invtNo, rkdNo or sumNo; null where there is none yet.</param>
    public static CebReceipt For(
        CebDocument document, string returnStatus, DateTimeOffset returnTime, string returnInfo, string? preNo = null, string? customsNo = null)
    {
        var receipt = document.Message.Receipt!;
        if (receipt.Head.Find("preNo") is { Mandatory: true })
        {
            preNo ??= new GivenNumbers(0, returnTime).PreNo(GivenNumbers.LetterOf(document.Message)!.Value);
        }

        return new(
            document["guid"] ?? "",
            [.. CebReceiptWriter.KeysOf(receipt).Select(key => key.Name switch
            {
                "preNo" => preNo,
                "invtNo" or "rkdNo" or "sumNo" when customsNo is not null => customsNo,
                "copNo" => document.TextOrNull("copNo") ?? preNo,
                _ => document.Table.Find(key.Name) is { } field ? document[field] : null,
            } ?? "")],
            returnStatus,
            returnTime,
            returnInfo);
    }

    /// <summary>The e-port's text for a document that was taken (returnStatus 2), by its appType; a new inventory names seller and order.</summary>
    public static string AcceptedInfo(CebDocument document) => document["appType"] switch
    {
        "2" => $"变更申报成功[{document["guid"]}]",
        "3" => $"删除申报成功[{document["guid"]}]",
        _ when document.Message.Numbers == CebNumbers.Inventory && document.Table.Find("orderNo") is not null =>
            $"清单新增申报成功[电商企业编码：{document["ebcCode"]}订单编号：{document["orderNo"]}]",
        _ => $"新增申报成功[{document["guid"]}]",
    };

    /// <summary>The e-port's text for a draft (returnStatus 1).</summary>
    public static string DraftInfo(CebDocument document) => $"暂存成功[{document["guid"]}]";

    /// <summary>Names the document only: the text may be personal.</summary>
    public override string ToString() => $"receipt {ReturnStatus} of {Guid}";
}

/// <summary>The answer to a message that could not be read: CEB900.</summary>
/// <param name="Guid">guid of the root where the message had one, else a new one.</param>
/// <param name="ReturnStatus">Negative, see <see cref="CebXmlFailure.ReturnStatus"/>.</param>
/// <param name="ReturnTime">Time of the result.</param>
/// <param name="ReturnInfo">Why, at most 5,000 characters.</param>
/// <param name="OriginalMessageId">copMsgId of the envelope; empty where there was none.</param>
/// <param name="OriginalType">Root element of the message, or <c>Unknown</c>.</param>
/// <param name="Original">The sender's own bytes; at most 64 KiB of them are sent back.</param>
public sealed record CebFormatError(
    string Guid,
    string ReturnStatus,
    DateTimeOffset ReturnTime,
    string ReturnInfo,
    string OriginalMessageId,
    string OriginalType,
    ReadOnlyMemory<byte> Original)
{
    /// <summary>The answer to a message that is refused as a whole.</summary>
    /// <param name="guid">guid of its root; null where it could not be read: a new one is made.</param>
    /// <param name="envelope">In which it came; null where it came alone, or its envelope could not be read.</param>
    public static CebFormatError Of(
        CebXmlFailure failure, string? guid, DxpEnvelope? envelope, ReadOnlyMemory<byte> body, DateTimeOffset now) => new(
        guid ?? System.Guid.CreateVersion7(now).ToString("D").ToUpperInvariant(),
        failure.ReturnStatus,
        now,
        $"[{failure.Code}] {failure.Reason.Zh} {failure.Reason.En}",
        envelope?.CopMsgId ?? "",
        failure.MessageType,
        envelope?.Message ?? body);

    /// <summary>Names the message only: the original is personal.</summary>
    public override string ToString() => $"CEB900 {ReturnStatus} of {OriginalType}";
}

/// <summary>
/// Writes receipts as the official samples do: default namespace, guid before version, elements in the order of the
/// schema. They fit it whatever is in the document that they answer: values are cut to their fields' lengths, characters that XML
/// cannot carry become U+FFFD, and a key that is missing or broken is left out where it may be, or is 无, the specification's own
/// word for what is not there.
/// </summary>
public static class CebReceiptWriter
{
    /// <summary>Most bytes of an original that a CEB900 sends back, inclusive.</summary>
    public const int OriginalBytesMax = 64 << 10;

    private const int ReturnFields = 3;   // returnStatus, returnTime, returnInfo stand last in every receipt
    private const char Nothing = '无';

    /// <summary>Writes the receipt message that answers <paramref name="request"/>.</summary>
    /// <param name="output">Where the UTF-8 goes.</param>
    /// <param name="request">The message that is answered.</param>
    /// <param name="guid">guid of the request's root: live receipts repeat it.</param>
    /// <param name="receipts">1..100 answers.</param>
    public static void Write(
        IBufferWriter<byte> output, CebMessage request, string guid, IReadOnlyList<CebReceipt> receipts)
    {
        var message = request.Receipt
            ?? throw new ArgumentException($"{request} is an answer itself.", nameof(request));
        ArgumentOutOfRangeException.ThrowIfZero(receipts.Count, nameof(receipts));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(receipts.Count, message.DocumentsMax, nameof(receipts));
        var keys = KeysOf(message).ToArray();
        var xml = new XmlOutput(output);
        xml.StartMessage(message, guid);
        foreach (var receipt in receipts)
        {
            if (receipt.Keys.Count != keys.Length)
            {
                throw new ArgumentException($"{message} names a document by {keys.Length} keys.", nameof(receipts));
            }

            xml.Markup($"<{message.DocumentName}>");
            var ownGuid = message.Head["guid"];
            xml.Element(ownGuid, Fits(ownGuid, receipt.Guid) ? receipt.Guid : guid);
            foreach (var (key, value) in keys.Zip(receipt.Keys))
            {
                if (Fits(key, value))
                {
                    xml.Element(key, value);
                }
                else if (key.Mandatory)
                {
                    xml.Element(key, NothingOf(key));
                }
            }

            xml.Element(message.Head["returnStatus"], receipt.ReturnStatus);
            xml.Element(message.Head["returnTime"], ShanghaiTime.Format17(receipt.ReturnTime));
            xml.Element(message.Head["returnInfo"], receipt.ReturnInfo);
            xml.Markup($"</{message.DocumentName}>");
        }

        xml.Markup($"</{message.RootName}>");
    }

    /// <summary>Writes a CEB900.</summary>
    public static void Write(IBufferWriter<byte> output, CebFormatError error)
    {
        var message = CebMessage.FormatError;
        var xml = new XmlOutput(output);
        xml.StartMessage(message, error.Guid);
        xml.Markup($"<{message.DocumentName}>");
        xml.Element(message.Head["guid"], error.Guid);
        xml.Element(message.Head["returnStatus"], error.ReturnStatus);
        xml.Element(message.Head["returnInfo"], error.ReturnInfo);
        xml.Element(message.Head["returnTime"], ShanghaiTime.Format17(error.ReturnTime));
        xml.Element(message.Head["oriCopMsgId"], error.OriginalMessageId);
        xml.Element(message.Head["oriMessageType"], error.OriginalType);
        xml.CData("oriBizMessage", Original(error.Original.Span));
        xml.Markup($"</{message.DocumentName}></{message.RootName}>");
    }

    internal static IEnumerable<CebField> KeysOf(CebMessage receipt) =>
        receipt.Head.Fields.Skip(1).Take(receipt.Head.Fields.Count - 1 - ReturnFields);

    /// <summary>Whether the value, cut and cleaned as it will be, is one that the field may have; an optional one that is empty says nothing.</summary>
    private static bool Fits(CebField field, string value) => (value.Length > 0 || field.Mandatory)
        && CebValidator.Fault(field, XmlOutput.Clean(CebCharacters.Cut(value, field.Length).ToString())) is null;

    private static string NothingOf(CebField field) => field.Kind switch
    {
        CebFormat.Integer or CebFormat.Decimal => "0",
        CebFormat.Fixed => new string(Nothing, field.Length),
        _ => $"{Nothing}",
    };

    private static string Original(ReadOnlySpan<byte> utf8)
    {
        utf8 = utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[3..] : utf8;
        var end = Math.Min(utf8.Length, OriginalBytesMax);
        while (end < utf8.Length && end > 0 && (utf8[end] & 0xC0) == 0x80)
        {
            end--;   // never cut inside a character
        }

        return Encoding.UTF8.GetString(utf8[..end]);
    }
}
