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

/// <summary>Where a platform is asked.</summary>
internal sealed record PlatformAddress(string EbpCode, string PlatDataOpen);

/// <summary>An inquiry that was begun.</summary>
internal sealed record BegunInquiry(Guid Id, string SessionId);

/// <summary>A finding as customs read it.</summary>
internal sealed record FindingView(string Code, Localized Text, string? Original, string? Declared);

/// <summary>Why an upload was refused.</summary>
internal sealed record RefusalView(string Code, Localized Text, DateTimeOffset At);

/// <summary>An inquiry as customs read it.</summary>
/// <param name="State"><c>asking</c>, <c>asked</c>, <c>notAsked</c> or <c>uploaded</c>.</param>
/// <param name="Code">Last answer of the platform to platDataOpen.</param>
/// <param name="Refused">The last upload that was refused; absent where none was.</param>
/// <param name="Findings">Of the upload that was taken; absent while there is none.</param>
internal sealed record InquiryView(
    Guid Id, string SessionId, string EbpCode, string OrderNo, DateTimeOffset MadeAt, string State, int Attempts, string? Code, string? Message,
    string? Trouble, RefusalView? Refused, DateTimeOffset? ReceivedAt, IReadOnlyList<FindingView>? Findings);

/// <summary>The side of customs: where platforms are asked, asking, and what came of it.</summary>
internal static class InquiryEndpoints
{
    private const int AddressMax = 2_000;

    /// <summary>
    /// <c>PUT /v1/original-payments/platforms/{ebpCode}</c>: the operator alone says which addresses this installation calls, and no
    /// answer of theirs leads it anywhere else.
    /// </summary>
    public static async Task<IResult> PutPlatformAsync(
        string ebpCode, HttpContext context, NpgsqlDataSource database, OutboxSignal signal, AuditTrail audit, TimeProvider time, CancellationToken ct)
    {
        var errors = new List<FieldError>();
        if (await ReadAsync(context, errors, "platDataOpen") is not { } body)
        {
            return Unreadable(context);
        }

        if (ebpCode.Length > 18 || !ebpCode.All(char.IsAsciiLetterOrDigit))
        {
            errors.Add(new("/ebpCode", FieldCodes.WrongForm, "C..18"));
        }

        var text = body.Text("platDataOpen", AddressMax);
        Uri? address = null;
        if (text is not null && (!Uri.TryCreate(text, UriKind.Absolute, out address) || address.Scheme is not ("http" or "https")
            || address.UserInfo.Length > 0 || address.Fragment.Length > 0))
        {
            body.Add("platDataOpen", OriginalDataCodes.AddressInvalid, "http://… | https://…");
        }

        if (errors.Count > 0)
        {
            return Problems.Result(context, StatusCodes.Status422UnprocessableEntity, RequestCodes.DocumentsInvalid, errors);
        }

        var platform = ebpCode.ToUpperInvariant();
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        await InquiryStore.PutAddressAsync(unit, platform, address!, time.GetUtcNow(), ct);
        await audit.AppendAsync(unit, context.GetCaller(), [new("register", $"platDataOpen of {platform} at {address!.Host}")], ct);
        await unit.CommitAsync(ct);
        return TypedResults.Ok(new PlatformAddress(platform, address.AbsoluteUri));
    }

    /// <summary><c>POST /v1/original-payments/inquiries</c>: begins one; the platform is called behind the answer.</summary>
    public static async Task<IResult> BeginAsync(
        HttpContext context, NpgsqlDataSource database, OutboxSignal signal, AuditTrail audit, Inquirer inquirer, TimeProvider time, CancellationToken ct)
    {
        var errors = new List<FieldError>();
        if (await ReadAsync(context, errors, "ebpCode", "orderNo") is not { } body)
        {
            return Unreadable(context);
        }

        var (ebpCode, orderNo) = (body.Text("ebpCode", 18)?.ToUpperInvariant(), body.Text("orderNo", 60));
        if (errors.Count > 0)
        {
            return Problems.Result(context, StatusCodes.Status422UnprocessableEntity, RequestCodes.DocumentsInvalid, errors);
        }

        // The session lets an upload in: it must not be guessed, which an id by time could be.
        var (id, session) = (Guid.CreateVersion7(), Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)));
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        if (!await InquiryStore.AddAsync(unit, id, session, ebpCode!, orderNo!, time.GetUtcNow(), ct))
        {
            return Problems.Result(context, StatusCodes.Status409Conflict, OriginalDataCodes.AddressMissing);
        }

        unit.AfterCommit(inquirer.Wake);
        await audit.AppendAsync(unit, context.GetCaller(), [new("inquire", $"original data {ebpCode} {orderNo}")], ct);
        await unit.CommitAsync(ct);
        return TypedResults.Created((string?)null, new BegunInquiry(id, session));
    }

    /// <summary><c>GET /v1/original-payments/inquiries</c>.</summary>
    public static async Task<IResult> ListAsync(HttpContext context, NpgsqlDataSource database, CancellationToken ct)
    {
        var faults = new List<FieldError>();
        if (ListQuery.Read(context.Request, InquiryStore.States, faults) is not { } query)
        {
            return Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.ParameterInvalid, faults);
        }

        var found = await InquiryStore.ListAsync(database, query.OrderNo, query.State, query.After, query.Limit + 1, ct);
        return Results.Json(query.Page(found.ConvertAll(ViewOf), one => one.Id), Problems.Json);
    }

    private static InquiryView ViewOf(StoredInquiry one) => new(
        one.Id, one.SessionId, one.EbpCode, one.OrderNo, one.MadeAt, one.State, one.Attempts, one.Code, one.Message, one.Trouble,
        one.RefusedCode is { } code ? new(code, CodeDictionary.Get(code).Text, one.RefusedAt!.Value) : null,
        one.ReceivedAt,
        one.Findings?.Select(finding => new FindingView(finding.Code, CodeDictionary.Get(finding.Code).Text, finding.Original, finding.Declared)).ToArray());

    /// <summary>Null where the body is no JSON.</summary>
    private static async Task<MemberReader?> ReadAsync(HttpContext context, List<FieldError> errors, params string[] known)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, new JsonDocumentOptions { MaxDepth = 8 }, CancellationToken.None);
            return new(document.RootElement.Clone(), "", errors, known);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IResult Unreadable(HttpContext context) =>
        Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.BodyUnreadable, [new("", FieldCodes.BadJson)]);
}
