using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Sandan.Intake;

/// <summary>
/// Lets requests in while it can be expected that they are answered soon; the others are told so. Two things hold a request
/// up: documents that the matcher has not taken yet (<see cref="ConsumerBacklog{TAccepted}"/>), which is told before the body is
/// read, and bodies under way. A body is under way once all of it has come, and one company has half of the places at most: who
/// sends slowly, or much at once, holds nobody else up.
/// </summary>
internal sealed class Admission<TAccepted>(ConsumerBacklog<TAccepted> backlog, IOptions<IntakeOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> bytes = PartitionedRateLimiter.CreateChained(
        Limiter(company => company, options.Value.BytesUnderWayMax / 2), Limiter(_ => "all", options.Value.BytesUnderWayMax));

    /// <summary>False where the matcher does not keep up.</summary>
    public bool IsOpen => !backlog.IsTooLong;

    /// <summary>For bodies that come in.</summary>
    public BodyRooms Rooms { get; } = new(options.Value.BytesComingInMax);

    /// <summary>Waits for a place, at most <see cref="IntakeOptions.AdmissionWaitMax"/>; null where none came free.</summary>
    /// <param name="length">Of the body, bytes. One that is longer than what a company may have under way is its only one.</param>
    public async ValueTask<IDisposable?> EnterAsync(string company, int length, CancellationToken ct)
    {
        var permits = Math.Clamp(length, 1, options.Value.BytesUnderWayMax / 2);
        var lease = bytes.AttemptAcquire(company, permits);
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(options.Value.AdmissionWaitMax);
        try
        {
            return await bytes.AcquireAsync(company, permits, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public void Dispose() => bytes.Dispose();

    private static PartitionedRateLimiter<string> Limiter(Func<string, string> partition, int permits) =>
        PartitionedRateLimiter.Create<string, string>(company => RateLimitPartition.GetConcurrencyLimiter(partition(company), _ => new()
        {
            PermitLimit = permits,
            QueueLimit = int.MaxValue,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        }));
}
