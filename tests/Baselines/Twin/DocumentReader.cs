using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Sandan.Twin;

/// <summary>Reads the documents of a request and makes of them the rows to store and the facts to join.</summary>
/// <remarks>
/// Facts of a document: length and octets of the order number, length and octets of the company code, then eight octets
/// for each compared field: an amount in units of the fifth decimal, or a hash.
/// </remarks>
internal sealed class DocumentReader(DocumentKind kind, int size)
{
    private readonly byte[][] names = [.. kind.Names.Select(Encoding.UTF8.GetBytes)];
    private readonly int orderNo = Array.IndexOf(kind.Names, DocumentKind.OrderNo);
    private readonly int companyCode = Array.IndexOf(kind.Names, kind.CompanyCode);
    private readonly int documentNo = Array.IndexOf(kind.Names, kind.DocumentNo);
    private readonly int[] compared = [.. kind.Compared.Select(name => Array.IndexOf(kind.Names, name))];

    private readonly (int Start, int Length)[] places = new (int, int)[kind.Names.Length];
    private readonly ArrayBufferWriter<byte> values = new(1024);

    /// <summary>Rows for <see cref="Database.CopyAsync"/>.</summary>
    public ArrayBufferWriter<byte> Rows { get; } = new(size + size / 4 + 256);

    /// <summary>Facts for the matcher.</summary>
    public ArrayBufferWriter<byte> Facts { get; } = new(size / 4 + 256);

    /// <exception cref="JsonException">A line is not JSON. What was read before it is to be thrown away.</exception>
    /// <exception cref="FormatException">An amount is none.</exception>
    public void Read(ReadOnlySpan<byte> lines)
    {
        foreach (var range in lines.Split((byte)'\n'))
        {
            var line = lines[range].TrimEnd((byte)'\r');
            if (line.IsEmpty)
            {
                continue;
            }

            Scan(line);
            Rows.BeginRow(3);
            Rows.Field(Value(companyCode));
            Rows.Field(Value(documentNo));
            Rows.Field(line);
            WriteShort(Value(orderNo));
            WriteShort(Value(companyCode));
            for (var at = 0; at < compared.Length; at++)
            {
                var value = Value(compared[at]);
                BinaryPrimitives.WriteInt64LittleEndian(
                    Facts.GetSpan(sizeof(long)), kind.IsAmount(at) ? Amount(value) : Hash(value));
                Facts.Advance(sizeof(long));
            }
        }
    }

    private ReadOnlySpan<byte> Value(int name) =>
        values.WrittenSpan.Slice(places[name].Start, places[name].Length);

    private void Scan(ReadOnlySpan<byte> line)
    {
        Array.Clear(places);
        values.ResetWrittenCount();
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = IndexOfName(reader);
            reader.Read();
            if (name < 0)
            {
                reader.Skip();
                continue;
            }

            var start = values.WrittenCount;
            if (reader.TokenType == JsonTokenType.String)
            {
                values.Advance(reader.CopyString(values.GetSpan(reader.ValueSpan.Length)));
            }
            else
            {
                values.Write(reader.ValueSpan);
            }

            places[name] = (start, values.WrittenCount - start);
        }
    }

    private int IndexOfName(in Utf8JsonReader reader)
    {
        for (var at = 0; at < names.Length; at++)
        {
            if (reader.ValueTextEquals(names[at]))
            {
                return at;
            }
        }

        return -1;
    }

    private void WriteShort(ReadOnlySpan<byte> value)
    {
        Facts.GetSpan(1)[0] = (byte)value.Length;
        Facts.Advance(1);
        Facts.Write(value);
    }

    private static long Amount(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out decimal amount, out var read) && read == text.Length
            ? (long)(amount * 100_000m)
            : throw new FormatException("An amount is none.");

    /// <summary>FNV-1a, 64 bits.</summary>
    private static long Hash(ReadOnlySpan<byte> text)
    {
        unchecked
        {
            var hash = 14_695_981_039_346_656_037;
            foreach (var octet in text)
            {
                hash = (hash ^ octet) * 1_099_511_628_211;
            }

            return (long)hash;
        }
    }
}
