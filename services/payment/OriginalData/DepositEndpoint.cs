using System.Text.Json;
using Npgsql;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Intake.Storage;
using Sandan.Shared.Http;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Payment.OriginalData;

/// <summary>What became of a deposit.</summary>
/// <param name="Outcome"><c>created</c>, or <c>exists</c> where the same was deposited before.</param>
internal sealed record Deposited(string Outcome, Guid Id);

/// <summary>
/// <c>POST /v1/original-payments</c>: a platform deposits what it must be able to show customs of a payment transaction. What is there
/// is never changed.
/// </summary>
internal static class DepositEndpoint
{
    /// <summary>Most bytes of a deposit: raw request and answer have 16,000 characters, the rest is for orders and goods.</summary>
    public const int BytesMax = 256 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8 };

    public static async Task<IResult> DepositAsync(
        HttpContext context, NpgsqlDataSource database, DataKeys keys, OutboxSignal signal, Uploader uploader, TimeProvider time, CancellationToken ct)
    {
        if (context.Request.ContentType is { Length: > 0 } type && !context.Request.HasJsonContentType())
        {
            return Problems.Result(
                context, StatusCodes.Status415UnsupportedMediaType, RequestCodes.ContentTypeUnsupported,
                [new("", RequestCodes.ContentTypeUnsupported, "application/json", type.Length > 100 ? type[..100] : type)]);
        }

        var id = Guid.CreateVersion7();
        var errors = new List<FieldError>();
        OriginalPayment? payment;
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, Strict, CancellationToken.None);
            payment = OriginalPaymentReader.ReadDeposit(
                document.RootElement, context.GetCaller().Company, id.ToString("D").ToUpperInvariant(), errors);
        }
        catch (JsonException)
        {
            return Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.BodyUnreadable, [new("", FieldCodes.BadJson)]);
        }

        if (payment is null)
        {
            return Problems.Result(context, StatusCodes.Status422UnprocessableEntity, RequestCodes.DocumentsInvalid, errors);
        }

        var now = time.GetUtcNow();
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        await OriginalPaymentStore.LockAsync(unit, payment.Head.EbpCode, payment.Orders.Select(order => order.OrderNo), ct);
        var added = await OriginalPaymentStore.AddAsync(unit, keys.Of(now), id, payment, now, ct);
        if (!added.IsNew)
        {
            return added.ContentHash.AsSpan().SequenceEqual(PayExBody.HashOf(payment))
                ? TypedResults.Ok(new Deposited("exists", added.Id))
                : Problems.Result(
                    context, StatusCodes.Status409Conflict, OriginalDataCodes.OtherContent,
                    [new($"/{OriginalPaymentReader.Head}/payTransactionId", OriginalDataCodes.OtherContent)]);
        }

        await RequestStore.DataCameAsync(unit, payment, now, ct);
        unit.AfterCommit(uploader.Wake);
        await unit.CommitAsync(ct);
        return TypedResults.Created((string?)null, new Deposited("created", id));
    }
}
