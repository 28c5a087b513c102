using System.Buffers;
using System.Globalization;
using System.Text;
using Sandan.Contracts.Ceb;

namespace Sandan.Contracts.Tests;

/// <summary>Any record that its table allows is read for what it says, and is the same behind the writer.</summary>
public sealed class RecordTests
{
    private const int Records = 60;
    private const string Guid = "4CDE1CFD-EDED-46B1-946C-B8022E42FC94";

    private static readonly CebXmlReader Reader = new(CebMessage.All);
    private static readonly CebTransfer Transfer = new("91110108MA01A2B3C4", "<物流> & \"企业\"", "DXP", "DXPENT0000012345");

    public static TheoryData<string> Types => new(CebMessage.All.Select(message => message.Type));

    [Theory]
    [MemberData(nameof(Types))]
    public void Any_record_is_the_same_behind_the_XML(string type)
    {
        var message = CebMessage.All.Single(one => one.Type == type);
        for (var seed = 0; seed < Records; seed++)
        {
            var any = new AnyRecord(message, new Random(seed));
            var records = Enumerable.Range(0, Math.Min((seed % 3) + 1, message.DocumentsMax)).Select(_ => any.Next()).ToArray();
            var read = Reader.Read(Encoding.UTF8.GetBytes(any.Xml(records, Guid, Transfer)));
            Assert.True(read.Failure is null, $"{seed}: {read.Failure}");
            Assert.All(read.Items, item => Assert.Equal([], Valid.Told(item)));
            Assert.Equal(records.Select(record => record.SelectMany(values => values)), read.Items.Select(item => Valid.Values(item.Document!)));

            var written = Write(read);
            var behind = Reader.Read(written);
            Assert.Equal((read.Guid, read.Transfer), (behind.Guid, behind.Transfer));
            Assert.Equal(read.Items.Select(item => Valid.Values(item.Document!)), behind.Items.Select(item => Valid.Values(item.Document!)));
            Assert.Equal(written, Write(behind));
            Assert.Equal(written, DxpEnvelope.Read(GoldenMessage.Enveloped(message, written)).Message.ToArray());
        }
    }

    private static byte[] Write(CebXmlMessage read)
    {
        var output = new ArrayBufferWriter<byte>();
        CebXmlWriter.Write(output, read.Message!, read.Guid!, read.Transfer, [.. read.Items.Select(item => item.Document!)]);
        return output.WrittenSpan.ToArray();
    }
}

/// <summary>Makes records: of the head and each line the values by field.</summary>
internal sealed class AnyRecord(CebMessage message, Random random)
{
    private static readonly string[] Letters =
        ["文", "é", "e\u0301", "𠮷", "😀", "<", ">", "&", "\"", "'", "]]>", "x", "0", "-", "/", " ", "\t", "\n", "\r", "\r\n", "\u3000", "\u2028", "\uFFFD", "\u00A0"];

    private string? mode;

    /// <summary>Head first, then each line.</summary>
    public IReadOnlyList<string?[]> Next()
    {
        mode = message.Head.Find("tradeMode") is { IsExtension: false } modes ? Any(modes.Codes) : null;
        var head = message.Head.Fields.Select(field => field.Name == "tradeMode" ? mode : Value(field));
        var most = Math.Min(message.LinesMax, 150);
        var lines = message.Lines is null ? 0 : random.Next(8) == 0 ? most : random.Next(message.LinesMin, 5);
        return [[.. head], .. Enumerable.Range(1, lines).Select(number => message.Lines!.Fields.Select(field => Value(field, number)).ToArray())];
    }

    public string Xml(IEnumerable<IReadOnlyList<string?[]>> records, string guid, CebTransfer transfer)
    {
        var xml = new StringBuilder($"<m:{message.RootName} xmlns:m='{CebMessage.Namespace}' version='1.0' guid='{guid}'>");
        foreach (var record in records)
        {
            xml.Append($"<m:{message.DocumentName}>");
            Append(xml, message.HeadName, message.Head, record[0]);
            foreach (var line in record.Skip(1))
            {
                Append(xml, message.LineName, message.Lines!, line);
            }

            xml.Append($"</m:{message.DocumentName}>");
        }

        if (message.Direction is not null)
        {
            xml.Append($"<m:BaseTransfer><m:copCode>{transfer.CopCode}</m:copCode><m:copName>{Text(transfer.CopName)}</m:copName>")
                .Append($"<m:dxpMode>{transfer.DxpMode}</m:dxpMode><m:dxpId>{transfer.DxpId}</m:dxpId></m:BaseTransfer>");
        }

        return xml.Append($"</m:{message.RootName}>").ToString();
    }

    private void Append(StringBuilder xml, string? name, CebFieldTable table, string?[] values)
    {
        xml.Append(name is null ? "" : $"<m:{name}>");
        foreach (var (field, value) in table.Fields.Zip(values).Where(pair => pair.Second is not null))
        {
            xml.Append($"<m:{field.Name}>{Text(value!)}</m:{field.Name}>");
        }

        xml.Append(name is null ? "" : $"</m:{name}>");
    }

    /// <summary>A value as XML may carry it.</summary>
    private string Text(string value) => random.Next(3) == 0 && !value.Contains('\r', StringComparison.Ordinal)
        ? $"<![CDATA[{value.Replace("]]>", "]]]]><![CDATA[>", StringComparison.Ordinal)}]]>"
        : value.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\r", "&#13;", StringComparison.Ordinal);

    private T Any<T>(IReadOnlyList<T> some) => some[random.Next(some.Count)];

    private string? Value(CebField field, int line = 0)
    {
        var isDue = field.Mandatory || (mode is not null && field.RequiredIn.Contains(mode));
        if (field.IsExtension || (!isDue && random.Next(3) == 0))
        {
            return null;
        }

        return field switch
        {
            { Name: "gnum" or "gseqno" } when line > 0 => $"{line}",
            { Codes.Count: > 0 } => Any(field.Codes),
            { Personal: PersonalKind.Id } => Any<string>(["11010519491231002X", "11010519491231002x", "330106199003070014"]),
            { Kind: CebFormat.Integer or CebFormat.Decimal } => Number(field),
            { Kind: CebFormat.Time14 } => Time("yyyyMMddHHmmss"),
            { Kind: CebFormat.Time17 } => Time("yyyyMMddHHmmssfff"),
            { Kind: CebFormat.Date8 } => Time("yyyyMMdd"),
            { Kind: CebFormat.Text } when field.MayBeEmpty || (!isDue && field.LengthMin == 0) => random.Next(8) == 0 ? "" : Text(field),
            _ => Text(field),
        };
    }

    private string Time(string format) => new DateTime(1900, 1, 1, 0, 0, 0, DateTimeKind.Unspecified)
        .AddMilliseconds(random.NextInt64(200L * 365 * 24 * 60 * 60 * 1000)).ToString(format, CultureInfo.InvariantCulture);

    private string Number(CebField field)
    {
        var whole = Digits(random.Next(1, field.Format == "int" ? 10 : field.Length - field.Decimals + 1));
        var sign = Any<string>(["", "", "+", "00"]);
        return field.Decimals == 0 ? $"{sign}{whole}" : random.Next(4) switch
        {
            0 => $"{sign}{whole}",
            1 => $"{sign}{whole}.{Digits(random.Next(1, field.Decimals + 1))}000",
            2 => $".{Digits(field.Decimals)}",
            _ => $"{whole}.",
        };
    }

    /// <summary>The first of them is not 0.</summary>
    private string Digits(int count) => string.Concat(Enumerable.Range(0, count).Select(at => random.Next(at == 0 ? 1 : 0, 10)));

    /// <summary>As long as the field is, or shorter; it begins with a letter, and has no blanks where they collapse.</summary>
    private string Text(CebField field)
    {
        var (least, most) = (Math.Max(1, field.Kind == CebFormat.Fixed ? field.Length : field.LengthMin), Math.Min(field.Length, 5_000));
        var length = random.Next(4) == 0 ? most : random.Next(least, Math.Min(most, 40) + 1);
        if (field.Form != CebForm.Any)
        {
            return Digits(length);
        }

        var text = new StringBuilder("字");
        for (var count = 1; count < length;)
        {
            var letter = Any(Letters);
            var more = letter.EnumerateRunes().Count();
            if (count + more <= length && !(field.Collapses && letter.AsSpan().ContainsAny(" \t\r\n")))
            {
                text.Append(letter);
                count += more;
            }
        }

        return text.ToString();
    }
}
