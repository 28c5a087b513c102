using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Intake;
using Sandan.Shared.Audit;
using Sandan.Shared.Http;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Payment.OriginalData;

/// <summary>An address that was made.</summary>
/// <param name="Path">Behind the gateway's address; shown this once.</param>
internal sealed record MadeAddress(Guid Id, string Path);

/// <summary>
/// platDataOpen, as customs call it. They cannot send a key of ours: the address that a platform gives them at registration has a token
/// in it, of which only the hash is kept.
/// </summary>
internal static class PlatDataOpen
{
    private const string Field = "openReq";
    private const int TokenBytes = 32;

    /// <summary>So that the address can be changed while customs still call the old one.</summary>
    private const int AddressesInForce = 2;

    /// <summary><c>POST /v1/original-payments/addresses</c>: makes an address; of a platform's older ones the last stays in force.</summary>
    public static async Task<IResult> MakeAddressAsync(
        HttpContext context, NpgsqlDataSource database, OutboxSignal signal, AuditTrail audit, TimeProvider time, CancellationToken ct)
    {
        var caller = context.GetCaller();
        var (id, token) = (Guid.CreateVersion7(), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes)));
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        await unit.ExecuteAsync(
            "INSERT INTO plat_data_open_address (id, ebp_code, token_hash, made_at) VALUES ($1, $2, $3, $4)",
            ct, id, caller.Company.ToUpperInvariant(), HashOf(token), time.GetUtcNow());
        await unit.ExecuteAsync(
            """
            DELETE FROM plat_data_open_address WHERE ebp_code = $1 AND id NOT IN (
              SELECT id FROM plat_data_open_address WHERE ebp_code = $1 ORDER BY id DESC LIMIT $2)
            """,
            ct, caller.Company.ToUpperInvariant(), AddressesInForce);
        await audit.AppendAsync(unit, caller, [new("createAddress", $"platDataOpen address {id}")], ct);
        await unit.CommitAsync(ct);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created((string?)null, new MadeAddress(id, $"/v1/179/{token}/platDataOpen"));
    }

    /// <summary><c>POST /v1/179/{token}/platDataOpen</c>: answers at once that it was received, whether the order is known or not.</summary>
    public static async Task<IResult> OpenAsync(
        string token, HttpContext context, NpgsqlDataSource database, OutboxSignal signal, Uploader uploader, TimeProvider time, CancellationToken ct)
    {
        await using var find = database.CreateCommand("SELECT ebp_code FROM plat_data_open_address WHERE token_hash = $1");
        find.Parameters.Add(new() { Value = HashOf(token) });
        if (await find.ExecuteScalarAsync(ct) is not string ebpCode)
        {
            return Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
        }

        var errors = new List<FieldError>();
        var text = await AnnouncementForm.ReadAsync(context.Request, Field, errors);
        if (text is null || Read(text, errors) is not { } asked)
        {
            return AnnouncementForm.Refuse(context, time, errors[0]);
        }

        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        await OriginalPaymentStore.LockAsync(unit, ebpCode, [asked.OrderNo], ct);
        var hasData = await OriginalPaymentStore.HasAsync(unit, ebpCode, asked.OrderNo, ct);
        await RequestStore.AddAsync(unit, ebpCode, asked.OrderNo, asked.SessionId, hasData, time.GetUtcNow(), ct);
        unit.AfterCommit(uploader.Wake);
        await unit.CommitAsync(ct);
        return AnnouncementForm.Accept(time, "");
    }

    /// <summary>openReq: <c>{"orderNo":…,"sessionID":…,"serviceTime":…}</c>. Null where there are errors.</summary>
    internal static (string OrderNo, string SessionId)? Read(string text, List<FieldError> errors)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 });
            var at = new MemberReader(document.RootElement, "", errors, "orderNo", "sessionID", "serviceTime");
            var (orderNo, sessionId) = (at.Text("orderNo", 60), at.Text("sessionID", 36));
            ServiceTimes.Read(at, "serviceTime", numberToo: true);
            return errors.Count == 0 ? (orderNo!, sessionId!) : null;
        }
        catch (JsonException)
        {
            errors.Add(new("", FieldCodes.BadJson));
            return null;
        }
    }

    /// <summary>256 random bits need no slow hash.</summary>
    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
