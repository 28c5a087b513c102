using System.Text;
using System.Text.RegularExpressions;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Tests;

/// <summary>
/// Ways in which live messages and the programs that make them differ from the specification, as seen in public; each made anew of a
/// good message. What is told is the linter's; a document that is refused is marked so.
/// </summary>
public sealed class LiveVariantTests
{
    private const string Import = "CEB311", Inventory = "CEB621", Refused = " !";

    public static TheoryData<string, string, string, string, string> Variants => new()
    {
        // message, what is replaced, by what, what the variant is, what is told
        { Import, "\n", "\r\n", "line ends of Windows", "" },
        { Import, "  ", "\t", "tabs", "" },
        { Import, "<\\?xml.*\n", "", "no declaration", "" },
        { Import, "encoding=\"UTF-8\"", "encoding='utf-8' standalone=\"yes\"", "a declaration of Java", "" },
        { Import, "<\\?xml", "\uFEFF<?xml", "a byte order mark", "" },
        { Import, "UTF-8", "gb2312", "another encoding is declared than is used", "S1049" },
        { Import, "UTF-8", "utf-16", "a declaration of .NET", "S1049" },
        { Import, "UTF-8", "utf8", "a declaration without its hyphen", "S1049" },
        { Import, "guid=\"(.*)\" version=\"1.0\"", "version='v1.0' guid='$1' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'", "attributes of DOM4J", "" },
        { Import, "guid=\".{36}\"", "guid=\"CEB311_HNZB_HNFX_20230707223752_0034\"", "a guid that is none", "" },
        { Import, "[0-9A-F]{8}-[0-9A-F-]{27}", "99359b36-9940-4f87-b85f-cabd6f12bbae", "guids in small letters", "" },
        { Import, "\\bceb(?=[:=])", "ns2", "the prefix of JAXB", "" },
        { Import, ":ceb(?==)|ceb:", "", "no prefix", "" },
        { Import, "<ceb:consigneeAddress>(.*)<", "<ceb:consigneeAddress><![CDATA[$1]]><", "an address in CDATA", "" },
        { Import, "576.5<", "576.50000<", "zeros at the end", "" },
        { Import, ">53.55<", ">.55<", "an amount of Oracle", "" },
        { Import, ">20</ceb:discount>", ">-0.00</ceb:discount>", "a discount of printf", "" },
        { Import, "<ceb:payTransactionId>.*<", "<ceb:payTransactionId><", "an optional text that is empty", "" },
        { Import, "<ceb:consigneeDistrict>.*<", "<ceb:consigneeDistrict><", "an optional code that is empty", "S1049 Order[0]/consigneeDistrict" },
        { Import, "</ceb:Order>", "</ceb:Order><ceb:BaseSubscribe/>", "nobody is subscribed", "S1049 S1050" },
        { Import, "</ceb:BaseTransfer>", "</ceb:BaseTransfer><ceb:ExtendMessage><ceb:name>检</ceb:name><ceb:version>1</ceb:version><ceb:Message><Insp><a>1</a></Insp></ceb:Message></ceb:ExtendMessage>", "a message of another office", "" },
        { Inventory, "</ceb:InventoryHead>", "<ceb:sortlineId>SORTLINE03</ceb:sortlineId><ceb:orgCode>500400</ceb:orgCode></ceb:InventoryHead>", "fields of a local system", "S1020 Inventory[0]/sortlineId S1020 Inventory[0]/orgCode" },
        { Inventory, "<ceb:(qty2|unit2)>.*<", "<ceb:$1><", "no second unit", "S1049 Inventory[0]/inventoryList/0/qty2 S1049 Inventory[0]/inventoryList/0/unit2" },
        { Inventory, "SKIN-LOTION-200", "SKIN-LOTION-200-JP-2026-11", "an article number of 26 characters", "S1049 Inventory[0]/inventoryList/0/itemNo" },
        { "CEB411", ">142<", ">CNY<", "the currency of ordinary declarations", "S1049 Payment[0]/currency" },
        { "CEB603", "<ceb:fFlag>3", "<ceb:fFlag>1", "freight as a rate", "S1049 Inventory[0]/fFlag" },
        { "CEB214", "CEB214Message", "CEB214", "the root of the official sample", "S1049" },
        { "CEB214", "<coElNo>", "<appSenderId>3302980005</appSenderId><coElNo>", "a field of the official sample", "S1020 RefundReturn[0]/appSenderId" },
        { "CEB816", "</TaxHeadRd>", "<orderNo>SD1</orderNo><logisticNo>WB1</logisticNo></TaxHeadRd>", "a tax bill as it comes", "S1049 Tax[0]/logisticsNo" },

        // refused, and why
        { Import, "^", "\n", "a line before the declaration", "S1040" + Refused },
        { Import, "UTF-8", "big5", "another encoding is declared", "S1046" + Refused },
        { Import, " xmlns:ceb=\"[^\"]*\"|ceb:", "", "no namespace", "S1042" + Refused },
        { Import, "<ceb:Order>", "<link type=\"text/css\" id=\"dark-mode\" href=\"\"/><ceb:Order>", "what a browser put in", "S1045" + Refused },
        { Import, "guid=\"(.{8})-(.{4})-(.{4})-(.{4})-", "guid=\"$1$2$3$4", "a guid without hyphens", "S1045" + Refused },
        { Import, "acturalPaid", "actualPaid", "the right spelling", "S1001 Order[0]/acturalPaid S1020 Order[0]/actualPaid" + Refused },
        { Import, "<ceb:buyerTelephone>.*</ceb:buyerTelephone>", "", "a field that the text has not", "S1001 Order[0]/buyerTelephone" + Refused },
        { Import, ">576.5<", ">0.30000000000000004<", "an amount of a float", "S1007 Order[0]/goodsValue" + Refused },
        { "CEB411", "330106199003070014", "330***********0014", "a number with a mask", "S1014 Payment[0]/payerIdNumber" + Refused },
        { "CEB513", ">S<", ">R<", "the state of the official sample", "S1011 LogisticsStatus[0]/logisticsStatus" + Refused },
        { Inventory, "<ceb:InventoryList>\\s*<ceb:gnum>1", "<ceb:InventoryList><ceb:InventoryList><ceb:gnum>1", "a list of lists", "S1045" + Refused },
    };

    public static TheoryData<string, string, string, string> Envelopes => new()
    {
        // what is replaced, by what, what the variant is, what is told
        { " ver=", " Id='dxpEport' xmlns:ds='http://www.w3.org/2000/09/xmldsig#' ver=", "an Id", "" },
        { "</Data>", "</Data><AddInfo><FileName></FileName><IcCard></IcCard><BizKey><Key name=\"RetType\"></Key></BizKey></AddInfo>", "empty information", "" },
        { "(<Data>.{76})", "$1\n", "base64 in lines", "" },
        { "<MsgType>.*</MsgType>", "<MsgType/>", "no type", "" },
        { "(?s)<DxpMsg.*", "<DxpMsgSv xmlns=\"http://www.chinaport.gov.cn/dxp\" ver=\"1.0\"><SvNo Ver=\"1.0\"><MsgId>31050001202611201030000000000001</MsgId><EndNode>31050001</EndNode></SvNo>$0</DxpMsgSv>", "handed on by a node", "" },
        { "<CopMsgId>.*</CopMsgId>", "<CopMsgId></CopMsgId>", "no number", "S1052" + Refused },
        { "</Data>", "!</Data>", "base64 that is none", "S1052" + Refused },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void A_variant_is_read_or_told(string type, string pattern, string by, string variant, string told)
    {
        var golden = GoldenMessage.Of(type);
        var text = Regex.Replace(golden.Valid, pattern, by);
        Assert.NotEqual(golden.Valid, text);
        AssertTold(variant, told, Encoding.UTF8.GetBytes(text));
    }

    [Theory]
    [MemberData(nameof(Envelopes))]
    public void A_variant_of_the_envelope_is_read_or_told(string pattern, string by, string variant, string told)
    {
        var golden = GoldenMessage.Of(Import);
        var enveloped = Encoding.UTF8.GetString(GoldenMessage.Enveloped(golden.Message, golden.Bytes()));
        var body = Encoding.UTF8.GetBytes(Regex.Replace(enveloped, pattern, by));
        Assert.NotEqual(enveloped, Encoding.UTF8.GetString(body));
        Assert.True(DxpEnvelope.IsOne(body));
        Assert.Equal(golden.Message, MessageRoot.MessageOf(body));
        AssertTold(variant, told, body);
        if (told.Length == 0)
        {
            Assert.Equal(golden.Bytes(), DxpEnvelope.Read(body).Message.ToArray());
        }
    }

    [Fact]
    public void An_envelope_may_have_a_prefix()
    {
        var golden = GoldenMessage.Of(Import);
        var enveloped = Encoding.UTF8.GetString(GoldenMessage.Enveloped(golden.Message, golden.Bytes()));
        var body = Encoding.UTF8.GetBytes(Regex.Replace(enveloped, "<(/?)(?=[A-Z])", "<$1dxp:").Replace("xmlns=", "xmlns:dxp=", StringComparison.Ordinal));
        Assert.Equal(golden.Message, MessageRoot.MessageOf(body));
        Assert.Equal(golden.Bytes(), DxpEnvelope.Read(body).Message.ToArray());
    }

    [Theory] // of a local system; our extension of JSON; letters changed of a field that came, and of one that did not
    [InlineData("sortlineId", null, false)]
    [InlineData("platformCode", null, false)]
    [InlineData("orderNO", null, false)]
    [InlineData("payTransactionID", "payTransactionId", true)]
    public void A_name_that_is_no_field_is_overlooked_unless_a_field_would_be_lost(string name, string? expected, bool isError)
    {
        var document = Valid.XmlDocument(CebMessage.Order, field => field.Name == "payTransactionId" ? null : Valid.Value(field))
            .Replace("</ceb:OrderHead>", $"<ceb:{name}>1</ceb:{name}></ceb:OrderHead>", StringComparison.Ordinal);
        var item = Assert.Single(Valid.ReadXml(Valid.Xml(CebMessage.Order, document)).Items);

        Assert.Equal(!isError, item.IsValid);
        var told = Assert.Single(isError ? item.Errors : item.Warnings);
        Assert.Equal(($"/{name}", FieldCodes.UnknownMember, expected, name), (told.Pointer, told.Code, told.Expected, told.Actual));
    }

    [Fact]
    public void At_most_100_warnings_are_told()
    {
        var names = string.Concat(Enumerable.Repeat("<ceb:local/>", 5_000));
        var document = Valid.XmlDocument(CebMessage.Waybill).Replace("</ceb:LogisticsHead>", names + "</ceb:LogisticsHead>", StringComparison.Ordinal);

        var item = Assert.Single(Valid.ReadXml(Valid.Xml(CebMessage.Waybill, document)).Items);

        Assert.Equal((true, 101, FieldCodes.MoreErrors), (item.IsValid, item.Warnings.Count, item.Warnings[^1].Code));
    }

    [Theory]
    [InlineData(50, null)]
    [InlineData(51, FieldCodes.WrongStructure)]
    public void Names_that_are_no_field_are_bounded(int count, string? code)
    {
        var names = string.Concat(Enumerable.Range(0, count).Select(number => $"<ceb:local{number:D2}x/>"));
        var documents = Enumerable.Repeat(Valid.XmlDocument(CebMessage.Waybill).Replace("</ceb:LogisticsHead>", names + "</ceb:LogisticsHead>", StringComparison.Ordinal), 2);

        var read = Valid.ReadXml(Valid.Xml(CebMessage.Waybill, [.. documents]));

        Assert.Equal(code, read.Failure?.Code);
        Assert.All(read.Items, item => Assert.Equal(count, item.Warnings.Count));
    }

    private static void AssertTold(string variant, string told, byte[] body)
    {
        var said = string.Join(' ', CebLinter.Check(body).Select(one => $"{one.Code} {one.Where}".TrimEnd()));
        var isRead = !DxpEnvelope.IsOne(body) && new CebXmlReader(CebMessage.All).Read(body) is { Failure: null } read && read.Items.All(item => item.IsValid);
        Assert.Equal((variant, told), (variant, said + (isRead || told.Length == 0 ? "" : Refused)));
        Assert.True(isRead || DxpEnvelope.IsOne(body) || told.EndsWith(Refused, StringComparison.Ordinal), variant);
    }
}
