using System.Text;
using System.Text.Json.Nodes;
using Sandan.Contracts;
using Sandan.Payment.OriginalData;
using Sandan.Signing;
using Sandan.Signing.Tests;

namespace Sandan.Payment.Tests;

/// <summary>payExInfoStr and the string in it that is signed. Source: GACC 2018-179.</summary>
public sealed class PayExInfoTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1544519952469);

    /// <summary>Made like the samples that go with the announcement.</summary>
    private static readonly OriginalPayment Sample = new(
        new(
            "9D55BA71-22DE-41F4-8B50-C36C83B3B530", "原始请求", "ok", "4404840022", "312226T001", "2018121222001354081010726129", 100.00m, "142", "3", "1",
            "20181212041803", "合并支付,两件商品"),
        [new("SO1710301150602574003", [new("lhy-gnsku3", "http://shop.example.cn/index.html#/detail?itemId=1&shopId=2")], "OSA571908863132601", "", "YUNJIHONGKONGLIMITED")]);

    [Fact]
    public void The_signed_string_has_the_form_that_works()
    {
        var body = PayExBody.Of(Sample);

        Assert.Equal(
            """
            "sessionID":"ad2254-8hewyf32-55616249"||"payExchangeInfoHead":"{"guid":"9D55BA71-22DE-41F4-8B50-C36C83B3B530","initalRequest":"原始请求","initalResponse":"ok","ebpCode":"4404840022","payCode":"312226T001","payTransactionId":"2018121222001354081010726129","totalAmount":100,"currency":"142","verDept":"3","payType":"1","tradingTime":"20181212041803","note":"合并支付,两件商品"}"||"payExchangeInfoLists":"[{"orderNo":"SO1710301150602574003","goodsInfo":[{"gname":"lhy-gnsku3","itemLink":"http://shop.example.cn/index.html#/detail?itemId=1&shopId=2"}],"recpAccount":"OSA571908863132601","recpCode":"","recpName":"YUNJIHONGKONGLIMITED"}]"||"serviceTime":"1544519952469"
            """,
            Encoding.UTF8.GetString(PayExInfo.SignedBytes("\"ad2254-8hewyf32-55616249\"", body, "\"1544519952469\"")));
    }

    [Fact]
    public void What_is_posted_holds_the_signed_characters()
    {
        byte[]? signed = null;
        var posted = PayExInfo.Write("s-1", PayExBody.Of(Sample), Now, "03000000000cde6f", bytes =>
        {
            signed = bytes;
            return [1, 2, 3];
        });

        var parts = Encoding.UTF8.GetString(signed!).Split("||");
        Assert.Equal(4, parts.Length);
        Assert.StartsWith($"{{{parts[0]},", posted, StringComparison.Ordinal);
        Assert.Contains(PayExBody.Of(Sample).Head, posted, StringComparison.Ordinal);
        Assert.Contains($",\"payExchangeInfoLists\":{PayExBody.Of(Sample).Lists},{parts[3]},", posted, StringComparison.Ordinal);
        Assert.EndsWith(",\"certNo\":\"03000000000cde6f\",\"signValue\":\"AQID\"}", posted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("100.00", "100")]
    [InlineData("19.90000", "19.9")]
    [InlineData("0.00001", "0.00001")]
    [InlineData("0", "0")]
    [InlineData("0.10", "0.1")]
    [InlineData("99999999999999.99999", "99999999999999.99999")]
    public void An_amount_has_no_zeros_at_its_end_and_no_exponent(string given, string written)
    {
        var deposit = Given.Deposit();
        deposit.Head()["totalAmount"] = given;

        Assert.Contains($"\"totalAmount\":{written},", PayExBody.Of(Given.Payment(deposit)).Head, StringComparison.Ordinal);
    }

    [Theory] // the raw text, and how it stands in JSON: nothing is escaped that need not be
    [InlineData("a=1&b=<2>+'3'", "a=1&b=<2>+'3'")]
    [InlineData("{\"x\":\"y/z\"}", "{\\\"x\\\":\\\"y/z\\\"}")]
    [InlineData("中文 é 😀", "中文 é 😀")]
    [InlineData("a\\b\r\n\tc", "a\\\\b\\r\\n\\tc")]
    public void Raw_texts_are_kept_character_by_character(string raw, string written)
    {
        var deposit = Given.Deposit();
        deposit.Head()["initalRequest"] = raw;
        var body = PayExBody.Of(Given.Payment(deposit));

        Assert.Contains($"\"initalRequest\":\"{written}\"", body.Head, StringComparison.Ordinal);
        Assert.Equal(raw, JsonNode.Parse(body.Head)!["initalRequest"]!.ToString());
        Assert.Equal(body, PayExBody.FromBytes(body.ToBytes()));
    }

    [Fact]
    public void The_same_content_has_the_same_hash_under_another_guid_and_in_another_spelling_of_its_amount()
    {
        var other = Given.Deposit();
        other.Head()["guid"] = "ANOTHER";
        other.Head()["totalAmount"] = "622.0500";
        Assert.Equal(PayExBody.HashOf(Given.Payment()), PayExBody.HashOf(Given.Payment(other)));

        other.Head()["initalResponse"] = other.Head()["initalResponse"] + " ";
        Assert.NotEqual(PayExBody.HashOf(Given.Payment()), PayExBody.HashOf(Given.Payment(other)));
    }

    public static TheoryData<string> Kinds => ["RSA", "SM2"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_was_written_is_read_and_its_signature_holds_until_a_character_changes(string kind)
    {
        var (signer, certificate) = Card(kind);
        var text = PayExInfo.Write("s-1", PayExBody.Of(Given.Payment()), Now, signer.CertificateNo, signer.SignBytes);
        var errors = new List<FieldError>();
        var read = ReceivedPayExInfo.Read(text, errors)!;

        Assert.Empty(errors);
        Assert.Equal(("s-1", Now, signer.CertificateNo), (read.SessionId, read.ServiceTime, read.CertNo));
        Assert.Equal(PayExBody.Of(Given.Payment()), PayExBody.Of(read.Payment!));
        Assert.Equal(certificate.SerialNumber.TrimStart('0'), read.CertNo.TrimStart('0'));
        Assert.True(certificate.Signed(read.Signed, read.SignValue));
        Assert.Equal(kind == "SM2" ? 64 : 256, read.SignValue.Length); // the cards of RSA have 1,024 bits, these 2,048
        foreach (var (from, to) in ((string, string)[])
            [("622.05", "622.050"), ("\"s-1\"", "\"s-2\""), ("1544519952469", "1544519952468"), ("\"orderNo\":", "\"orderNo\": ")])
        {
            var changed = ReceivedPayExInfo.Read(text.Replace(from, to, StringComparison.Ordinal), [])!;
            Assert.False(certificate.Signed(changed.Signed, changed.SignValue), to);
        }
    }

    [Fact]
    public void A_certificate_of_the_other_kind_does_not_hold()
    {
        var (rsa, _) = Card("RSA");
        var (_, sm2) = Card("SM2");

        Assert.False(sm2.Signed([1], rsa.SignBytes([1])));
        Assert.False(Card("RSA").Certificate.Signed([1], rsa.SignBytes([1]))); // another key
    }

    [Theory]
    [InlineData("", "", "S1026")]
    [InlineData("[]", "", "S1025")]
    [InlineData("{}", "/sessionID", "S1001")]
    public void What_is_none_is_refused_with_its_reason(string text, string pointer, string code)
    {
        var errors = new List<FieldError>();

        Assert.Null(ReceivedPayExInfo.Read(text, errors));
        Assert.Equal((pointer, code), (errors[0].Pointer, errors[0].Code));
    }

    [Theory]
    [InlineData("\"sessionID\":\"s-1\"", "\"sessionID\":\"0123456789012345678901234567890123456\"", "/sessionID", "S1003")]
    [InlineData("\"serviceTime\":\"1544519952469\"", "\"serviceTime\":1544519952469", "/serviceTime", "S1022")]
    [InlineData("\"serviceTime\":\"1544519952469\"", "\"serviceTime\":\"154451995246\"", "/serviceTime", "S1012")]
    [InlineData("\"signValue\":\"AQID\"", "\"signValue\":\"=\"", "/signValue", "S1012")]
    [InlineData("payExchangeInfoLists", "payExchangeInfoList", "", "S1020")]
    [InlineData("\"certNo\":", "\"sessionID\":\"s-1\",\"certNo\":", "/sessionID", "S1021")]
    public void A_member_that_breaks_its_format_is_named(string from, string to, string pointer, string code)
    {
        var errors = new List<FieldError>();
        var text = PayExInfo.Write("s-1", PayExBody.Of(Given.Payment()), Now, "1", _ => [1, 2, 3]).Replace(from, to, StringComparison.Ordinal);

        Assert.Null(ReceivedPayExInfo.Read(text, errors));
        Assert.Contains(errors, error => (error.Pointer, error.Code) == (pointer, code));
    }

    [Theory] // customs send the time as a string and as a number
    [InlineData("""{"orderNo":"order1","sessionID":"fe2374-8fnejf97-55616242","serviceTime":"1533271903898"}""", null)]
    [InlineData("""{"orderNo":"order1","sessionID":"fe2374-8fnejf97-55616242","serviceTime":1533271903898}""", null)]
    [InlineData("""{"orderNo":"order1","sessionID":"fe2374-8fnejf97-55616242"}""", "/serviceTime S1001")]
    [InlineData("""{"orderNo":"order1","sessionID":"s","serviceTime":1.5}""", "/serviceTime S1012")]
    [InlineData("""{"orderNo":"","sessionID":"s","serviceTime":1533271903898}""", "/orderNo S1002")]
    [InlineData("""{"orderNo":"a\u0000b","sessionID":"s","serviceTime":1533271903898}""", "/orderNo S1013")]
    [InlineData("""{"orderNo":"\ud83d","sessionID":"s","serviceTime":1533271903898}""", "/orderNo S1013")]
    [InlineData("""{"orderNo":7,"sessionID":"s","serviceTime":1533271903898}""", "/orderNo S1022")]
    [InlineData("order1", " S1026")]
    public void OpenReq_is_read(string text, string? fault)
    {
        var errors = new List<FieldError>();
        var read = PlatDataOpen.Read(text, errors);

        Assert.Equal(fault, errors.Select(error => $"{error.Pointer} {error.Code}").FirstOrDefault());
        Assert.Equal(fault is null ? ("order1", "fe2374-8fnejf97-55616242") : null, read);
    }

    [Fact]
    public void What_customs_ask_with_a_platform_reads() =>
        Assert.Equal(("订单-1", "s-1"), PlatDataOpen.Read(Inquirer.OpenReq("订单-1", "s-1", Now), []));

    private static (CebSigner Signer, CebCertificate Certificate) Card(string kind)
    {
        if (kind == "SM2")
        {
            var (der, key) = Cards.Sm2(79);
            return (CebSigner.OfSm2(der, key), CebCertificate.Read(Convert.ToBase64String(der))!);
        }

        var rsa = Cards.Rsa("platform");
        return (CebSigner.Rsa(rsa, sha1: true), CebCertificate.Read(Convert.ToBase64String(rsa.RawData))!);
    }
}
