using System.Buffers;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Intake.Storage;
using Sandan.Shared.Http;
using Sandan.Shared.Sandbox;
using Sandan.Shared.Security;

namespace Sandan.Intake.Endpoints;

/// <summary>A receipt as JSON.</summary>
internal sealed record ReceiptView(string ReturnStatus, DateTimeOffset ReturnTime, string ReturnInfo, string? PreNo, string? CustomsNo);

/// <summary>What a receipt would say that is not there.</summary>
public sealed record ForetoldReceipt(string ReturnStatus, string ReturnInfo)
{
    /// <summary>Without what only telling gives it.</summary>
    public ForetoldReceipt(LaterReceipt told) : this(told.ReturnStatus, told.ReturnInfo)
    {
    }
}

/// <summary>Every receipt of one version of a document, the oldest first.</summary>
/// <param name="Type">Of its message: <c>CEB311</c>.</param>
internal sealed record ReceiptList(Guid Id, string Type, int Version, DateTimeOffset ReceivedAt, IReadOnlyList<ReceiptView> Receipts);

/// <summary>
/// <c>GET /v1/documents/{id}/receipts</c>: what the e-port and customs say of a document over time, for its sender, customs and
/// operator; with <c>Accept: application/xml</c> as the official message. What was told once comes again as it was.
/// </summary>
internal static class ReceiptEndpoint
{
    private const string Xml = "application/xml";

    /// <summary>404 for a document that is not the caller's, 410 where it was shredded, 503 where a part cannot be told now.</summary>
    public static async Task<IResult> GetAsync(
        Guid id, HttpContext context, NpgsqlDataSource database, DataKeys keys, ILaterReceipts later, ReceiptSigner signer,
        ForcedOutcomes forced, CancellationToken ct)
    {
        var caller = context.GetCaller();
        if (await DocumentStore.FindAsync(database, id, ct) is not { } kept
            || !(caller.SeesEverything || string.Equals(kept.Sender, caller.Company, StringComparison.OrdinalIgnoreCase)))
        {
            return Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
        }

        var version = kept.Version;
        if (version.Sealed is null || keys.Find(DataKey.IdOf(version.Sealed)) is not { } key)
        {
            return Problems.Result(context, StatusCodes.Status410Gone, RequestCodes.PersonalDataShredded);
        }

        var message = CebMessage.All.Single(one => one.Type == kept.Kind);
        var block = key.Decrypt(version.Sealed, version.Block);
        var document = Domain.StoredDocument.Read(message, BodyBlocks.Find(block, version.Id).ToArray(), version.ReceivedAt);
        if (await later.OfAsync(document, id, context, ct) is not { } results)
        {
            context.Response.Headers.RetryAfter = "2";
            return Problems.Result(context, StatusCodes.Status503ServiceUnavailable, RequestCodes.ServiceAway);
        }

        var preNo = GivenNumbers.LetterOf(message) is { } letter ? kept.Numbers?.PreNo(letter) : null;
        var orderNo = document.Table.Find("orderNo") is { } field ? document[field] : null;
        LaterReceipt[] all = [First(document, kept), .. forced.Of(orderNo).Deliver(results)];
        context.Response.Headers.CacheControl = "no-store";
        if (!context.Request.Headers.Accept.ToString().Contains(Xml, StringComparison.OrdinalIgnoreCase))
        {
            return Results.Json(
                new ReceiptList(id, kept.Kind, version.Version, version.ReceivedAt, [.. all.Select(one => new ReceiptView(
                    one.ReturnStatus, one.ReturnTime, one.ReturnInfo, preNo, one.CustomsNo))]),
                Problems.Json);
        }

        var output = new ArrayBufferWriter<byte>();
        CebReceiptWriter.Write(output, message, document["guid"] ?? "", [.. all.TakeLast(message.Receipt!.DocumentsMax).Select(one => CebReceipt.For(
            document, one.ReturnStatus, one.ReturnTime, one.ReturnInfo, preNo, one.CustomsNo))]);
        return Results.Bytes(signer.Sign(output), Xml + "; charset=utf-8");
    }

    /// <summary>What was answered when it came.</summary>
    private static LaterReceipt First(CebDocument document, KeptDocument kept) => kept.Draft
        ? new(OfficialCodes.StoredAsDraft, kept.Version.ReceivedAt, CebReceipt.DraftInfo(document))
        : new(OfficialCodes.Accepted, kept.Version.ReceivedAt, CebReceipt.AcceptedInfo(document));
}
