using System.Net;
using System.Net.Sockets;
using System.Text;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Xunit.Abstractions;

namespace Sandan.EndToEnd.Tests.Attacks;

/// <summary>XML that makes its reader fetch, grow, hang or believe another thing than its sender says.</summary>
[Collection("under attack")]
public sealed class XmlAttackTests(UnderAttack system, ITestOutputHelper output) : IDisposable
{
    private const string Path = "/v1/ceb/CEB311Message";
    private const string Xml = "application/xml";
    private const int Many = 1_000_000;

    /// <summary>Fifteen MiB: below the bound of a message, so that it is read.</summary>
    private const int Large = 15 << 20;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>What is made of a good message, and the code of the refusal; null where it is taken for what it says.</summary>
    /// <remarks>{0} is the address of a listener that nobody may call.</remarks>
    private static readonly Dictionary<string, (Func<string, string, byte[]> Make, string? Code)> Attacks = new()
    {
        ["entity"] = Doctype("<!DOCTYPE x [<!ENTITY e \"v\">]>", "&e;"),
        ["external entity, http"] = Doctype("<!DOCTYPE x [<!ENTITY e SYSTEM \"{0}\">]>", "&e;"),
        ["external entity, file"] = Doctype("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>", "&e;"),
        ["external entity, public"] = Doctype("<!DOCTYPE x [<!ENTITY e PUBLIC \"p\" \"{0}\">]>", "&e;"),
        ["parameter entity"] = Doctype("<!DOCTYPE x [<!ENTITY % p SYSTEM \"{0}\"> %p;]>", ""),
        ["external subset"] = Doctype("<!DOCTYPE x SYSTEM \"{0}\">", ""),
        ["entity in an attribute"] = (Text((xml, _) => xml.Replace("?>", "?><!DOCTYPE x [<!ENTITY e \"4\">]>", Ordinal).Replace("guid=\"", "guid=\"&e;", Ordinal)), FieldCodes.DtdForbidden),
        ["billion laughs"] = Doctype(Laughs(), "&l9;"),
        ["quadratic blow-up"] = Doctype($"<!DOCTYPE x [<!ENTITY q \"{new string('q', 50_000)}\">]>", string.Concat(Enumerable.Repeat("&q;", 10_000))),
        ["XInclude in a document"] = (InDocument("<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"{0}\"/>"), FieldCodes.WrongStructure),
        ["XInclude in the extension"] = (AtEnd("<ceb:ExtendMessage><xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"{0}\"/></ceb:ExtendMessage>"), null),
        ["schemaLocation"] = (OnRoot("xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://www.chinaport.gov.cn/ceb {0}\" xsi:noNamespaceSchemaLocation=\"{0}\""), null),
        ["stylesheet"] = (Text((xml, listener) => xml.Replace("?>", $"?><?xml-stylesheet href=\"{listener}\"?>", Ordinal)), null),
        ["xml:base"] = (OnRoot("xml:base=\"{0}\""), null),
        ["UTF-16, little end first"] = (Encoded(Encoding.Unicode, withBom: false), FieldCodes.WrongEncoding),
        ["UTF-16, big end first"] = (Encoded(Encoding.BigEndianUnicode, withBom: false), FieldCodes.WrongEncoding),
        ["UTF-16 with a mark"] = (Encoded(Encoding.Unicode, withBom: true), FieldCodes.WrongEncoding),
        ["UTF-16 with a mark, big end first"] = (Encoded(Encoding.BigEndianUnicode, withBom: true), FieldCodes.WrongEncoding),
        ["UTF-32 with a mark"] = (Encoded(Encoding.UTF32, withBom: true), FieldCodes.WrongEncoding),
        ["UTF-8 behind the mark of UTF-16"] = ((xml, _) => [0xFF, 0xFE, .. Utf8.GetBytes(xml)], FieldCodes.WrongEncoding),
        ["two marks"] = ((xml, _) => [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF, .. Utf8.GetBytes(xml)], null),
        ["UTF-7"] = ((xml, _) => Encoding.ASCII.GetBytes("+ADw?xml version=+ACI-1.0+ACI encoding=+ACI-UTF-7+ACI?+AD4-+ADw-x/+AD4-" + xml[..0]), FieldCodes.BadXml),
        ["says UTF-7"] = (Says("UTF-7"), FieldCodes.WrongEncoding),
        ["says UTF-16"] = (Says("UTF-16"), null),
        ["says GBK"] = (Says("GBK"), null),
        ["in GBK"] = ((xml, _) => CodePagesEncodingProvider.Instance.GetEncoding("GBK")!.GetBytes(xml.Replace("\"utf-8\"", "\"GBK\"", Ordinal)), null),
        ["half a character of GBK"] = ((xml, _) => Bytes([0xD6])(xml.Replace("\"utf-8\"", "\"GBK\"", Ordinal), ""), FieldCodes.WrongEncoding),
        ["says IBM037"] = (Says("IBM037"), FieldCodes.WrongEncoding),
        ["says nonsense"] = (Says("x\u00e9"), FieldCodes.WrongEncoding),
        ["overlong UTF-8"] = (Bytes([0xC0, 0xBC]), FieldCodes.WrongEncoding),
        ["surrogates in UTF-8"] = (Bytes([0xED, 0xA0, 0x80, 0xED, 0xB0, 0x80]), FieldCodes.WrongEncoding),
        ["half a character"] = (Bytes([0xE4, 0xB8]), FieldCodes.WrongEncoding),
        ["NUL"] = (Bytes([0]), FieldCodes.BadXml),
        ["reference to NUL"] = (Bytes("&#0;"u8.ToArray()), FieldCodes.BadXml),
        ["reference to a surrogate"] = (Bytes("&#xD800;"u8.ToArray()), FieldCodes.BadXml),
        ["reference beyond Unicode"] = (Bytes("&#x110000;"u8.ToArray()), FieldCodes.BadXml),
        ["two roots"] = (Text((xml, _) => xml + xml[xml.IndexOf("?>", Ordinal)..][2..]), FieldCodes.BadXml),
        ["text behind the root"] = (Text((xml, _) => xml + "x"), FieldCodes.BadXml),
        ["NUL behind the root"] = (Text((xml, _) => xml + "\0"), FieldCodes.BadXml),
        ["DTD behind the root"] = (Text((xml, _) => xml + "<!DOCTYPE x>"), FieldCodes.BadXml),
        ["declaration behind the root"] = (Text((xml, _) => xml + "<?xml version=\"1.0\"?>"), FieldCodes.BadXml),
        ["XML 1.1"] = (Text((xml, _) => xml.Replace("version=\"1.0\" encoding", "version=\"1.1\" encoding", Ordinal)), FieldCodes.BadXml),
        ["no namespace"] = (Text((xml, _) => xml.Replace("ceb:", "", Ordinal)), FieldCodes.WrongNamespace),
        ["another namespace"] = (Text((xml, _) => xml.Replace(CebMessage.Namespace, CebMessage.Namespace + "/", Ordinal)), FieldCodes.WrongNamespace),
        ["namespace declared anew"] = (Text((xml, _) => xml.Replace("<ceb:OrderHead>", "<ceb:OrderHead xmlns:ceb=\"urn:other\">", Ordinal)), FieldCodes.WrongStructure),
        ["undeclared prefix"] = (InDocument("<evil:note/>"), FieldCodes.BadXml),
        ["two heads"] = (Text((xml, _) => xml.Replace("<ceb:OrderHead>", "<ceb:OrderHead/><ceb:OrderHead>", Ordinal)), FieldCodes.WrongStructure),
        ["a document in a document"] = (InDocument("<ceb:Order/>"), FieldCodes.WrongStructure),
        ["a field twice"] = (InDocument("<ceb:orderNo>OTHER</ceb:orderNo>"), FieldCodes.WrongStructure),
        ["an attribute twice"] = (OnRoot("version=\"1.0\""), FieldCodes.BadXml),
        ["ten thousand deep"] = (InDocument(Nested(10_000)), FieldCodes.WrongStructure),
        ["ten thousand deep in the extension"] = (AtEnd($"<ceb:ExtendMessage>{Nested(10_000)}</ceb:ExtendMessage>"), FieldCodes.TooDeep),
    };

    private readonly TcpListener listener = Listen();

    private const StringComparison Ordinal = StringComparison.Ordinal;

    public static TheoryData<string> Names => [.. Attacks.Keys];

    public void Dispose() => listener.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_message_that_attacks_its_reader_fetches_nothing_and_is_told_what_is_wrong(string attack)
    {
        var (make, code) = Attacks[attack];
        foreach (var door in system.Doors)
        {
            var number = Documents.NewNumber();
            var body = make(Message(number), $"http://{listener.LocalEndpoint}/secret");
            var answer = await door.PostAsync(system.Keys["platform"], Path, body, Xml);

            Assert.Equal((code is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, Xml), (answer.Status, answer.MediaType));
            Assert.Contains(code is null ? $"<orderNo>{number}</orderNo><returnStatus>2<" : $"[{code}]", answer.Text, Ordinal);
            Assert.DoesNotContain("root:", answer.Text, Ordinal);
            Assert.False(listener.Pending(), "Somebody called the listener.");
        }
    }

    [Fact]
    public async Task What_hides_beside_the_documents_is_not_taken_for_one_and_a_comment_hides_nothing()
    {
        foreach (var door in system.Doors)
        {
            var (shown, hidden) = (Documents.NewNumber(), Documents.NewNumber());
            var order = Element(Message(hidden), "ceb:Order");
            var xml = Message(shown).Replace(shown + "<", $"{shown[..4]}<!-- {hidden} --><![CDATA[{shown[4..]}]]><", Ordinal)
                .Replace("</ceb:CEB311Message>", $"<ceb:ExtendMessage>{order}</ceb:ExtendMessage></ceb:CEB311Message>", Ordinal);
            var answer = await door.PostAsync(system.Keys["platform"], Path, Utf8.GetBytes(xml), Xml);

            Assert.Contains($"<orderNo>{shown}</orderNo><returnStatus>2<", answer.Text, Ordinal);
            Assert.DoesNotContain(hidden, answer.Text, Ordinal);
            var taken = await Eventually.BecomesAsync(
                () => door.SendAsync("GET", system.Keys["platform"], $"/v1/consignments/{system.Attacker}/{shown}"),
                answer => answer.Status == HttpStatusCode.OK, "the order is known by the number of its receipt");
            Assert.Equal(shown, taken.Json["orderNo"]!.ToString());
            var other = await door.SendAsync("GET", system.Keys["platform"], $"/v1/consignments/{system.Attacker}/{hidden}");
            Assert.Equal(HttpStatusCode.NotFound, other.Status);
        }
    }

    [Fact]
    public Task A_message_that_would_make_its_reader_grow_is_refused_in_bounded_memory() =>
        system.BesiegeAsync(growthMax: 128, output, async () =>
        {
            var count = 0;
            foreach (var (name, body) in Bombs())
            {
                var door = system.Doors[count++ % 2];
                var answer = await door.PostAsync(system.Keys["platform"], Path, body, Xml);

                output.WriteLine($"{door.Name}: {name}, {body.Length >> 20} MiB: {(int)answer.Status}");
                Assert.True((int)answer.Status is 200 or 400, $"{name}: {answer.Status}");
                Assert.Contains(answer.Status == HttpStatusCode.OK ? "<returnStatus>-3010" : "<CEB900Message", answer.Text, Ordinal);
                Assert.True(answer.Text.Length < 200_000, $"{name} is answered with {answer.Text.Length} characters.");
            }
        });

    /// <summary>Each is read as far as it may be.</summary>
    private IEnumerable<(string Name, byte[] Body)> Bombs()
    {
        var good = Message(Documents.NewNumber());
        yield return ("a million attributes", OnRoot(Numbered(" a{0}=\"\"", Many))(good, ""));
        yield return ("a million namespaces", OnRoot(Numbered(" xmlns:a{0}=\"b\"", Many * 3 / 4))(good, ""));
        yield return ("a million names in the extension", AtEnd($"<ceb:ExtendMessage>{Numbered("<a{0}/>", Many)}</ceb:ExtendMessage>")(good, ""));
        yield return ("attributes everywhere in the extension", AtEnd($"<ceb:ExtendMessage>{Numbered("<a b{0}=\"\"/>", Many)}</ceb:ExtendMessage>")(good, ""));
        yield return ("a long text", Bytes(Encoding.ASCII.GetBytes(new string('x', Large)))(good, ""));
        yield return ("a text of 60 MiB", Bytes(Encoding.ASCII.GetBytes(new string('x', 60 << 20)))(good, ""));
        yield return ("a long CDATA section", Bytes(Encoding.ASCII.GetBytes($"<![CDATA[{new string('x', Large)}]]>"))(good, ""));
        yield return ("a long comment", Bytes(Encoding.ASCII.GetBytes($"<!--{new string('x', Large)}-->"))(good, ""));
        yield return ("a long instruction", Bytes(Encoding.ASCII.GetBytes($"<?x {new string('x', Large)}?>"))(good, ""));
        yield return ("a long attribute", OnRoot($"a=\"{new string('x', Large)}\"")(good, ""));
        yield return ("a long name", InDocument($"<{new string('x', Large)}/>")(good, ""));
        yield return ("an open tag", Utf8.GetBytes("<" + new string('x', Large)));
        yield return ("many documents", AtEnd(string.Concat(Enumerable.Repeat("<ceb:Order/>", Many)))(good, ""));
        yield return ("many references", Bytes(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("&amp;", 3 * Many))))(good, ""));
        yield return ("a million lines", InOrder(string.Concat(Enumerable.Repeat("<ceb:OrderList/>", Many * 9 / 10)), good));
    }

    private string Message(string orderNo)
    {
        var sender = new Demo.Company(system.Attacker, "攻击者", "platform", system.Keys["platform"]);
        return Utf8.GetString(Demo.CebXml.Write(CebMessage.Order, sender, [system.Order(orderNo)]));
    }

    private static (Func<string, string, byte[]>, string?) Doctype(string doctype, string reference) => (Text((xml, listener) => xml
        .Replace("?>", "?>" + doctype.Replace("{0}", listener, Ordinal), Ordinal)
        .Replace("</ceb:orderNo>", reference + "</ceb:orderNo>", Ordinal)), FieldCodes.DtdForbidden);

    private static Func<string, string, byte[]> Text(Func<string, string, string> make) => (xml, listener) => Utf8.GetBytes(make(xml, listener));

    private static Func<string, string, byte[]> Encoded(Encoding encoding, bool withBom) => (xml, _) =>
        [.. withBom ? encoding.GetPreamble() : [], .. encoding.GetBytes(xml.Replace("utf-8", encoding.WebName, Ordinal))];

    private static Func<string, string, byte[]> Says(string encoding) => Text((xml, _) => xml.Replace("\"utf-8\"", $"\"{encoding}\"", Ordinal));

    private static Func<string, string, byte[]> InDocument(string more) =>
        Text((xml, listener) => xml.Replace("</ceb:OrderHead>", more.Replace("{0}", listener, Ordinal) + "</ceb:OrderHead>", Ordinal));

    private static Func<string, string, byte[]> AtEnd(string more) =>
        Text((xml, listener) => xml.Replace("</ceb:CEB311Message>", more.Replace("{0}", listener, Ordinal) + "</ceb:CEB311Message>", Ordinal));

    private static Func<string, string, byte[]> OnRoot(string attributes) =>
        Text((xml, listener) => xml.Replace(" guid=", $" {attributes.Replace("{0}", listener, Ordinal)} guid=", Ordinal));

    /// <summary>Bytes at the end of the order number.</summary>
    private static Func<string, string, byte[]> Bytes(byte[] bytes) => (xml, _) =>
    {
        var at = xml.IndexOf("</ceb:orderNo>", Ordinal);
        return [.. Utf8.GetBytes(xml[..at]), .. bytes, .. Utf8.GetBytes(xml[at..])];
    };

    private static byte[] InOrder(string more, string xml) => Utf8.GetBytes(xml.Replace("</ceb:Order>", more + "</ceb:Order>", Ordinal));

    private static string Laughs() => "<!DOCTYPE x [<!ENTITY l0 \"lol\">" + string.Concat(Enumerable.Range(1, 9).Select(
        level => $"<!ENTITY l{level} \"{string.Concat(Enumerable.Repeat($"&l{level - 1};", 10))}\">")) + "]>";

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth));

    private static string Numbered(string format, int count)
    {
        var (before, after) = (format.Split("{0}")[0], format.Split("{0}")[1]);
        var text = new StringBuilder(count * (format.Length + 4));
        for (var number = 0; number < count; number++)
        {
            text.Append(before).Append(number.ToString("x", System.Globalization.CultureInfo.InvariantCulture)).Append(after);
        }

        return text.ToString();
    }

    private static string Element(string xml, string name)
    {
        var (from, to) = (xml.IndexOf($"<{name}>", Ordinal), xml.IndexOf($"</{name}>", Ordinal));
        return xml[from..to] + $"</{name}>";
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }
}
