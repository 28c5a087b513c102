namespace Sandan.Naive;

/// <summary>How many rows each consumer downstream has saved since the start.</summary>
internal sealed class Progress
{
    private long tax;
    private long customs;
    private long credit;
    private long statistics;

    public void TaxSaved() => Interlocked.Increment(ref tax);

    public void CustomsSaved() => Interlocked.Increment(ref customs);

    public void CreditSaved() => Interlocked.Increment(ref credit);

    public void StatisticsSaved() => Interlocked.Increment(ref statistics);

    public Counts Now() => new(
        Interlocked.Read(ref tax),
        Interlocked.Read(ref customs),
        Interlocked.Read(ref credit),
        Interlocked.Read(ref statistics));

    /// <summary>The answer of <c>GET /progress</c>.</summary>
    internal sealed record Counts(long Tax, long Customs, long Credit, long Statistics);
}
