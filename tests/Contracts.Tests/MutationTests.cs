using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Tests;

/// <summary>
/// The good message of each kind, changed at random: whatever comes of it is refused for a reason that is told, or read for what it
/// says. <c>SANDAN_FUZZ=1000000</c> sets the number of messages of each kind.
/// </summary>
public sealed class MutationTests
{
    private const int MessagesDefault = 200;
    private const int Seed = 20261129;

    private static readonly CebXmlReader Reader = new(CebMessage.All);

    public static TheoryData<string> Types => new(CebMessage.All.Select(message => message.Type));

    [Theory]
    [MemberData(nameof(Types))]
    public void A_message_changed_anywhere_is_refused_for_a_reason_or_read_for_what_it_says(string type)
    {
        var golden = GoldenMessage.Of(type);
        var messages = int.Parse(Environment.GetEnvironmentVariable("SANDAN_FUZZ") ?? $"{MessagesDefault}", CultureInfo.InvariantCulture);
        var outcomes = new HashSet<string>();
        for (var at = 0; at < messages; at++)
        {
            var body = new Mutation(new Random(unchecked(Seed + at))).Of(golden);
            try
            {
                outcomes.Add(Check(body));
            }
            catch (Exception defect)
            {
                Assert.Fail($"{type}, message {at}: {defect}\n{Convert.ToBase64String(body)}");
            }
        }

        Assert.Equal(["all read", "documents refused", "message refused"], outcomes.Order());
    }

    private static string Check(byte[] body)
    {
        MessageRoot.MessageOf(body);
        var read = Reader.Read(body);
        var told = CebLinter.Check(body);
        if (read.Failure is { } failure)
        {
            Assert.Empty(read.Items);
            Assert.NotEqual("", failure.Reason.Zh);
            Assert.Equal([(failure.Code, failure.Line, failure.Column, true)], told.Select(one => (one.Code, one.Line, one.Column, one.IsError)));
            return "message refused";
        }

        foreach (var item in read.Items)
        {
            Assert.StartsWith("<", Encoding.UTF8.GetString(item.Raw.Span), StringComparison.Ordinal);
            Assert.EndsWith(">", Encoding.UTF8.GetString(item.Raw.Span), StringComparison.Ordinal);
            Assert.All(item.Errors, error =>
            {
                Assert.True(error.Pointer.StartsWith('/') || error.Code == FieldCodes.MoreErrors);
                Assert.Contains(told, one => one.Code == error.Code && one.IsError && one.Where.EndsWith(error.Pointer, StringComparison.Ordinal));
            });
            Assert.All(item.Warnings, warning => Assert.Contains(told, one => one.Code == warning.Code && one.Where.EndsWith(warning.Pointer, StringComparison.Ordinal)));
        }

        CheckWritten(read);
        return read.Items.All(item => item.IsValid) ? "all read" : "documents refused";
    }

    /// <summary>What is valid is written, and is then the same and beyond reproach.</summary>
    private static void CheckWritten(CebXmlMessage read)
    {
        CebDocument[] valid = [.. read.Items.Where(item => item.IsValid).Select(item => item.Document!)];
        if (valid.Length == 0)
        {
            return;
        }

        var output = new ArrayBufferWriter<byte>();
        CebXmlWriter.Write(output, read.Message!, read.Guid!, read.Transfer, valid);
        var again = Reader.Read(output.WrittenMemory);
        Assert.Equal((null, read.Guid, read.Transfer), (again.Failure?.Reason.En, again.Guid, again.Transfer));
        Assert.Empty(again.Remarks);
        Assert.Equal(valid.Select(Valid.Values), again.Items.Select(item => Valid.Values(item.Document!)));
        Assert.All(again.Items, item => Assert.Empty(item.Errors));
    }
}

/// <summary>Changes a message here and there, as XML and as bytes.</summary>
internal sealed class Mutation(Random random)
{
    private static readonly XNamespace Ceb = CebMessage.Namespace;

    private static readonly string[] Texts =
    [
        "", " ", "\u3000", "0", "-0", "-1", "+1", ".5", "5.", "1e3", "0x10", "NaN", "1,000", "１２", "99999999999999.99999", "0.000001", "2147483648",
        "20260230000000", "20261120", "00000000000000", "无", "NO", "null", "𠮷", "e\u0301", "\u200B", "\u2028", "\t值\n", "a\rb", "<b/>", "&", "]]>", "'; --",
        "1.0", "002", "CNY", "4CDE1CFD-EDED-46B1-946C-B8022E42FC94", new string('9', 40), new string('中', 1001), new string('x', 70_000),
    ];

    private static readonly XNamespace[] Namespaces = [Ceb, XNamespace.None, DxpEnvelope.Namespace, "http://www.w3.org/2000/09/xmldsig#", CebMessage.Namespace + "/"];

    public byte[] Of(GoldenMessage golden)
    {
        var document = XDocument.Parse(golden.Valid, random.Next(4) > 0 ? LoadOptions.PreserveWhitespace : LoadOptions.None);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            Change(document);
        }

        var declaration = random.Next(8) == 0 ? "" : "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
        return Spoilt(declaration + document.ToString(random.Next(2) == 0 ? SaveOptions.None : SaveOptions.DisableFormatting));
    }

    private T Any<T>(IReadOnlyList<T> some) => some[random.Next(some.Count)];

    private void Change(XDocument document)
    {
        XElement[] all = [.. document.Root!.DescendantsAndSelf()];
        var (one, other) = (Any(all), Any(all));
        var leaf = Any([.. all.Where(element => !element.HasElements)]);
        switch (random.Next(15))
        {
            case 0 when one.Parent is not null: one.Remove(); break;
            case 1 when one.Parent is not null: one.AddAfterSelf(Enumerable.Repeat(0, random.Next(10) == 0 ? 120 : 1).Select(_ => new XElement(one))); break;
            case 2 when one.Parent is not null && !other.AncestorsAndSelf().Contains(one): one.Remove(); other.Add(one); break;
            case 3 when one.Parent is not null: one.ReplaceWith(new XElement(other)); break;
            case 4: one.ReplaceNodes(one.Nodes().Reverse().ToArray()); break;
            case 5: one.Name = one.Name.Namespace + Misspelt(one.Name.LocalName); break;
            case 6: one.Name = Ceb + Any(Names()); break;
            case 7: one.Attribute("xmlns")?.Remove(); one.Name = Any(Namespaces) + one.Name.LocalName; break;
            case 8: leaf.Value = Any(Texts); break;
            case 9: leaf.ReplaceNodes(new XCData(leaf.Value), new XComment("注"), new XText(Any(Texts))); break;
            case 10: leaf.AddFirst(new XElement(leaf.Name, leaf.Value)); break;
            case 11: one.SetAttributeValue(Any<XName>(["guid", "version", "a", XNamespace.Xml + "lang"]), Any(Texts)); break;
            case 12: one.SetAttributeValue(XNamespace.Xml + "space", "preserve"); break;
            case 13: one.AddFirst(new XElement(Any(Namespaces) + Misspelt(Any(Names())), Any(Texts))); break;
            default: one.Add(new XElement(Any([.. Any(GoldenMessage.All).Elements()]))); break;
        }
    }

    private static List<string> Names() =>
    [
        .. CebMessage.All.SelectMany(message => Valid.Fields(message).Select(field => field.Name)).Distinct(),
        "BaseTransfer", "BaseSubscribe", "ExtendMessage", "Signature", "OrderHead", "OrderList", "Order", "sortlineId", "link",
    ];

    private string Misspelt(string name)
    {
        var at = random.Next(name.Length);
        return random.Next(4) switch
        {
            0 when at > 0 => name.Remove(at, 1),
            1 => name.Insert(at, "e"),
            2 => name.ToUpperInvariant(),
            _ => char.ToLowerInvariant(name[0]) + name[1..] + "2",
        };
    }

    private byte[] Spoilt(string xml)
    {
        xml = random.Next(6) switch
        {
            0 => xml.ReplaceLineEndings("\r\n"),
            1 => xml.Replace("ceb:", "", StringComparison.Ordinal).Replace("xmlns:ceb", "xmlns", StringComparison.Ordinal),
            2 => xml.Replace('"', '\''),
            _ => xml,
        };
        var body = Encoding.UTF8.GetBytes(xml);
        var at = random.Next(body.Length);
        return random.Next(24) switch
        {
            0 => [.. Encoding.UTF8.Preamble, .. body],
            1 => [(byte)'\n', .. body],
            2 => body[..at],
            3 => InsertedAt(body, at, (byte)random.Next(256)),
            4 => [.. body[..at], .. body[Math.Min(body.Length, at + 1)..]],
            5 => Encoding.GetEncoding(random.Next(2) == 0 ? "utf-16" : "utf-16BE").GetBytes(xml),
            6 => Encoding.UTF8.GetBytes(xml.Replace("UTF-8", Any(["GBK", "gb2312", "utf-16", "utf8", "UTF_8"]), StringComparison.Ordinal)),
            7 => Encoding.UTF8.GetBytes(xml.Replace("?>", "?><!DOCTYPE x [<!ENTITY e \"v\">]>", StringComparison.Ordinal)),
            8 => Encoding.UTF8.GetBytes(xml.Replace("</ceb:guid>", "&#x2028;&#10;&#13;&amp;</ceb:guid>", StringComparison.Ordinal)),
            9 => Encoding.UTF8.GetBytes(Regex.Replace(xml, " guid=\"[^\"]{4}", " guid=\"&#10;&#9;&lt;&amp;")),
            10 => [.. body, .. body],
            11 => Gbk(xml),
            12 => InsertedAt(Gbk(xml), at, (byte)random.Next(256)),
            13 => Gbk(xml)[..Math.Min(at, Gbk(xml).Length)],
            _ => body,
        };
    }

    private static byte[] Gbk(string xml) =>
        CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes(xml.Replace("UTF-8", "GBK", StringComparison.Ordinal));

    private static byte[] InsertedAt(byte[] body, int at, byte one) => [.. body.Take(at), one, .. body.Skip(at)];
}
