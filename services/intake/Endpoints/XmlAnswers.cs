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

    /// <summary>One receipt per document, in the order sent; in an envelope where the message came in one.</summary>
    public static IntakeAnswer Receipts(
        CebMessage kind, CebXmlMessage message, DxpEnvelope? envelope, IReadOnlyList<IntakeResult> results, ReceiptSigner signer, DateTimeOffset now)
    {
        var output = new ArrayBufferWriter<byte>(results.Count * 400);
        CebReceiptWriter.Write(
            output, kind, message.Guid!, [.. results.Select(result => Receipt(kind, message.Items[result.Index], result, now))]);
        return Answer(StatusCodes.Status200OK, output, kind.Receipt!.RootName, envelope, signer, now);
    }

    /// <summary>The message could not be read at all.</summary>
    public static IntakeAnswer Unreadable(
        CebXmlFailure failure, string? guid, DxpEnvelope? envelope, ReadOnlyMemory<byte> body, ReceiptSigner signer, DateTimeOffset now)
    {
        var output = new ArrayBufferWriter<byte>(body.Length + 1024);
        CebReceiptWriter.Write(output, CebFormatError.Of(failure, guid, envelope, body, now));
        return Answer(StatusCodes.Status400BadRequest, output, CebMessage.FormatError.RootName, envelope, signer, now);
    }

    private static IntakeAnswer Answer(
        int status, ArrayBufferWriter<byte> output, string type, DxpEnvelope? envelope, ReceiptSigner signer, DateTimeOffset now)
    {
        var answer = signer.Sign(output);
        if (envelope is not null)
        {
            var enveloped = new ArrayBufferWriter<byte>(answer.Length * 2);
            envelope.Answer(answer, type, now).Write(enveloped);
            answer = enveloped.WrittenMemory;
        }

        return new(status, ContentType, answer.ToArray());
    }

    private static CebReceipt Receipt(CebMessage kind, DocumentItem item, IntakeResult result, DateTimeOffset now)
    {
        var document = item.Document!;
        var (status, info) = result.Outcome switch
        {
            IntakeOutcome.Drafted => (OfficialCodes.StoredAsDraft, CebReceipt.DraftInfo(document)),
            IntakeOutcome.Created or IntakeOutcome.Exists or IntakeOutcome.Changed or IntakeOutcome.Deleted =>
                (OfficialCodes.Accepted, CebReceipt.AcceptedInfo(document)),
            // What stale, conflict and nothing-to-act-on are called has an official number of its own.
            _ when result.Errors[0].Code.StartsWith('-') => (result.Errors[0].Code, Text(result.Errors)),
            _ => (StatusOf(kind, result.Errors[0]), Text(result.Errors)),
        };
        var warnings = result.Warnings.Count == 0 ? "" : $"; 提示: {Text(result.Warnings)}";
        return CebReceipt.For(document, status, now, info + warnings, result.PreNo);
    }

    /// <summary>The official number of the first fault where it has one of its own, else "parameter check failed".</summary>
    private static string StatusOf(CebMessage kind, FieldError error) => error switch
    {
        { Code: FieldCodes.LineCount, Actual: "0" } => kind.NoLinesStatus,
        { Code: FieldCodes.RepeatedLine } => kind.RepeatedLineStatus,
        { Code: IntakeErrorCodes.SignatureFailed or IntakeErrorCodes.SignatureMissing } => kind.SignatureFailedStatus,
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
