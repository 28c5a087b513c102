using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Intake;

/// <summary>
/// Reads the members of one JSON object by the announcement's formats (C..60: at most so many characters) and notes every fault. A
/// member that is not known is one. Of what may hold personal data an error tells the length alone.
/// </summary>
public sealed class MemberReader
{
    private const int ErrorsMax = 100;
    private const int ShownMax = 100;
    private const decimal AmountLimit = 100_000_000_000_000m;

    private static readonly SearchValues<char> AmountLetters = SearchValues.Create("0123456789.");

    private readonly Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
    private readonly string pointer;
    private readonly List<FieldError> errors;

    /// <param name="pointer">Of the object; empty for the root.</param>
    /// <param name="errors">Takes at most 100.</param>
    public MemberReader(JsonElement item, string pointer, List<FieldError> errors, params ReadOnlySpan<string> known)
    {
        (this.pointer, this.errors) = (pointer, errors);
        if (item.ValueKind != JsonValueKind.Object)
        {
            Add("", FieldCodes.MustBeObject, "{…}", item.ValueKind.ToString());
            return;
        }

        IsObject = true;
        foreach (var member in item.EnumerateObject())
        {
            var at = -1;
            for (var one = 0; one < known.Length && at < 0; one++)
            {
                at = member.NameEquals(known[one]) ? one : -1;
            }

            if (at < 0)
            {
                Add("", FieldCodes.UnknownMember, string.Join(", ", known));
            }
            else if (!members.TryAdd(known[at], member.Value))
            {
                Add(known[at], FieldCodes.DuplicateMember);
            }
        }
    }

    /// <summary>False where it is none; then nothing is asked of it.</summary>
    public bool IsObject { get; }

    /// <summary>Notes a fault of a member, of the object itself where the name is empty.</summary>
    public void Add(string name, string code, string? expected = null, string? actual = null)
    {
        if (errors.Count < ErrorsMax)
        {
            errors.Add(new(name.Length == 0 ? pointer : $"{pointer}/{name}", code, expected, actual));
        }
    }

    /// <summary>The member; null where it is absent or null, which is a fault where it is mandatory.</summary>
    public JsonElement? Value(string name, bool mandatory)
    {
        if (members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        if (mandatory && IsObject)
        {
            Add(name, FieldCodes.Required);
        }

        return null;
    }

    /// <summary>A text of at most so many characters. An optional one may be empty.</summary>
    /// <param name="raw">It may have line ends and any other control character: it is kept as the platform got it.</param>
    public string? Text(string name, int lengthMax, bool mandatory = true, bool raw = false)
    {
        if (Value(name, mandatory) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            Add(name, FieldCodes.MustBeString, $"C..{lengthMax}", value.ValueKind.ToString());
            return null;
        }

        if (Decode(value) is not { } text || text.Contains('\0', StringComparison.Ordinal) || (!raw && text.Any(char.IsControl)))
        {
            Add(name, FieldCodes.BadCharacters, $"C..{lengthMax}");
            return null;
        }

        if (mandatory && string.IsNullOrWhiteSpace(text))
        {
            Add(name, FieldCodes.Empty, $"C..{lengthMax}");
            return null;
        }

        var length = text.EnumerateRunes().Count();
        if (length > lengthMax)
        {
            Add(name, FieldCodes.TooLong, $"C..{lengthMax}", length.ToString(CultureInfo.InvariantCulture));
            return null;
        }

        return text;
    }

    /// <summary>One of some codes; an optional one may be empty.</summary>
    public string? OneOf(string name, bool mandatory, params ReadOnlySpan<string> allowed)
    {
        if (Text(name, ShownMax, mandatory) is not { } text)
        {
            return null;
        }

        if (!allowed.Contains(text) && (mandatory || text.Length > 0))
        {
            Add(name, FieldCodes.NotAllowed, string.Join(", ", allowed), Masking.Stray(text));
            return null;
        }

        return text;
    }

    /// <summary>A time that exists: yyyyMMddHHmmss.</summary>
    public string? Time(string name)
    {
        if (Text(name, ShownMax) is not { } text)
        {
            return null;
        }

        if (!ShanghaiTime.TryParse(text, out _))
        {
            Add(name, FieldCodes.NotATime, "yyyyMMddHHmmss", Masking.Stray(text));
            return null;
        }

        return text;
    }

    /// <summary>An amount in plain digits, as a JSON number or the same digits as a string: N19,5.</summary>
    public decimal? Amount(string name)
    {
        if (Value(name, mandatory: true) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is not (JsonValueKind.Number or JsonValueKind.String))
        {
            Add(name, FieldCodes.MustBeNumber, "N19,5", value.ValueKind.ToString());
            return null;
        }

        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Decode(value) ?? "";
        if (AmountFault(text, out var amount) is { } fault)
        {
            Add(name, fault, "N19,5", Masking.Stray(text.Length > ShownMax ? text[..ShownMax] : text));
            return null;
        }

        return amount;
    }

    /// <summary>An array of at least one, each read by <paramref name="read"/> with its pointer.</summary>
    public List<T>? List<T>(string name, Func<JsonElement, string, T> read)
    {
        if (Value(name, mandatory: true) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Add(name, FieldCodes.MustBeArray, "[…]", value.ValueKind.ToString());
            return null;
        }

        if (value.GetArrayLength() == 0)
        {
            Add(name, FieldCodes.LineCount, ">= 1", "0");
            return null;
        }

        return [.. value.EnumerateArray().Select((one, at) => read(one, $"{pointer}/{name}/{at}"))];
    }

    /// <summary>Null where it is N19,5: 14 digits before the point, 5 behind it, zeros at its end aside.</summary>
    private static string? AmountFault(string text, out decimal amount)
    {
        amount = 0;
        var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        if (digits.Length == 0 || digits.ContainsAnyExcept(AmountLetters) || digits[0] == '.' || digits[^1] == '.' || digits.Count('.') > 1)
        {
            return FieldCodes.NotANumber;
        }

        var point = digits.IndexOf('.');
        return text[0] == '-' ? FieldCodes.Negative
            : !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount) || amount >= AmountLimit
                ? FieldCodes.TooManyDigits
            : point >= 0 && digits[(point + 1)..].TrimEnd('0').Length > 5 ? FieldCodes.TooManyDecimals
            : null;
    }

    /// <summary>Null where the text is not valid: half a surrogate pair, or bytes that are not UTF-8.</summary>
    private static string? Decode(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
