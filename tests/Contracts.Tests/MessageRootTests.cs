using System.Buffers;
using System.Text;
using Sandan.Contracts.Ceb;

namespace Sandan.Contracts.Tests;

/// <summary>What a body holds is told by its beginning.</summary>
public sealed class MessageRootTests
{
    [Theory]
    [InlineData("<CEB311Message xmlns=\"x\">", "CEB311")]
    [InlineData("\uFEFF<?xml version=\"1.0\"?>\r\n<!-- <CEB411Message> --><ceb:CEB621Message guid=\"1\">", "CEB621")]
    [InlineData("<?xml version=\"1.0\"?><?x <CEB411Message ?><CEB214 guid=\"1\"/>", "CEB214")]
    [InlineData("<CEB312Message>", "CEB312")]
    [InlineData("<CEB999Message>", null)]
    [InlineData("<CEB311Messag", null)]
    [InlineData("<!DOCTYPE x><CEB311Message>", null)]
    [InlineData("<!-- without end <CEB311Message>", null)]
    [InlineData("{\"orderNo\":\"1\"}", null)]
    [InlineData("<", null)]
    [InlineData("", null)]
    public void A_message_is_known_by_its_root(string body, string? type) =>
        Assert.Equal(type, MessageRoot.MessageOf(Encoding.UTF8.GetBytes(body))?.Type);

    [Theory]
    [InlineData(64)]
    [InlineData(200_000)]
    public void A_message_in_an_envelope_is_known_by_the_beginning_of_its_base64(int length)
    {
        var message = Encoding.UTF8.GetBytes($"<?xml version=\"1.0\"?><ceb:CEB511Message>{new string('x', length)}</ceb:CEB511Message>");
        var output = new ArrayBufferWriter<byte>();
        new DxpEnvelope("1", "DXPENT0000012345", [DxpEnvelope.ImportReceiver], "2026-11-20T10:00:00+08:00", "", message, "Data.xml").Write(output);
        var envelope = Encoding.UTF8.GetString(output.WrittenSpan);

        Assert.Equal("CEB511", Of(envelope));
        Assert.Equal("CEB511", Of(envelope.Replace("<Data>", "<Data>\r\n  ", StringComparison.Ordinal)));
        Assert.Equal("CEB511", Of(envelope[..(envelope.IndexOf("<Data>", StringComparison.Ordinal) + 62)]));
        Assert.Null(Of(envelope[..(envelope.IndexOf("<Data>", StringComparison.Ordinal) + 10)]));
        Assert.Null(Of(envelope.Replace("<Data>", "<Data>!", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_answer_to_an_envelope_goes_back_to_its_sender()
    {
        var envelope = new DxpEnvelope("1", "DXPENT0000012345", [DxpEnvelope.ImportReceiver, "OTHER"], "2026-11-20T10:00:00+08:00", "CEB311Message", default);
        var answer = envelope.Answer("<x/>"u8.ToArray(), "CEB312Message", new(2026, 11, 20, 16, 30, 0, TimeSpan.Zero));

        Assert.Equal((DxpEnvelope.ImportReceiver, "CEB312Message", "2026-11-21T00:30:00+08:00"), (answer.SenderId, answer.MsgType, answer.CreatTime));
        Assert.Equal(["DXPENT0000012345"], answer.ReceiverIds);
        Assert.Equal(36, answer.CopMsgId.Length);
    }

    [Fact]
    public void Given_numbers_have_the_form_of_live_ones()
    {
        var numbers = new GivenNumbers(12_345_678_901, new(2026, 12, 31, 16, 0, 0, TimeSpan.Zero));

        Assert.Equal("B20270101345678901", numbers.PreNo('B'));
        Assert.Equal("29242027I345678901", numbers.InvtNo("2924", Direction.Import));
        Assert.Equal("29242027E345678901", numbers.InvtNo("2924", Direction.Export));
        Assert.All(CebMessage.All.Where(one => one.Receipt?.Head.Find("preNo") is not null), one => Assert.NotNull(GivenNumbers.LetterOf(one)));
    }

    [Fact]
    public void A_receipt_leaves_out_what_it_may_be_without_and_never_lacks_what_it_must_have()
    {
        var message = CebMessage.Inventory;
        var document = new CebXmlReader([message]).Read(Encoding.UTF8.GetBytes(Valid.Xml(message, Valid.XmlDocument(message)))).Items[0].Document!;
        string Write(CebReceipt receipt)
        {
            var output = new ArrayBufferWriter<byte>();
            CebReceiptWriter.Write(output, message, "g", [receipt]);
            return Encoding.UTF8.GetString(output.WrittenSpan);
        }

        var first = Write(CebReceipt.For(document, "2", DateTimeOffset.UnixEpoch, CebReceipt.AcceptedInfo(document), "B20261120000000001"));
        var later = Write(CebReceipt.For(document, "800", DateTimeOffset.UnixEpoch, "x", "B20261120000000001", "29242026I000000001"));

        Assert.Contains($"<copNo>{document["copNo"] ?? "B20261120000000001"}</copNo><preNo>B20261120000000001</preNo>", first, StringComparison.Ordinal);
        Assert.Contains("<preNo>B20261120000000001</preNo><invtNo>29242026I000000001</invtNo><returnStatus>800<", later, StringComparison.Ordinal);
        Assert.Contains($"清单新增申报成功[电商企业编码：{document["ebcCode"]}订单编号：{document["orderNo"]}]", first, StringComparison.Ordinal);
    }

    private static string? Of(string body) =>
        MessageRoot.MessageOf(Encoding.UTF8.GetBytes(body).AsSpan(..Math.Min(Encoding.UTF8.GetByteCount(body), MessageRoot.BytesEnough)))?.Type;
}
