using System.Text;
using System.Text.RegularExpressions;
using Sandan.Contracts.Ceb;

namespace Sandan.Contracts;

/// <summary>
/// Personal values for display: enough for the sender to recognise, too little for others. A mask hides at least half
/// of the characters and is never the value itself; where a rule below would show more, it shows less. Hidden runs are
/// at most eight stars long, so that a mask does not tell the length of a long value.
/// </summary>
public static partial class Masking
{
    private const string Stars = "********";
    private const int StarsMax = 8;

    /// <summary>
    /// The mask of <paramref name="value"/>; the value itself where <paramref name="kind"/> is not personal.
    /// </summary>
    public static string Mask(PersonalKind kind, string value) => kind switch
    {
        PersonalKind.None => value,
        PersonalKind.Name => Name(value),
        PersonalKind.Id => Id(value),
        PersonalKind.Phone or PersonalKind.Account => Phone(value),
        PersonalKind.Address => Address(value),
        _ => Keep(value, 0, 0),
    };

    /// <summary>A name keeps its first character; a name of one character keeps none.</summary>
    public static string Name(string value) => Keep(value, 1, 0);

    /// <summary>The number of an identity document keeps its first 3 and last 4 characters.</summary>
    public static string Id(string value) => Keep(value, 3, 4);

    /// <summary>
    /// A phone number of 8 characters or more keeps its first 3 and of the last 4 as many as leave half hidden (2 of an
    /// 11-digit mobile number); a shorter one keeps none.
    /// </summary>
    public static string Phone(string value) => value.Length < 8 ? Keep(value, 0, 0) : Keep(value, 3, 4);

    /// <summary>An address keeps its first 6 characters: province and city.</summary>
    public static string Address(string value) => Keep(value, 6, 0);

    /// <summary>
    /// A faulty value in a field that is of no person: shown where it is like a code, a number or a time, and masked as what it looks
    /// like where somebody may have put a person's data there: an ID number, a telephone number, any text that is not ASCII.
    /// </summary>
    public static string Stray(string value) =>
        IdLike().IsMatch(value) ? Id(value)
        : PhoneLike().IsMatch(value) ? Phone(value)
        : Ascii.IsValid(value) ? value
        : Name(value);

    [GeneratedRegex(@"(?<!\d)\d{17}[\dXx](?!\d)")]
    private static partial Regex IdLike();

    [GeneratedRegex(@"(?<!\d)1[3-9]\d{9}(?!\d)")]
    private static partial Regex PhoneLike();

    private static string Keep(string value, int first, int last)
    {
        var length = value.Length;
        foreach (var unit in value)
        {
            length -= char.IsLowSurrogate(unit) ? 1 : 0; // a pair is one character
        }

        var keepMax = length / 2;
        first = Math.Min(first, keepMax);
        last = Math.Min(last, keepMax - first);
        var mask = string.Concat(
            value.AsSpan(0, IndexOf(value, first)),
            Stars.AsSpan(0, Math.Clamp(length - first - last, 1, StarsMax)),
            value.AsSpan(IndexOf(value, length - last)));

        // A value that has stars already may look like its own mask.
        return mask == value ? new string('*', value.Length + 1) : mask;
    }

    /// <summary>Where the character of that number begins; both halves of a pair stay together.</summary>
    private static int IndexOf(string value, int character)
    {
        var at = 0;
        for (; character > 0; character--)
        {
            at += char.IsHighSurrogate(value[at]) && at + 1 < value.Length && char.IsLowSurrogate(value[at + 1]) ? 2 : 1;
        }

        return at;
    }
}
