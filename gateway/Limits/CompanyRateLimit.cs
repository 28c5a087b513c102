using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Sandan.Contracts.Codes;
using Sandan.Gateway.Authentication;
using Sandan.Gateway.Proxy;
using Sandan.Shared.Http;

namespace Sandan.Gateway.Limits;

/// <summary>
/// A bucket of requests per company, so that one sender in a hurry does not push the others aside; and per remote address where a
/// service answers without a key.
/// </summary>
internal sealed class CompanyRateLimit(RequestDelegate next, CompanyBuckets buckets)
{
    /// <summary>Runs the rest of the pipeline while the company has requests left.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<KnownKey>() is null && context.GetEndpoint()?.IsForwarded() != true)
        {
            return next(context);
        }

        using var lease = context.Features.Get<KnownKey>() is { } key ? buckets.Take(key.Company) : buckets.Take(context.Connection.RemoteIpAddress);
        return lease.IsAcquired ? next(context) : RefuseAsync(context, lease);
    }

    private static Task RefuseAsync(HttpContext context, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var said) ? said : TimeSpan.Zero;
        context.Response.Headers.RetryAfter =
            Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problems.WriteAsync(context, StatusCodes.Status429TooManyRequests, RequestCodes.TooManyRequests);
    }
}

/// <summary>The buckets by company and by address; idle ones are forgotten.</summary>
internal sealed class CompanyBuckets(IOptions<GatewayOptions> options) : IDisposable
{
    /// <summary>Refills of a bucket per second: often, so that a steady sender at its limit is not served in gulps.</summary>
    private const int RefillsPerSecond = 10;

    private readonly PartitionedRateLimiter<string> limiter = PartitionedRateLimiter.Create<string, string>(
        company => RateLimitPartition.GetTokenBucketLimiter(company, _ => Bucket(options.Value.RequestsPerSecond, options.Value.RequestsBurst)));

    private readonly PartitionedRateLimiter<IPAddress> anonymous = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
        address => RateLimitPartition.GetTokenBucketLimiter(
            address, _ => Bucket(options.Value.AnonymousRequestsPerSecond, options.Value.AnonymousRequestsBurst)));

    /// <summary>Takes one request from a company's bucket.</summary>
    public RateLimitLease Take(string company) => limiter.AttemptAcquire(company);

    /// <summary>Takes one request from the bucket of an address that shows no key.</summary>
    public RateLimitLease Take(IPAddress? address) => anonymous.AttemptAcquire(address ?? IPAddress.None);

    /// <inheritdoc />
    public void Dispose()
    {
        limiter.Dispose();
        anonymous.Dispose();
    }

    private static TokenBucketRateLimiterOptions Bucket(int requestsPerSecond, int burst)
    {
        var refills = requestsPerSecond >= RefillsPerSecond ? RefillsPerSecond : 1;
        return new()
        {
            TokenLimit = burst,
            TokensPerPeriod = requestsPerSecond / refills,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1) / refills,
        };
    }
}

/// <summary>What the limits are made of.</summary>
internal static class LimitParts
{
    /// <summary>Registers it.</summary>
    public static void AddLimits(this WebApplicationBuilder builder) => builder.Services.AddSingleton<CompanyBuckets>();
}
