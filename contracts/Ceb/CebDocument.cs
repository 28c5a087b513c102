namespace Sandan.Contracts.Ceb;

/// <summary>Something about an element that came, beside its value.</summary>
/// <param name="Name">The field's name, or that of an element that is none.</param>
/// <param name="Code">A code of <see cref="Codes.FieldCodes"/>.</param>
/// <param name="IsError">The document is refused for it.</param>
internal sealed record CebNote(string Name, string Code, string? Expected, string? Actual, bool IsError = false);

/// <summary>The values of one element, by field; filled by a reader, then never changed.</summary>
public abstract class CebValues
{
    private readonly string?[] values;
    private readonly decimal[] numbers;
    private ulong seen;
    private ulong stated;
    private ulong numeric;
    private List<CebNote>? notes;

    private protected CebValues(CebFieldTable table)
    {
        Table = table;
        values = new string?[table.Fields.Count];
        numbers = table.NumberCount == 0 ? [] : new decimal[table.NumberCount];
    }

    /// <summary>The fields that can be here.</summary>
    public CebFieldTable Table { get; }

    /// <summary>What stands in the field: the sender's text or our default; null where neither is.</summary>
    public string? this[CebField field] => values[IndexOf(field)];

    /// <summary>What stands in the field of that official name.</summary>
    /// <exception cref="KeyNotFoundException">There is no field of that name: a defect of the caller.</exception>
    public string? this[string name] => values[Table[name].Index];

    /// <summary>The same; null where the field is empty too.</summary>
    /// <exception cref="KeyNotFoundException">There is no field of that name: a defect of the caller.</exception>
    public string? TextOrNull(string name) => string.IsNullOrEmpty(this[name]) ? null : this[name];

    /// <summary>Fields that a reader could not read and has reported; nothing more is said about them.</summary>
    internal ulong Faulty { get; private set; }

    /// <summary>What a reader has to say of the elements that came, beside their values.</summary>
    internal IReadOnlyList<CebNote> Notes => notes ?? (IReadOnlyList<CebNote>)[];

    /// <summary>The exact value of a numeric field; null where it is absent or breaks its format.</summary>
    public decimal? Number(CebField field) =>
        (numeric & Bit(IndexOf(field))) != 0 ? numbers[field.NumberIndex] : null;

    /// <summary>The instant, in UTC, of a time field; null where it is absent or no time.</summary>
    public DateTimeOffset? Time(CebField field) => ShanghaiTime.TryParse(this[field], out var time) ? time : null;

    /// <summary>
    /// True where the sender stated the field, even wrongly; null is not a statement, and neither is a default of ours.
    /// </summary>
    public bool IsStated(CebField field) => (stated & Bit(IndexOf(field))) != 0;

    internal static ulong Bit(int index) => 1UL << index;

    /// <summary>Notes that the field came by. False where it did so before.</summary>
    internal bool See(CebField field)
    {
        var isFirst = (seen & Bit(field.Index)) == 0;
        seen |= Bit(field.Index);
        return isFirst;
    }

    internal bool IsSeen(CebField field) => (seen & Bit(field.Index)) != 0;

    internal void Note(CebNote note) => (notes ??= []).Add(note);

    internal void MarkFaulty(CebField field)
    {
        stated |= Bit(field.Index);
        Faulty |= Bit(field.Index);
    }

    internal void MarkAllFaulty() => Faulty = ulong.MaxValue;

    internal void Set(CebField field, string value)
    {
        stated |= Bit(field.Index);
        Keep(field, value);
    }

    internal void SetDefault(CebField field, string value) => Keep(field, value);

    private void Keep(CebField field, string value)
    {
        values[field.Index] = value;
        if (field.IsNumber && CebNumber.Parse(value, field, out var number) == NumberFault.None)
        {
            numbers[field.NumberIndex] = number;
            numeric |= Bit(field.Index);
        }
    }

    private int IndexOf(CebField field) => Table.Holds(field)
        ? field.Index
        : throw new ArgumentException($"Field {field} belongs to another table.", nameof(field));
}

/// <summary>One line of a document.</summary>
public sealed class CebLine : CebValues
{
    internal CebLine(CebFieldTable table)
        : base(table)
    {
    }
}

/// <summary>
/// One document as it was sent, read but not judged: <see cref="CebValidator"/> says whether its values keep the rules.
/// Holds personal data in clear.
/// </summary>
public sealed class CebDocument : CebValues
{
    private readonly List<CebLine>? lines;

    internal CebDocument(CebMessage message)
        : base(message.Head)
    {
        Message = message;
        lines = message.Lines is null ? null : [];
    }

    /// <summary>The message whose document this is.</summary>
    public CebMessage Message { get; }

    /// <summary>
    /// Its lines as sent, at most <see cref="CebMessage.LinesMax"/>; empty where the message has none.
    /// </summary>
    public IReadOnlyList<CebLine> Lines => lines ?? (IReadOnlyList<CebLine>)[];

    /// <summary>How many lines were sent, those beyond <see cref="CebMessage.LinesMax"/> included.</summary>
    public int LinesSent { get; private set; }

    /// <summary>The lines as a whole could not be read, and a reader has reported it.</summary>
    internal bool LinesFaulty { get; set; }

    /// <summary>Names the message only: values may be personal.</summary>
    public override string ToString() => $"{Message.Type} document";

    /// <summary>A new line, or null where there are too many already; it is counted all the same.</summary>
    internal CebLine? AddLine()
    {
        LinesSent++;
        if (lines!.Count == Message.LinesMax)
        {
            return null;
        }

        var line = new CebLine(Message.Lines!);
        lines.Add(line);
        return line;
    }
}
