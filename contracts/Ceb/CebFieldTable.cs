using System.Collections.Frozen;

namespace Sandan.Contracts.Ceb;

/// <summary>The fields of one element, in the order of the schema: a document's head, or one of its lines.</summary>
public sealed class CebFieldTable
{
    /// <summary>Most fields in a table: a set of fields must fit 64 bits, and four are kept for the envelope.</summary>
    private const int FieldsMax = 60;

    private readonly CebField[] fields;
    private readonly FrozenDictionary<string, CebField> byName;
    private readonly FrozenDictionary<string, CebField> byXmlName;
    private readonly FrozenDictionary<string, CebField>.AlternateLookup<ReadOnlySpan<char>> bySpan;

    internal CebFieldTable(IEnumerable<CebFieldRow> rows)
    {
        var list = new List<CebField>();
        foreach (var row in rows)
        {
            var isNumber = row.Format[0] is 'N' or 'i';
            list.Add(new CebField(row, list.Count, isNumber ? NumberCount++ : -1));
        }

        fields = [.. list];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fields.Length, FieldsMax, nameof(rows));
        byName = fields.ToFrozenDictionary(field => field.Name);
        bySpan = byName.GetAlternateLookup<ReadOnlySpan<char>>();
        byXmlName = fields.Where(field => !field.IsExtension)
            .SelectMany(field => field.Aliases.Append(field.Name), (field, name) => (field, name))
            .ToFrozenDictionary(pair => pair.name, pair => pair.field);
    }

    /// <summary>All fields by <see cref="CebField.Index"/>.</summary>
    public IReadOnlyList<CebField> Fields => fields;

    /// <summary>The field of that name.</summary>
    /// <exception cref="KeyNotFoundException">The table has no such field: a defect of the caller.</exception>
    public CebField this[string name] => byName.TryGetValue(name, out var field)
        ? field
        : throw new KeyNotFoundException($"There is no field {name} here.");

    internal int NumberCount { get; }

    internal ReadOnlySpan<CebField> Span => fields;

    /// <summary>The field of that name, or null.</summary>
    public CebField? Find(string name) => byName.GetValueOrDefault(name);

    internal CebField? Find(ReadOnlySpan<char> name) => bySpan.TryGetValue(name, out var field) ? field : null;

    /// <summary>The field behind an element's name: misspellings of the specification too, extensions not.</summary>
    internal CebField? FindXml(string name) => byXmlName.GetValueOrDefault(name);

    internal bool Holds(CebField field) => field.Index < fields.Length && ReferenceEquals(fields[field.Index], field);
}
