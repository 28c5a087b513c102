using System.Threading.Channels;

namespace Sandan.Shared.Messaging;

/// <summary>Tells the relay of this process that something was committed; many calls before it looks are one.</summary>
public sealed class OutboxSignal
{
    private readonly Channel<bool> channel =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Something is there.</summary>
    public void Set() => channel.Writer.TryWrite(true);

    /// <summary>Returns at once when <see cref="Set"/> was called since, else after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken ct)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timer.CancelAfter(atMost);
        try
        {
            await channel.Reader.ReadAsync(timer.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The time is over: look anyway, another process may have written.
        }
    }
}
