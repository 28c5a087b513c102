namespace Sandan.Shared.Sandbox;

/// <summary>What has to be there before the clock of a sandbox says a time.</summary>
public interface IBeforeClock
{
    /// <summary>Makes sure of it; what is there for the present time stays.</summary>
    Task PrepareAsync(DateTimeOffset now, CancellationToken ct);
}
