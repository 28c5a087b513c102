using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Sandan.Contracts.Codes;
using Sandan.Registry.Development;
using Sandan.Registry.Storage;
using Sandan.Shared.Http;
using Sandan.Shared.Security;

namespace Sandan.Registry.Sandbox;

/// <summary>
/// <c>POST /v1/sandbox/tenants</c>, without a key: six fictitious companies, filed goods and a key each, at once and with nobody
/// asked. Whatever they send stays among them.
/// </summary>
internal static class Tenants
{
    private const string Alphabet = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    private static readonly Caller Self = new("sandbox", "", Roles.Operator);

    private sealed record Party(string Code, string Name, string Key);

    /// <param name="Companies">By role.</param>
    private sealed record Tenant(IReadOnlyDictionary<string, Party> Companies);

    /// <summary>Maps it.</summary>
    public static void MapTenants(this IEndpointRouteBuilder app) => app.MapPost("/v1/sandbox/tenants", CreateAsync);

    private static async Task<IResult> CreateAsync(
        HttpContext context, CompanyStore companies, GoodsStore goods, KeyStore keys, IOptions<SandboxOptions> options, TimeProvider time,
        CancellationToken ct)
    {
        var since = time.GetUtcNow() - TimeSpan.FromDays(1);
        if (await keys.CountAsync(Roles.Platform, since, ct) >= options.Value.TenantsPerDayMax)
        {
            context.Response.Headers.RetryAfter = "3600";
            return Problems.Result(context, StatusCodes.Status429TooManyRequests, RequestCodes.TooManyRequests);
        }

        var tenant = RandomNumberGenerator.GetString(Alphabet, 6);
        var parties = Fictitious.Companies().Where(one => Fictitious.Parties.Contains(one.Roles.Single())).ToDictionary(
            one => one.Roles.Single(), one => one with { Code = $"SBX{tenant}{Array.IndexOf(Fictitious.Parties, one.Roles.Single()) + 1}" });
        await companies.StoreAsync(Self, [.. parties.Values], ct);
        await goods.StoreAsync([.. Fictitious.Goods(Self).Select(one => one with { SellerCode = parties[Roles.Seller].Code })], ct);
        var made = new Dictionary<string, Party>();
        foreach (var role in Fictitious.Parties)
        {
            var (key, refusal) = await keys.CreateAsync(Self, parties[role].Code, role, ApiKey.Sandbox, "tenant", ct);
            made.Add(role, new(
                parties[role].Code, parties[role].Name,
                key?.Reveal() ?? throw new InvalidOperationException($"No key for {role}: {refusal}.")));
        }

        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(new Tenant(made), Problems.Json, statusCode: StatusCodes.Status201Created);
    }
}
