namespace Sandan.Customs.Feed;

/// <summary>Tells all who wait in this process that the feed may have grown.</summary>
internal sealed class FeedSignal
{
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends at the next <see cref="Set"/>. Take it before reading, so that nothing slips between.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    /// <summary>Something was committed.</summary>
    public void Set() =>
        Interlocked.Exchange(ref next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
