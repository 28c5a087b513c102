using System.Buffers;
using System.Text;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Tests;

/// <summary>All 42 messages of the standard, by their tables.</summary>
public sealed class EveryMessageTests
{
    private const string Guid = "4CDE1CFD-EDED-46B1-946C-B8022E42FC94";
    private static readonly CebXmlReader Reader = new(CebMessage.All);
    private static readonly CebTransfer Transfer = new("1101180326", "物流企业", "DXP", "DXPENT0000012345");

    public static TheoryData<string> Types => new(CebMessage.All.Select(message => message.Type));

    [Fact]
    public void There_are_42() => Assert.Equal(
        ["213", "214", "215", "216", "303", "304", "311", "312", "403", "404", "411", "412", "505", "506", "507", "508", "509", "510", "511", "512", "513", "514", "603", "604", "605", "606", "607", "608", "621", "622", "623", "624", "625", "626", "701", "702", "711", "712", "792", "816", "818", "900"],
        CebMessage.All.Select(message => message.Type[3..]));

    [Theory]
    [MemberData(nameof(Types))]
    public void A_message_is_read_and_written_again_byte_by_byte(string type)
    {
        var message = Find(type);
        var read = Read(message, Valid.XmlDocument(message));
        var first = Write(message, [.. read.Items.Select(item => item.Document!)]);
        var again = Reader.Read(first);
        Assert.Null(again.Failure);
        Assert.Equal(Guid, again.Guid);
        Assert.Equal(message.Direction is null ? null : Transfer, again.Transfer);
        Assert.Equal(Valid.Values(read.Items[0].Document!), Valid.Values(again.Items[0].Document!));
        Assert.Equal(Encoding.UTF8.GetString(first), Encoding.UTF8.GetString(Write(message, [again.Items[0].Document!])));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_wrong_field_is_told_and_is_the_only_error(string type)
    {
        var message = Find(type);
        var mode = message.Head.Find("tradeMode") is { Codes: [var first, ..] } ? first : null;
        foreach (var field in Valid.Fields(message).Where(field => !field.IsExtension))
        {
            var wrong = FieldRuleTests.WrongValues(field).Where(one => one.Code != FieldCodes.BadCharacters);
            if (mode is not null && field.RequiredIn.Contains(mode))
            {
                wrong = [(null, FieldCodes.RequiredInMode), ("", FieldCodes.RequiredInMode), .. wrong.Where(one => one.Value is { Length: > 0 })];
            }

            foreach (var (value, code) in wrong)
            {
                var item = Read(message, Valid.XmlDocument(message, known => known == field ? value : Valid.Value(known))).Items[0];
                Assert.Equal(Valid.ToldInXml(message, field, code), Valid.Told(item));
            }
        }
    }

    [Theory]
    [InlineData("CEB607", 3_000, null)] // the schema has no bound
    [InlineData("CEB603", 101, "1..100")]
    [InlineData("CEB621", 100, "1..99")]
    [InlineData("CEB509", 0, "1..*")]
    [InlineData("CEB507", 0, null)] // it may have none
    public void A_message_bounds_its_lines_as_its_schema_does(string type, int lines, string? expected)
    {
        var message = Find(type);
        var one = Valid.XmlDocument(message);
        var (from, to) = (one.IndexOf($"<ceb:{message.LineName}>", StringComparison.Ordinal), one.LastIndexOf($"</ceb:{message.DocumentName}>", StringComparison.Ordinal));
        var all = string.Concat(Enumerable.Range(1, lines).Select(number => one[from..to].Replace(">1</ceb:gnum>", $">{number}</ceb:gnum>", StringComparison.Ordinal)));
        var item = Read(message, one[..from] + all + one[to..]).Items[0];
        Assert.Equal(expected is null ? [] : [(FieldCodes.LineCount, expected)], item.Errors.Select(error => (error.Code, error.Expected)));
        Assert.Equal(lines, item.Document!.LinesSent);
    }

    [Fact]
    public void What_the_supervision_mode_demands_is_demanded()
    {
        var message = Find("CEB621");
        string[] bonded = ["emsNo", "areaCode", "areaName", "itemRecordNo"], direct = ["trafNo", "voyageNo", "billNo"];
        foreach (var (mode, missing) in (IEnumerable<(string, string[])>)[("9610", direct), ("1210", bonded), ("1239", bonded)])
        {
            var item = Read(message, Valid.XmlDocument(
                message, field => field.RequiredIn.Count > 0 ? null : field.Name == "tradeMode" ? mode : Valid.Value(field))).Items[0];
            Assert.Equal(missing, item.Errors.Select(error => error.Pointer.Split('/')[^1]));
            Assert.All(item.Errors, error => Assert.Equal(FieldCodes.RequiredInMode, error.Code));
        }
    }

    [Fact]
    public void Blanks_do_not_count_where_the_schema_collapses_them()
    {
        var message = Find("CEB603");
        var item = Read(message, Valid.XmlDocument(message, field => field.Collapses ? $" \n {Valid.Value(field)[0]}\t " : Valid.Value(field))).Items[0];
        Assert.Equal(("值", "7"), (item.Document!.Lines[0]["gmodel"], item.Document["trafMode"]));
    }

    [Fact]
    public void Faults_of_the_official_papers_are_read_and_told()
    {
        var message = Find("CEB816");
        var bill = Valid.XmlDocument(message).Replace(":logisticsNo>", ":logisticNo>", StringComparison.Ordinal);
        var warning = Assert.Single(Read(message, bill).Items[0].Warnings);
        Assert.Equal(("/logisticsNo", FieldCodes.Tolerated, "logisticsNo", "logisticNo"), (warning.Pointer, warning.Code, warning.Expected, warning.Actual));

        var order = Find("CEB303");
        var twice = Reader.Read(Encoding.UTF8.GetBytes(Valid.Xml(order, Valid.XmlDocument(order)).Replace(Valid.Transfer, Valid.Transfer + Valid.Transfer, StringComparison.Ordinal)));
        Assert.True(twice.Items[0].IsValid);
        Assert.Contains("BaseTransfer", Assert.Single(twice.Remarks).Text.En, StringComparison.Ordinal);
        Assert.NotNull(Reader.Read(Encoding.UTF8.GetBytes(
            Valid.Xml(order, Valid.XmlDocument(order)).Replace(Valid.Transfer, Valid.Transfer + Valid.Transfer + Valid.Transfer, StringComparison.Ordinal))).Failure);

        var refund = Find("CEB214");
        var root = Reader.Read(Encoding.UTF8.GetBytes(Valid.Xml(refund, Valid.XmlDocument(refund)).Replace(":CEB214Message", ":CEB214", StringComparison.Ordinal)));
        Assert.True(root.Items[0].IsValid);
        Assert.Contains("CEB214Message", Assert.Single(root.Remarks).Text.En, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_has_no_envelope()
    {
        var message = Find("CEB622");
        Assert.NotNull(Reader.Read(Encoding.UTF8.GetBytes(
            Valid.Xml(message, Valid.XmlDocument(message)).Replace($"</ceb:{message.RootName}>", $"{Valid.Transfer}</ceb:{message.RootName}>", StringComparison.Ordinal))).Failure);
        Assert.Throws<ArgumentException>(() => CebXmlWriter.Write(
            new ArrayBufferWriter<byte>(), message, Guid, Transfer, [Read(message, Valid.XmlDocument(message)).Items[0].Document!]));
    }

    [Fact]
    public void An_envelope_is_opened_and_closed()
    {
        var xml = Valid.Xml(CebMessage.Order, Valid.XmlDocument(CebMessage.Order));
        var read = DxpEnvelope.Read(Encoding.UTF8.GetBytes(Envelope(xml)));
        Assert.Equal(xml, Encoding.UTF8.GetString(read.Message.Span));
        Assert.Equal(
            ("A1", "DXPENT0000012345", DxpEnvelope.ImportReceiver, "2026-03-08T11:27:01", "CEB311Message", "SZCPORT.xml"),
            (read.CopMsgId, read.SenderId, Assert.Single(read.ReceiverIds), read.CreatTime, read.MsgType, read.FileName));
        var output = new ArrayBufferWriter<byte>();
        read.Write(output);
        Assert.True(DxpEnvelope.IsOne(output.WrittenSpan));
        Assert.False(DxpEnvelope.IsOne(Encoding.UTF8.GetBytes(xml)));
        var again = DxpEnvelope.Read(output.WrittenMemory);
        Assert.Equal(xml, Encoding.UTF8.GetString(again.Message.Span));
        Assert.Equal(read with { Message = default, ReceiverIds = [] }, again with { Message = default, ReceiverIds = [] });
    }

    [Theory]
    [InlineData("<CopMsgId>A1</CopMsgId>", "", "lacks its CopMsgId")]
    [InlineData("</Data>", "</Data><Data>AA==</Data>", "two Data")]
    [InlineData("DXPENT0000012345", "DXPENT00000123456789", "SenderId must have 1 to 16 characters")]
    [InlineData("<TransInfo>", "<TransInfo><Unknown/>", "no such element")]
    [InlineData("<Data>", "<Data>!", "not well-formed")]
    [InlineData("http://www.chinaport.gov.cn/dxp", "http://example.com", "the root must be DxpMsg")]
    [InlineData("<?xml version=\"1.0\"?>", "<!DOCTYPE x><!-- -->", "not well-formed")]
    public void An_envelope_with_a_fault_is_refused_and_the_fault_is_named(string part, string instead, string told)
    {
        var spoilt = Envelope("<x/>").Replace(part, instead, StringComparison.Ordinal);
        Assert.Contains(told, Assert.Throws<FormatException>(() => DxpEnvelope.Read(Encoding.UTF8.GetBytes(spoilt))).Message, StringComparison.Ordinal);
    }

    internal static string Envelope(string xml) => $"""
        <?xml version="1.0"?>
        <DxpMsg xmlns="{DxpEnvelope.Namespace}" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ver="1.0">
          <TransInfo>
            <CopMsgId>A1</CopMsgId><SenderId>DXPENT0000012345</SenderId>
            <ReceiverIds><ReceiverId>DXPEDCCEB0000002</ReceiverId></ReceiverIds>
            <CreatTime>2026-03-08T11:27:01</CreatTime><MsgType>CEB311Message</MsgType>
          </TransInfo>
          <Data>{Convert.ToBase64String(Encoding.UTF8.GetBytes(xml), Base64FormattingOptions.InsertLineBreaks)}</Data>
          <AddInfo><FileName>SZCPORT.xml</FileName><IcCard>0</IcCard></AddInfo>
          <ds:Signature><ds:SignedInfo/></ds:Signature>
        </DxpMsg>
        """;

    private static CebMessage Find(string type) => CebMessage.All.Single(message => message.Type == type);

    private static CebXmlMessage Read(CebMessage message, string document)
    {
        var read = Reader.Read(Encoding.UTF8.GetBytes(Valid.Xml(message, document)));
        Assert.True(read.Failure is null, $"{read.Failure}");
        return read;
    }

    private static byte[] Write(CebMessage message, IReadOnlyList<CebDocument> documents)
    {
        var output = new ArrayBufferWriter<byte>();
        CebXmlWriter.Write(output, message, Guid, message.Direction is null ? null : Transfer, documents);
        return output.WrittenSpan.ToArray();
    }
}
