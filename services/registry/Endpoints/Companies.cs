using Microsoft.AspNetCore.Mvc;
using Sandan.Contracts.Codes;
using Sandan.Registry.Domain;
using Sandan.Registry.Storage;
using Sandan.Shared.Http;
using Sandan.Shared.Security;

namespace Sandan.Registry.Endpoints;

/// <summary>What became of one company of a request.</summary>
/// <param name="Index">Place in the request, from 0.</param>
/// <param name="Code">As sent; absent where it was not.</param>
internal sealed record CompanyResult(int Index, Outcome Outcome, string? Code, IReadOnlyList<ExplainedError> Errors);

/// <summary>The operator registers companies; each may see itself.</summary>
internal static class Companies
{
    /// <summary>Maps <c>/v1/companies</c>.</summary>
    public static void MapCompanies(this IEndpointRouteBuilder app)
    {
        var companies = app.MapGroup("/v1/companies");
        companies.MapPost("", RegisterAsync)
            .RequireRole(Roles.Operator)
            .WithMetadata(new RequestSizeLimitAttribute(ItemBody.BytesMax));
        companies.MapGet("", ListAsync);
        companies.MapGet("{code}", FindAsync);
    }

    private static async Task<IResult> RegisterAsync(HttpContext context, CompanyStore store, CancellationToken ct)
    {
        var (body, problem) = await ItemBody.ReadAsync(context);
        if (body is null)
        {
            return problem!;
        }

        var items = body.Items.Select(Company.Read).ToList();
        if (body.IsSingle && !items[0].IsGood)
        {
            return Problems.Result(
                context, StatusCodes.Status422UnprocessableEntity, RequestCodes.DocumentsInvalid, items[0].Errors);
        }

        var stored = Items.LastOfEach(items, company => company.Code);
        var versions = stored.Count == 0
            ? new Dictionary<string, int>()
            : await store.StoreAsync(context.GetCaller(), [.. stored.Select(item => item.Value)], ct);
        var counted = stored.Select(item => item.Index).ToHashSet();
        var language = Problems.LanguageOf(context.Request);
        var results = items.ConvertAll(item => new CompanyResult(
            item.Index,
            OutcomeOf(item, counted, versions.GetValueOrDefault(item.Value.Code)),
            item.Value.Code.Length == 0 ? null : item.Value.Code,
            Problems.Explain(item.Errors, language)));
        return !body.IsSingle ? body.Answer(results)
            : results[0].Outcome == Outcome.Created ? TypedResults.Created($"/v1/companies/{results[0].Code}", results[0])
            : TypedResults.Ok(results[0]);
    }

    private static async Task<IResult> ListAsync(HttpContext context, CompanyStore store, CancellationToken ct)
    {
        var caller = context.GetCaller();
        if (!caller.SeesEverything)
        {
            return TypedResults.Ok(new Page<StoredCompany>(await store.FindAsync(caller.Company, ct) is { } self ? [self] : [], null));
        }

        return Paging.TryRead(context, keyParts: 1, out var paging, out var problem)
            ? TypedResults.Ok(paging.Page(
                await store.ListAsync(paging.After[0], paging.Limit + 1, ct), company => company, company => [company.Code]))
            : problem;
    }

    private static async Task<IResult> FindAsync(string code, HttpContext context, CompanyStore store, CancellationToken ct)
    {
        var caller = context.GetCaller();
        return (caller.SeesEverything || caller.Company == code) && await store.FindAsync(code, ct) is { } company
            ? TypedResults.Ok(company)
            : Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
    }

    /// <summary>What became of an item: <paramref name="version"/> is 0 where nothing changed.</summary>
    internal static Outcome OutcomeOf<T>(Item<T> item, HashSet<int> counted, int version) =>
        !item.IsGood ? Outcome.Refused
        : !counted.Contains(item.Index) ? Outcome.Replaced
        : version switch
        {
            0 => Outcome.Unchanged,
            1 => Outcome.Created,
            _ => Outcome.Changed,
        };
}
