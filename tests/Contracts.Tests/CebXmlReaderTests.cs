using System.Text;
using System.Xml.Linq;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Tests;

public sealed class CebXmlReaderTests
{
    private static readonly CebValidator Lenient = new() { IdNumbers = IdNumberCheck.Off };

    private static readonly string Payment = Valid.XmlDocument(CebMessage.Payment);

    [Theory] // the samples' status is R where the specification knows S only
    [InlineData("CEB311", 1, null)]
    [InlineData("CEB411", 2, null)]
    [InlineData("CEB511", 2, null)]
    [InlineData("CEB513", 1, "/logisticsStatus")]
    public void An_official_sample_is_read(string type, int count, string? wrong)
    {
        var read = new CebXmlReader(Valid.Messages, Lenient).Read(Valid.Sample(type));

        Assert.Null(read.Failure);
        Assert.Equal((type, "4CDE1CFD-EDED-46B1-946C-B8022E42FC94", true), (read.Message!.Type, read.Guid, read.IsSigned));
        Assert.Equal(count, read.Items.Count);
        Assert.All(read.Items, item => Assert.Equal(wrong is null ? [] : [wrong], item.Errors.Select(error => error.Pointer)));
    }

    [Fact]
    public void An_official_order_has_its_values_and_lines()
    {
        var read = new CebXmlReader(Valid.Messages, Lenient).Read(Valid.Sample("CEB311"));

        var document = read.Items[0].Document!;
        Assert.Equal("order20160321116421002", document["orderNo"]);
        Assert.Equal("东方物通科技(北京)有限公司", document["ebpName"]);
        Assert.Equal(19050m, document.Number(CebMessage.Order.Head["acturalPaid"]));
        Assert.Equal(["1", "2"], document.Lines.Select(line => line["gnum"]));
        Assert.Equal(new CebTransfer("1101180326", "物流企业", "DXP", "EXP2016522002580001"), read.Transfer);
    }

    [Fact]
    public void The_number_of_a_sample_buyer_is_invalid_and_masked()
    {
        var error = Assert.Single(new CebXmlReader(Valid.Messages).Read(Valid.Sample("CEB311")).Items[0].Errors);

        Assert.Equal(("/buyerIdNumber", FieldCodes.BadIdNumber, "130********3332"), (error.Pointer, error.Code, error.Actual));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData("")]
    public void An_item_keeps_exactly_the_bytes_of_its_document(string newline)
    {
        var first = Payment.Replace("<ceb:note>值", "<ceb:note>𠮷é\t<!-- 注 -->\n<![CDATA[a>\n]]>", StringComparison.Ordinal)
            .Replace("</ceb:Payment>", "\n</ceb:Payment\n>", StringComparison.Ordinal).ReplaceLineEndings(newline);
        var second = Payment.Replace("<ceb:Payment>", "<ceb:Payment a='b'>", StringComparison.Ordinal);
        var documents = Enumerable.Repeat((string[])[first, second], 50).SelectMany(pair => pair).ToArray();
        var xml = Valid.Xml(CebMessage.Payment, ["<!-- 𠮷\n -->", .. documents.Select(document => document + newline)])
            .ReplaceLineEndings(newline);

        var read = Valid.ReadXml("\uFEFF" + xml);

        Assert.Null(read.Failure);
        Assert.Equal(documents, read.Items.Select(item => Encoding.UTF8.GetString(item.Raw.Span)));
    }

    [Theory]
    [InlineData("ceb:", "xmlns:ceb")]
    [InlineData("x:", "xmlns:x")]
    [InlineData("", "xmlns")]
    public void Any_prefix_will_do(string prefix, string declaration)
    {
        var xml = Valid.Xml(CebMessage.Payment, Payment)
            .Replace("xmlns:ceb=", declaration + "=", StringComparison.Ordinal)
            .Replace("<ceb:", "<" + prefix, StringComparison.Ordinal)
            .Replace("</ceb:", "</" + prefix, StringComparison.Ordinal);

        Assert.True(Assert.Single(Valid.ReadXml(xml).Items).IsValid);
    }

    [Fact]
    public void The_order_of_elements_does_not_matter()
    {
        var message = XDocument.Parse(Valid.Xml(CebMessage.Order, Valid.XmlDocument(CebMessage.Order)));
        foreach (var element in message.Descendants().Where(element => element.HasElements).ToArray())
        {
            element.ReplaceNodes(element.Elements().Reverse().ToArray());
        }

        Assert.True(Assert.Single(Valid.ReadXml(message.ToString()).Items).IsValid);
    }

    [Theory]
    [InlineData("consigneeDistrict", "consigneeDitrict")]
    [InlineData("consignee", "consingee")]
    public void Misspellings_of_the_specification_are_read(string right, string published)
    {
        var document = Valid.XmlDocument(CebMessage.Order)
            .Replace($"ceb:{right}>", $"ceb:{published}>", StringComparison.Ordinal);

        var item = Assert.Single(Valid.ReadXml(Valid.Xml(CebMessage.Order, document)).Items);

        Assert.True(item.IsValid);
        Assert.NotNull(item.Document![right]);
    }

    [Fact]
    public void Blanks_around_a_number_do_not_count_and_an_empty_optional_text_is_fine()
    {
        var document = Payment.Replace("<ceb:amountPaid>12.5", "<ceb:amountPaid>\n 12.5 ", StringComparison.Ordinal)
            .Replace("<ceb:note>值</ceb:note>", "<ceb:note/>", StringComparison.Ordinal);

        var item = Assert.Single(Valid.ReadXml(Valid.Xml(CebMessage.Payment, document)).Items);

        Assert.True(item.IsValid);
        Assert.Equal(12.5m, item.Document!.Number(CebMessage.Payment.Head["amountPaid"]));
    }

    [Fact]
    public void A_wrong_document_harms_no_neighbour_and_keeps_its_keys()
    {
        var wrong = Valid.XmlDocument(CebMessage.Payment, field => field.Name == "currency" ? "502" : Valid.Value(field));

        var read = Valid.ReadXml(Valid.Xml(CebMessage.Payment, Payment, wrong, Payment));

        Assert.Equal([true, false, true], read.Items.Select(item => item.IsValid));
        Assert.Equal("值", read.Items[1].Document!["payTransactionId"]);
    }

    [Fact]
    public void Errors_of_a_second_line_have_its_pointer()
    {
        var document = Valid.XmlDocument(CebMessage.Order);
        var start = document.IndexOf("<ceb:OrderList>", StringComparison.Ordinal);
        var end = document.IndexOf("</ceb:Order>", StringComparison.Ordinal);
        var second = document[start..end].Replace("gnum>1<", "gnum>2<", StringComparison.Ordinal)
            .Replace("qty>12.5<", "qty>0<", StringComparison.Ordinal);

        var item = Valid.ReadXml(Valid.Xml(CebMessage.Order, document.Insert(end, second))).Items[0];

        Assert.Equal("/orderList/1/qty", Assert.Single(item.Errors).Pointer);
    }

    [Theory]
    [InlineData(99, null)]
    [InlineData(100, "/orderList")]
    [InlineData(1000, "/orderList")]
    public void An_order_of_more_than_99_lines_is_refused_alone(int count, string? pointer)
    {
        var document = Valid.XmlDocument(CebMessage.Order);
        var start = document.IndexOf("<ceb:OrderList>", StringComparison.Ordinal);
        var end = document.IndexOf("</ceb:Order>", StringComparison.Ordinal);
        var lines = Enumerable.Range(1, count)
            .Select(n => document[start..end].Replace("gnum>1<", $"gnum>{n}<", StringComparison.Ordinal));
        var many = document[..start] + string.Concat(lines) + document[end..];

        var read = Valid.ReadXml(Valid.Xml(CebMessage.Order, document, many));

        Assert.True(read.Items[0].IsValid);
        Assert.Equal(pointer is null ? [] : [pointer], read.Items[1].Errors.Select(error => error.Pointer));
    }

    [Fact]
    public void A_message_holds_100_documents_and_not_101()
    {
        Assert.Equal(100, Valid.ReadXml(Valid.Xml(CebMessage.Payment, [.. Enumerable.Repeat(Payment, 100)])).Items.Count);
        AssertFails(FieldCodes.TooManyDocuments, Valid.Xml(CebMessage.Payment, [.. Enumerable.Repeat(Payment, 101)]));
    }

    [Fact]
    public void Subscribers_and_an_extension_are_passed_over()
    {
        const string More = """
            <ceb:BaseSubscribe>
              <ceb:status>ALL</ceb:status><ceb:dxpMode>DXP</ceb:dxpMode><ceb:dxpAddress>DXPENT1</ceb:dxpAddress>
            </ceb:BaseSubscribe>
            """;
        const string Extension = "<ceb:ExtendMessage><ceb:name>x</ceb:name><any xmlns='urn:other'>text<b/></any></ceb:ExtendMessage>";

        Assert.Null(Valid.ReadXml(Valid.Xml(CebMessage.Payment, [Payment, .. Enumerable.Repeat(More, 5), Extension])).Failure);
        AssertFails(FieldCodes.WrongStructure, Valid.Xml(CebMessage.Payment, [Payment, .. Enumerable.Repeat(More, 6)]));
        AssertFails(FieldCodes.WrongStructure, Valid.Xml(CebMessage.Payment, Payment, Extension, Extension));
        AssertFails(FieldCodes.WrongStructure, Valid.Xml(CebMessage.Payment, Payment, More.Replace("ALL", "", StringComparison.Ordinal)));
    }

    [Theory] // what of a good message is replaced by what → the code of the failure
    [InlineData("</ceb:CEB411Message>", "", FieldCodes.BadXml)]
    [InlineData("</ceb:orderNo>", "</ceb:orderNO>", FieldCodes.BadXml)]
    [InlineData(">值</ceb:orderNo>", ">a & b</ceb:orderNo>", FieldCodes.BadXml)]
    [InlineData(">值</ceb:orderNo>", ">&other;</ceb:orderNo>", FieldCodes.BadXml)]
    [InlineData(">值</ceb:orderNo>", ">&#0;</ceb:orderNo>", FieldCodes.BadXml)]
    [InlineData(">值</ceb:orderNo>", ">&#xD800;</ceb:orderNo>", FieldCodes.BadXml)]
    [InlineData("</ceb:CEB411Message>", "</ceb:CEB411Message><second/>", FieldCodes.BadXml)]
    [InlineData("ceb:CEB411Message", "ceb:CEB621Message", FieldCodes.WrongMessage)]
    [InlineData("ceb:CEB411Message", "ceb:Other", FieldCodes.WrongMessage)]
    [InlineData("www.chinaport.gov.cn/ceb", "www.chinaport.gov.cn/dxp", FieldCodes.WrongNamespace)]
    [InlineData("encoding=\"UTF-8\"", "encoding=\"Big5\"", FieldCodes.WrongEncoding)]
    [InlineData("encoding=\"UTF-8\"", "encoding=\"UTF-32\"", FieldCodes.WrongEncoding)]
    [InlineData("<ceb:CEB411Message guid", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><ceb:CEB411Message guid", FieldCodes.DtdForbidden)]
    [InlineData("<ceb:CEB411Message guid", "<!DOCTYPE x><ceb:CEB411Message guid", FieldCodes.DtdForbidden)]
    [InlineData("guid=\"4CDE", "guid=\"", FieldCodes.WrongStructure)]
    [InlineData("version=\"1.0\" xmlns", "xmlns", FieldCodes.WrongStructure)]
    [InlineData("<ceb:note>", "<ceb:remark><ceb:b/></ceb:remark><ceb:note>", FieldCodes.WrongStructure)]
    [InlineData("<ceb:note>", "<ceb:Payment/><ceb:note>", FieldCodes.WrongStructure)]
    [InlineData("<ceb:note>", "<ceb:orderNo>2</ceb:orderNo><ceb:note>", FieldCodes.WrongStructure)]
    [InlineData("<ceb:note>", "<note xmlns=''>1</note><ceb:note>", FieldCodes.WrongStructure)]
    [InlineData("<ceb:note>", "stray text<ceb:note>", FieldCodes.WrongStructure)]
    [InlineData(">值</ceb:orderNo>", "><b/></ceb:orderNo>", FieldCodes.WrongStructure)]
    [InlineData("<ceb:PaymentHead>", "<ceb:PaymentHead/><ceb:PaymentHead>", FieldCodes.WrongStructure)]
    [InlineData("<ceb:BaseTransfer>", "<ceb:Payment/><ceb:BaseTransfer>", FieldCodes.WrongStructure)]
    [InlineData("<ceb:BaseTransfer>", "<ceb:OrderList/><ceb:BaseTransfer>", FieldCodes.WrongStructure)]
    [InlineData("<ceb:copCode>1101180326</ceb:copCode>", "", FieldCodes.BadTransfer)]
    [InlineData("<ceb:copCode>1101180326", "<ceb:copCode>1234567890123456789", FieldCodes.BadTransfer)]
    [InlineData("<ceb:dxpMode>DXP", "<ceb:dxpMode>DX", FieldCodes.BadTransfer)]
    public void A_fault_of_structure_refuses_the_message(string part, string replacement, string code) =>
        AssertFails(code, Valid.Xml(CebMessage.Payment, Payment).Replace(part, replacement, StringComparison.Ordinal));

    [Fact]
    public void A_message_without_documents_or_without_transfer_is_refused()
    {
        var xml = Valid.Xml(CebMessage.Payment);
        AssertFails(FieldCodes.EmptyBody, xml);
        var start = xml.IndexOf("<ceb:BaseTransfer>", StringComparison.Ordinal);
        var transfer = xml[start..xml.IndexOf("</ceb:CEB411", StringComparison.Ordinal)];
        AssertFails(FieldCodes.BadTransfer, Valid.Xml(CebMessage.Payment, Payment).Replace(transfer, "", StringComparison.Ordinal));
        AssertFails(FieldCodes.WrongStructure, Valid.Xml(CebMessage.Payment, Payment, transfer));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void Other_encodings_are_refused(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        var xml = Valid.Xml(CebMessage.Payment, Payment);

        Assert.NotNull(new CebXmlReader(Valid.Messages).Read(encoding.GetBytes(xml)).Failure);
        Assert.NotNull(new CebXmlReader(Valid.Messages).Read((byte[])[.. encoding.Preamble, .. encoding.GetBytes(xml)]).Failure);
    }

    [Theory]
    [InlineData("gb2312", "GB18030")]
    [InlineData("GBK", "GB18030")]
    [InlineData("GB18030", "GB18030")]
    [InlineData("gb2312", "UTF-8")]
    [InlineData("utf-16", "UTF-8")]
    public void Another_encoding_is_read_where_it_is_declared_and_told(string declared, string used)
    {
        var xml = Valid.Xml(CebMessage.Payment, Payment, Payment.Replace("值", "𠮷镕", StringComparison.Ordinal));
        var bytes = CodePagesEncodingProvider.Instance.GetEncoding(used) ?? Encoding.UTF8;
        var plain = new CebXmlReader(Valid.Messages).Read(Encoding.UTF8.GetBytes(xml));
        var read = new CebXmlReader(Valid.Messages).Read(bytes.GetBytes(xml.Replace("UTF-8", declared, StringComparison.Ordinal)));

        Assert.Null(read.Failure);
        Assert.Equal("𠮷镕", read.Items[1].Document!["orderNo"]);
        Assert.Equal(plain.Items.Select(one => one.Raw.ToArray()), read.Items.Select(one => one.Raw.ToArray()));
        var told = Assert.Single(read.Remarks);
        Assert.Equal((1, $"{declared} is declared; the standard has UTF-8"), (told.Line, told.Text.En));
    }

    [Theory] // the declaration, and what stands in the place of the order number's first character
    [InlineData("UTF-8", "UTF-8", new byte[] { 0xD6, 0xD0 })]
    [InlineData("utf-16", "UTF-8", new byte[] { 0xD6, 0xD0 })]
    [InlineData("GBK", "GB18030", new byte[] { 0xD6, 0x20 })]
    [InlineData("GBK", "GB18030", new byte[] { 0xFF, 0xFF })]
    public void Bytes_that_are_not_what_is_declared_are_refused_with_their_place(string declared, string used, byte[] bytes)
    {
        var text = Valid.Xml(CebMessage.Payment, Payment).Replace("UTF-8", declared, StringComparison.Ordinal);
        var lines = text[..text.IndexOf("值</ceb:orderNo>", StringComparison.Ordinal)].Split('\n');
        var xml = (CodePagesEncodingProvider.Instance.GetEncoding(used) ?? Encoding.UTF8)
            .GetBytes(text.Replace("值</ceb:orderNo>", "##</ceb:orderNo>", StringComparison.Ordinal));
        bytes.CopyTo(xml, xml.AsSpan().IndexOf("##"u8));
        var failure = new CebXmlReader(Valid.Messages).Read(xml).Failure!;

        Assert.Equal((FieldCodes.WrongEncoding, lines.Length, lines[^1].Length + 1), (failure.Code, failure.Line, failure.Column));
    }

    [Theory]
    [InlineData("ceb:ExtendMessage")]
    [InlineData("ds:Signature")]
    public void Depth_is_bounded_where_any_content_is_allowed(string name)
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 100_000)) + string.Concat(Enumerable.Repeat("</a>", 100_000));
        var element = $"<{name} xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{deep}</{name}>";

        AssertFails(FieldCodes.TooDeep, Valid.Xml(CebMessage.Payment, Payment, element));
    }

    [Theory] // the run begins with the tag itself
    [InlineData(65_536, null)]
    [InlineData(65_537, FieldCodes.WrongStructure)]
    public void A_tag_with_its_text_is_bounded(int length, string? code)
    {
        const string Tag = "<ceb:ExtendMessage>";
        var xml = Valid.Xml(CebMessage.Payment, Payment, Tag + new string('x', length - Tag.Length) + "</ceb:ExtendMessage>");

        Assert.Equal(code, Valid.ReadXml(xml).Failure?.Code);
    }

    [Theory]
    [InlineData("<a b='1' c='2'/>", 3_333, null)]
    [InlineData("<a b='1' c='2'/>", 3_334, FieldCodes.WrongStructure)]
    [InlineData("<a/>", 10_001, FieldCodes.WrongStructure)]
    public void Elements_and_attributes_that_belong_to_no_document_are_bounded(string element, int count, string? code)
    {
        var extension = $"<ceb:ExtendMessage>{string.Concat(Enumerable.Repeat(element, count))}</ceb:ExtendMessage>";

        // Version, guid and the declaration of the namespace stand on the root.
        var read = new CebXmlReader(Valid.Messages, limits: new() { StraysMax = 10_002 }).Read(
            Encoding.UTF8.GetBytes(Valid.Xml(CebMessage.Payment, Payment, extension)));

        Assert.Equal(code, read.Failure?.Code);
    }

    [Fact]
    public void Size_is_bounded()
    {
        var reader = new CebXmlReader(Valid.Messages, limits: new() { BytesMax = 100 });

        Assert.Equal(FieldCodes.MessageTooLarge, reader.Read(Encoding.UTF8.GetBytes(Valid.Xml(CebMessage.Payment, Payment))).Failure!.Code);
    }

    [Fact]
    public void Many_small_sections_of_a_text_are_joined_in_linear_time()
    {
        var sections = string.Concat(Enumerable.Repeat("<![CDATA[a]]><!-- -->&amp;", 100_000));

        var document = Payment.Replace("<ceb:note>值", "<ceb:note>" + sections, StringComparison.Ordinal);

        var item = Valid.ReadXml(Valid.Xml(CebMessage.Payment, document)).Items[0];

        Assert.Equal(200_000, item.Document!["note"]!.Length);
    }

    [Fact]
    public void A_failure_names_type_place_and_number_and_no_value()
    {
        var document = Payment.Replace(">值</ceb:payerName>", ">王小明<b/></ceb:payerName>", StringComparison.Ordinal);

        var read = Valid.ReadXml(Valid.Xml(CebMessage.Payment, document));

        Assert.Equal(("CEB411Message", "-401009"), (read.Failure!.MessageType, read.Failure.ReturnStatus));
        Assert.Equal("4CDE1CFD-EDED-46B1-946C-B8022E42FC94", read.Guid);
        Assert.Empty(read.Items);
        Assert.Contains("payerName", read.Failure.Reason.En, StringComparison.Ordinal);
        Assert.Matches("^第[0-9]+行第[0-9]+列：", read.Failure.Reason.Zh);
        Assert.DoesNotContain("王小明", read.Failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CEB621Message", "CEB621Message")]
    [InlineData("SomethingElse", "Unknown")]
    public void A_failure_repeats_the_type_only_where_it_is_one(string root, string type)
    {
        var failure = Valid.ReadXml($"<{root}/>").Failure!;

        Assert.Equal((type, "-301008"), (failure.MessageType, failure.ReturnStatus));
    }

    [Fact]
    public void Only_the_accepted_messages_are_read() => Assert.Equal(
        FieldCodes.WrongMessage,
        new CebXmlReader([CebMessage.Order]).Read(Encoding.UTF8.GetBytes(Valid.Xml(CebMessage.Payment, Payment))).Failure!.Code);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("<")]
    [InlineData("{}")]
    [InlineData("\uFEFF")]
    public void Rubbish_is_no_message(string text) => AssertFails(FieldCodes.BadXml, text);

    [Fact]
    public void Cutting_or_flipping_a_message_anywhere_never_throws()
    {
        var body = Encoding.UTF8.GetBytes(Valid.Xml(CebMessage.Order, Valid.XmlDocument(CebMessage.Order)));
        var reader = new CebXmlReader(Valid.Messages);
        for (var at = 0; at < body.Length; at += 3)
        {
            var flipped = (byte[])body.Clone();
            flipped[at] ^= 0x15;
            Assert.NotNull(reader.Read(body.AsMemory(0, at)).Failure);
            reader.Read(flipped);
        }
    }

    private static void AssertFails(string code, string xml)
    {
        var read = Valid.ReadXml(xml);

        Assert.Equal(code, read.Failure?.Code);
        Assert.Empty(read.Items);
        Assert.Null(read.Transfer);
    }
}
