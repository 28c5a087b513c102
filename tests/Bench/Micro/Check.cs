namespace Sandan.Bench.Micro;

/// <summary>Holds a benchmark to the right result before it is measured: an error is often the faster way.</summary>
internal static class Check
{
    /// <exception cref="InvalidOperationException">It is not so; nothing is measured.</exception>
    public static void That(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"What is to be measured goes wrong: {otherwise}.");
        }
    }
}
