using Microsoft.AspNetCore.Mvc;
using Sandan.Contracts.Codes;
using Sandan.Registry.Domain;
using Sandan.Registry.Storage;
using Sandan.Shared;
using Sandan.Shared.Http;
using Sandan.Shared.Security;

namespace Sandan.Registry.Endpoints;

/// <summary>A key, the only time it is ever shown.</summary>
internal sealed record NewKey(string Id, string Key);

/// <summary>The operator makes and revokes the keys of companies; the gateway asks what a key is.</summary>
internal static class Keys
{
    private static readonly string[] OfLive = [ApiKey.Live, ApiKey.Test];
    private static readonly string[] OfSandbox = [ApiKey.Sandbox];

    /// <summary>Maps <c>/v1/companies/{code}/keys</c> and <c>/internal/keys/{id}</c>.</summary>
    public static void MapKeys(this IEndpointRouteBuilder app)
    {
        var keys = app.MapGroup("/v1/companies/{code}/keys").RequireRole(Roles.Operator);
        keys.MapPost("", CreateAsync).WithMetadata(new RequestSizeLimitAttribute(SandanService.SmallBodyBytesMax));
        keys.MapGet("", ListAsync);
        keys.MapDelete("{id}", RevokeAsync);
        app.MapGet("/internal/keys/{id}", FactsAsync).RequireRole(Roles.Operator);
    }

    private static async Task<IResult> CreateAsync(
        string code, HttpContext context, KeyStore store, CompanyStore companies, SandanSettings settings, CancellationToken ct)
    {
        var (body, problem) = await ItemBody.ReadAsync(context);
        if (body is null)
        {
            return problem!;
        }

        var reader = new ItemReader(body.IsSingle ? body.Items[0] : null, "role", "environment", "note");
        var role = reader.IsObject ? reader.OneOf("role", mandatory: true, Roles.All) : null;
        var environments = settings.IsSandbox ? OfSandbox : OfLive;
        var environment = reader.IsObject ? reader.OneOf("environment", mandatory: false, environments) : null;
        var note = reader.IsObject ? reader.Text("note", mandatory: false, 1000) : null;
        if (reader.Errors.Count > 0)
        {
            return Problems.Result(
                context, StatusCodes.Status422UnprocessableEntity, RequestCodes.DocumentsInvalid, reader.Errors);
        }

        var (key, refusal) = await store.CreateAsync(context.GetCaller(), code, role!, environment ?? environments[0], note, ct);
        return refusal switch
        {
            null => TypedResults.Created($"/v1/companies/{code}/keys/{key!.Id}", new NewKey(key.Id, key.Reveal())),
            KeyRefusal.RoleNotOfCompany => Problems.Result(
                context,
                StatusCodes.Status422UnprocessableEntity,
                RequestCodes.DocumentsInvalid,
                [new("/role", RegistryCodes.RoleNotOfCompany, string.Join(", ", (await companies.FindAsync(code, ct))?.Roles ?? []), role)]),
            KeyRefusal.TooManyKeys => Problems.Result(
                context,
                StatusCodes.Status409Conflict,
                RegistryCodes.TooManyKeys,
                [new("/role", RegistryCodes.TooManyKeys, $"<= {KeyStore.KeysInForceMax}", $"{KeyStore.KeysInForceMax}")]),
            _ => NotFound(context),
        };
    }

    private static async Task<IResult> ListAsync(
        string code, HttpContext context, KeyStore store, CompanyStore companies, CancellationToken ct) =>
        await companies.FindAsync(code, ct) is null
            ? NotFound(context)
            : TypedResults.Ok(new Page<StoredKey>(await store.ListAsync(code, ct), null));

    private static async Task<IResult> RevokeAsync(
        string code, string id, HttpContext context, KeyStore store, CancellationToken ct) =>
        await store.RevokeAsync(context.GetCaller(), code, id, ct) ? TypedResults.NoContent() : NotFound(context);

    private static async Task<IResult> FactsAsync(string id, HttpContext context, KeyStore store, CancellationToken ct) =>
        await store.FindAsync(id, ct) is { } facts ? TypedResults.Ok(facts) : NotFound(context);

    private static IResult NotFound(HttpContext context) =>
        Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
}
