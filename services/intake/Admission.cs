using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Sandan.Intake;

/// <summary>
/// Lets requests in while it can be expected that they are answered soon; the others are told so before their body is
/// read, which costs nearly nothing. Two things hold a request up: bodies under way (here), and documents that the
/// matcher has not taken yet (<see cref="MatcherBacklog{TAccepted}"/>).
/// </summary>
internal sealed class Admission<TAccepted>(MatcherBacklog<TAccepted> backlog, IOptions<IntakeOptions> options) : IDisposable
{
    /// <summary>What a body is taken for whose sender does not tell its length.</summary>
    private const int BytesUntold = 256 * 1024;

    private readonly ConcurrencyLimiter bytes = new(new()
    {
        PermitLimit = options.Value.BytesUnderWayMax,
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Waits for a place, at most <see cref="IntakeOptions.AdmissionWaitMax"/>; null where none came free.</summary>
    /// <param name="length">Of the body, bytes; null where its sender does not tell. One that is longer than all that may
    /// be under way is let in alone.</param>
    public async ValueTask<IDisposable?> EnterAsync(long? length, CancellationToken ct)
    {
        if (backlog.IsTooLong)
        {
            return null;
        }

        var permits = (int)Math.Clamp(length ?? BytesUntold, 1, options.Value.BytesUnderWayMax);
        var lease = bytes.AttemptAcquire(permits);
        if (!lease.IsAcquired)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(options.Value.AdmissionWaitMax);
            try
            {
                lease = await bytes.AcquireAsync(permits, patience.Token);
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                return null;
            }
        }

        return lease;
    }

    /// <inheritdoc />
    public void Dispose() => bytes.Dispose();
}
