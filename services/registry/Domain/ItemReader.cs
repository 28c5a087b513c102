using System.Globalization;
using System.Text.Json;
using Sandan.Contracts;
using Sandan.Contracts.Codes;

namespace Sandan.Registry.Domain;

/// <summary>
/// Reads the members of one JSON object and notes everything that is wrong with it, so that a sender mends an item in
/// one go. Members that nobody asked for are errors: a misspelt optional member must not vanish in silence.
/// </summary>
internal sealed class ItemReader
{
    /// <summary>Longest value that an error repeats, characters.</summary>
    private const int ShownMax = 100;

    private readonly Dictionary<string, JsonElement> members = new(StringComparer.Ordinal);
    private readonly List<FieldError> errors = [];

    /// <summary>Begins to read.</summary>
    /// <param name="item">Null where the item could not even be parsed.</param>
    /// <param name="known">Every member that such an item may have.</param>
    public ItemReader(JsonElement? item, params ReadOnlySpan<string> known)
    {
        if (item is not { ValueKind: JsonValueKind.Object } json)
        {
            Add("", RegistryCodes.NotAnObject, "{…}", item is null ? null : Kind(item.Value));
            return;
        }

        foreach (var member in json.EnumerateObject())
        {
            var name = NameOf(member);
            if (!known.Contains(name))
            {
                Add(Pointer(name), RegistryCodes.UnknownMember, string.Join(", ", known), name);
            }
            else if (!members.TryAdd(name, member.Value))
            {
                Add(Pointer(name), RegistryCodes.RepeatedMember);
            }
        }
    }

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<FieldError> Errors => errors;

    /// <summary>True where the item is an object: otherwise its members were not asked for.</summary>
    public bool IsObject => errors is not [{ Code: RegistryCodes.NotAnObject }];

    /// <summary>Notes an error that concerns several members.</summary>
    public void Add(string pointer, string code, string? expected = null, string? actual = null) =>
        errors.Add(new(pointer, code, expected, actual is { Length: > ShownMax } ? actual[..ShownMax] : actual));

    /// <summary>A text with more than blanks; null where it is missing, and an error if it is mandatory.</summary>
    /// <param name="lengthMax">Most characters (UTF-16), inclusive.</param>
    /// <param name="lines">True where it may have several lines.</param>
    public string? Text(string name, bool mandatory, int lengthMax, bool lines = false)
    {
        if (Value(name, mandatory) is not { } value)
        {
            return null;
        }

        if (StringOf(name, value, lines) is not { } text)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            Missing(name, mandatory);
            return null;
        }

        if (text.Length > lengthMax)
        {
            Add(Pointer(name), RegistryCodes.TooLong, $"C..{lengthMax}", text);
        }

        return text;
    }

    /// <summary>A code of a certain form.</summary>
    /// <param name="fits">Tells whether a text has the form.</param>
    /// <param name="expected">The form, for the reader of the error.</param>
    public string? Code(string name, bool mandatory, Func<string, bool> fits, string expected)
    {
        if (Text(name, mandatory, int.MaxValue) is not { } text)
        {
            return null;
        }

        if (!fits(text))
        {
            Add(Pointer(name), RegistryCodes.WrongForm, expected, text);
        }

        return text;
    }

    /// <summary>One of the values allowed.</summary>
    public string? OneOf(string name, bool mandatory, IReadOnlyList<string> allowed)
    {
        if (Text(name, mandatory, int.MaxValue) is not { } text)
        {
            return null;
        }

        if (!allowed.Contains(text))
        {
            Add(Pointer(name), RegistryCodes.NotAllowed, string.Join(", ", allowed), text);
        }

        return text;
    }

    /// <summary>A mandatory array of at least one of the values allowed; sorted, each once.</summary>
    public string[] SomeOf(string name, IReadOnlyList<string> allowed)
    {
        if (Value(name, mandatory: true) is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Add(Pointer(name), RegistryCodes.WrongType, "array of strings", Kind(value));
            return [];
        }

        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (at, element) in value.EnumerateArray().Index())
        {
            if (StringOf($"{name}/{at}", element) is not { } text)
            {
                continue;
            }

            if (!allowed.Contains(text))
            {
                Add($"/{name}/{at}", RegistryCodes.NotAllowed, string.Join(", ", allowed), text);
            }

            found.Add(text);
        }

        if (value.GetArrayLength() == 0)
        {
            Missing(name, mandatory: true);
        }

        return [.. found];
    }

    /// <summary>One of some numbers, as a JSON number or string: <c>1210</c>.</summary>
    public int? NumberOf(string name, IReadOnlyList<int> allowed)
    {
        if (Value(name, mandatory: false) is not { } value)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : StringOf(name, value);
        if (text is null)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && allowed.Contains(number))
        {
            return number;
        }

        Add(Pointer(name), RegistryCodes.NotAllowed, string.Join(", ", allowed), text);
        return null;
    }

    /// <summary>An optional amount above zero with at most 14 digits before and 5 after the point (N19,5), number or string.</summary>
    public decimal? Amount(string name)
    {
        const decimal Limit = 100_000_000_000_000m;
        if (Value(name, mandatory: false) is not { } value)
        {
            return null;
        }

        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : StringOf(name, value);
        if (text is null)
        {
            return null;
        }

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && amount is > 0 and < Limit && decimal.Round(amount, 5) == amount)
        {
            return amount;
        }

        Add(Pointer(name), RegistryCodes.OutOfRange, "N19,5 > 0", text);
        return null;
    }

    private JsonElement? Value(string name, bool mandatory)
    {
        if (members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        Missing(name, mandatory);
        return null;
    }

    private void Missing(string name, bool mandatory)
    {
        if (mandatory)
        {
            Add(Pointer(name), RegistryCodes.Required);
        }
    }

    /// <summary>The string; null and an error where it is none, or holds what no document and no database can carry.</summary>
    private string? StringOf(string name, JsonElement value, bool lines = false)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Add("/" + name, RegistryCodes.WrongType, "string", Kind(value));
            return null;
        }

        var text = Decode(value);
        if (text is null || text.Any(letter => char.IsControl(letter) && !(lines && (letter is '\r' or '\n'))))
        {
            Add("/" + name, RegistryCodes.WrongForm, "UTF-8 without control characters");
            return null;
        }

        return text;
    }

    /// <summary>Null where the text is not valid: half a surrogate pair, or bytes that are not UTF-8.</summary>
    private static string? Decode(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return "\uFFFD"; // a name that cannot be decoded is none that we know
        }
    }

    private static string Pointer(string name) =>
        "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString().ToLowerInvariant(),
    };
}
