using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using Sandan.Shared.Http;

namespace Sandan.Payment.OriginalData;

/// <summary>Calls platDataOpen of platforms for customs, some times where there is no answer.</summary>
internal sealed partial class Inquirer(
    NpgsqlDataSource database, PartnerHttp http, IOptions<OriginalDataOptions> options, TimeProvider time, ILogger<Inquirer> log)
    : DueWorker<DueInquiry>(time, log)
{
    private const string Field = "openReq";

    protected override Task<List<DueInquiry>> ClaimAsync(int rowsMax, DateTimeOffset now, CancellationToken ct) =>
        InquiryStore.ClaimAsync(database, rowsMax, now, now + (2 * options.Value.AnswerWithin), ct);

    protected override async Task WorkAsync(DueInquiry row, CancellationToken ct)
    {
        var answer = await http.PostAsync(row.Address, Field, OpenReq(row.OrderNo, row.SessionId, Time.GetUtcNow()), ct);
        var isOver = answer.Code is not null || row.Attempts >= options.Value.AsksMax;
        await InquiryStore.AnswerAsync(
            database, row, answer, isOver ? null : Time.GetUtcNow() + WaitBehind(row.Attempts, options.Value), ct);
        Answered(log, row.OrderNo, row.SessionId, row.Attempts, answer.Code ?? answer.Trouble!);
    }

    /// <summary>openReq as the announcement shows it, serviceTime as a string.</summary>
    internal static string OpenReq(string orderNo, string sessionId, DateTimeOffset now) => JsonSerializer.Serialize(
        new Dictionary<string, string>
        {
            ["orderNo"] = orderNo,
            ["sessionID"] = sessionId,
            ["serviceTime"] = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        },
        Problems.Json);

    [LoggerMessage(LogLevel.Information, "platDataOpen of order {OrderNo}, session {Session}, call {Attempt}: {Answer}")]
    private static partial void Answered(ILogger log, string orderNo, string session, int attempt, string answer);
}
