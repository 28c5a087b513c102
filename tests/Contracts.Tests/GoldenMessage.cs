using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Sandan.Contracts.Ceb;

namespace Sandan.Contracts.Tests;

/// <summary>
/// A message as it should be, and what is told of it with one change: <c>Golden/CEB311Message/valid.xml</c> and
/// <c>expected.json</c> beside it. The changes of <c>Golden/every.json</c> are made to all messages.
/// </summary>
/// <param name="Valid">Every element on a line of its own.</param>
internal sealed record GoldenMessage(
    CebMessage Message, string Valid, IReadOnlyList<GoldenFault> Faults, IReadOnlyList<GoldenFault> BetweenFields)
{
    public static IReadOnlyList<GoldenMessage> All { get; } = [.. CebMessage.All.Select(Load)];

    /// <summary>The same without the line ends and the blanks before elements, and without its signature.</summary>
    public string Folded
    {
        get
        {
            var lines = new GoldenLines(Message, Valid);
            lines.Remove("ds:Signature");
            var (declaration, rest) = (lines.Text[..lines.Text.IndexOf('\n')], lines.Text[lines.Text.IndexOf('\n')..]);
            return $"{declaration}\n{string.Concat(rest.Split('\n').Select(line => line.TrimStart(' ')))}";
        }
    }

    public static GoldenMessage Of(string type) => All.Single(golden => golden.Message.Type == type);

    public byte[] Bytes(GoldenFault? fault = null) => fault is null ? Encoding.UTF8.GetBytes(Valid) : fault.Make(Message, Valid);

    /// <summary>A message in the envelope in which it travels.</summary>
    public static byte[] Enveloped(CebMessage message, ReadOnlyMemory<byte> body)
    {
        var receiver = message.Direction == CebDirection.Export ? DxpEnvelope.ExportReceiver : DxpEnvelope.ImportReceiver;
        var output = new ArrayBufferWriter<byte>();
        new DxpEnvelope("7B0E3C52-1D4F-4A86-9C27-5E8F0A1B2C3D", "DXPENT0000012345", [receiver], "2026-11-20T10:30:00+08:00", message.RootName, body).Write(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Every element of the good message but its root.</summary>
    public IEnumerable<XElement> Elements() => XDocument.Parse(Valid).Root!.Descendants();

    public override string ToString() => Message.Type;

    private static GoldenMessage Load(CebMessage message)
    {
        var own = Expected($"{message.RootName}/expected.json");
        return new(message, Read($"{message.RootName}/valid.xml"), [.. own.Faults, .. Expected("every.json").Faults], own.BetweenFields ?? []);
    }

    private static GoldenFaults Expected(string file) => JsonSerializer.Deserialize<GoldenFaults>(Read(file), JsonSerializerOptions.Web)!;

    private static string Read(string file)
    {
        using var reader = new StreamReader(typeof(GoldenMessage).Assembly.GetManifestResourceStream($"Golden/{file}")!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private sealed record GoldenFaults(GoldenFault[] Faults, GoldenFault[]? BetweenFields);
}

/// <summary>A change to a good message, of one element or of several, and what is to be said of it.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Told"><c>line 10: S1003 Order[0]/orderNo</c>; between fields <c>S3007 /netWeight</c>.</param>
/// <param name="Refuses">message, document or nothing.</param>
internal sealed record GoldenFault(string Name, string[] Told, string? Refuses)
{
    /// <summary>The element that is taken away: <c>OrderHead/orderNo</c>, <c>OrderList[2]/gnum</c>; without a number each of its name.</summary>
    public string? Remove { get; init; }

    /// <summary>The element that has the value <see cref="To"/>.</summary>
    public string? Set { get; init; }

    /// <summary>The element that is called <see cref="To"/>.</summary>
    public string? Rename { get; init; }

    public string? To { get; init; }

    /// <summary>The element that comes <see cref="Times"/> more; its gnum is counted on.</summary>
    public string? Repeat { get; init; }

    public int Times { get; init; } = 1;

    /// <summary>The element that changes places with the one behind it.</summary>
    public string? Swap { get; init; }

    /// <summary>The element behind which <see cref="Add"/> comes.</summary>
    public string? Behind { get; init; }

    public string? Add { get; init; }

    /// <summary>The text that is replaced wherever it stands: <c>{root}</c>, <c>{type}</c>, <c>{document}</c> and <c>{p}</c>, the prefix, are those of the message.</summary>
    public string? Replace { get; init; }

    public string? By { get; init; }

    /// <summary>The same, for bytes that are no text.</summary>
    public string? Hex { get; init; }

    /// <summary>The change is to the DxpMsg around the message.</summary>
    public bool Envelope { get; init; }

    public byte[] Make(CebMessage message, string valid)
    {
        if (Replace is not null)
        {
            var text = Envelope ? Encoding.UTF8.GetString(GoldenMessage.Enveloped(message, Encoding.UTF8.GetBytes(valid))) : valid;
            var parts = text.Split(Filled(Replace, message)).Select(Encoding.UTF8.GetBytes).ToArray();
            Assert.True(parts.Length > 1, $"{message} {Name}: {Replace} is nowhere.");
            var by = Hex is null ? Encoding.UTF8.GetBytes(Filled(By!, message)) : Convert.FromHexString(Hex);
            return [.. parts.SkipLast(1).SelectMany(part => part.Concat(by)), .. parts[^1]];
        }

        var lines = new GoldenLines(message, valid);
        Change(Remove, lines.Remove);
        Change(Set, path => lines.Set(path, To!));
        Change(Rename, path => lines.Rename(path, To!));
        Change(Repeat, path => lines.Repeat(path, Times));
        Change(Swap, lines.Swap);
        Change(Behind, path => lines.Add(path, Add!));
        Assert.NotEqual(valid, lines.Text);
        return Encoding.UTF8.GetBytes(lines.Text);
    }

    public override string ToString() => Name;

    private static void Change(string? path, Action<string> change)
    {
        if (path is not null)
        {
            change(path);
        }
    }

    private static string Filled(string text, CebMessage message) => text.Replace("{root}", message.RootName, StringComparison.Ordinal)
        .Replace("{type}", message.Type, StringComparison.Ordinal).Replace("{document}", message.DocumentName, StringComparison.Ordinal)
        .Replace("{p}", GoldenLines.Prefix(message), StringComparison.Ordinal);
}
