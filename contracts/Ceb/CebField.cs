using System.Text;
using System.Text.Json.Serialization;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Ceb;

/// <summary>The form of a field's value.</summary>
public enum CebFormat
{
    /// <summary><c>C..n</c>: at most n Unicode scalar characters, <c>Cm..n</c>: at least m; <c>C</c>: any number.</summary>
    Text,

    /// <summary><c>Cn</c>: exactly n Unicode scalar characters.</summary>
    Fixed,

    /// <summary><c>Nn,d</c>: at most n digits in all, at most d after the point.</summary>
    Decimal,

    /// <summary><c>Nn</c>: at most n digits; <c>int</c>: 32 bits.</summary>
    Integer,

    /// <summary><c>yyyyMMdd</c>, Asia/Shanghai.</summary>
    Date8,

    /// <summary><c>yyyyMMddHHmmss</c>, Asia/Shanghai.</summary>
    Time14,

    /// <summary><c>yyyyMMddHHmmssfff</c>, Asia/Shanghai; what customs and e-port send only.</summary>
    Time17,
}

/// <summary>
/// What a personal field says about a person, which decides how it is masked. See <see cref="Masking"/>.
/// </summary>
public enum PersonalKind
{
    /// <summary>Not personal.</summary>
    None,

    /// <summary>A name.</summary>
    Name,

    /// <summary>The number of an identity document.</summary>
    Id,

    /// <summary>A telephone number.</summary>
    Phone,

    /// <summary>A postal address.</summary>
    Address,

    /// <summary>The account at a platform; often a phone number or an e-mail address.</summary>
    Account,

    /// <summary>Free text, in which anything may stand.</summary>
    Note,
}

/// <summary>What a code-like field must look like where no code list is confirmed.</summary>
public enum CebForm
{
    /// <summary>Nothing beyond the format.</summary>
    Any,

    /// <summary>Digits only: units of measure.</summary>
    Digits,

    /// <summary>Customs numeric (116) or ISO alpha-3 (JPN): countries.</summary>
    DigitsOrLetters,
}

/// <summary>
/// One field of a message, a row of <c>messages.json</c>. Source: CEB message specification (2022-05) and its schemas.
/// </summary>
public sealed class CebField
{
    private readonly string[] codes;

    internal CebField(CebFieldRow row, int index, int numberIndex)
    {
        (Name, Parent, Zh, En, Format) = (row.Name, row.Parent, row.Zh, row.En, row.Format);
        (Index, NumberIndex) = (index, numberIndex);
        (Mandatory, MayBeEmpty, Positive, IsExtension) = (row.Mandatory, row.MayBeEmpty, row.Positive, row.Extension);
        (Default, Form, Personal) = (row.Default, row.Form, row.Personal);
        (Collapses, IsBeyondSchema, Papers) = (row.Collapse, row.BeyondSchema, row.Papers);
        (codes, Aliases, RequiredIn) = (row.Codes ?? [], row.Aliases ?? [], row.RequiredIn ?? []);
        (CodesElsewhere, LengthElsewhere) = (row.CodesElsewhere ?? [], row.LengthElsewhere);
        (Kind, LengthMin, Length, Decimals) = ParseFormat(row.Format);
        Utf8Name = Encoding.UTF8.GetBytes(row.Name);
        Expected = codes.Length > 0 ? string.Join(" | ", codes) : Format;
    }

    /// <summary>Official element name, or our name of an extension.</summary>
    public string Name { get; }

    /// <summary>Element in which it stands: <c>OrderHead</c>, <c>OrderList</c>.</summary>
    public string Parent { get; }

    /// <summary>Chinese name in the specification.</summary>
    public string Zh { get; }

    /// <summary>Meaning in English.</summary>
    public string En { get; }

    /// <summary>Format as the specification writes it: <c>C..60</c>, <c>N19,5</c>, <c>yyyyMMddHHmmss</c>.</summary>
    public string Format { get; }

    /// <summary>What the format asks for, as shown to senders: the allowed codes or <see cref="Format"/>.</summary>
    public string Expected { get; }

    /// <summary>Place in its table, from 0, in the order of the schema.</summary>
    public int Index { get; }

    /// <summary>Kind of <see cref="Format"/>.</summary>
    public CebFormat Kind { get; }

    /// <summary>
    /// Most characters (exactly so many for <see cref="CebFormat.Fixed"/>) or most digits, inclusive.
    /// </summary>
    public int Length { get; }

    /// <summary>Least characters of a <see cref="CebFormat.Text"/>, inclusive; 0 where the format names none.</summary>
    public int LengthMin { get; }

    /// <summary>Most digits after the point, inclusive.</summary>
    public int Decimals { get; }

    /// <summary>Must be there and, unless <see cref="MayBeEmpty"/>, hold more than blanks.</summary>
    public bool Mandatory { get; }

    /// <summary>Supervision modes (tradeMode) in which it must be there, though the schema lets it be left out.</summary>
    public IReadOnlyList<string> RequiredIn { get; }

    /// <summary>Mandatory, yet the schema takes an empty value.</summary>
    public bool MayBeEmpty { get; }

    /// <summary>A number that must be above zero.</summary>
    public bool Positive { get; }

    /// <summary>Ours and not the specification's; known in JSON only.</summary>
    public bool IsExtension { get; }

    /// <summary>Not in the schema, but in the text of the specification and in live messages; read where it comes.</summary>
    public bool IsBeyondSchema { get; }

    /// <summary>Blanks around the value do not count, and several inside count as one (whiteSpace collapse).</summary>
    public bool Collapses { get; }

    /// <summary>Where the papers contradict each other: what the text (PDF) or the schemas of 2018 say instead; else null.</summary>
    public string? Papers { get; }

    /// <summary>What JSON senders may leave out; null where there is no constant default.</summary>
    public string? Default { get; }

    /// <summary>Form of a code whose list is not confirmed.</summary>
    public CebForm Form { get; }

    /// <summary>How the value is masked; <see cref="PersonalKind.None"/> where it may be shown.</summary>
    public PersonalKind Personal { get; }

    /// <summary>Allowed values; empty where the list is open or unconfirmed.</summary>
    public IReadOnlyList<string> Codes => codes;

    /// <summary>Codes that another paper allows and the schema does not; read, and told.</summary>
    public IReadOnlyList<string> CodesElsewhere { get; }

    /// <summary>Most characters by another paper, where it allows more than the schema; else 0. Read, and told.</summary>
    public int LengthElsewhere { get; }

    /// <summary>Misspellings seen in the published specification and in live messages, read in XML.</summary>
    public IReadOnlyList<string> Aliases { get; }

    /// <summary>Place among the numeric fields of its table; -1 where it is not one.</summary>
    internal int NumberIndex { get; }

    /// <summary><see cref="Name"/> as bytes, to compare without decoding.</summary>
    internal byte[] Utf8Name { get; }

    /// <summary>A number: <see cref="CebFormat.Decimal"/> or <see cref="CebFormat.Integer"/>.</summary>
    internal bool IsNumber => NumberIndex >= 0;

    internal bool Allows(string value)
    {
        foreach (var code in codes)
        {
            if (code == value)
            {
                return true;
            }
        }

        return codes.Length == 0;
    }

    /// <summary>True where another paper than the schema takes a value that breaks the rule <paramref name="code"/>.</summary>
    internal bool IsTakenElsewhere(string value, string code) => code switch
    {
        FieldCodes.TooLong => CebCharacters.Count(value) <= LengthElsewhere,
        FieldCodes.NotAllowed => CodesElsewhere.Contains(value),
        _ => false,
    };

    /// <summary>Any number of characters: the original message in a CEB900.</summary>
    internal bool IsUnbounded => Length == int.MaxValue;

    /// <summary>True where the element must be left out rather than be empty.</summary>
    internal bool IsNeverEmpty => !Mandatory && (Kind != CebFormat.Text || LengthMin > 0);

    /// <summary>
    /// The allowed code that <paramref name="utf8"/> spells, so that the same few strings are not made anew; else null.
    /// </summary>
    internal string? SharedCode(ReadOnlySpan<byte> utf8)
    {
        foreach (var code in codes)
        {
            if (Ascii.Equals(utf8, code))
            {
                return code;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Parent}.{Name}";

    private static (CebFormat Kind, int LengthMin, int Length, int Decimals) ParseFormat(string format) => format switch
    {
        "yyyyMMdd" => (CebFormat.Date8, 0, 8, 0),
        "yyyyMMddHHmmss" => (CebFormat.Time14, 0, 14, 0),
        "yyyyMMddHHmmssfff" => (CebFormat.Time17, 0, 17, 0),
        "int" => (CebFormat.Integer, 0, 10, 0),
        "C" => (CebFormat.Text, 0, int.MaxValue, 0),
        _ when format.IndexOf("..", StringComparison.Ordinal) is > 0 and var dots =>
            (CebFormat.Text, dots == 1 ? 0 : Parse(format.AsSpan(1, dots - 1)), Parse(format.AsSpan(dots + 2)), 0),
        _ when format[0] == 'C' => (CebFormat.Fixed, 0, Parse(format.AsSpan(1)), 0),
        _ when format.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma =>
            (CebFormat.Decimal, 0, Parse(format.AsSpan(1, comma - 1)), Parse(format.AsSpan(comma + 1))),
        _ => (CebFormat.Integer, 0, Parse(format.AsSpan(1)), 0),
    };

    private static int Parse(ReadOnlySpan<char> digits) =>
        int.Parse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A field as it stands in <c>messages.json</c>.</summary>
internal sealed record CebFieldRow(string Name, string Parent, string Zh, string En, string Format, bool Mandatory)
{
    public bool MayBeEmpty { get; init; }

    public bool Positive { get; init; }

    public bool Extension { get; init; }

    public bool BeyondSchema { get; init; }

    public bool Collapse { get; init; }

    public string? Papers { get; init; }

    public string[]? RequiredIn { get; init; }

    public string? Default { get; init; }

    public string[]? Codes { get; init; }

    public string[]? CodesElsewhere { get; init; }

    public int LengthElsewhere { get; init; }

    public string[]? Aliases { get; init; }

    public CebForm Form { get; init; }

    public PersonalKind Personal { get; init; }
}

/// <summary>A message as it stands in <c>messages.json</c>.</summary>
internal sealed record CebMessageRow(
    string Zh, string En, string Document, string? Head, string? Lines, string? Receipt, string By, CebFieldRow[] Fields)
{
    /// <summary>Least lines of a document; 1 where it is not said.</summary>
    public int? LinesMin { get; init; }

    /// <summary>Most lines of a document; 99 where it is not said, 0 where the schema has no bound.</summary>
    public int? LinesMax { get; init; }

    /// <summary>Most documents of a message; 100 where it is not said, 0 where the schema has no bound.</summary>
    public int? DocumentsMax { get; init; }

    /// <summary>Whose order of the envelope's elements it has; null where it has no envelope.</summary>
    public CebDirection? Order { get; init; }

    public CebSignatureRule Signature { get; init; }

    /// <summary>Whose negative numbers answer it.</summary>
    public CebNumbers? Numbers { get; init; }
}

/// <summary>Reads <c>messages.json</c> once, at start.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Dictionary<string, CebMessageRow>))]
internal sealed partial class CebTablesContext : JsonSerializerContext;
