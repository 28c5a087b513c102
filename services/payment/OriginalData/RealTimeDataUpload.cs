using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Npgsql;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Intake.Domain;
using Sandan.Intake.Storage;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;
using Sandan.Signing;

namespace Sandan.Payment.OriginalData;

/// <summary>
/// realTimeDataUpload, as customs take it: checks session, freshness, certificate, signature and format in that order, stores what came
/// encrypted, and compares it with CEB411. Trust comes from the registered certificates of the platform that was asked.
/// </summary>
internal sealed class RealTimeDataUpload(
    NpgsqlDataSource database, OutboxSignal signal, DataKeys keys, IntakeKind<PaymentAccepted> kind, IOptions<OriginalDataOptions> options, TimeProvider time)
{
    private const string Field = "payExInfoStr";
    private const string Taken = "上传成功";

    /// <summary><c>POST /v1/179/realTimeDataUpload</c>. The same upload again is accepted and changes nothing.</summary>
    public async Task<IResult> TakeAsync(HttpContext context, CancellationToken ct)
    {
        var errors = new List<FieldError>();
        if (await AnnouncementForm.ReadAsync(context.Request, Field, errors) is not { } text
            || ReceivedPayExInfo.Read(text, errors) is not { } upload)
        {
            return AnnouncementForm.Refuse(context, time, errors[0]);
        }

        var now = time.GetUtcNow();
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        if (await InquiryStore.LockAsync(unit, upload.SessionId, ct) is not { } inquiry)
        {
            return AnnouncementForm.Refuse(context, time, new("/sessionID", OriginalDataCodes.SessionUnknown));
        }

        var hash = SHA256.HashData(upload.Body.ToBytes());
        var certificates = await InquiryStore.CertificatesAsync(unit, inquiry.EbpCode, ct);
        if (FaultOf(upload, inquiry, hash, certificates, errors, now) is { } fault)
        {
            await InquiryStore.RefuseAsync(unit, inquiry.Id, fault.Code, now, ct);
            await unit.CommitAsync(ct);
            return AnnouncementForm.Refuse(context, time, fault);
        }

        if (inquiry.ContentHash is null)
        {
            var findings = Comparison.Of(upload.Payment!, await DeclaredAsync(unit, upload.Payment!.Head, ct), options.Value.TradingTimeTolerance);
            await InquiryStore.TakeAsync(unit, inquiry.Id, hash, findings, now, ct);
            unit.BeforeCommit(OriginalPaymentStore.Block(keys.Of(now), inquiry.Id, System.Text.Encoding.UTF8.GetBytes(text), now));
            await unit.CommitAsync(ct);
        }

        return AnnouncementForm.Accept(time, Taken, total: 0);
    }

    private FieldError? FaultOf(
        ReceivedPayExInfo upload, OpenInquiry inquiry, byte[] hash, IEnumerable<CebCertificate> certificates, List<FieldError> format, DateTimeOffset now)
    {
        if ((now - upload.ServiceTime).Duration() > options.Value.UploadFreshFor)
        {
            return new("/serviceTime", OriginalDataCodes.UploadNotFresh, $"± {options.Value.UploadFreshFor:c}");
        }

        var number = upload.CertNo.TrimStart('0');
        if (certificates.FirstOrDefault(one => one.NotBefore <= now && now <= one.NotAfter
            && string.Equals(one.SerialNumber.TrimStart('0'), number, StringComparison.OrdinalIgnoreCase)) is not { } certificate)
        {
            return new("/certNo", OriginalDataCodes.UploadCertificateUnknown);
        }

        return !certificate.Signed(upload.Signed, upload.SignValue) ? new("/signValue", OriginalDataCodes.UploadSignatureFailed)
            : format.Count > 0 ? format[0]
            : !string.Equals(upload.Payment!.Head.EbpCode, inquiry.EbpCode, StringComparison.OrdinalIgnoreCase)
                ? new($"/{OriginalPaymentReader.Head}/ebpCode", OriginalDataCodes.UploadOfOther, inquiry.EbpCode)
            : upload.Payment.Orders.All(order => order.OrderNo != inquiry.OrderNo)
                ? new($"/{OriginalPaymentReader.Lists}", OriginalDataCodes.UploadOfOther, inquiry.OrderNo)
            : inquiry.ContentHash is { } taken && !taken.AsSpan().SequenceEqual(hash) ? new("/sessionID", OriginalDataCodes.UploadDiffers)
            : null;
    }

    /// <summary>The payment as it was declared last; null where there is none, it was withdrawn, or is unreadable by now.</summary>
    private async Task<CebDocument?> DeclaredAsync(UnitOfWork unit, PaymentHead head, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT document.id, document.received_at, block, sealed FROM document
            LEFT JOIN document_block ON document_block.id = block AND document_block.received_at = document.received_at
            WHERE kind = $1 AND key = $2 AND NOT draft AND NOT deleted
              AND version = (SELECT max(version) FROM document last WHERE last.kind = $1 AND last.key = $2 AND NOT last.draft)
            """,
            kind.Message.Type,
            kind.NumberOf(field => field == kind.Key[0] ? head.PayCode : head.PayTransactionId));
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct) || row.IsDBNull(3))
        {
            return null;
        }

        var (id, receivedAt, block, bytes) = (row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetGuid(2), (byte[])row[3]);
        return keys.Find(DataKey.IdOf(bytes)) is { } key
            ? StoredDocument.Read(kind.Message, BodyBlocks.Find(key.Decrypt(bytes, block), id).ToArray(), receivedAt)
            : null;
    }
}
