using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.X509;

namespace Sandan.Signing;

/// <summary>
/// SM2 with SM3 (GM/T 0003, GM/T 0004) as the cards of the e-port use it: user id 1234567812345678, the value is r and s one behind the
/// other, 32 bytes each. .NET has neither; BouncyCastle does the mathematics.
/// </summary>
internal static class Sm2
{
    private const int NumberBytes = 32;
    private static readonly byte[] UserId = "1234567812345678"u8.ToArray();

    /// <summary>SM3 of some bytes, 32 bytes.</summary>
    public static byte[] Digest(ReadOnlySpan<byte> data)
    {
        var digest = new SM3Digest();
        digest.BlockUpdate(data);
        var hash = new byte[digest.GetDigestSize()];
        digest.DoFinal(hash);
        return hash;
    }

    /// <summary>The public key of a certificate; null where it is none of SM2.</summary>
    public static ECPublicKeyParameters? KeyOf(ReadOnlySpan<byte> certificate)
    {
        try
        {
            return new X509CertificateParser().ReadCertificate(certificate.ToArray())?.GetPublicKey() is ECPublicKeyParameters key
                && key.Parameters.Curve.Equals(GMNamedCurves.GetByOid(GMObjectIdentifiers.sm2p256v1).Curve)
                ? key
                : null;
        }
        catch (Exception trouble) when (trouble is not OutOfMemoryException)
        {
            return null; // no certificate, or one whose key is none: the parser says so by exceptions of many unrelated kinds
        }
    }

    /// <summary>True where the value was made of the data with the private key that belongs to this one.</summary>
    public static bool Verifies(ECPublicKeyParameters key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> value)
    {
        if (value.Length != 2 * NumberBytes)
        {
            return false;
        }

        var signer = new SM2Signer(PlainDsaEncoding.Instance, new SM3Digest());
        signer.Init(false, new ParametersWithID(key, UserId));
        signer.BlockUpdate(data);
        return signer.VerifySignature(value.ToArray());
    }

    /// <summary>Signs.</summary>
    public static byte[] Sign(ECPrivateKeyParameters key, ReadOnlySpan<byte> data)
    {
        var signer = new SM2Signer(PlainDsaEncoding.Instance, new SM3Digest());
        signer.Init(true, new ParametersWithID(key, UserId));
        signer.BlockUpdate(data);
        return signer.GenerateSignature();
    }
}
