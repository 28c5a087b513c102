using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;

namespace Sandan.Signing;

/// <summary>Signs messages as the specification of 2022-05 wants it: the whole document, enveloped, the signature last in the root.</summary>
public sealed class CebSigner
{
    private readonly string signatureMethod;
    private readonly string digestMethod;
    private readonly string keyName;
    private readonly byte[] certificate;
    private readonly Func<byte[], byte[]> digest;
    private readonly Func<byte[], byte[]> sign;

    private CebSigner(
        string signatureMethod, string digestMethod, string keyName, byte[] certificate, Func<byte[], byte[]> digest, Func<byte[], byte[]> sign) =>
        (this.signatureMethod, this.digestMethod, this.keyName, this.certificate, this.digest, this.sign) =
        (signatureMethod, digestMethod, keyName, certificate, digest, sign);

    /// <summary>By RSA with SHA-256, or with SHA-1, which the specification prefers.</summary>
    /// <exception cref="ArgumentException">The certificate has no private key of RSA.</exception>
    public static CebSigner Rsa(X509Certificate2 certificate, bool sha1 = false)
    {
        var key = certificate.GetRSAPrivateKey() ?? throw new ArgumentException("The certificate has no private key of RSA.", nameof(certificate));
#pragma warning disable CA5350 // the specification has nothing better that every receiver takes
        return new(
            sha1 ? SignedXml.XmlDsigRSASHA1Url : SignedXml.XmlDsigRSASHA256Url,
            sha1 ? SignedXml.XmlDsigSHA1Url : SignedXml.XmlDsigSHA256Url,
            certificate.SerialNumber,
            certificate.RawData,
            sha1 ? SHA1.HashData : SHA256.HashData,
            bytes => key.SignData(bytes, sha1 ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
#pragma warning restore CA5350
    }

    /// <summary>By the key in a PKCS#12 file, of RSA or of SM2.</summary>
    /// <param name="sha1">Of RSA with SHA-1.</param>
    /// <exception cref="ArgumentException">There is no such key in it.</exception>
    /// <exception cref="IOException">It cannot be read, or the password is wrong.</exception>
    public static CebSigner Load(string file, string password, bool sha1 = false)
    {
        using var bytes = File.OpenRead(file);
        var store = new Pkcs12StoreBuilder().Build();
        store.Load(bytes, password.ToCharArray());
        var alias = store.Aliases.FirstOrDefault(store.IsKeyEntry) ?? throw new ArgumentException($"{file} has no private key.", nameof(file));
        return store.GetKey(alias).Key is ECPrivateKeyParameters key
            ? OfSm2(store.GetCertificate(alias).Certificate.GetEncoded(), key)
            : Rsa(X509CertificateLoader.LoadPkcs12FromFile(file, password), sha1);
    }

    /// <summary>By SM2 with SM3.</summary>
    /// <param name="certificate">DER.</param>
    public static CebSigner OfSm2(byte[] certificate, ECPrivateKeyParameters key) => OfSm2(certificate, key, liveDigest: false);

    /// <param name="liveDigest">With a digest of SHA-1 under the name of SM3, as a card library in use makes it.</param>
    internal static CebSigner OfSm2(byte[] certificate, ECPrivateKeyParameters key, bool liveDigest) => new(
        CebSignature.Sm2Sm3,
        CebSignature.Sm3,
        new Org.BouncyCastle.X509.X509CertificateParser().ReadCertificate(certificate).SerialNumber.ToString(16),
        certificate,
#pragma warning disable CA5350 // receivers are to be tried with what really comes
        liveDigest ? SHA1.HashData : bytes => Sm2.Digest(bytes),
#pragma warning restore CA5350
        bytes => Sm2.Sign(key, bytes));

    /// <summary>Number of the certificate as a key tool shows it: hexadecimal, whole bytes.</summary>
    public string CertificateNo => (keyName.Length % 2 == 0 ? keyName : "0" + keyName).ToLowerInvariant();

    /// <summary>The signature value of some bytes by themselves; <see cref="CebCertificate.Signed"/> checks it.</summary>
    public byte[] SignBytes(byte[] bytes) => sign(bytes);

    /// <summary>The message with its signature, UTF-8 without a byte order mark.</summary>
    /// <param name="utf8">A message without one.</param>
    /// <exception cref="XmlException">It is not well-formed.</exception>
    public byte[] Sign(ReadOnlyMemory<byte> utf8) => Sign(utf8, canonicalise: true);

    /// <param name="canonicalise">False makes the mistake of many senders: the digest is of the bytes as they are.</param>
    internal byte[] Sign(ReadOnlyMemory<byte> utf8, bool canonicalise)
    {
        var text = Encoding.UTF8.GetString(utf8.Span);
        var end = text.LastIndexOf("</", StringComparison.Ordinal);
        var digestValue = Convert.ToBase64String(digest(canonicalise ? CebSignature.Canonicalised(CebSignature.Load(utf8)) : utf8.ToArray()));
        var unsigned = Signature(digestValue, "");
        var info = CebSignature.Read(Encoding.UTF8.GetBytes(text.Insert(end, unsigned))).CanonicalSignedInfo;
        return Encoding.UTF8.GetBytes(text.Insert(end, Signature(digestValue, Convert.ToBase64String(sign(info)))));
    }

    private string Signature(string digestValue, string signatureValue) =>
        $"<ds:Signature xmlns:ds=\"{SignedXml.XmlDsigNamespaceUrl}\"><ds:SignedInfo>"
        + $"<ds:CanonicalizationMethod Algorithm=\"{CebSignature.Canonical}\"/><ds:SignatureMethod Algorithm=\"{signatureMethod}\"/>"
        + $"<ds:Reference URI=\"\"><ds:Transforms><ds:Transform Algorithm=\"{CebSignature.Enveloped}\"/></ds:Transforms>"
        + $"<ds:DigestMethod Algorithm=\"{digestMethod}\"/><ds:DigestValue>{digestValue}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
        + $"<ds:SignatureValue>{signatureValue}</ds:SignatureValue>"
        + $"<ds:KeyInfo><ds:KeyName>{keyName}</ds:KeyName><ds:X509Data><ds:X509Certificate>{Convert.ToBase64String(certificate)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        + "</ds:Signature>";
}
