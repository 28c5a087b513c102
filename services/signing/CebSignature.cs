using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Xml;

namespace Sandan.Signing;

/// <summary>What is wrong with a signature.</summary>
public enum SignatureFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>There is none.</summary>
    Missing,

    /// <summary>There are several, it is not a child of the root, or a part of it is missing or repeated.</summary>
    Malformed,

    /// <summary>It does not cover the whole message: a Reference to a part of it, several, or other transforms.</summary>
    NotWhole,

    /// <summary>A method that is not taken.</summary>
    MethodNotAllowed,

    /// <summary>The message was changed behind the signing, or was signed in another form.</summary>
    DigestDiffers,

    /// <summary>No certificate that is registered for the sender has the key.</summary>
    NotTrusted,

    /// <summary>The certificate was not in force.</summary>
    NotInForce,
}

/// <summary>
/// The signature of a message (specification 2022-05, W3C XMLDSig): enveloped, of the whole document, canonical XML 1.0, by
/// RSA or SM2. Trust comes from the certificates that are registered for the sender, never from the one in KeyInfo.
/// </summary>
public sealed class CebSignature
{
    /// <summary>The one way to canonicalise.</summary>
    public const string Canonical = SignedXml.XmlDsigC14NTransformUrl;

    /// <summary>The one transform.</summary>
    public const string Enveloped = SignedXml.XmlDsigEnvelopedSignatureTransformUrl;

    /// <summary>SM2 with SM3, of the specification.</summary>
    public const string Sm2Sm3 = "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3";

    /// <summary>SM3, of the specification.</summary>
    public const string Sm3 = "http://www.chinaport.gov.cn/2022/04/xmldsig#sm3";

    /// <summary>SM2 with SM3, as one client writes it.</summary>
    internal const string Sm2Sm3Seen = "http://www.w3.org/2000/09/xmldsig#sm2-sm3";

    /// <summary>Methods taken for a signature, the one to prefer first.</summary>
    public static readonly IReadOnlyList<string> SignatureMethods =
        [Sm2Sm3, Sm2Sm3Seen, SignedXml.XmlDsigRSASHA256Url, SignedXml.XmlDsigRSASHA1Url];

    /// <summary>Methods taken for the digest, the one to prefer first.</summary>
    public static readonly IReadOnlyList<string> DigestMethods = [Sm3, SignedXml.XmlDsigSHA256Url, SignedXml.XmlDsigSHA1Url];

    private readonly XmlDocument message;
    private readonly XmlElement? signature;

    private CebSignature(XmlDocument message, XmlElement? signature) => (this.message, this.signature) = (message, signature);

    /// <summary>What is wrong with its form; then nothing else of it is known.</summary>
    public SignatureFault FormFault { get; private set; }

    /// <summary>SignatureMethod as it stands there; null where it is missing.</summary>
    public string? SignatureMethod { get; private set; }

    /// <summary>DigestMethod, likewise.</summary>
    public string? DigestMethod { get; private set; }

    /// <summary>CanonicalizationMethod, likewise.</summary>
    public string? CanonicalizationMethod { get; private set; }

    /// <summary>Number of the certificate: 8 hexadecimal digits of an RSA card, 16 of one of SM2; null where it is not said.</summary>
    public string? KeyName { get; private set; }

    /// <summary>The certificate in KeyInfo, DER; it proves nothing.</summary>
    public byte[]? Certificate { get; private set; }

    /// <summary>DigestValue.</summary>
    public byte[] DigestValue { get; private set; } = [];

    /// <summary>SignatureValue.</summary>
    public byte[] SignatureValue { get; private set; } = [];

    /// <summary>What is signed: the message without its signature in canonical form, UTF-8.</summary>
    public byte[] CanonicalMessage { get; private set; } = [];

    /// <summary>What the signature is over: SignedInfo in canonical form, with the namespaces that it inherits.</summary>
    public byte[] CanonicalSignedInfo { get; private set; } = [];

    /// <summary>Reads the signature of a message that <see cref="Contracts.Ceb.CebXmlReader"/> has read: bounded, without a DTD.</summary>
    /// <exception cref="XmlException">It is not well-formed.</exception>
    public static CebSignature Read(ReadOnlyMemory<byte> utf8)
    {
        var message = Load(utf8);
        var all = message.GetElementsByTagName("Signature", SignedXml.XmlDsigNamespaceUrl);
        var read = new CebSignature(message, all.Count == 1 ? (XmlElement)all[0]! : null);
        read.FormFault = all.Count == 0 ? SignatureFault.Missing
            : read.signature is null || read.signature.ParentNode != message.DocumentElement ? SignatureFault.Malformed
            : read.Take();
        return read;
    }

    /// <summary>Checks it.</summary>
    /// <param name="registered">Certificates of the sender, DER.</param>
    /// <param name="at">When it was received: the certificate must be in force then.</param>
    public SignatureFault Check(IEnumerable<byte[]> registered, DateTimeOffset at)
    {
        if (FaultButTrust() is not SignatureFault.None and var fault)
        {
            return fault;
        }

        foreach (var certificate in registered)
        {
            if (IsOf(certificate))
            {
                return IsInForce(certificate, at) ? SignatureFault.None : SignatureFault.NotInForce;
            }
        }

        return SignatureFault.NotTrusted;
    }

    /// <summary>What is wrong with form, methods and digest; whose signature it is does not matter here.</summary>
    internal SignatureFault FaultButTrust() =>
        FormFault != SignatureFault.None ? FormFault
        : !SignatureMethods.Contains(SignatureMethod) || !DigestMethods.Contains(DigestMethod) || CanonicalizationMethod != Canonical
            ? SignatureFault.MethodNotAllowed
        : IsDigestOf(CanonicalMessage) ? SignatureFault.None
        : SignatureFault.DigestDiffers;

    /// <summary>True where DigestValue is a digest of these bytes by the method that it names.</summary>
    internal bool IsDigestOf(byte[] bytes) => DigestsOf(bytes).Any(digest => digest.AsSpan().SequenceEqual(DigestValue));

    /// <summary>
    /// The digests that DigestValue may be: under the name of SM3 live messages have 32 bytes of SM3 or, from one card library, 20 of
    /// SHA-1.
    /// </summary>
    public IEnumerable<byte[]> Digests() => DigestsOf(CanonicalMessage);

    private IEnumerable<byte[]> DigestsOf(byte[] bytes) => DigestMethod switch
    {
        Sm3 => [Sm2.Digest(bytes), Sha1(bytes)],
        SignedXml.XmlDsigSHA256Url => [SHA256.HashData(bytes)],
        SignedXml.XmlDsigSHA1Url => [Sha1(bytes)],
        _ => [],
    };

    /// <summary>True where the signature was made with the private key of this certificate.</summary>
    internal bool IsOf(byte[] certificate)
    {
        if (SignatureMethod is Sm2Sm3 or Sm2Sm3Seen)
        {
            return Sm2.KeyOf(certificate) is { } key && Sm2.Verifies(key, CanonicalSignedInfo, SignatureValue);
        }

        try
        {
            using var known = X509CertificateLoader.LoadCertificate(certificate);
            using var rsa = known.GetRSAPublicKey();
            var hash = SignatureMethod == SignedXml.XmlDsigRSASHA256Url ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1;
            return rsa?.VerifyData(CanonicalSignedInfo, SignatureValue, hash, RSASignaturePadding.Pkcs1) ?? false;
        }
        catch (CryptographicException)
        {
            return false; // a certificate of another kind
        }
    }

    private static bool IsInForce(byte[] certificate, DateTimeOffset at)
    {
        var read = new Org.BouncyCastle.X509.X509CertificateParser().ReadCertificate(certificate);
        return at.UtcDateTime >= read.NotBefore.ToUniversalTime() && at.UtcDateTime <= read.NotAfter.ToUniversalTime();
    }

#pragma warning disable CA5350 // the specification has nothing better for RSA
    private static byte[] Sha1(byte[] bytes) => SHA1.HashData(bytes);
#pragma warning restore CA5350

    private SignatureFault Take()
    {
        var (info, value) = (Only(signature!, "SignedInfo"), Only(signature!, "SignatureValue"));
        if (info is null || value is null || Children(info, "Reference").ToArray() is not [var reference]
            || Only(reference, "DigestValue") is not { } digest)
        {
            return SignatureFault.Malformed;
        }

        CanonicalizationMethod = Only(info, "CanonicalizationMethod")?.GetAttribute("Algorithm");
        SignatureMethod = Only(info, "SignatureMethod")?.GetAttribute("Algorithm");
        DigestMethod = Only(reference, "DigestMethod")?.GetAttribute("Algorithm");
        var keyInfo = Only(signature!, "KeyInfo");
        KeyName = keyInfo is null ? null : Only(keyInfo, "KeyName")?.InnerText.Trim();
        if (!Decode(digest, out var digestValue) || !Decode(value, out var signatureValue))
        {
            return SignatureFault.Malformed;
        }

        (DigestValue, SignatureValue) = (digestValue, signatureValue);
        if (keyInfo?.GetElementsByTagName("X509Certificate", SignedXml.XmlDsigNamespaceUrl) is { Count: > 0 } certificates
            && Decode((XmlElement)certificates[0]!, out var certificate))
        {
            Certificate = certificate;
        }

        var transforms = Only(reference, "Transforms") is { } list ? Children(list, "Transform").Select(one => one.GetAttribute("Algorithm")).ToArray() : [];
        if (reference.GetAttribute("URI") != "" || !reference.HasAttribute("URI") || transforms is not ([Enveloped] or [Enveloped, Canonical]))
        {
            return SignatureFault.NotWhole;
        }

        CanonicalSignedInfo = CanonicalOf(info);
        var whole = (XmlDocument)message.CloneNode(deep: true);
        var copy = (XmlElement)whole.GetElementsByTagName("Signature", SignedXml.XmlDsigNamespaceUrl)[0]!;
        copy.ParentNode!.RemoveChild(copy);
        CanonicalMessage = Canonicalised(whole);
        return SignatureFault.None;
    }

    /// <summary>Of an element inside: with every namespace that is in scope there.</summary>
    private static byte[] CanonicalOf(XmlElement element)
    {
        var alone = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        var root = (XmlElement)alone.AppendChild(alone.ImportNode(element, deep: true))!;
        for (var outer = element.ParentNode; outer is XmlElement ancestor; outer = outer.ParentNode)
        {
            foreach (XmlAttribute attribute in ancestor.Attributes)
            {
                if (attribute.NamespaceURI == "http://www.w3.org/2000/xmlns/" && !root.HasAttribute(attribute.Name))
                {
                    root.SetAttribute(attribute.Name, attribute.Value);
                }
            }
        }

        return Canonicalised(alone);
    }

    internal static XmlDocument Load(ReadOnlyMemory<byte> utf8)
    {
        var message = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        using var reader = XmlReader.Create(
            new StreamReader(new MemoryStream(utf8.ToArray(), writable: false)), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        message.Load(reader);
        return message;
    }

    internal static byte[] Canonicalised(XmlDocument document)
    {
        var transform = new XmlDsigC14NTransform(includeComments: false);
        transform.LoadInput(document);
        using var output = (Stream)transform.GetOutput(typeof(Stream));
        using var bytes = new MemoryStream();
        output.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static IEnumerable<XmlElement> Children(XmlElement parent, string name) => parent.ChildNodes.OfType<XmlElement>()
        .Where(child => child.LocalName == name && child.NamespaceURI == SignedXml.XmlDsigNamespaceUrl);

    private static XmlElement? Only(XmlElement parent, string name) => Children(parent, name).ToArray() is [var one] ? one : null;

    private static bool Decode(XmlElement element, out byte[] bytes)
    {
        bytes = new byte[element.InnerText.Length];
        var isDecoded = Convert.TryFromBase64String(element.InnerText, bytes, out var length); // white space does not matter
        bytes = bytes[..length];
        return isDecoded;
    }
}
