using Sandan.Contracts.Codes;
using Sandan.Shared.Http;

namespace Sandan.Gateway.Endpoints;

/// <summary>
/// <c>GET /v1/documents/{id}/receipts</c>: an id does not tell which service has the document, so all that take documents are asked.
/// </summary>
internal static class Receipts
{
    private static readonly string[] Services = ["order", "payment", "waybill", "customs"];

    /// <summary>Maps it.</summary>
    public static void MapReceipts(this IEndpointRouteBuilder app) => app.MapGet("/v1/documents/{id:guid}/receipts", GetAsync);

    private static async Task<IResult> GetAsync(Guid id, HttpContext context, InternalHttp http, ServiceAddresses addresses, CancellationToken ct)
    {
        var answers = await Task.WhenAll(Services.Select(service => AskAsync(new(addresses.Of(service), $"/v1/documents/{id}/receipts"), context, http, ct)));
        try
        {
            var found = answers.FirstOrDefault(one => one is not (null or { StatusCode: System.Net.HttpStatusCode.NotFound }));
            if (found is null && !answers.Contains(null))
            {
                return Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
            }

            if (found is null || (int)found.StatusCode >= StatusCodes.Status500InternalServerError)
            {
                context.Response.Headers.RetryAfter = "2";
                return Problems.Result(context, StatusCodes.Status503ServiceUnavailable, RequestCodes.ServiceAway);
            }

            context.Response.Headers.CacheControl = "no-store";
            return new Passed(found, await found.Content.ReadAsByteArrayAsync(ct));
        }
        finally
        {
            foreach (var answer in answers)
            {
                answer?.Dispose();
            }
        }
    }

    /// <summary>Null where the service is away.</summary>
    private static async Task<HttpResponseMessage?> AskAsync(Uri address, HttpContext context, InternalHttp http, CancellationToken ct)
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, address);
        return await http.AskAsync(question, context, ct);
    }
}
