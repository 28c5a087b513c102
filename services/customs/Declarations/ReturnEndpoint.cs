using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Domain;
using Sandan.Customs.Endpoints;
using Sandan.Customs.Feed;
using Sandan.Customs.Storage;
using Sandan.Intake;
using Sandan.Shared;
using Sandan.Shared.Audit;
using Sandan.Shared.Http;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Declarations;

/// <summary>A line of a return, as sent.</summary>
internal sealed record ReturnLineView(int Gnum, string Gcode, decimal Qty);

/// <summary>A return as its parties may see it.</summary>
/// <param name="Id">Of the version that the rest speaks of.</param>
/// <param name="BuyerName">Masked, as the next.</param>
/// <param name="ReturnStatus">The last result; absent while the return waits for the result of its inventory, as the four behind it.</param>
internal sealed record ReturnView(
    string PreNo, string InvtNo, Guid Id, int Version, string EbpCode, string OrderNo, string EbcCode, string AgentCode, string LogisticsCode,
    string LogisticsNo, string BuyerName, string BuyerIdNumber, IReadOnlyList<ReturnLineView> Lines, DateTimeOffset ReceivedAt,
    string? ReturnStatus, string? Code, Localized? Text, Localized? Fix, DateTimeOffset? DecidedAt, IReadOnlyList<LaterReceipt> Receipts)
{
    public static async Task<IResult> ShowAsync(ReturnRow<ReturnAccepted> row, IServiceProvider services, CancellationToken ct)
    {
        var (asked, last) = (row.Asked, row.Last);
        return Results.Json(
            new ReturnView(
                asked.PreNo, asked.InventoryNo, asked.Document.Id, asked.Document.Version, asked.PlatformCode, asked.OrderNo, asked.SellerCode,
                asked.DeclarantCode, asked.LogisticsCompanyCode, asked.WaybillNo, asked.BuyerName.Mask, asked.BuyerId.Mask,
                [.. asked.Lines.Select(line => new ReturnLineView(line.LineNo, line.HsCode, line.Quantity))], asked.Document.ReceivedAt,
                last?.Status, last?.Code, last is null ? null : Explained.TextOf(last.Code), last is null ? null : Explained.FixOf(last.Code),
                row.DecidedAt, await services.GetRequiredService<ReceiptStore>().OfAsync(asked.Document.Id, ct)),
            CustomsJson.Plain.ReturnView);
    }
}

/// <summary>Shows a return to somebody who may see it.</summary>
internal delegate Task<IResult> ShowReturn<TAsked>(ReturnRow<TAsked> row, IServiceProvider services, CancellationToken ct)
    where TAsked : class, IReturnAccepted;

/// <summary>Reading returns, of imports or of exports, and what officers do with those that are held.</summary>
internal static partial class ReturnEndpoint
{
    private const string Release = "release";
    private const string Reject = "reject";

    public static void MapReturns<TAsked>(this IEndpointRouteBuilder app, string route, ShowReturn<TAsked> show)
        where TAsked : class, IReturnAccepted
    {
        app.MapGet(route + "/{preNo}", (string preNo, HttpContext context, ReturnDesk<TAsked> desk, CancellationToken ct) =>
            GetAsync(preNo, context, desk, show, ct));
        app.MapPost(
                route + "/{preNo}/actions",
                (string preNo, ActionRequest request, HttpContext context, ReturnDesk<TAsked> desk, CancellationToken ct) =>
                    ActAsync(preNo, request, context, desk, show, ct))
            .WithMetadata(new RequestSizeLimitAttribute(SandanService.SmallBodyBytesMax)).RequireRole(Roles.Customs);
    }

    /// <summary>A company sees those to which it is a party; of others it does not learn that they exist.</summary>
    private static async Task<IResult> GetAsync<TAsked>(
        string preNo, HttpContext context, ReturnDesk<TAsked> desk, ShowReturn<TAsked> show, CancellationToken ct)
        where TAsked : class, IReturnAccepted
    {
        var caller = context.GetCaller();
        return await desk.FindAsync(preNo, ct) is { } row && (caller.SeesEverything || row.Parties.Contains(caller.Company))
            ? await show(row, context.RequestServices, ct)
            : Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
    }

    private static async Task<IResult> ActAsync<TAsked>(
        string preNo, ActionRequest request, HttpContext context, ReturnDesk<TAsked> desk, ShowReturn<TAsked> show, CancellationToken ct)
        where TAsked : class, IReturnAccepted
    {
        if (OfficerActionsEndpoint.Faults(request, Release, Reject) is { Count: > 0 } faults)
        {
            return Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.ParameterInvalid, faults);
        }

        if (await desk.FindAsync(preNo, ct) is not { } found)
        {
            return Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
        }

        var services = context.RequestServices;
        await using var unit = await UnitOfWork.BeginAsync(
            services.GetRequiredService<NpgsqlDataSource>(), services.GetRequiredService<OutboxSignal>(), ct);
        var row = await desk.LockAsync(unit, found, ct);
        if (row.Last?.Status != OfficialCodes.ManualReview)
        {
            return Problems.Result(
                context,
                StatusCodes.Status409Conflict,
                RequestCodes.ActionNotPossible,
                [new("/action", RequestCodes.ActionNotPossible, $"returnStatus {OfficialCodes.ManualReview}", row.Last?.Status)]);
        }

        var (caller, reason) = (context.GetCaller(), request.Reason!.Trim());
        var after = await desk.DecideByOfficerAsync(unit, row, request.Action == Reject ? reason : null, ct);
        await services.GetRequiredService<AuditTrail>().AppendAsync(
            unit, caller, [new(request.Action!, $"return {preNo}, now {after.Last!.Status}", reason)], ct);
        await unit.CommitAsync(ct);
        await unit.DisposeAsync(); // many officers at once would else hold every connection while each waits for a second one
        services.GetRequiredService<FeedSignal>().Set();
        Acted(services.GetRequiredService<ILoggerFactory>().CreateLogger("Sandan.Customs.Officer"), preNo, request.Action!, after.Last.Status, caller.Client);
        return await show(after, services, ct);
    }

    [LoggerMessage(LogLevel.Information, "Return {PreNo}: {Action}, now {Status}, by {Client}")]
    private static partial void Acted(ILogger log, string preNo, string action, string status, string client);
}
