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
public sealed class PersonalData(KeyRing keys) : IDisposable
{
    private const int IndexBytes = 16;

    /// <summary>Set up with the key once: that takes longer than hashing a name.</summary>
    private readonly ThreadLocal<IncrementalHash> hashes = new(() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, keys.Index));

    /// <inheritdoc />
    public void Dispose() => hashes.Dispose();

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
        hashes.Value!.AppendData(input[..length]);
        hashes.Value.GetHashAndReset(hash);
        CryptographicOperations.ZeroMemory(rented ?? input);
        return Convert.ToBase64String(hash[..IndexBytes]);
    }

    /// <summary>
    /// Full width becomes half width, what cannot be seen goes, letters become upper case; then names keep single
    /// spaces, everything else none, and telephones lose punctuation and the prefix +86 or 0086.
    /// </summary>
    public static string Normalise(string value, PersonalKind kind)
    {
        var half = FullWidth.ToHalf(value);
        var kept = half.Length <= 256 ? stackalloc char[half.Length] : new char[half.Length];
        var length = 0;
        foreach (var letter in half)
        {
            var isSpace = char.IsWhiteSpace(letter);
            if (!isSpace && char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.Control)
            {
                continue;
            }

            var keep = kind switch
            {
                PersonalKind.Name => !isSpace || (length > 0 && kept[length - 1] != ' '),
                PersonalKind.Phone => char.IsAsciiLetterOrDigit(letter),
                _ => !isSpace,
            };
            if (keep)
            {
                kept[length++] = isSpace ? ' ' : char.ToUpperInvariant(letter);
            }
        }

        var normalised = kept[..length].TrimEnd(' ');
        if (kind == PersonalKind.Phone)
        {
            normalised = normalised.Length == 13 && normalised.StartsWith("86") ? normalised[2..]
                : normalised.Length == 15 && normalised.StartsWith("0086") ? normalised[4..]
                : normalised;
        }

        return normalised.ToString();
    }
}
