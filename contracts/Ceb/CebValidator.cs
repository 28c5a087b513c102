using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Ceb;

/// <summary>What becomes of an identity number whose form or check character is wrong.</summary>
public enum IdNumberCheck
{
    /// <summary>Nothing: it is not looked at.</summary>
    Off,

    /// <summary>The document is taken, and its answer warns.</summary>
    Warn,

    /// <summary>The document is refused.</summary>
    Reject,
}

/// <summary>
/// Holds a document against the table of its message: presence, length, form, codes, lines. All errors are told, at
/// most 100 for a document. What documents say together (amounts that add up, three documents that agree) is not judged
/// here: real orders deviate even in totalPrice = qty × price.
/// </summary>
public sealed class CebValidator
{
    /// <summary>The validator with default options.</summary>
    public static CebValidator Default { get; } = new();

    /// <summary>
    /// What becomes of a number of a resident identity card (buyerIdType, payerIdType 1) with a wrong form or check
    /// character. Default Reject; those of the official samples are invented.
    /// </summary>
    public IdNumberCheck IdNumbers { get; init; } = IdNumberCheck.Reject;

    /// <summary>Everything wrong with <paramref name="document"/>; empty where it is valid.</summary>
    public IReadOnlyList<FieldError> Check(CebDocument document)
    {
        var errors = new ErrorList();
        Check(document, errors);
        return errors.Errors;
    }

    internal void Check(CebDocument document, ErrorList errors)
    {
        var mode = document.Message.ModeField is { } field ? document[field] : null;
        CheckValues(document, document.Message, line: -1, mode, errors);
        if (document.Message.LineMember is { } member && !document.LinesFaulty)
        {
            var message = document.Message;
            if (document.LinesSent < message.LinesMin || document.LinesSent > message.LinesMax)
            {
                var most = message.LinesMax == int.MaxValue ? "*" : $"{message.LinesMax}";
                errors.Add($"/{member}", FieldCodes.LineCount, $"{message.LinesMin}..{most}", $"{document.LinesSent}");
            }

            for (var line = 0; line < document.Lines.Count && !errors.IsFull; line++)
            {
                CheckValues(document.Lines[line], message, line, mode, errors);
            }

            CheckLineNumbers(document, errors);
        }
    }

    private void CheckValues(CebValues values, CebMessage message, int line, string? mode, ErrorList errors)
    {
        foreach (var field in values.Table.Span)
        {
            if ((values.Faulty & CebValues.Bit(field.Index)) != 0)
            {
                continue;
            }

            var value = values[field];
            var code = string.IsNullOrWhiteSpace(value) && mode is not null && field.RequiredIn.Contains(mode)
                ? FieldCodes.RequiredInMode
                : Fault(field, value, values.Number(field));
            if (code is not null && value is not null && field.IsTakenElsewhere(value, code))
            {
                errors.Add(new(message.Pointer(field, line), FieldCodes.Tolerated, field.Expected, ErrorList.Shown(field, value)), isWarning: true);
            }
            else if (code is not null)
            {
                var expected = code switch
                {
                    FieldCodes.NotPositive => "> 0",
                    FieldCodes.RequiredInMode => $"{field.Expected} (tradeMode {mode})",
                    _ => field.Expected,
                };
                errors.Add(message.Pointer(field, line), code, expected, ErrorList.Shown(field, value));
            }
            else if (IdNumbers != IdNumberCheck.Off && field.Personal == PersonalKind.Id && value is { Length: > 0 }
                && IsResidentCard(values, field) && !ResidentIdNumber.IsValid(value))
            {
                var error = new FieldError(
                    message.Pointer(field, line), FieldCodes.BadIdNumber, "GB 11643-1999", ErrorList.Shown(field, value));
                errors.Add(error, isWarning: IdNumbers == IdNumberCheck.Warn);
            }
        }
    }

    /// <summary>The rule that <paramref name="value"/> breaks, or null.</summary>
    internal static string? Fault(CebField field, string? value, decimal? number = null)
    {
        if (value is null)
        {
            return field.Mandatory ? FieldCodes.Required : null;
        }

        if (string.IsNullOrWhiteSpace(value))
        {
            // The schema lets most optional texts be empty; an optional number or text of fixed length must be left out.
            return field.IsNeverEmpty || (field.Mandatory && !field.MayBeEmpty) ? FieldCodes.Empty : null;
        }

        if (CebCharacters.IndexOfRefused(value) >= 0)
        {
            return FieldCodes.BadCharacters;
        }

        if (field.Codes.Count > 0)
        {
            return field.Allows(value) ? null : FieldCodes.NotAllowed;
        }

        return field.Kind switch
        {
            CebFormat.Text => CebCharacters.Count(value) is var count && count > field.Length ? FieldCodes.TooLong
                : count < field.LengthMin ? FieldCodes.WrongLength
                : null,
            CebFormat.Fixed when CebCharacters.Count(value) != field.Length => FieldCodes.WrongLength,
            CebFormat.Fixed => FormFault(field, value),
            CebFormat.Time14 => ShanghaiTime.TryParse(value, out _) ? null : FieldCodes.NotATime,
            CebFormat.Time17 => ShanghaiTime.IsTime17(value) ? null : FieldCodes.NotATime,
            CebFormat.Date8 => ShanghaiTime.IsDate8(value) ? null : FieldCodes.NotATime,
            _ => NumberFaultOf(field, value, number),
        };
    }

    private static string? NumberFaultOf(CebField field, string value, decimal? number)
    {
        if (number is not { } known && CebNumber.Parse(value, field, out known) is not NumberFault.None and var fault)
        {
            return NumberCode(fault);
        }

        return field.Positive && known <= 0 ? FieldCodes.NotPositive : null;
    }

    private static string? FormFault(CebField field, ReadOnlySpan<char> value) => field.Form switch
    {
        CebForm.Digits => value.ContainsAnyExceptInRange('0', '9') ? FieldCodes.WrongForm : null,
        CebForm.DigitsOrLetters => value.ContainsAnyExceptInRange('0', '9') && value.ContainsAnyExceptInRange('A', 'Z')
            ? FieldCodes.WrongForm : null,
        _ => null,
    };

    private static string NumberCode(NumberFault fault) => fault switch
    {
        NumberFault.TooManyDigits => FieldCodes.TooManyDigits,
        NumberFault.TooManyDecimals => FieldCodes.TooManyDecimals,
        NumberFault.Negative => FieldCodes.Negative,
        _ => FieldCodes.NotANumber,
    };

    /// <summary>buyerIdNumber is typed by buyerIdType, payerIdNumber by payerIdType.</summary>
    private static bool IsResidentCard(CebValues values, CebField idNumber) =>
        values[idNumber.Name.Replace("Number", "Type", StringComparison.Ordinal)] == "1";

    private static void CheckLineNumbers(CebDocument document, ErrorList errors)
    {
        if (document.Lines.Count < 2)
        {
            return;
        }

        // A summary result numbers its lines itself: gnum is that of the inventory. CEB701 has no line numbers at all.
        var lines = document.Message.Lines!;
        if ((lines.Find("gseqno") ?? lines.Find("gnum")) is not { } gnum)
        {
            return;
        }

        var seen = new HashSet<decimal>();
        for (var line = 0; line < document.Lines.Count; line++)
        {
            if (document.Lines[line].Number(gnum) is { } number && !seen.Add(number))
            {
                errors.Add(document.Message.Pointer(gnum, line), FieldCodes.RepeatedLine, "1, 2, 3 …", $"{number}");
            }
        }
    }
}
