using Microsoft.Extensions.Options;
using Npgsql;
using Sandan.Intake.Storage;

namespace Sandan.Payment.OriginalData;

/// <summary>Uploads to customs what they asked a platform for: realTimeDataUpload, until it is accepted.</summary>
internal sealed partial class Uploader(
    NpgsqlDataSource database, DataKeys keys, UploadKeys uploadKeys, PartnerHttp http, IOptions<OriginalDataOptions> options, TimeProvider time,
    ILogger<Uploader> log) : DueWorker<DueRequest>(time, log)
{
    private const string Field = "payExInfoStr";

    protected override Task<List<DueRequest>> ClaimAsync(int rowsMax, DateTimeOffset now, CancellationToken ct) =>
        RequestStore.ClaimAsync(database, rowsMax, now, now + (2 * options.Value.AnswerWithin), ct);

    /// <summary>Data first, then the key: what waits for both says so of what the platform itself can do.</summary>
    protected override async Task WorkAsync(DueRequest row, CancellationToken ct)
    {
        if (await OriginalPaymentStore.FindAsync(database, keys, row.EbpCode, row.OrderNo, ct) is not { } body)
        {
            // They were there and are shredded; a deposit at this very moment did not see that it is waited for.
            await RequestStore.WaitAsync(database, row, "waitingForData", Time.GetUtcNow() + options.Value.RetryDelayMax, ct);
            return;
        }

        if (uploadKeys.Find(row.EbpCode) is not { } key)
        {
            await RequestStore.WaitAsync(database, row, "waitingForKey", null, ct);
            return;
        }

        var message = PayExInfo.Write(row.SessionId, body, Time.GetUtcNow(), key.CertNo, key.Signer.SignBytes);
        var answer = await http.PostAsync(key.UploadUrl, Field, message, ct);
        var isRefusal = answer.Code is not (null or PartnerHttp.Accepted);
        var isOver = answer.Code == PartnerHttp.Accepted || (isRefusal && row.Refusals + 1 >= options.Value.RefusalsMax);
        var now = Time.GetUtcNow();
        await RequestStore.AnswerAsync(database, row, answer, now, isOver ? null : now + WaitBehind(row.Attempts, options.Value), ct);
        Answered(log, row.OrderNo, row.EbpCode, row.SessionId, row.Attempts, answer.Code ?? answer.Trouble!);
    }

    [LoggerMessage(LogLevel.Information, "Original data of order {OrderNo} of {Platform}, session {Session}, upload {Attempt}: {Answer}")]
    private static partial void Answered(ILogger log, string orderNo, string platform, string session, int attempt, string answer);
}
