using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Ceb;

/// <summary>Reads one JSON object into a document, reporting what it cannot read and going on.</summary>
internal readonly struct DocumentJsonPass(CebMessage message, JsonDefaults defaults, ErrorList errors)
{
    /// <summary>No name of a table is longer; what is longer is unknown without a look.</summary>
    private const int NameMax = 40;

    /// <summary>Most bytes that one character takes in JSON: an escaped surrogate pair.</summary>
    private const int BytesPerCharacterMax = 12;

    /// <summary>
    /// A value that is too long is decoded, to show how it begins, unless it has more bytes than this.
    /// </summary>
    private const int BytesShownMax = 4096;

    /// <summary>The envelope's fields, which senders copy along: the credential already says who transmits.</summary>
    private static readonly string[] EnvelopeMembers = ["copCode", "copName", "dxpMode", "dxpId"];

    /// <summary>Reads the object at which <paramref name="reader"/> stands, up to and with its end.</summary>
    /// <exception cref="JsonException">The text is not JSON or nested too deeply.</exception>
    public CebDocument Read(ref Utf8JsonReader reader)
    {
        var document = new CebDocument(message);
        ReadMembers(ref reader, document, document, line: -1);
        foreach (var field in document.Table.Span)
        {
            if (document[field] is null && (document.Faulty & CebValues.Bit(field.Index)) == 0
                && (field.Default ?? TimelyDefault(field)) is { } value)
            {
                document.SetDefault(field, value);
            }
        }

        return document;
    }

    private string? TimelyDefault(CebField field) => field.Name switch
    {
        "guid" => defaults.NewGuid(),
        "appTime" => defaults.Time,
        _ => null,
    };

    /// <param name="values">Where the members go.</param>
    /// <param name="document">The document itself where its head is read, else null.</param>
    /// <param name="line">Index of the line, -1 for the head.</param>
    private void ReadMembers(ref Utf8JsonReader reader, CebValues values, CebDocument? document, int line)
    {
        var fields = values.Table.Span;
        var expected = 0;   // senders write the members in the order of the schema, so the next one is a good guess
        Span<char> buffer = stackalloc char[NameMax];
        var others = 0UL;   // members beside the table that were seen: the envelope's four, then the list
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (expected < fields.Length && reader.ValueSpan.SequenceEqual(fields[expected].Utf8Name))
            {
                ReadField(ref reader, values, fields[expected++], line);
                continue;
            }

            var name = NameOf(in reader, buffer);
            if (values.Table.Find(name) is { } field)
            {
                expected = field.Index + 1;
                ReadField(ref reader, values, field, line);
            }
            else if (document is not null && IndexOfOther(name) is >= 0 and var other)
            {
                var isFirst = (others & CebValues.Bit(other)) == 0;
                others |= CebValues.Bit(other);
                ReadOther(ref reader, document, name, isFirst, isList: other == EnvelopeMembers.Length);
            }
            else
            {
                ReportUnknown(in reader, values.Table, line);
                reader.Read();
                reader.Skip();
            }
        }
    }

    private int IndexOfOther(ReadOnlySpan<char> name)
    {
        if (message.LineMember is { } member && name.SequenceEqual(member))
        {
            return EnvelopeMembers.Length;
        }

        for (var i = 0; i < EnvelopeMembers.Length; i++)
        {
            if (name.SequenceEqual(EnvelopeMembers[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private void ReadOther(
        ref Utf8JsonReader reader, CebDocument document, scoped ReadOnlySpan<char> name, bool isFirst, bool isList)
    {
        reader.Read();
        if (!isFirst)
        {
            errors.Add($"/{name}", FieldCodes.DuplicateMember);
            reader.Skip();
        }
        else if (isList)
        {
            ReadLines(ref reader, document);
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadLines(ref Utf8JsonReader reader, CebDocument document)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            document.LinesFaulty = true;
            errors.Add($"/{message.LineMember}", FieldCodes.MustBeArray);
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var index = document.LinesSent;
            var line = document.AddLine();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                line?.MarkAllFaulty();
                errors.Add($"/{message.LineMember}/{index}", FieldCodes.MustBeObject);
                reader.Skip();
            }
            else if (line is null)
            {
                reader.Skip();
            }
            else
            {
                ReadMembers(ref reader, line, document: null, index);
            }
        }
    }

    private void ReadField(ref Utf8JsonReader reader, CebValues values, CebField field, int line)
    {
        reader.Read();
        if (!values.See(field))
        {
            values.MarkFaulty(field);
            errors.Add(message.Pointer(field, line), FieldCodes.DuplicateMember);
            reader.Skip();
            return;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                break;
            case JsonTokenType.String:
                ReadString(in reader, values, field, line);
                break;
            case JsonTokenType.Number when field.IsNumber && reader.ValueSpan.Length > BytesShownMax:
                Report(values, field, line, FieldCodes.TooManyDigits);
                break;
            case JsonTokenType.Number when field.IsNumber:
                values.Set(field, Encoding.ASCII.GetString(reader.ValueSpan));
                break;
            default:
                Report(values, field, line, field.IsNumber ? FieldCodes.MustBeNumber : FieldCodes.MustBeString);
                reader.Skip();
                break;
        }
    }

    private void ReadString(in Utf8JsonReader reader, CebValues values, CebField field, int line)
    {
        var utf8 = reader.ValueSpan;
        if (utf8.Length > Math.Max(BytesShownMax, BytesPerCharacterMax * (long)field.Length))
        {
            Report(values, field, line, field.IsNumber ? FieldCodes.TooManyDigits : FieldCodes.TooLong);
        }
        else if (reader.ValueIsEscaped && HasLoneSurrogate(utf8))
        {
            Report(values, field, line, FieldCodes.BadCharacters);
        }
        else
        {
            values.Set(field, (reader.ValueIsEscaped ? null : field.SharedCode(utf8)) ?? reader.GetString()!);
        }
    }

    private void Report(CebValues values, CebField field, int line, string code)
    {
        values.MarkFaulty(field);
        errors.Add(message.Pointer(field, line), code, field.Expected);
    }

    private void ReportUnknown(in Utf8JsonReader reader, CebFieldTable table, int line)
    {
        if (errors.IsFull)
        {
            return;
        }

        var isReadable = reader.ValueSpan.Length <= NameMax * BytesPerCharacterMax
            && !(reader.ValueIsEscaped && HasLoneSurrogate(reader.ValueSpan));
        var name = isReadable ? ErrorList.Printable(reader.GetString()!, NameMax) : "\uFFFD";
        var inPointer = name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        var known = table.Fields.Select(field => field.Name);
        errors.Add(
            line < 0 ? $"/{inPointer}" : $"/{message.LineMember}/{line}/{inPointer}",
            FieldCodes.UnknownMember,
            NameSuggestion.For(name, line < 0 && message.LineMember is { } list ? known.Append(list) : known),
            name);
    }

    /// <summary>The member's name where it is short enough to be known; else nothing.</summary>
    private static ReadOnlySpan<char> NameOf(in Utf8JsonReader reader, Span<char> buffer) =>
        reader.ValueSpan.Length <= NameMax && !(reader.ValueIsEscaped && HasLoneSurrogate(reader.ValueSpan))
            ? buffer[..reader.CopyString(buffer)]
            : [];

    /// <summary>
    /// Whether escapes such as <c>\ud800</c> leave half a pair, which the decoder would answer with an exception.
    /// </summary>
    private static bool HasLoneSurrogate(ReadOnlySpan<byte> utf8)
    {
        var awaitsLow = false;
        for (var i = 0; i < utf8.Length; i++)
        {
            // Escapes are well-formed here, the reader has seen to it: \u and four hexadecimal digits.
            var unit = 0;
            if (utf8[i] == (byte)'\\' && utf8[++i] == (byte)'u')
            {
                _ = Utf8Parser.TryParse(utf8.Slice(i + 1, 4), out unit, out _, 'x');
                i += 4;
            }

            var isLow = unit is >= 0xDC00 and <= 0xDFFF;
            if (awaitsLow != isLow)
            {
                return true;
            }

            awaitsLow = unit is >= 0xD800 and <= 0xDBFF;
        }

        return awaitsLow;
    }
}
