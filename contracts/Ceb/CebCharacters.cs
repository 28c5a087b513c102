namespace Sandan.Contracts.Ceb;

/// <summary>Characters that XML 1.0 can carry (its production 2, Char); documents in JSON keep the same rule.</summary>
internal static class CebCharacters
{
    /// <summary>
    /// Index of the first character that no message can carry: C0 controls but tab and line ends, lone surrogates,
    /// U+FFFE, U+FFFF; -1 where there is none.
    /// </summary>
    public static int IndexOfRefused(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange('\0', '\x1f')
            && !text.ContainsAnyInRange('\uD800', '\uDFFF') && !text.ContainsAnyInRange('\uFFFE', '\uFFFF'))
        {
            return -1;
        }

        for (var i = 0; i < text.Length; i++)
        {
            var isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (isPair)
            {
                i++;
            }
            else if (text[i] is (< ' ' and not ('\t' or '\n' or '\r')) or (>= '\uD800' and <= '\uDFFF') or >= '\uFFFE')
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Length in Unicode scalar characters, as XSD's length facets count.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        if (text.ContainsAnyInRange('\uD800', '\uDBFF'))
        {
            for (var i = 0; i + 1 < text.Length; i++)
            {
                count -= char.IsSurrogatePair(text[i], text[i + 1]) ? 1 : 0;
            }
        }

        return count;
    }

    /// <summary>
    /// The longest beginning of <paramref name="text"/> with at most <paramref name="countMax"/> scalar characters.
    /// </summary>
    public static ReadOnlySpan<char> Cut(ReadOnlySpan<char> text, int countMax)
    {
        if (text.Length <= countMax)
        {
            return text;
        }

        var end = 0;
        for (var count = 0; count < countMax && end < text.Length; count++)
        {
            end += end + 1 < text.Length && char.IsSurrogatePair(text[end], text[end + 1]) ? 2 : 1;
        }

        return text[..end];
    }
}
