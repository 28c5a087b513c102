using System.Buffers;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Tests;

/// <summary>
/// A good message of each kind, and one broken by each rule: what reader, validator and linter say of it, in all and exactly.
/// </summary>
public sealed partial class GoldenTests
{
    private static readonly CebXmlReader Reader = new(CebMessage.All);

    /// <summary>Codes that no XML of a readable size breaks: those of JSON alone, and bounds, which CebXmlReaderTests has.</summary>
    private static readonly HashSet<string> NotHere =
    [
        FieldCodes.BadCharacters, FieldCodes.DuplicateMember, FieldCodes.MustBeString, FieldCodes.MustBeNumber, FieldCodes.MustBeArray,
        FieldCodes.MustBeObject, FieldCodes.BadJson, FieldCodes.BadUtf8, FieldCodes.ItemTooLarge, FieldCodes.TooManyItems,
        FieldCodes.MoreErrors, FieldCodes.TooDeep, FieldCodes.MessageTooLarge,
    ];

    public static TheoryData<string> Types => new(CebMessage.All.Select(message => message.Type));

    [Theory]
    [MemberData(nameof(Types))]
    public void A_good_message_lacks_nothing(string type)
    {
        var golden = GoldenMessage.Of(type);
        Assert.Equal(([], "nothing"), Said(golden.Bytes()));
        Assert.Equal(golden.Message, MessageRoot.MessageOf(golden.Bytes()));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_broken_message_is_told_what_is_wrong_and_where_and_nothing_else(string type)
    {
        var golden = GoldenMessage.Of(type);
        Assert.Equal(golden.Faults.Count, golden.Faults.Select(fault => fault.Name).Distinct().Count());
        var differences = new StringBuilder();
        foreach (var fault in golden.Faults)
        {
            var (told, refuses) = Said(golden.Bytes(fault));
            if (!told.SequenceEqual(fault.Told) || refuses != fault.Refuses)
            {
                differences.AppendLine($"{fault}: {string.Join("; ", told)}, refuses {refuses}; not {string.Join("; ", fault.Told)}, refuses {fault.Refuses}");
            }
        }

        Assert.True(differences.Length == 0, $"{differences}");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void What_is_wrong_between_fields_is_not_for_a_reader_to_say(string type) => Assert.All(
        GoldenMessage.Of(type).BetweenFields, fault => Assert.Equal(([], "nothing"), Said(GoldenMessage.Of(type).Bytes(fault))));

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_rule_of_a_message_is_broken_once(string type)
    {
        var golden = GoldenMessage.Of(type);
        var broken = golden.Faults.SelectMany(fault => fault.Told).Select(told => Code().Match(told).Value).ToHashSet();
        Assert.Empty(Codes().Where(code => !NotHere.Contains(code) && Applies(code, golden.Message)).Except(broken));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_good_message_is_written_again_byte_by_byte(string type)
    {
        var golden = GoldenMessage.Of(type);
        var read = Reader.Read(golden.Bytes());
        Assert.Equal(golden.Folded, Written(read));
        Assert.Equal(golden.Folded, Written(Reader.Read(Encoding.UTF8.GetBytes(golden.Folded))));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_message_comes_out_of_its_envelope_byte_by_byte(string type)
    {
        var golden = GoldenMessage.Of(type);
        var enveloped = GoldenMessage.Enveloped(golden.Message, golden.Bytes());
        var envelope = DxpEnvelope.Read(enveloped);
        Assert.Equal(golden.Bytes(), envelope.Message.ToArray());
        Assert.Equal(golden.Message, MessageRoot.MessageOf(enveloped));
        Assert.Empty(CebLinter.Check(enveloped));
        var output = new ArrayBufferWriter<byte>();
        envelope.Write(output);
        Assert.Equal(enveloped, output.WrittenSpan.ToArray());
        Assert.Equal(golden.Folded, Written(Reader.Read(envelope.Message)));
    }

    private static string Written(CebXmlMessage read)
    {
        var output = new ArrayBufferWriter<byte>();
        CebXmlWriter.Write(output, read.Message!, read.Guid!, read.Transfer, [.. read.Items.Select(item => item.Document!)]);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static (IEnumerable<string> Told, string Refuses) Said(byte[] body)
    {
        var told = CebLinter.Check(body).Select(one => $"line {one.Line}: {one.Code} {one.Where}".TrimEnd()).ToArray();
        if (DxpEnvelope.IsOne(body))
        {
            Assert.Throws<FormatException>(() => DxpEnvelope.Read(body));
            return (told, "message");
        }

        var read = Reader.Read(body);
        return (told, read.Failure is not null ? "message" : read.Items.All(item => item.IsValid) ? "nothing" : "document");
    }

    private static IEnumerable<string> Codes() => typeof(FieldCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (string)field.GetRawConstantValue()!);

    /// <summary>Whether a message has the rule. A new one must be placed here, and broken by a golden message.</summary>
    private static bool Applies(string code, CebMessage message)
    {
        var fields = Valid.Fields(message).Where(field => !field.IsExtension).ToArray();
        bool Any(Func<CebField, bool> has) => fields.Any(has);
        return code switch
        {
            FieldCodes.Required => Any(field => field.Mandatory),
            FieldCodes.Empty => Any(field => field is { Mandatory: true, MayBeEmpty: false }),
            FieldCodes.TooLong => Any(field => field is { Kind: CebFormat.Text, Length: < int.MaxValue, Codes.Count: 0 }),
            FieldCodes.WrongLength => Any(field => field is { Kind: CebFormat.Fixed, Codes.Count: 0 } or { LengthMin: > 1 }),
            FieldCodes.NotANumber or FieldCodes.TooManyDigits or FieldCodes.TooManyDecimals or FieldCodes.Negative =>
                Any(field => field.Kind is CebFormat.Decimal or CebFormat.Integer),
            FieldCodes.NotPositive => Any(field => field.Positive),
            FieldCodes.NotATime => Any(field => field.Kind is CebFormat.Time14 or CebFormat.Time17 or CebFormat.Date8),
            FieldCodes.NotAllowed => Any(field => field.Codes.Count > 0),
            FieldCodes.WrongForm => Any(field => field.Form != CebForm.Any),
            FieldCodes.BadIdNumber => Any(field => field.Personal == PersonalKind.Id),
            FieldCodes.LineCount => message.Lines is not null && (message.LinesMin > 0 || message.LinesMax < int.MaxValue),
            FieldCodes.RepeatedLine => message.Lines?.Find("gnum") is not null,
            FieldCodes.RequiredInMode => Any(field => field.RequiredIn.Count > 0),
            FieldCodes.TooManyDocuments => message.DocumentsMax < int.MaxValue,
            FieldCodes.BadTransfer => message.Direction is not null,
            FieldCodes.NotSigned => message.Signature is CebSignatureRule.Schema or CebSignatureRule.Text,
            FieldCodes.UnknownMember or FieldCodes.EmptyBody or FieldCodes.BadXml or FieldCodes.WrongMessage or FieldCodes.WrongNamespace
                or FieldCodes.DtdForbidden or FieldCodes.WrongStructure or FieldCodes.WrongEncoding or FieldCodes.Tolerated or FieldCodes.OutOfOrder
                or FieldCodes.BadEnvelope => true,
            _ => throw new InvalidOperationException($"Which messages have the rule {code}?"),
        };
    }

    [GeneratedRegex("S[0-9]{4}")]
    private static partial Regex Code();
}
