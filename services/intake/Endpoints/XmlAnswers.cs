using System.Buffers;
using Microsoft.AspNetCore.Http;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Intake.Domain;

namespace Sandan.Intake.Endpoints;

/// <summary>Renders results as the official receipts: CEB312, 412, 512, 514, or a CEB900 where nothing could be read.</summary>
internal static class XmlAnswers
{
    private const string ContentType = "application/xml; charset=utf-8";

    /// <summary>One receipt per document, in the order sent.</summary>
    public static IntakeAnswer Receipts(
        CebMessage kind, CebXmlMessage message, IReadOnlyList<IntakeResult> results, DateTimeOffset now)
    {
        var output = new ArrayBufferWriter<byte>(results.Count * 400);
        CebReceiptWriter.Write(
            output, kind, message.Guid!, [.. results.Select(result => Receipt(kind, message.Items[result.Index], result, now))]);
        return new(StatusCodes.Status200OK, ContentType, output.WrittenSpan.ToArray());
    }

    /// <summary>The message could not be read at all.</summary>
    public static IntakeAnswer Unreadable(
        CebXmlFailure failure, CebXmlMessage message, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var output = new ArrayBufferWriter<byte>(body.Length + 1024);
        var guid = message.Guid ?? Guid.CreateVersion7(now).ToString("D").ToUpperInvariant();
        CebReceiptWriter.Write(output, new CebFormatError(
            guid, failure.ReturnStatus, now, $"[{failure.Code}] {failure.Reason.Zh} {failure.Reason.En}", "", failure.MessageType, body));
        return new(StatusCodes.Status400BadRequest, ContentType, output.WrittenSpan.ToArray());
    }

    private static CebReceipt Receipt(CebMessage kind, DocumentItem item, IntakeResult result, DateTimeOffset now)
    {
        var document = item.Document!;
        var (status, info) = result.Outcome switch
        {
            IntakeOutcome.Drafted => (OfficialCodes.StoredAsDraft, $"暂存成功[{document["guid"]}]"),
            IntakeOutcome.Created or IntakeOutcome.Exists => (OfficialCodes.Accepted, CebReceipt.AcceptedInfo(document["guid"]!)),
            IntakeOutcome.Changed => (OfficialCodes.Accepted, $"变更申报成功[{document["guid"]}]"),
            IntakeOutcome.Deleted => (OfficialCodes.Accepted, $"删除申报成功[{document["guid"]}]"),
            // What stale, conflict and nothing-to-act-on are called has an official number of its own.
            _ when result.Errors[0].Code.StartsWith('-') => (result.Errors[0].Code, Text(result.Errors)),
            _ => (StatusOf(kind, result.Errors[0]), Text(result.Errors)),
        };
        var warnings = result.Warnings.Count == 0 ? "" : $"; 提示: {Text(result.Warnings)}";
        return CebReceipt.For(document, status, now, info + warnings);
    }

    /// <summary>The official number of the first fault where it has one of its own, else "parameter check failed".</summary>
    private static string StatusOf(CebMessage kind, FieldError error) => error switch
    {
        { Code: FieldCodes.LineCount, Actual: "0" } => OfficialCodes.OrderNoLines,
        { Code: FieldCodes.RepeatedLine } => OfficialCodes.OrderRepeatedLine,
        _ => kind.CheckFailedStatus,
    };

    /// <summary>Every fault with its place, rule and fix, in Chinese as all official receipts.</summary>
    private static string Text(IReadOnlyList<FieldError> errors) => string.Join("; ", errors.Select(error =>
    {
        var entry = CodeDictionary.Get(error.Code);
        var expected = error.Expected is null ? "" : $", 应为 {error.Expected}";
        var actual = error.Actual is null ? "" : $", 实为 {error.Actual}";
        return $"[{error.Code}] {error.Pointer} {entry.Text.Zh.TrimEnd('。')}{expected}{actual}。{entry.Fix.Zh}";
    }));
}
