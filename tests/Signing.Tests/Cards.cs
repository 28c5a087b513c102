using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Sandan.Signing.Tests;

/// <summary>Certificates with their keys, as cards hold them.</summary>
internal static class Cards
{
    public static readonly DateTimeOffset Now = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    public static X509Certificate2 Rsa(string name)
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        return new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(Now.AddYears(-1), Now.AddYears(5));
    }

    public static (byte[] Certificate, ECPrivateKeyParameters Key) Sm2(int number)
    {
        var curve = GMNamedCurves.GetByOid(GMObjectIdentifiers.sm2p256v1);
        var generator = new ECKeyPairGenerator();
        generator.Init(new ECKeyGenerationParameters(new ECNamedDomainParameters(GMObjectIdentifiers.sm2p256v1, curve), new SecureRandom()));
        var pair = generator.GenerateKeyPair();
        var certificate = new X509V3CertificateGenerator();
        certificate.SetSerialNumber(BigInteger.ValueOf(number));
        certificate.SetIssuerDN(new X509Name("CN=sm2"));
        certificate.SetSubjectDN(new X509Name("CN=sm2"));
        certificate.SetNotBefore(Now.UtcDateTime.AddYears(-1));
        certificate.SetNotAfter(Now.UtcDateTime.AddYears(5));
        certificate.SetPublicKey(pair.Public);
        return (certificate.Generate(new Asn1SignatureFactory("SM3WITHSM2", pair.Private)).GetEncoded(), (ECPrivateKeyParameters)pair.Private);
    }
}
