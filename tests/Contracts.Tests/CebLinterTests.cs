using System.Buffers;
using System.Text;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Tests;

public sealed class CebLinterTests
{
    public static TheoryData<string> Types => new(CebMessage.All.Select(message => message.Type));

    [Theory]
    [MemberData(nameof(Types))]
    public void A_message_as_the_schema_has_it_lacks_nothing_but_its_signature(string type)
    {
        var message = CebMessage.All.Single(one => one.Type == type);
        var findings = CebLinter.Check(Encoding.UTF8.GetBytes(Valid.Xml(message, Valid.XmlDocument(message))));
        Assert.Equal(
            message.Signature is CebSignatureRule.Schema or CebSignatureRule.Text ? [FieldCodes.NotSigned] : [],
            findings.Select(one => one.Code));
    }

    [Fact]
    public void A_fault_is_told_with_its_place_its_rule_and_what_to_do()
    {
        var xml = Valid.Xml(CebMessage.Order, Valid.XmlDocument(CebMessage.Order))
            .Replace("<ceb:qty>12.5</ceb:qty>", "\n  <ceb:qty>1x</ceb:qty>", StringComparison.Ordinal)
            .Replace("<ceb:buyerTelephone>值</ceb:buyerTelephone>", "", StringComparison.Ordinal);
        var findings = CebLinter.Check(Encoding.UTF8.GetBytes(xml));
        Assert.Equal([FieldCodes.Required, FieldCodes.NotANumber], findings.Select(one => one.Code));
        Assert.Equal((4, 4, "Order[0]/orderList/0/qty"), (findings[1].Line, findings[1].Column, findings[1].Where));
        Assert.Contains("1x ≠ N19,5", findings[1].What.En, StringComparison.Ordinal);
        Assert.StartsWith("CEB311 OrderList.qty N19,5", findings[1].Rule.En, StringComparison.Ordinal);
        Assert.Contains("not in the PDF table", findings[0].Rule.En, StringComparison.Ordinal);
        Assert.Equal((3, "Order[0]/buyerTelephone"), (findings[0].Line, findings[0].Where));
    }

    [Fact]
    public void Of_lines_beyond_the_most_only_their_number_is_told()
    {
        var line = Valid.XmlDocument(CebMessage.Order) is var one ? one[one.IndexOf("<ceb:OrderList>", StringComparison.Ordinal)..one.IndexOf("</ceb:Order>", StringComparison.Ordinal)] : "";
        var lines = string.Concat(Enumerable.Range(1, 99).Select(number => line.Replace(">1</ceb:gnum>", $">{number}</ceb:gnum>", StringComparison.Ordinal)));
        var xml = Valid.Xml(CebMessage.Order, one.Replace(line, lines + "<ceb:OrderList><ceb:unknown/></ceb:OrderList>", StringComparison.Ordinal));
        Assert.Equal([FieldCodes.LineCount], CebLinter.Check(Encoding.UTF8.GetBytes(xml)).Select(finding => finding.Code));
    }

    [Fact]
    public void Elements_out_of_order_are_read_and_told()
    {
        var one = Valid.XmlDocument(CebMessage.Payment);
        var (app, pay) = ("<ceb:appType>1</ceb:appType>", "<ceb:payCode>值</ceb:payCode>");
        var body = Valid.Xml(CebMessage.Payment, one.Replace(app, "", StringComparison.Ordinal).Replace(pay, pay + app, StringComparison.Ordinal));
        var late = body.Replace(Valid.Transfer, "", StringComparison.Ordinal).Replace("<ceb:Payment>", Valid.Transfer + "<ceb:Payment>", StringComparison.Ordinal);
        Assert.Equal(("Payment[0]/appType", FieldCodes.OutOfOrder), Assert.Single(CebLinter.Check(Encoding.UTF8.GetBytes(body))) is var told ? (told.Where, told.Code) : default);
        Assert.Equal([FieldCodes.OutOfOrder, FieldCodes.OutOfOrder], CebLinter.Check(Encoding.UTF8.GetBytes(late)).Select(finding => finding.Code));
    }

    [Fact]
    public void The_message_in_an_envelope_is_looked_at_and_so_is_the_envelope()
    {
        var good = new DxpEnvelope(
            "A1", "DXPENT0000012345", [DxpEnvelope.ImportReceiver], "2026-03-08T11:27:01", "CEB411Message",
            Encoding.UTF8.GetBytes(Valid.Xml(CebMessage.Payment, Valid.XmlDocument(CebMessage.Payment))));
        Assert.Empty(CebLinter.Check(Bytes(good)));
        Assert.Equal([FieldCodes.BadXml], CebLinter.Check(Bytes(good with { Message = new byte[] { 60 } })).Select(one => one.Code));
        Assert.Equal([FieldCodes.BadEnvelope], CebLinter.Check(Bytes(good with { SenderId = "" })).Select(one => one.Code));

        static ReadOnlyMemory<byte> Bytes(DxpEnvelope envelope)
        {
            var output = new ArrayBufferWriter<byte>();
            envelope.Write(output);
            return output.WrittenMemory;
        }
    }
}
