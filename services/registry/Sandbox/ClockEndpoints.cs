using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Registry.Endpoints;
using Sandan.Shared;
using Sandan.Shared.Http;
using Sandan.Shared.Sandbox;
using Sandan.Shared.Security;

namespace Sandan.Registry.Sandbox;

/// <summary>The clock of the sandbox: what it says, and how it is moved ahead. All keys of the sandbox share it.</summary>
internal static class ClockEndpoints
{
    private sealed record Clock(DateTimeOffset Now, long AheadSeconds);

    /// <summary>Maps <c>/v1/sandbox/clock</c> and <c>/internal/clock</c>.</summary>
    public static void MapClock(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/sandbox/clock", Answer);
        app.MapPut("/v1/sandbox/clock", MoveAsync).WithMetadata(new RequestSizeLimitAttribute(SandanService.SmallBodyBytesMax));
        app.MapDelete("/v1/sandbox/clock", ResetAsync).RequireRole(Roles.Operator);
        app.MapGet("/internal/clock", Answer);
    }

    private static IResult Answer(SandboxClock clock) =>
        Results.Json(new Clock(clock.GetUtcNow(), (long)clock.Ahead.TotalSeconds), Problems.Json);

    private static async Task<IResult> MoveAsync(HttpContext context, ClockStore store, SandboxClock clock, CancellationToken ct)
    {
        var (body, problem) = await ItemBody.ReadAsync(context);
        if (body is null)
        {
            return problem!;
        }

        var said = body is { IsSingle: true, Items: [{ ValueKind: JsonValueKind.Object } item] } && item.TryGetProperty("now", out var now)
            ? now.ToString()
            : null;
        var (first, last) = (clock.GetUtcNow(), TimeProvider.System.GetUtcNow() + ClockStore.AheadMax);
        if (!DateTimeOffset.TryParse(said, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var wanted) || wanted < first || wanted > last)
        {
            return Problems.Result(
                context, StatusCodes.Status422UnprocessableEntity, RequestCodes.DocumentsInvalid,
                [new FieldError("/now", RegistryCodes.ClockNotThere, $"{first:yyyy-MM-ddTHH:mm:ssZ} … {last:yyyy-MM-ddTHH:mm:ssZ}", said)]);
        }

        await store.MoveAsync(context.GetCaller(), wanted - TimeProvider.System.GetUtcNow(), ct);
        return Answer(clock);
    }

    private static async Task<IResult> ResetAsync(HttpContext context, ClockStore store, SandboxClock clock, CancellationToken ct)
    {
        await store.ResetAsync(context.GetCaller(), ct);
        return Answer(clock);
    }
}
