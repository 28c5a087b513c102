using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using Sandan.Contracts.Codes;

namespace Sandan.Signing;

/// <summary>Where two texts part.</summary>
/// <param name="Offset">Bytes before it.</param>
/// <param name="Right">What should have been signed there, some characters.</param>
/// <param name="Signed">What was signed there.</param>
public sealed record Difference(int Offset, string Right, string Signed);

/// <summary>What a doctor finds in a signature.</summary>
/// <param name="Fault">What is wrong, trust aside.</param>
/// <param name="What">The same in words.</param>
/// <param name="DigestExpected">Base64 of the digest of <paramref name="Canonical"/> by the method that the signature names; null where that is not taken.</param>
/// <param name="DigestFound">Base64 of DigestValue.</param>
/// <param name="SignedAs">In which other form the message was signed, where that could be found out.</param>
/// <param name="FirstDifference">Where that form and the right one part.</param>
/// <param name="FitsCertificate">The signature was made with the key of the certificate in KeyInfo; null where there is none. It proves nothing of the sender.</param>
/// <param name="Canonical">The bytes that are to be signed, as text.</param>
/// <param name="CanonicalSignedInfo">The bytes over which the signature itself is, as text.</param>
public sealed record SignatureDiagnosis(
    SignatureFault Fault,
    Localized What,
    string? SignatureMethod,
    string? DigestMethod,
    string? KeyName,
    string? DigestExpected,
    string? DigestFound,
    Localized? SignedAs,
    Difference? FirstDifference,
    bool? FitsCertificate,
    string Canonical,
    string CanonicalSignedInfo);

/// <summary>
/// Says why a signature does not hold: it tries the forms in which senders are known to sign by mistake, and shows where the right
/// one and theirs part.
/// </summary>
public static class SignatureDoctor
{
    private const int Shown = 40;

    /// <summary>Looks at the signature of a message.</summary>
    /// <exception cref="XmlException">The message is not well-formed.</exception>
    public static SignatureDiagnosis Examine(ReadOnlyMemory<byte> utf8)
    {
        var signature = CebSignature.Read(utf8);
        var fault = signature.FaultButTrust();
        (Localized Text, byte[] Bytes)? signedAs = null;
        bool? fits = null;
        if (signature.FormFault == SignatureFault.None)
        {
            fits = signature.Certificate is { } certificate ? signature.IsOf(certificate) : null;
            signedAs = fault == SignatureFault.DigestDiffers ? FormOf(signature, utf8) : null;
            fault = fault == SignatureFault.None && fits == false ? SignatureFault.NotTrusted : fault;
        }

        return new(
            fault,
            Words(fault),
            signature.SignatureMethod,
            signature.DigestMethod,
            signature.KeyName,
            signature.Digests().FirstOrDefault() is { } right ? Convert.ToBase64String(right) : null,
            signature.DigestValue.Length == 0 ? null : Convert.ToBase64String(signature.DigestValue),
            signedAs?.Text,
            signedAs is { } form ? Parting(signature.CanonicalMessage, form.Bytes) : null,
            fits,
            Encoding.UTF8.GetString(signature.CanonicalMessage),
            Encoding.UTF8.GetString(signature.CanonicalSignedInfo));
    }

    /// <summary>The form and the method by which DigestValue was made; null where none of those known fits.</summary>
    private static (Localized, byte[])? FormOf(CebSignature signature, ReadOnlyMemory<byte> utf8)
    {
        foreach (var (text, bytes) in Forms(signature, utf8))
        {
            if (signature.IsDigestOf(bytes))
            {
                return (text, bytes);
            }
        }

#pragma warning disable CA5350 // it is looked for, not used
        foreach (var (name, digest) in (IEnumerable<(string, byte[])>)[
            ("SHA-1", SHA1.HashData(signature.CanonicalMessage)), ("SHA-256", SHA256.HashData(signature.CanonicalMessage)),
            ("SM3", Sm2.Digest(signature.CanonicalMessage))])
#pragma warning restore CA5350
        {
            if (digest.AsSpan().SequenceEqual(signature.DigestValue))
            {
                return (new($"摘要实际是 {name}，与 DigestMethod 不符", $"The digest is one of {name}, which is not what DigestMethod says"), signature.CanonicalMessage);
            }
        }

        return null;
    }

    private static IEnumerable<(Localized Text, byte[] Bytes)> Forms(CebSignature signature, ReadOnlyMemory<byte> utf8)
    {
        var right = Encoding.UTF8.GetString(signature.CanonicalMessage);
        yield return (new("签名时元素之间没有空白，之后加了缩进", "White space was put between the elements after signing"), Changed(signature, RemoveBlanks));
        yield return (new("签名时换行是 CRLF", "It was signed with CRLF as line ends"), Encoding.UTF8.GetBytes(right.Replace("\n", "\r\n", StringComparison.Ordinal)));
        yield return (new("签名时报文没有规范化：空元素写成了 <a/>", "It was signed without canonicalising: empty elements as <a/>"), Changed(signature, null, Empty));
        var raw = WithoutSignature(Encoding.UTF8.GetString(utf8.Span));
        yield return (new("签名的是报文原文，没有规范化", "The message was signed as it is written, without canonicalising"), Encoding.UTF8.GetBytes(raw));
        var declaration = raw.IndexOf("?>", StringComparison.Ordinal);
        yield return (
            new("签名的是去掉 XML 声明的原文，没有规范化", "The message was signed as it is written, without its XML declaration and without canonicalising"),
            Encoding.UTF8.GetBytes(declaration < 0 ? raw : raw[(declaration + 2)..].TrimStart()));
        yield return (new("签名的是 UTF-16 编码的字节", "It was signed in UTF-16"), Encoding.Unicode.GetBytes(right));
    }

    /// <summary>The canonical message with its tree changed, or its text.</summary>
    private static byte[] Changed(CebSignature signature, Action<XmlDocument>? tree, Func<string, string>? text = null)
    {
        var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        document.LoadXml(Encoding.UTF8.GetString(signature.CanonicalMessage));
        tree?.Invoke(document);
        var bytes = CebSignature.Canonicalised(document);
        return text is null ? bytes : Encoding.UTF8.GetBytes(text(Encoding.UTF8.GetString(bytes)));
    }

    private static void RemoveBlanks(XmlDocument document)
    {
        foreach (var blank in document.SelectNodes("//text()")!.OfType<XmlNode>().Where(node => string.IsNullOrWhiteSpace(node.Value)
            && node.ParentNode!.ChildNodes.OfType<XmlElement>().Any()).ToList())
        {
            blank.ParentNode!.RemoveChild(blank);
        }
    }

    private static string Empty(string canonical) =>
        Regex.Replace(canonical, "<([^<>/!?]+?)></[^<>]+>", "<$1/>");

    /// <summary>The text as it is written, its one Signature cut out.</summary>
    private static string WithoutSignature(string text)
    {
        var match = Regex.Match(
            text, @"<(?:[\w.-]+:)?Signature[\s>].*</(?:[\w.-]+:)?Signature\s*>", RegexOptions.Singleline);
        return match.Success ? text.Remove(match.Index, match.Length) : text;
    }

    private static Difference? Parting(byte[] right, byte[] signed)
    {
        var at = right.AsSpan().CommonPrefixLength(signed);
        return at == right.Length && at == signed.Length ? null : new(at, Excerpt(right, at), Excerpt(signed, at));
    }

    private static string Excerpt(byte[] bytes, int at)
    {
        while (at > 0 && at < bytes.Length && (bytes[at] & 0xC0) == 0x80)
        {
            at--; // never inside a character
        }

        var text = Encoding.UTF8.GetString(bytes.AsSpan(at, Math.Min(bytes.Length - at, Shown * 4)));
        return text.Length <= Shown ? text : text[..Shown];
    }

    private static Localized Words(SignatureFault fault) => fault switch
    {
        SignatureFault.None => new("签名与报文相符", "The signature fits the message"),
        SignatureFault.Missing => new("报文没有签名", "The message has no signature"),
        SignatureFault.Malformed => new(
            "ds:Signature 应为根元素的唯一子签名，且 SignedInfo、一个 Reference、DigestValue、SignatureValue 齐全",
            "ds:Signature must be one, a child of the root, with SignedInfo, one Reference, DigestValue and SignatureValue"),
        SignatureFault.NotWhole => new(
            "Reference 必须为 URI=\"\" 且只用 enveloped-signature，签名才覆盖整个报文",
            "The Reference must have URI=\"\" and the transform enveloped-signature alone, so that the signature covers the whole message"),
        SignatureFault.MethodNotAllowed => new(
            $"只接受：{string.Join("、", CebSignature.SignatureMethods.Concat(CebSignature.DigestMethods).Append(CebSignature.Canonical))}",
            $"Taken are only: {string.Join(", ", CebSignature.SignatureMethods.Concat(CebSignature.DigestMethods).Append(CebSignature.Canonical))}"),
        SignatureFault.DigestDiffers => new("签名之后报文被改动，或签名时用了别的形式", "The message was changed after signing, or was signed in another form"),
        SignatureFault.NotTrusted => new("签名值不是用 KeyInfo 中证书的私钥做的", "The signature was not made with the key of the certificate in KeyInfo"),
        _ => new("证书不在有效期", "The certificate is not in force"),
    };
}
