using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Sandan.Gateway.Authentication;

/// <summary>Counts failed attempts by remote address, so that nobody tries keys at the speed of the network.</summary>
internal sealed class FailedAttempts(IOptions<GatewayOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress> limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(
        address => RateLimitPartition.GetTokenBucketLimiter(address, _ => new()
        {
            TokenLimit = options.Value.FailuresBurst,
            TokensPerPeriod = options.Value.FailuresPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        }));

    /// <summary>True where the address has failed too often lately.</summary>
    /// <remarks>
    /// A whole attempt must be left: a bucket grows by fractions, and to ask it for none is granted while any of it is there.
    /// </remarks>
    public bool MustWait(HttpContext context) => limiter.GetStatistics(Address(context)) is { CurrentAvailablePermits: < 1 };

    /// <summary>Notes a failure.</summary>
    public void Add(HttpContext context) => limiter.AttemptAcquire(Address(context)).Dispose();

    /// <inheritdoc />
    public void Dispose() => limiter.Dispose();

    private static IPAddress Address(HttpContext context) => context.Connection.RemoteIpAddress ?? IPAddress.None;
}
