using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.X509;

namespace Sandan.Signing;

/// <summary>A certificate by which a company signs its messages.</summary>
/// <param name="Der">DER.</param>
/// <param name="SerialNumber">Hexadecimal, as a card shows it: KeyName of a signature.</param>
/// <param name="Algorithm"><c>RSA</c> or <c>SM2</c>.</param>
/// <param name="NotBefore">In force from then on, UTC.</param>
/// <param name="NotAfter">… and up to then.</param>
public sealed record CebCertificate(byte[] Der, string SerialNumber, string Algorithm, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    private const string PemHead = "-----BEGIN CERTIFICATE-----";
    private const string PemEnd = "-----END CERTIFICATE-----";

    /// <summary>Names it: the first 16 hexadecimal digits of the SHA-256 of its bytes.</summary>
    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(Der))[..16];

    /// <summary>Reads PEM, or DER in base64, as a signature's X509Certificate has it; null where it is neither, or of another kind of key.</summary>
    public static CebCertificate? Read(string text)
    {
        text = text.Trim();
        if (text.StartsWith(PemHead, StringComparison.Ordinal) && text.EndsWith(PemEnd, StringComparison.Ordinal))
        {
            text = text[PemHead.Length..^PemEnd.Length];
        }

        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
        {
            return null;
        }

        try
        {
            var der = bytes[..length];
            var read = new X509CertificateParser().ReadCertificate(der);
            var algorithm = read?.GetPublicKey() is RsaKeyParameters ? "RSA" : Sm2.KeyOf(der) is not null ? "SM2" : null;
            return read is null || algorithm is null ? null : new(
                read.GetEncoded(),
                Convert.ToHexStringLower(read.SerialNumber.ToByteArrayUnsigned()),
                algorithm,
                new(read.NotBefore.ToUniversalTime()),
                new(read.NotAfter.ToUniversalTime()));
        }
        catch (Exception trouble) when (trouble is not OutOfMemoryException)
        {
            return null; // the parser says that these are no certificate by exceptions of many unrelated kinds
        }
    }

    /// <summary>
    /// True where the value is its signature of these bytes: by RSA with SHA-1 or by SM2 with SM3, as the cards of the e-port sign
    /// data that are no message (GACC 2018-179).
    /// </summary>
    public bool Signed(byte[] bytes, byte[] value)
    {
        if (Sm2.KeyOf(Der) is { } key)
        {
            return Sm2.Verifies(key, bytes, value);
        }

        using var known = X509CertificateLoader.LoadCertificate(Der);
        using var rsa = known.GetRSAPublicKey()!;
#pragma warning disable CA5350 // the cards have nothing better for RSA
        return rsa.VerifyData(bytes, value, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1);
#pragma warning restore CA5350
    }

    /// <summary>PEM.</summary>
    public string ToPem()
    {
        var pem = new StringBuilder(PemHead).Append('\n');
        var base64 = Convert.ToBase64String(Der);
        for (var at = 0; at < base64.Length; at += 64)
        {
            pem.Append(base64, at, Math.Min(64, base64.Length - at)).Append('\n');
        }

        return pem.Append(PemEnd).Append('\n').ToString();
    }
}
