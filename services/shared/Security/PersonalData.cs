using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;

namespace Sandan.Shared.Security;

/// <summary>
/// Keeps personal data unreadable at rest and comparable all the same: AES-256-GCM for what is kept, a keyed hash
/// (HMAC-SHA256, cut to 128 bits) of the normalised value for matching.
/// </summary>
public sealed class PersonalData(KeyRing keys)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int IndexBytes = 16;
    private const byte Format = 2;

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

    /// <summary>
    /// Encrypts a document for keeping, under a key of its own: random nonces of 96 bits must not be drawn more than
    /// 2³² times under one key. Layout: format 2, nonce 12, tag 16, ciphertext.
    /// </summary>
    /// <param name="document">The raw bytes as they came.</param>
    /// <param name="documentId">Bound to key and ciphertext: it opens under no other id.</param>
    public byte[] Encrypt(ReadOnlySpan<byte> document, Guid documentId)
    {
        var sealed_ = new byte[1 + NonceBytes + TagBytes + document.Length];
        sealed_[0] = Format;
        var nonce = sealed_.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = Cipher(documentId);
        cipher.Encrypt(
            nonce, document, sealed_.AsSpan(1 + NonceBytes + TagBytes), sealed_.AsSpan(1 + NonceBytes, TagBytes),
            documentId.ToByteArray());
        return sealed_;
    }

    /// <summary>Opens what <see cref="Encrypt"/> closed.</summary>
    /// <exception cref="CryptographicException">Another key, another id, or the bytes were changed.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> sealed_, Guid documentId)
    {
        if (sealed_.Length < 1 + NonceBytes + TagBytes || sealed_[0] != Format)
        {
            throw new CryptographicException("Not a sealed document.");
        }

        var document = new byte[sealed_.Length - 1 - NonceBytes - TagBytes];
        using var cipher = Cipher(documentId);
        cipher.Decrypt(
            sealed_.Slice(1, NonceBytes), sealed_[(1 + NonceBytes + TagBytes)..],
            sealed_.Slice(1 + NonceBytes, TagBytes), document, documentId.ToByteArray());
        return document;
    }

    /// <summary>The document's key: HKDF-Expand (RFC 5869) of the data key with the id.</summary>
    private AesGcm Cipher(Guid documentId)
    {
        Span<byte> info = stackalloc byte[KeyPurpose.Length + 16];
        KeyPurpose.CopyTo(info);
        documentId.TryWriteBytes(info[KeyPurpose.Length..]);
        Span<byte> key = stackalloc byte[32];
        HKDF.Expand(HashAlgorithmName.SHA256, keys.Data, key, info);
        var cipher = new AesGcm(key, TagBytes);
        CryptographicOperations.ZeroMemory(key);
        return cipher;
    }

    private static ReadOnlySpan<byte> KeyPurpose => "sandan document"u8;
}
