using System.Buffers;
using System.Text;
using System.Xml.Linq;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Tests;

public sealed class CebReceiptWriterTests
{
    private static readonly DateTimeOffset At = new(2016, 4, 28, 10, 22, 38, 7, TimeSpan.Zero);

    private static readonly XNamespace Ceb = CebMessage.Namespace;

    [Fact]
    public void A_receipt_is_written_as_the_official_one()
    {
        var read = new CebXmlReader(Valid.Messages).Read(Valid.Sample("CEB311"));
        var receipt = CebReceipt.For(
            read.Items[0].Document!, OfficialCodes.Accepted, At, CebReceipt.AcceptedInfo(read.Items[0].Document!));

        Assert.Equal(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <CEB312Message xmlns="http://www.chinaport.gov.cn/ceb" guid="4CDE1CFD-EDED-46B1-946C-B8022E42FC94" version="1.0"><OrderReturn><guid>4CDE1CFD-EDED-46B1-946C-B8022E42FC94</guid><ebpCode>1105910159</ebpCode><ebcCode>1105910159</ebcCode><orderNo>order20160321116421002</orderNo><returnStatus>2</returnStatus><returnTime>20160428182238007</returnTime><returnInfo>新增申报成功[4CDE1CFD-EDED-46B1-946C-B8022E42FC94]</returnInfo></OrderReturn></CEB312Message>
            """,
            Text(output => CebReceiptWriter.Write(output, CebMessage.Order, read.Guid!, [receipt])));
    }

    [Theory]
    [InlineData("CEB311")]
    [InlineData("CEB411")]
    [InlineData("CEB511")]
    [InlineData("CEB513")]
    public void Every_receipt_has_the_elements_of_its_table_in_order(string type)
    {
        var message = CebMessage.All.Single(known => known.Type == type);
        var read = Valid.ReadXml(Valid.Xml(message, Valid.XmlDocument(message), Valid.XmlDocument(message)));
        var receipts = read.Items.Select(item => CebReceipt.For(item.Document!, "2", At, "<&>\"'\r\n𠮷")).ToArray();

        var root = XDocument.Parse(Text(output => CebReceiptWriter.Write(output, message, read.Guid!, receipts))).Root!;

        Assert.Equal((Ceb + message.Receipt!.RootName, read.Guid), (root.Name, root.Attribute("guid")!.Value));
        Assert.Equal(2, root.Elements(Ceb + message.Receipt.DocumentName).Count());
        Assert.All(root.Elements(), document =>
        {
            Assert.Equal(
                message.Receipt.Head.Fields.Select(field => Ceb + field.Name),
                document.Elements().Select(element => element.Name));
            Assert.All(document.Elements().SkipLast(3), element =>
                Assert.Equal(read.Items[0].Document![element.Name.LocalName], element.Value));
            Assert.Equal("<&>\"'\r\n𠮷", document.Element(Ceb + "returnInfo")!.Value);
        });
    }

    [Fact]
    public void Values_are_cut_to_their_fields_and_made_printable()
    {
        var info = string.Concat(Enumerable.Repeat("𠮷", 1001));
        var receipt = new CebReceipt(new string('g', 40), ["1", "2", "a\0b\ud800"], "-301008", At, info);

        var document = XDocument.Parse(Write(CebMessage.Order, receipt)).Root!.Elements().Single();

        Assert.Equal("\"><x/>", document.Parent!.Attribute("guid")!.Value);
        Assert.Equal(new string('g', 36), document.Element(Ceb + "guid")!.Value);
        Assert.Equal("a\uFFFDb\uFFFD", document.Element(Ceb + "orderNo")!.Value);
        Assert.Equal(2000, document.Element(Ceb + "returnInfo")!.Value.Length);
    }

    public static TheoryData<string> Requests => new(CebMessage.All.Where(message => message.Receipt is not null).Select(message => message.Type));

    /// <summary>What is said to documents, and what they say themselves, at its worst.</summary>
    [Theory]
    [MemberData(nameof(Requests))]
    public void Every_receipt_fits_its_schema_whatever_it_answers(string type)
    {
        var message = CebMessage.All.Single(known => known.Type == type);
        string[] infos = [string.Concat(Enumerable.Repeat("𠮷", 1_001)), new('长', 5_000), "a\0b\u0001\ud800]]>\r\n\t<&>\"'", "无"];
        var documents = Valid.Fields(message).Where(field => !field.IsExtension)
            .SelectMany(field => FieldRuleTests.WrongValues(field).Select(wrong => (Field: field, wrong.Value)))
            .Select(wrong => Valid.XmlDocument(message, field => field == wrong.Field ? wrong.Value?.Replace("\0", "\uFFFD", StringComparison.Ordinal) : Valid.Value(field)))
            .Append(Valid.XmlDocument(message, _ => null)).Append(Valid.XmlDocument(message, field => field.IsExtension ? null : " \t"))
            .Append(Valid.XmlDocument(message, field => new string('长', Math.Min(field.Length, 5_000) * 3)));
        foreach (var (xml, at) in documents.Select((xml, at) => (xml, at)))
        {
            var read = new CebXmlReader([message]).Read(Encoding.UTF8.GetBytes(Valid.Xml(message, xml)));
            var receipt = CebReceipt.For(
                Assert.Single(read.Items).Document!, at % 3 == 0 ? "-301008" : "2", At, infos[at % infos.Length],
                at % 2 == 0 ? "B20261120000000001" : null, at % 5 == 0 ? "31052026I000000001" : null);
            var written = Text(output => CebReceiptWriter.Write(output, message, read.Guid!, [receipt]));
            Assert.Equal([], CebLinter.Check(Encoding.UTF8.GetBytes(written)).Select(one => $"{one.Code} {one.Where}: {written}"));
        }
    }

    [Fact]
    public void A_document_that_was_given_no_number_has_one_of_none_where_the_receipt_must_have_one()
    {
        var message = CebMessage.Inventory;
        var item = new CebXmlReader([message]).Read(Encoding.UTF8.GetBytes(Valid.Xml(message, Valid.XmlDocument(message, field => field.Name is "copNo" or "guid" or "orderNo" ? null : Valid.Value(field))))).Items[0];
        var document = XDocument.Parse(Text(output => CebReceiptWriter.Write(
            output, message, "99359B36-9940-4F87-B85F-CABD6F12BBAE", [CebReceipt.For(item.Document!, "-621001", At, "x")]))).Root!.Elements().Single();

        Assert.Equal(
            ("99359B36-9940-4F87-B85F-CABD6F12BBAE", "B20160428000000000", "B20160428000000000"),
            (document.Element(Ceb + "guid")!.Value, document.Element(Ceb + "preNo")!.Value, document.Element(Ceb + "copNo")!.Value));
        Assert.Equal("无", Key(CebMessage.Order, "orderNo"));
        Assert.Equal("0", Key(CebMessage.Arrival, "msgSeqNo"));
        Assert.Equal("2", Key(CebMessage.Arrival, "msgSeqNo", "2"));

        static string Key(CebMessage message, string name, string? value = null)
        {
            var read = new CebXmlReader([message]).Read(Encoding.UTF8.GetBytes(Valid.Xml(message, Valid.XmlDocument(message, field => field.Name == name ? value : Valid.Value(field)))));
            return XDocument.Parse(Text(output => CebReceiptWriter.Write(output, message, read.Guid!, [CebReceipt.For(read.Items[0].Document!, "-1", At, "x")])))
                .Descendants(Ceb + name).Single().Value;
        }
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("4CDE1CFD-EDED-46B1-946C-B8022E42FC94", "\uFFFF\ud800\r\n")]
    public void A_format_error_fits_its_schema_whatever_it_answers(string? guid, string text)
    {
        var failure = new CebXmlFailure("S1045", "-301008", "CEB311Message", new(string.Concat(Enumerable.Repeat(text + "错", 3_000)), text));
        var envelope = new DxpEnvelope(new string('号', 255), "DXPENT0000012345", [DxpEnvelope.ImportReceiver], "2026-11-20T10:30:00+08:00", "", new byte[] { 0xC4, 0xE3, 0, (byte)']', (byte)']', (byte)'>' });
        var written = Text(output => CebReceiptWriter.Write(output, CebFormatError.Of(failure, guid, guid is null ? null : envelope, Encoding.UTF8.GetBytes(text), At)));

        Assert.Empty(CebLinter.Check(Encoding.UTF8.GetBytes(written)));
    }

    [Fact]
    public void A_receipt_message_holds_1_to_100_receipts_with_the_right_keys()
    {
        var good = new CebReceipt("g", ["1", "2", "3"], "2", At, "i");

        Assert.Throws<ArgumentOutOfRangeException>(() => Write(CebMessage.Order));
        Assert.Throws<ArgumentOutOfRangeException>(() => Write(CebMessage.Order, [.. Enumerable.Repeat(good, 101)]));
        Assert.Throws<ArgumentException>(() => Write(CebMessage.Payment, good));
        Assert.Throws<ArgumentException>(() => Write(CebMessage.FormatError, good));
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain <xml/> & more")]
    [InlineData("<![CDATA[x]]>]]>]]]]>>")]
    [InlineData("]]>")]
    public void A_format_error_sends_the_original_back_whatever_it_is(string original)
    {
        var document = FormatError(Encoding.UTF8.GetBytes(original));

        Assert.Equal(
            CebMessage.FormatError.Head.Fields.Select(field => Ceb + field.Name),
            document.Elements().Select(element => element.Name));
        Assert.Equal(original, document.Element(Ceb + "oriBizMessage")!.Value);
    }

    [Fact]
    public void An_original_that_XML_cannot_carry_is_made_printable() =>
        Assert.Equal("a\uFFFDb\uFFFD", FormatError([0xEF, 0xBB, 0xBF, (byte)'a', 0, (byte)'b', 0xFF]).Element(Ceb + "oriBizMessage")!.Value);

    [Fact]
    public void At_most_64_KiB_of_an_original_go_back_and_no_half_character()
    {
        var document = FormatError(Encoding.UTF8.GetBytes("x" + new string('中', 40_000)));

        var sent = document.Element(Ceb + "oriBizMessage")!.Value;
        Assert.Equal("x" + new string('中', (CebReceiptWriter.OriginalBytesMax - 1) / 3), sent);
    }

    private static string Write(CebMessage message, params CebReceipt[] receipts) =>
        Text(output => CebReceiptWriter.Write(output, message, "\"><x/>", receipts));

    private static XElement FormatError(byte[] original)
    {
        var error = new CebFormatError("4CDE1CFD-EDED-46B1-946C-B8022E42FC94", "-301008", At, "原因", "", "Unknown", original);
        return XDocument.Parse(Text(output => CebReceiptWriter.Write(output, error))).Root!.Elements().Single();
    }

    private static string Text(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
