using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Customs.Domain;
using Sandan.Customs.Feed;
using Sandan.Customs.Storage;
using Sandan.Shared;
using Sandan.Shared.Audit;
using Sandan.Shared.Http;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Endpoints;

/// <summary>Officers release, hold, inspect and reject; who did it and why is kept with the decision.</summary>
internal static partial class OfficerActionsEndpoint
{
    private const int ReasonLengthMax = 500;

    public static void MapOfficerActions(this IEndpointRouteBuilder app) =>
        app.MapPost("/v1/clearances/{ebpCode}/{orderNo}/actions", ActAsync)
            .WithMetadata(new RequestSizeLimitAttribute(SandanService.SmallBodyBytesMax))
            .RequireRole(Roles.Customs).WithName("DecideClearance").WithTags("Clearances");

    private static async Task<IResult> ActAsync(
        string ebpCode,
        string orderNo,
        ActionRequest request,
        HttpContext context,
        NpgsqlDataSource database,
        DecisionStore decisions,
        OutboxSignal outbox,
        FeedSignal signal,
        AuditTrail audit,
        TimeProvider time,
        ILoggerFactory logs,
        CancellationToken ct)
    {
        if (Faults(request, "release", "hold", "inspect", "reject") is { Count: > 0 } faults)
        {
            return Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.ParameterInvalid, faults);
        }

        var key = Clearances.KeyOf(ebpCode, orderNo);
        var action = OfficerActions.Parse(request.Action)!.Value;
        var caller = context.GetCaller();
        await using var unit = await UnitOfWork.BeginAsync(database, outbox, ct);
        var found = await ClearanceStore.LockAsync(unit, [key], ct);
        if (found.GetValueOrDefault(key) is not { Revision: > 0 } clearance)
        {
            return Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
        }

        if (OfficerActions.Refusal(action, clearance.Status, clearance.TaxIsAssessed) is { } refusal)
        {
            var allowed = OfficerActions.Table.Single(one => one.Action == action).From.Cast<int>();
            return Problems.Result(
                context,
                StatusCodes.Status409Conflict,
                RequestCodes.ActionNotPossible,
                [new(
                    "/action",
                    refusal,
                    $"returnStatus {string.Join(", ", allowed)}",
                    ((int?)clearance.Status)?.ToString(CultureInfo.InvariantCulture))]);
        }

        var decision = clearance.DecideByOfficer(action, caller.Client, request.Reason!.Trim(), time.GetUtcNow());
        var after = clearance.With(decision);
        await ClearanceDesk.WriteAsync(unit, new(clearance, after, decision, []), ct);
        await audit.AppendAsync(
            unit, caller,
            [new(request.Action!, $"clearance {key.PlatformCode} {key.OrderNo} decision {decision.Number}, now {(int)decision.Status}", request.Reason.Trim())],
            ct);
        await unit.CommitAsync(ct);
        await unit.DisposeAsync(); // many officers at once would else hold every connection while each waits for a second one
        signal.Set();
        Acted(
            logs.CreateLogger("Sandan.Customs.Officer"),
            key.PlatformCode,
            key.OrderNo,
            action,
            (int)decision.Status,
            caller.Client);
        return Results.Json(
            ClearanceView.Of(after, caller, await decisions.HistoryAsync(after.Number, ct)), CustomsJson.Plain.ClearanceView);
    }

    /// <summary>What is wrong with an order: it is none of <paramref name="actions"/>, or says no reason.</summary>
    public static List<FieldError> Faults(ActionRequest request, params string[] actions)
    {
        var faults = new List<FieldError>();
        if (!actions.Contains(request.Action))
        {
            faults.Add(new("/action", RequestCodes.ParameterInvalid, string.Join(", ", actions), request.Action));
        }

        if (request.Reason?.Trim() is not { Length: >= 1 and <= ReasonLengthMax } reason || reason.Contains('\0'))
        {
            faults.Add(new(
                "/reason", RequestCodes.ParameterInvalid, $"1..{ReasonLengthMax}",
                request.Reason?.Trim().Length.ToString(CultureInfo.InvariantCulture)));
        }

        return faults;
    }

    [LoggerMessage(LogLevel.Information, "{Platform}/{OrderNo}: {Action}, now {Status}, by {Client}")]
    private static partial void Acted(
        ILogger log, string platform, string orderNo, OfficerAction action, int status, string client);
}
