using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Pkcs;
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

    /// <summary>A PKCS#12 file with a certificate of that kind, <c>RSA</c> or <c>SM2</c>, and its key; returns the certificate, DER.</summary>
    public static byte[] Write(string kind, string file, string password)
    {
        if (kind == "RSA")
        {
            using var made = Rsa("card");
            File.WriteAllBytes(file, made.Export(X509ContentType.Pkcs12, password));
            return made.RawData;
        }

        var (certificate, key) = Sm2(RandomNumberGenerator.GetInt32(1, int.MaxValue));
        var store = new Pkcs12StoreBuilder().Build();
        store.SetKeyEntry("card", new AsymmetricKeyEntry(key), [new X509CertificateEntry(new X509CertificateParser().ReadCertificate(certificate))]);
        using var output = File.Create(file);
        store.Save(output, password.ToCharArray(), new SecureRandom());
        return certificate;
    }
}
