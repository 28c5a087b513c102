using Microsoft.AspNetCore.Mvc;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Registry.Domain;
using Sandan.Registry.Storage;
using Sandan.Shared.Http;
using Sandan.Shared.Security;

namespace Sandan.Registry.Endpoints;

/// <summary>What became of one filing of a request.</summary>
/// <param name="Index">Place in the request, from 0.</param>
internal sealed record FilingResult(
    int Index, Outcome Outcome, string? EbcCode, string? ItemNo, IReadOnlyList<ExplainedError> Errors);

/// <summary>A filing as shown: the member names are those in which it was sent.</summary>
internal sealed record FilingView(
    string EbcCode,
    string ItemNo,
    string Gcode,
    string Gname,
    string? Gmodel,
    string Unit,
    string? Unit1,
    decimal? Qty1PerUnit,
    decimal? NetWeightKgPerUnit,
    string Country,
    int Version,
    DateTimeOffset ChangedAt);

/// <summary>Goods are filed once (备案) and read by all.</summary>
internal static class Goods
{
    /// <summary>Maps <c>/v1/goods</c>.</summary>
    public static void MapGoods(this IEndpointRouteBuilder app)
    {
        var goods = app.MapGroup("/v1/goods");
        goods.MapPost("", FileAsync)
            .RequireRole(Roles.Operator, Roles.Platform, Roles.Seller, Roles.Declarant)
            .WithMetadata(new RequestSizeLimitAttribute(ItemBody.BytesMax));
        goods.MapGet("", ListAsync);
        goods.MapGet("{ebcCode}/{itemNo}", FindAsync);
    }

    private static async Task<IResult> FileAsync(
        HttpContext context, GoodsStore store, CompanyStore companies, CancellationToken ct)
    {
        var (body, problem) = await ItemBody.ReadAsync(context);
        if (body is null)
        {
            return problem!;
        }

        var caller = context.GetCaller();
        var items = body.Items.Select((json, index) => Filing.Read(json, index, caller)).ToList();
        items = await RequireSellersAsync(items, companies, ct);
        if (body.IsSingle && !items[0].IsGood)
        {
            return Problems.Result(
                context, StatusCodes.Status422UnprocessableEntity, RequestCodes.DocumentsInvalid, items[0].Errors);
        }

        var stored = Items.LastOfEach(items, filing => filing.Key);
        var versions = stored.Count == 0
            ? new Dictionary<(string, string), int>()
            : await store.StoreAsync([.. stored.Select(item => item.Value)], ct);
        var counted = stored.Select(item => item.Index).ToHashSet();
        var language = Problems.LanguageOf(context.Request);
        var results = items.ConvertAll(item => new FilingResult(
            item.Index,
            Companies.OutcomeOf(item, counted, versions.GetValueOrDefault(item.Value.Key)),
            item.Value.SellerCode.Length == 0 ? null : item.Value.SellerCode,
            item.Value.ItemNo.Length == 0 ? null : item.Value.ItemNo,
            Problems.Explain(item.Errors, language)));
        return !body.IsSingle ? body.Answer(results)
            : results[0].Outcome == Outcome.Created
                ? TypedResults.Created(
                    $"/v1/goods/{results[0].EbcCode}/{Uri.EscapeDataString(results[0].ItemNo!)}", results[0])
            : TypedResults.Ok(results[0]);
    }

    /// <summary>Refuses filings of companies that are not registered as sellers, all with one question to the database.</summary>
    private static async Task<List<Item<Filing>>> RequireSellersAsync(
        List<Item<Filing>> items, CompanyStore companies, CancellationToken ct)
    {
        var codes = items.Select(item => item.Value.SellerCode).Where(Company.IsCode).ToHashSet();
        var sellers = await companies.SellersAmongAsync(codes, ct);
        return items.ConvertAll(item => !codes.Contains(item.Value.SellerCode) || sellers.Contains(item.Value.SellerCode)
            ? item
            : item with
            {
                Errors = [.. item.Errors, new FieldError("/ebcCode", RegistryCodes.SellerUnknown, null, item.Value.SellerCode)],
            });
    }

    private static async Task<IResult> ListAsync(HttpContext context, GoodsStore store, string? ebcCode, CancellationToken ct) =>
        ebcCode?.Contains('\0', StringComparison.Ordinal) == true
            ? Problems.Result(
                context, StatusCodes.Status400BadRequest, RequestCodes.ParameterInvalid, [new("?ebcCode", RequestCodes.ParameterInvalid, "C10 | C18: 0-9 A-Z")])
            : Paging.TryRead(context, keyParts: 2, out var paging, out var problem)
            ? TypedResults.Ok(paging.Page(
                await store.ListAsync(ebcCode, (paging.After[0], paging.After[1]), paging.Limit + 1, ct),
                View,
                stored => [stored.Filing.SellerCode, stored.Filing.ItemNo]))
            : problem;

    private static async Task<IResult> FindAsync(
        string ebcCode, string itemNo, HttpContext context, GoodsStore store, CancellationToken ct) =>
        await store.FindAsync(ebcCode, itemNo.Unslash(), ct) is { } found
            ? TypedResults.Ok(View(found))
            : Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);

    private static FilingView View(StoredFiling stored)
    {
        var filing = stored.Filing;
        return new(
            filing.SellerCode, filing.ItemNo, filing.HsCode, filing.Name, filing.Model, filing.Unit, filing.LegalUnit,
            filing.LegalQuantityPerUnit, filing.NetWeightKgPerUnit, filing.OriginCountry, stored.Version, stored.ChangedAt);
    }
}
