using System.Security.Cryptography.X509Certificates;
using System.Security.Cryptography.Xml;
using System.Text;
using System.Xml;
using Org.BouncyCastle.Crypto.Parameters;
using Sandan.Contracts.Ceb;

namespace Sandan.Signing.Tests;

public sealed class SignatureTests
{
    private const string Message = """
        <?xml version="1.0" encoding="UTF-8"?>
        <ceb:CEB411Message xmlns:ceb="http://www.chinaport.gov.cn/ceb" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" guid="4CDE1CFD-EDED-46B1-946C-B8022E42FC94" version="1.0">
          <ceb:Payment><ceb:PaymentHead><ceb:amountPaid>622.05</ceb:amountPaid><ceb:payerName>王 &amp; 王</ceb:payerName><ceb:note/></ceb:PaymentHead></ceb:Payment>
        </ceb:CEB411Message>
        """;

    private static DateTimeOffset Now => Cards.Now;
    private static readonly X509Certificate2 Card = Cards.Rsa("card");
    private static readonly (byte[] Certificate, ECPrivateKeyParameters Key) Sm2Card = Cards.Sm2(1);

    public static TheoryData<string> Signers => ["rsa-sha1", "rsa-sha256", "sm2"];

    [Theory]
    [MemberData(nameof(Signers))]
    public void What_is_signed_holds_and_any_change_is_noticed(string signer)
    {
        var signed = Signed(signer);
        Assert.Equal(SignatureFault.None, Check(signed, signer));
        Assert.Equal(SignatureFault.None, SignatureDoctor.Examine(signed).Fault);
        foreach (var (part, instead) in (IEnumerable<(string, string)>)[
            ("622.05", "62.05"), ("王 &amp; 王", "王"), ("guid=\"4", "guid=\"5"), ("<ceb:note/>", ""), ("<ceb:note/>", "<ceb:note>x</ceb:note>"),
            ("  <ceb:Payment>", "<ceb:Payment>"), ("</ceb:Payment>", "</ceb:Payment><ceb:Payment/>"), ("xmlns:xsi", "xmlns:xsj")])
        {
            var changed = Replaced(signed, part, instead);
            Assert.Equal(SignatureFault.DigestDiffers, Check(changed, signer));
        }

        Assert.Equal(SignatureFault.None, Check(Replaced(signed, "<ceb:note/>", "<ceb:note></ceb:note><!-- not part of it -->"), signer));
        var text = Encoding.UTF8.GetString(signed);
        var at = text.IndexOf("SignatureValue>", StringComparison.Ordinal) + "SignatureValue>".Length + 4;
        Assert.Equal(SignatureFault.NotTrusted, Check(Encoding.UTF8.GetBytes(text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..]), signer));
    }

    [Theory]
    [MemberData(nameof(Signers))]
    public void A_signature_holds_in_whatever_encoding_the_message_is_sent(string signer)
    {
        var sent = CodePagesEncodingProvider.Instance.GetEncoding("GBK")!.GetBytes(Encoding.UTF8.GetString(Replaced(Signed(signer), "\"UTF-8\"", "\"GBK\"")));
        var read = new CebXmlReader(CebMessage.All).Read(sent).Utf8;
        Assert.Equal(SignatureFault.None, Check(read.ToArray(), signer));
        Assert.Equal(SignatureFault.None, SignatureDoctor.Examine(read).Fault);
    }

    [Fact]
    public void A_signature_of_the_framework_holds_and_the_framework_holds_ours()
    {
        var document = Load(Encoding.UTF8.GetBytes(Message));
        var theirs = new SignedXml(document) { SigningKey = Card.GetRSAPrivateKey() };
        theirs.SignedInfo!.CanonicalizationMethod = SignedXml.XmlDsigC14NTransformUrl;
        theirs.SignedInfo.SignatureMethod = SignedXml.XmlDsigRSASHA1Url;
        var reference = new Reference("") { DigestMethod = SignedXml.XmlDsigSHA1Url };
        reference.AddTransform(new XmlDsigEnvelopedSignatureTransform());
        theirs.AddReference(reference);
        theirs.KeyInfo = new();
        theirs.KeyInfo.AddClause(new KeyInfoX509Data(Card));
        theirs.ComputeSignature();
        document.DocumentElement!.AppendChild(document.ImportNode(theirs.GetXml(), deep: true));
        Assert.Equal(SignatureFault.None, CebSignature.Read(Encoding.UTF8.GetBytes(document.OuterXml)).Check([Card.RawData], Now));

        var ours = Load(Signed("rsa-sha1"));
        var check = new SignedXml(ours);
        check.LoadXml((XmlElement)ours.GetElementsByTagName("Signature", SignedXml.XmlDsigNamespaceUrl)[0]!);
        Assert.True(check.CheckSignature(Card, verifySignatureOnly: true));
    }

    [Fact]
    public void Trust_comes_from_what_is_registered_and_not_from_the_message()
    {
        var attacker = Cards.Rsa("attacker");
        var signed = CebSigner.Rsa(attacker).Sign(Encoding.UTF8.GetBytes(Message));
        Assert.Equal(SignatureFault.None, CebSignature.Read(signed).Check([Sm2Card.Certificate, attacker.RawData], Now));
        Assert.Equal(SignatureFault.NotTrusted, CebSignature.Read(signed).Check([Card.RawData, Sm2Card.Certificate], Now));
        Assert.Equal(SignatureFault.NotTrusted, CebSignature.Read(signed).Check([], Now));
        Assert.Equal(SignatureFault.NotTrusted, CebSignature.Read(Signed("sm2")).Check([Card.RawData, Cards.Sm2(2).Certificate], Now));
        Assert.Equal(SignatureFault.NotInForce, CebSignature.Read(Signed("rsa-sha256")).Check([Card.RawData], Now.AddYears(20)));
        Assert.Equal(SignatureFault.NotInForce, CebSignature.Read(Signed("sm2")).Check([Sm2Card.Certificate], Now.AddYears(-20)));
    }

    [Fact]
    public void Wrapping_stripping_and_other_algorithms_are_refused()
    {
        var signed = Encoding.UTF8.GetString(Signed("rsa-sha256"));
        var from = signed.IndexOf("<ds:Signature ", StringComparison.Ordinal);
        var to = signed.IndexOf("</ds:Signature>", StringComparison.Ordinal) + "</ds:Signature>".Length;
        var signature = signed[from..to];
        var bare = signed.Remove(from, to - from);
        var evil = "<ceb:Payment><ceb:PaymentHead><ceb:amountPaid>1</ceb:amountPaid></ceb:PaymentHead></ceb:Payment>";
        var close = "</ceb:CEB411Message>";
        (string What, string Xml, SignatureFault Fault)[] attacks =
        [
            ("stripped", bare, SignatureFault.Missing),
            ("twice", signed.Replace(close, signature + close, StringComparison.Ordinal), SignatureFault.Malformed),
            ("inside a document", bare.Replace("<ceb:note/>", signature + "<ceb:note/>", StringComparison.Ordinal), SignatureFault.Malformed),
            ("inside ExtendMessage", bare.Replace(close, $"<ceb:ExtendMessage>{signature}</ceb:ExtendMessage>{close}", StringComparison.Ordinal), SignatureFault.Malformed),
            ("a second document before it", signed.Replace("  <ceb:Payment>", $"  {evil}<ceb:Payment>", StringComparison.Ordinal), SignatureFault.DigestDiffers),
            ("the signed message as the content of a signed-looking one", bare.Replace(close, $"<ceb:ExtendMessage>{signed[(signed.IndexOf("?>", StringComparison.Ordinal) + 2)..]}</ceb:ExtendMessage>{close}", StringComparison.Ordinal), SignatureFault.Malformed),
            ("a Reference to an id", signed.Replace("URI=\"\"", "URI=\"#a\"", StringComparison.Ordinal), SignatureFault.NotWhole),
            ("no URI", signed.Replace(" URI=\"\"", "", StringComparison.Ordinal), SignatureFault.NotWhole),
            ("two References", signed.Replace("</ds:Reference>", "</ds:Reference><ds:Reference URI=\"\"/>", StringComparison.Ordinal), SignatureFault.Malformed),
            ("an XSLT transform", signed.Replace("</ds:Transforms>", "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/></ds:Transforms>", StringComparison.Ordinal), SignatureFault.NotWhole),
            ("an XPath transform", signed.Replace("xmldsig#enveloped-signature", "x-http://www.w3.org/TR/1999/REC-xpath-19991116", StringComparison.Ordinal), SignatureFault.NotWhole),
            ("exclusive C14N", signed.Replace(CebSignature.Canonical, SignedXml.XmlDsigExcC14NTransformUrl, StringComparison.Ordinal), SignatureFault.MethodNotAllowed),
            ("HMAC under the public key", signed.Replace(SignedXml.XmlDsigRSASHA256Url, SignedXml.XmlDsigHMACSHA1Url, StringComparison.Ordinal), SignatureFault.MethodNotAllowed),
            ("MD5", signed.Replace(SignedXml.XmlDsigSHA256Url, "http://www.w3.org/2001/04/xmldsig-more#md5", StringComparison.Ordinal), SignatureFault.MethodNotAllowed),
            ("downgraded to SHA-1", signed.Replace(SignedXml.XmlDsigRSASHA256Url, SignedXml.XmlDsigRSASHA1Url, StringComparison.Ordinal), SignatureFault.NotTrusted),
            ("no DigestValue", signed.Replace("ds:DigestValue", "ds:Digest", StringComparison.Ordinal), SignatureFault.Malformed),
            ("no base64", signed.Replace("<ds:SignatureValue>", "<ds:SignatureValue>*", StringComparison.Ordinal), SignatureFault.Malformed),
        ];
        Assert.All(attacks, attack => Assert.True(
            attack.Fault == Check(Encoding.UTF8.GetBytes(attack.Xml), "rsa-sha256"), $"{attack.What}: {Check(Encoding.UTF8.GetBytes(attack.Xml), "rsa-sha256")}"));
    }

    [Fact]
    public void Under_the_name_of_SM3_a_digest_of_SHA_1_is_taken_as_live_messages_have_it()
    {
        // As one card library does it: everything says SM3, and the digest has 20 bytes.
        var signed = CebSigner.OfSm2(Sm2Card.Certificate, Sm2Card.Key, liveDigest: true).Sign(Encoding.UTF8.GetBytes(Message));
        Assert.Equal(20, CebSignature.Read(signed).DigestValue.Length);
        Assert.Equal(SignatureFault.None, Check(signed, "sm2"));
    }

    [Fact]
    public void SM3_is_that_of_the_standard() => Assert.Equal( // GM/T 0004-2012, A.1
        "66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0", Convert.ToHexString(Sm2.Digest("abc"u8)));

    [Theory]
    [InlineData("  <ceb:Payment>", "\n\n  <ceb:Payment>", null)] // changed in a way that nobody knows
    [InlineData("unindented", "", "White space was put between the elements after signing")]
    [InlineData("raw", "", "The message was signed as it is written, without canonicalising")]
    public void The_doctor_finds_in_which_form_it_was_signed(string how, string instead, string? told)
    {
        var message = how switch
        {
            "unindented" => System.Text.RegularExpressions.Regex.Replace(Message, @">\s+<", "><"),
            _ => Message,
        };
        var signed = how == "raw"
            ? CebSigner.Rsa(Card).Sign(Encoding.UTF8.GetBytes(message), canonicalise: false)
            : CebSigner.Rsa(Card).Sign(Encoding.UTF8.GetBytes(message));
        var changed = how switch
        {
            "unindented" => Replaced(Replaced(signed, "<ceb:Payment>", "\n  <ceb:Payment>"), "</ceb:Payment>", "</ceb:Payment>\n"),
            "raw" => signed,
            _ => Replaced(signed, how, instead),
        };
        var found = SignatureDoctor.Examine(changed);
        Assert.Equal((SignatureFault.DigestDiffers, told), (found.Fault, found.SignedAs?.En));
        Assert.NotEqual(found.DigestExpected, found.DigestFound);
        Assert.Equal(told is null, found.FirstDifference is null);
        Assert.StartsWith("<ceb:CEB411Message ", found.Canonical, StringComparison.Ordinal);
        Assert.Contains("<ceb:note></ceb:note>", found.Canonical, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Signers))]
    public void No_signature_is_too_strange_to_be_examined(string signer)
    {
        var signed = Signed(signer);
        for (var seed = 0; seed < 3_000; seed++)
        {
            var (random, spoilt) = (new Random(seed), (byte[])signed.Clone());
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                // Where base64 is spoilt it mostly stays well-formed, and the certificate gets its share.
                spoilt[random.Next(spoilt.Length)] = (byte)"AZaz09+/=<> \"#"[random.Next(14)];
            }

            try
            {
                SignatureDoctor.Examine(spoilt);
                CebSignature.Read(spoilt).Check([Card.RawData, Sm2Card.Certificate], Now);
            }
            catch (XmlException)
            {
                // Not well-formed: who calls this has read it before.
            }
        }
    }

    [Fact]
    public void The_doctor_shows_where_the_forms_part()
    {
        var unindented = System.Text.RegularExpressions.Regex.Replace(Message, @">\s+<", "><");
        var signed = Replaced(CebSigner.Rsa(Card).Sign(Encoding.UTF8.GetBytes(unindented)), "<ceb:Payment>", "\n  <ceb:Payment>");
        var parting = SignatureDoctor.Examine(signed).FirstDifference!;
        Assert.StartsWith("\n  <ceb:Payment>", parting.Right, StringComparison.Ordinal);
        Assert.StartsWith("<ceb:Payment>", parting.Signed, StringComparison.Ordinal);
    }

    private static SignatureFault Check(byte[] signed, string signer) =>
        CebSignature.Read(signed).Check([signer == "sm2" ? Sm2Card.Certificate : Card.RawData], Now);

    private static byte[] Signed(string signer) => (signer switch
    {
        "rsa-sha1" => CebSigner.Rsa(Card, sha1: true),
        "rsa-sha256" => CebSigner.Rsa(Card),
        _ => CebSigner.OfSm2(Sm2Card.Certificate, Sm2Card.Key),
    }).Sign(Encoding.UTF8.GetBytes(Message));

    private static byte[] Replaced(byte[] signed, string part, string instead)
    {
        var text = Encoding.UTF8.GetString(signed);
        Assert.Contains(part, text, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text.Replace(part, instead, StringComparison.Ordinal));
    }

    private static XmlDocument Load(byte[] utf8)
    {
        var document = new XmlDocument { PreserveWhitespace = true };
        document.Load(new MemoryStream(utf8));
        return document;
    }
}
