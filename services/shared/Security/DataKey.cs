using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sandan.Shared.Security;

/// <summary>
/// Encrypts what is kept, with AES-256-GCM. A data key is wrapped by the master key: who changes that wraps a few data keys anew and no
/// document. It lies in a file apart from the data (<see cref="DataKeyFiles"/>). Each block of documents has a key of its own, derived
/// from the data key, for random nonces of 96 bits must not be drawn more than 2³² times under one key.
/// </summary>
public sealed class DataKey
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = 1 + sizeof(int);
    private const byte WrappedFormat = 1;
    private const byte DocumentFormat = 3;

    private readonly byte[] key;

    private DataKey(int id, byte[] key) => (Id, this.key) = (id, key);

    /// <summary>Its number within the service; every document says under which it was encrypted.</summary>
    public int Id { get; }

    /// <summary>A new one.</summary>
    public static DataKey Create(int id) => new(id, RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>Tells one key from another and nothing about either: 16 bytes of HKDF-Expand.</summary>
    public byte[] Fingerprint() => HKDF.Expand(HashAlgorithmName.SHA256, key, 16, "sandan fingerprint"u8.ToArray());

    /// <summary>Wraps it for keeping. Layout: format 1, number 4, nonce 12, tag 16, ciphertext 32.</summary>
    /// <param name="owner">The service whose data it encrypts; it opens for no other.</param>
    public byte[] Wrap(byte[] master, string owner)
    {
        using var cipher = new AesGcm(master, TagBytes);
        return Seal(cipher, WrappedFormat, Id, key, Encoding.UTF8.GetBytes(owner));
    }

    /// <summary>Opens what <see cref="Wrap"/> closed.</summary>
    /// <exception cref="CryptographicException">Another master key or owner, or the bytes were changed.</exception>
    public static DataKey Unwrap(ReadOnlySpan<byte> wrapped, byte[] master, string owner)
    {
        using var cipher = new AesGcm(master, TagBytes);
        return new(IdOf(wrapped, WrappedFormat), Open(cipher, WrappedFormat, wrapped, Encoding.UTF8.GetBytes(owner)));
    }

    /// <summary>The number of the key under which <see cref="Encrypt"/> closed this.</summary>
    /// <exception cref="CryptographicException">It did not.</exception>
    public static int IdOf(ReadOnlySpan<byte> document) => IdOf(document, DocumentFormat);

    /// <summary>Encrypts a document. Layout: format 3, number of the data key 4, nonce 12, tag 16, ciphertext.</summary>
    /// <param name="document">The raw bytes as they came.</param>
    /// <param name="documentId">Bound to key and ciphertext: it opens under no other id.</param>
    public byte[] Encrypt(ReadOnlySpan<byte> document, Guid documentId)
    {
        using var cipher = CipherOf(documentId);
        return Seal(cipher, DocumentFormat, Id, document, documentId.ToByteArray());
    }

    /// <summary>Opens what <see cref="Encrypt"/> closed.</summary>
    /// <exception cref="CryptographicException">Another key, another id, or the bytes were changed.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> document, Guid documentId)
    {
        using var cipher = CipherOf(documentId);
        return Open(cipher, DocumentFormat, document, documentId.ToByteArray());
    }

    private static byte[] Seal(AesGcm cipher, byte format, int id, ReadOnlySpan<byte> text, byte[] context)
    {
        var sealed_ = new byte[HeadBytes + NonceBytes + TagBytes + text.Length];
        sealed_[0] = format;
        BinaryPrimitives.WriteInt32BigEndian(sealed_.AsSpan(1), id);
        var nonce = sealed_.AsSpan(HeadBytes, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        cipher.Encrypt(
            nonce, text, sealed_.AsSpan(HeadBytes + NonceBytes + TagBytes), sealed_.AsSpan(HeadBytes + NonceBytes, TagBytes),
            [.. sealed_.AsSpan(0, HeadBytes), .. context]);
        return sealed_;
    }

    private static byte[] Open(AesGcm cipher, byte format, ReadOnlySpan<byte> sealed_, byte[] context)
    {
        IdOf(sealed_, format);
        var text = new byte[sealed_.Length - HeadBytes - NonceBytes - TagBytes];
        cipher.Decrypt(
            sealed_.Slice(HeadBytes, NonceBytes), sealed_[(HeadBytes + NonceBytes + TagBytes)..],
            sealed_.Slice(HeadBytes + NonceBytes, TagBytes), text, [.. sealed_[..HeadBytes], .. context]);
        return text;
    }

    private static int IdOf(ReadOnlySpan<byte> sealed_, byte format) =>
        sealed_.Length >= HeadBytes + NonceBytes + TagBytes && sealed_[0] == format
            ? BinaryPrimitives.ReadInt32BigEndian(sealed_[1..])
            : throw new CryptographicException("Not sealed by Sandan.");

    /// <summary>The document's key: HKDF-Expand (RFC 5869) of the data key with the id.</summary>
    private AesGcm CipherOf(Guid documentId)
    {
        Span<byte> info = stackalloc byte[KeyPurpose.Length + 16];
        KeyPurpose.CopyTo(info);
        documentId.TryWriteBytes(info[KeyPurpose.Length..]);
        Span<byte> derived = stackalloc byte[KeyBytes];
        HKDF.Expand(HashAlgorithmName.SHA256, key, derived, info);
        var cipher = new AesGcm(derived, TagBytes);
        CryptographicOperations.ZeroMemory(derived);
        return cipher;
    }

    private static ReadOnlySpan<byte> KeyPurpose => "sandan document"u8;
}
