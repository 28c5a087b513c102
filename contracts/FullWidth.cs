namespace Sandan.Contracts;

/// <summary>
/// Full-width letters, digits and signs as half-width ones. <c>string.Normalize</c> does not do it: without the tables of
/// ICU (InvariantGlobalization) it leaves everything beyond ASCII as it is.
/// </summary>
public static class FullWidth
{
    private const char First = '！';   // U+FF01, the full-width '!'
    private const char Last = '～';    // U+FF5E, the full-width '~'

    /// <summary>The same text in half width; U+3000 becomes a space.</summary>
    public static string ToHalf(string text) =>
        !text.AsSpan().ContainsAnyInRange(First, Last) && !text.Contains('\u3000', StringComparison.Ordinal)
            ? text
            : string.Create(text.Length, text, (half, full) =>
            {
                for (var at = 0; at < full.Length; at++)
                {
                    half[at] = full[at] switch
                    {
                        >= First and <= Last => (char)(full[at] - First + '!'),
                        '\u3000' => ' ',
                        _ => full[at],
                    };
                }
            });
}
