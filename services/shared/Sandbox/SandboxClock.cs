namespace Sandan.Shared.Sandbox;

/// <summary>
/// The clock of a sandbox: the real one, and ahead of it by what its users moved it. Only what the rules call "now" follows it;
/// timers, connections, signatures between services and the audit trail keep real time.
/// </summary>
public sealed class SandboxClock : TimeProvider
{
    private long aheadTicks;

    /// <summary>How far it is ahead of real time.</summary>
    public TimeSpan Ahead
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref aheadTicks));
        set => Interlocked.Exchange(ref aheadTicks, value.Ticks);
    }

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
