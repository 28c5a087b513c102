namespace Sandan.Shared.Http;

/// <summary>Lets few of a heavy kind of request work at once, so that what is really sent goes first.</summary>
/// <param name="atOnce">How many.</param>
/// <param name="within">How long one waits for its turn.</param>
public sealed class Turns(int atOnce, TimeSpan within) : IDisposable
{
    private readonly SemaphoreSlim free = new(atOnce);

    /// <summary>A turn, to be given back; null where there was none in time.</summary>
    public async Task<IDisposable?> TakeAsync(CancellationToken ct) => await free.WaitAsync(within, ct) ? new Turn(free) : null;

    /// <inheritdoc />
    public void Dispose() => free.Dispose();

    private sealed class Turn(SemaphoreSlim of) : IDisposable
    {
        public void Dispose() => of.Release();
    }
}
