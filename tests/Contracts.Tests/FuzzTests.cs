using System.Globalization;
using System.Text;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Tests;

/// <summary>
/// Valid bodies, spoilt at random by what breaks readers, go into every reader of outside bytes: none may throw, and each
/// item is either right or told what is wrong. <c>SANDAN_FUZZ=1000000</c> sets the number of inputs of each reader.
/// </summary>
public sealed class FuzzTests
{
    private const int InputsDefault = 10_000;
    private const uint Seed = 20261128;

    /// <summary>What stands where something else should.</summary>
    private static readonly byte[][] Tokens =
    [
        .. ((string[])
        [
            "", "null", "true", "-0", "1e999", "-1e-999", "99999999999999999999999999999999", "0.0000000001", "NaN", "１２",
            "\"", "\\", "\\u0000", "\\ud800", "\\udc00\\ud800", "{", "}", "[", "]", ",", ":", "\n", "\r\n", "\n\n", "\t", "\0", "\uFEFF",
            "<", ">", "</", "/>", "&", "&amp;", "&#0;", "&#x110000;", "&lol;", "]]>", "<![CDATA[", "<![CDATA[]]>", "<!--", "-->",
            "<?x y?>", "<!DOCTYPE x [<!ENTITY lol \"lol\">]>", "xmlns=\"\"", "ceb:", " xsi:nil=\"true\"", "--", "'; DROP TABLE document; --",
            "../../etc/passwd", "%0d%0a", "\u2028", "𠮷", "e\u0301",
        ]).Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE4, 0xB8], [0xEF, 0xBB, 0xBF], [0xFE, 0xFF],
        Encoding.UTF8.GetBytes(new string('[', 600)),
        Encoding.UTF8.GetBytes(new string('9', 5_000)),
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a>", 600))),
    ];

    public static TheoryData<string> Readers => new(Valid.Messages.SelectMany(message => (string[])
        [$"{message.Type} json", $"{message.Type} array", $"{message.Type} ndjson", $"{message.Type} xml"]).Append("CEB311 any").Append("CEB311 envelope"));

    [Theory]
    [MemberData(nameof(Readers))]
    public void No_body_is_too_strange_to_be_answered(string reader)
    {
        var message = Valid.Messages.Single(one => one.Type == reader.Split(' ')[0]);
        var (seeds, read) = Of(message, reader.Split(' ')[1]);
        var inputs = int.Parse(Environment.GetEnvironmentVariable("SANDAN_FUZZ") ?? $"{InputsDefault}", CultureInfo.InvariantCulture);
        for (var at = 0; at < inputs; at++)
        {
            var random = new Random(unchecked((int)(Seed + (uint)at)));
            var body = Spoil(seeds[random.Next(seeds.Length)], seeds, random);
            try
            {
                Check(read(body));
            }
            catch (Exception defect)
            {
                Assert.Fail($"{reader}, input {at}: {defect}\n{Convert.ToBase64String(body)}");
            }
        }
    }

    private static (byte[][] Seeds, Func<byte[], (IReadOnlyList<DocumentItem> Items, string? Failure)> Read) Of(
        CebMessage message, string form)
    {
        var json = Valid.Json(message).ToJsonString();
        var documents = new DocumentJsonReader(message);
        var xml = Valid.XmlDocument(message);
        var messages = new CebXmlReader(Valid.Messages);
        var all = new CebXmlReader(CebMessage.All);
        return form switch
        {
            "json" => (Bytes(json), body => One(documents.ReadOne(body, Valid.Now))),
            "array" => (Bytes($"[{json}]", $"[{json},{json},{json}]", "[]"), body => Batch(documents.Read(body, JsonFraming.Json, Valid.Now))),
            "ndjson" => (Bytes(json, $"{json}\n{json}\r\n\n{json}"), body => Batch(documents.Read(body, JsonFraming.Ndjson, Valid.Now))),
            "any" => ([.. GoldenMessage.All.Select(golden => golden.Bytes())], body =>
            {
                var one = all.Read(body);
                CebLinter.Check(body);
                return (one.Items, one.Failure?.Code);
            }),
            "envelope" => ([.. Bytes(EveryMessageTests.Envelope(xml)), .. GoldenMessage.All.Select(golden => GoldenMessage.Enveloped(golden.Message, golden.Bytes()))], body =>
            {
                MessageRoot.MessageOf(body);
                CebLinter.Check(body);
                try
                {
                    DxpEnvelope.Read(body);
                    return ([], null);
                }
                catch (FormatException)
                {
                    return ([], FieldCodes.BadEnvelope);
                }
            }),
            _ => (Bytes(Valid.Xml(message, xml), Valid.Xml(message, xml, xml, xml)), body =>
            {
                var one = messages.Read(body);
                return (one.Items, one.Failure?.Code);
            }),
        };

        static byte[][] Bytes(params string[] texts) => Array.ConvertAll(texts, Encoding.UTF8.GetBytes);
        static (IReadOnlyList<DocumentItem>, string?) One(DocumentItem item) => ([item], null);
        static (IReadOnlyList<DocumentItem>, string?) Batch(DocumentBatch batch) => (batch.Items, batch.Failure?.Code);
    }

    /// <summary>What is read is right, or is told what is wrong by codes that the dictionary explains.</summary>
    private static void Check((IReadOnlyList<DocumentItem> Items, string? Failure) read)
    {
        if (read.Failure is { } failure)
        {
            CodeDictionary.Get(failure);
            return;
        }

        foreach (var item in read.Items)
        {
            if (item.IsValid && item.Document is null)
            {
                throw new InvalidOperationException("A valid item has no document.");
            }

            foreach (var error in item.Errors.Concat(item.Warnings))
            {
                CodeDictionary.Get(error.Code);
            }
        }
    }

    /// <summary>One to four changes: bytes flipped, cut, doubled or moved, and tokens put where they do not belong.</summary>
    private static byte[] Spoil(byte[] body, byte[][] seeds, Random random)
    {
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var (from, to) = Slice(body, random);
            var token = Tokens[random.Next(Tokens.Length)];
            body = random.Next(8) switch
            {
                0 => [.. body[..from], .. token, .. body[from..]],
                1 => [.. body[..from], .. token, .. body[to..]],
                2 => [.. body[..from], .. body[to..]],
                3 => [.. body[..to], .. body[from..]],
                4 => body[..to],
                5 => Inside(body, token, random),
                6 => [.. body[..from], .. Cut(seeds[random.Next(seeds.Length)], random), .. body[from..]],
                _ => Flip(body, from, random),
            };
        }

        return body;
    }

    private static (int From, int To) Slice(byte[] body, Random random)
    {
        var from = random.Next(body.Length + 1);
        return (from, Math.Min(body.Length, from + random.Next(64)));
    }

    private static byte[] Cut(byte[] body, Random random)
    {
        var (from, to) = Slice(body, random);
        return body[from..to];
    }

    /// <summary>A value between two quotes or two tags is replaced.</summary>
    private static byte[] Inside(byte[] body, byte[] token, Random random)
    {
        var from = body.AsSpan(random.Next(body.Length + 1)).IndexOfAny("\">:"u8);
        if (from < 0)
        {
            return body;
        }

        from++;
        var length = body.AsSpan(from).IndexOfAny("\"<,"u8);
        return length < 0 ? body : [.. body[..from], .. token, .. body[(from + length)..]];
    }

    private static byte[] Flip(byte[] body, int at, Random random)
    {
        var flipped = (byte[])body.Clone();
        if (at < flipped.Length)
        {
            flipped[at] ^= (byte)(1 << random.Next(8));
        }

        return flipped;
    }
}
