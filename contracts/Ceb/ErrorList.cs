using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Ceb;

/// <summary>The errors of one item while it is read and checked; bounded, so that rubbish costs no memory.</summary>
internal sealed class ErrorList
{
    /// <summary>Most errors told about one item, inclusive, and most warnings; the one after says that there are more.</summary>
    public const int ErrorsMax = 100;

    private const int ShownMax = 100;

    private List<FieldError>? errors;
    private List<FieldError>? warnings;

    public IReadOnlyList<FieldError> Errors => errors ?? (IReadOnlyList<FieldError>)[];

    /// <summary>What is wrong and not refused.</summary>
    public IReadOnlyList<FieldError> Warnings => warnings ?? (IReadOnlyList<FieldError>)[];

    public bool IsFull => errors?.Count > ErrorsMax;

    public void Add(string pointer, string code, string? expected = null, string? actual = null) =>
        Add(new(pointer, code, expected, actual), isWarning: false);

    public void Add(FieldError error, bool isWarning)
    {
        var list = isWarning ? warnings ??= [] : errors ??= [];
        if (list.Count < ErrorsMax)
        {
            list.Add(error);
        }
        else if (list.Count == ErrorsMax)
        {
            list.Add(new FieldError("", FieldCodes.MoreErrors, $"<= {ErrorsMax}"));
        }
    }

    /// <summary>A value as it may be told: masked where it is personal or may be, printable, at most 100 characters.</summary>
    public static string? Shown(CebField field, string? value) =>
        value is null ? null
        : Printable(field.Personal == PersonalKind.None ? Masking.Stray(Printable(value, ShownMax)) : Masking.Mask(field.Personal, Printable(value, ShownMax)), ShownMax);

    /// <summary>
    /// <paramref name="text"/> without characters that cannot be shown, cut to <paramref name="lengthMax"/>.
    /// </summary>
    public static string Printable(string text, int lengthMax)
    {
        var clean = text.Length <= lengthMax ? text : text[..lengthMax];
        if (CebCharacters.IndexOfRefused(clean) < 0 && !clean.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        {
            return clean;
        }

        return string.Create(clean.Length, clean, static (shown, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                var isPaired = char.IsHighSurrogate(source[i])
                    ? i + 1 < source.Length && char.IsLowSurrogate(source[i + 1])
                    : !char.IsLowSurrogate(source[i]) || (i > 0 && char.IsHighSurrogate(source[i - 1]));
                shown[i] = char.IsControl(source[i]) || !isPaired ? '\uFFFD' : source[i];
            }
        });
    }
}
