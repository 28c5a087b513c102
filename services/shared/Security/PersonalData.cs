using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;

namespace Sandan.Shared.Security;

/// <summary>
/// Makes personal values comparable and unreadable: a keyed hash (HMAC-SHA256, cut to 128 bits) of the normalised value
/// for matching, and a mask for showing. What is kept whole is encrypted, see <see cref="DataKey"/>.
/// </summary>
public sealed class PersonalData(KeyRing keys)
{
    private const int IndexBytes = 16;

    /// <summary>The value as other services may know it.</summary>
    /// <param name="value">In clear.</param>
    /// <param name="kind">How to normalise and how to mask it.</param>
    public Personal Protect(string value, PersonalKind kind) => new(Index(value, kind), Masking.Mask(kind, value));

    /// <summary>Blind index: equal for values that are equal after normalisation, meaningless without the key.</summary>
    public string Index(string value, PersonalKind kind)
    {
        var normalised = Normalise(value, kind);
        Span<byte> input = stackalloc byte[512];
        byte[]? rented = null;
        var length = Encoding.UTF8.GetByteCount(normalised) + 1;
        if (length > input.Length)
        {
            input = rented = new byte[length];
        }

        input[0] = (byte)kind; // a name never equals an address
        Encoding.UTF8.GetBytes(normalised, input[1..]);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(keys.Index, input[..length], hash);
        CryptographicOperations.ZeroMemory(rented ?? input);
        return Convert.ToBase64String(hash[..IndexBytes]);
    }

    /// <summary>
    /// Full width becomes half width, what cannot be seen goes, letters become upper case; then names keep single
    /// spaces, everything else none, and telephones lose punctuation and the prefix +86 or 0086.
    /// </summary>
    public static string Normalise(string value, PersonalKind kind)
    {
        var kept = new StringBuilder(value.Length);
        foreach (var letter in FullWidth.ToHalf(value))
        {
            if (char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.Control && !char.IsWhiteSpace(letter))
            {
                continue;
            }

            var keep = kind switch
            {
                PersonalKind.Name => !char.IsWhiteSpace(letter) || (kept.Length > 0 && kept[^1] != ' '),
                PersonalKind.Phone => char.IsAsciiLetterOrDigit(letter),
                _ => !char.IsWhiteSpace(letter),
            };
            if (keep)
            {
                kept.Append(char.IsWhiteSpace(letter) ? ' ' : char.ToUpperInvariant(letter));
            }
        }

        var normalised = kept.ToString().TrimEnd();
        return kind != PersonalKind.Phone ? normalised
            : normalised.Length == 13 && normalised.StartsWith("86", StringComparison.Ordinal) ? normalised[2..]
            : normalised.Length == 15 && normalised.StartsWith("0086", StringComparison.Ordinal) ? normalised[4..]
            : normalised;
    }
}
