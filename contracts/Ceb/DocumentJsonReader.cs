using System.Text.Json;
using System.Text.Unicode;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Ceb;

/// <summary>How the items of a JSON body are framed.</summary>
public enum JsonFraming
{
    /// <summary>One object, or one array of objects (<c>application/json</c>).</summary>
    Json,

    /// <summary>One object a line (<c>application/x-ndjson</c>).</summary>
    Ndjson,
}

/// <summary>Bounds of a JSON body.</summary>
public sealed record JsonLimits
{
    /// <summary>Most items in a body, inclusive. Default 5,000: a body of typical orders is then about 8 MB.</summary>
    public int ItemsMax { get; init; } = 5_000;

    /// <summary>
    /// Most bytes of an item, inclusive. Default 1 MiB: an order of 99 lines with every text full still fits.
    /// </summary>
    public int ItemBytesMax { get; init; } = 1 << 20;

    /// <summary>Deepest nesting, inclusive; an array of orders with their lines has 4. Default 8.</summary>
    public int DepthMax { get; init; } = 8;
}

/// <summary>
/// Reads documents in JSON: the members are the official element names, the lines stand in <c>orderList</c>. Numbers
/// may be JSON numbers or strings and are taken exactly. Every item is answered for itself: a bad one harms no
/// neighbour. Only a syntax error inside an array ends the reading there, because nobody can tell where the next item
/// begins. Stateless; safe to share.
/// </summary>
public sealed class DocumentJsonReader(CebMessage message, CebValidator? validator = null, JsonLimits? limits = null)
{
    private readonly CebValidator validator = validator ?? CebValidator.Default;
    private readonly JsonLimits limits = limits ?? new JsonLimits();

    private static ReadOnlySpan<byte> Bom => [0xEF, 0xBB, 0xBF];

    private JsonReaderOptions Options => new() { MaxDepth = limits.DepthMax };

    /// <summary>Reads and checks a whole body.</summary>
    /// <param name="body">UTF-8, with or without BOM. The items keep slices of it, so it must not be reused.</param>
    /// <param name="framing">From the content type.</param>
    /// <param name="now">The time of receipt, which stands in for an appTime not stated.</param>
    public DocumentBatch Read(ReadOnlyMemory<byte> body, JsonFraming framing, DateTimeOffset now)
    {
        var rest = body.Span.StartsWith(Bom) ? body[3..] : body;
        var items = new List<DocumentItem>();
        var defaults = new JsonDefaults(now);
        var isComplete = framing == JsonFraming.Ndjson
            ? ReadLines(rest, items, defaults)
            : ReadJson(rest, items, defaults);
        return !isComplete ? new([], new("", FieldCodes.TooManyItems, $"<= {limits.ItemsMax}"))
            : items.Count == 0 ? new([], new("", FieldCodes.EmptyBody))
            : new(items, null);
    }

    /// <summary>Reads and checks one document.</summary>
    /// <param name="utf8">One JSON object and nothing else.</param>
    /// <param name="now">The time of receipt, which stands in for an appTime not stated.</param>
    public DocumentItem ReadOne(ReadOnlyMemory<byte> utf8, DateTimeOffset now) =>
        ReadItem(utf8, 0, new JsonDefaults(now));

    private bool ReadLines(ReadOnlyMemory<byte> body, List<DocumentItem> items, JsonDefaults defaults)
    {
        while (!body.IsEmpty)
        {
            var end = body.Span.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            line = line.TrimEnd((byte)'\r');
            if (line.Span.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') < 0)
            {
                continue;
            }

            if (items.Count == limits.ItemsMax)
            {
                return false;
            }

            items.Add(ReadItem(line, items.Count, defaults));
        }

        return true;
    }

    private bool ReadJson(ReadOnlyMemory<byte> body, List<DocumentItem> items, JsonDefaults defaults)
    {
        var start = body.Span.IndexOfAnyExcept(" \t\r\n"u8);
        if (start < 0)
        {
            return true;
        }

        if (body.Span[start] == (byte)'[')
        {
            return ReadArray(body[start..], items, defaults);
        }

        items.Add(ReadItem(body[start..], 0, defaults));
        return true;
    }

    private bool ReadArray(ReadOnlyMemory<byte> body, List<DocumentItem> items, JsonDefaults defaults)
    {
        // Where the body is not UTF-8 throughout, each element is framed first, so that only the bad ones are refused.
        var isUtf8 = Utf8.IsValid(body.Span);
        var reader = new Utf8JsonReader(body.Span, Options);
        var itemStart = 1;   // where the element begins that breaks the syntax, should one do so
        try
        {
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (items.Count == limits.ItemsMax)
                {
                    return false;
                }

                itemStart = (int)reader.TokenStartIndex;
                var errors = new ErrorList();
                CebDocument? document = null;
                if (isUtf8 && reader.TokenType == JsonTokenType.StartObject)
                {
                    document = new DocumentJsonPass(message, defaults, errors).Read(ref reader);
                }
                else
                {
                    reader.Skip();
                }

                var raw = body[itemStart..(int)reader.BytesConsumed];
                items.Add(isUtf8 && raw.Length <= limits.ItemBytesMax && document is not null
                    ? Checked(raw, items.Count, document, errors)
                    : ReadItem(raw, items.Count, defaults));
                itemStart = (int)reader.BytesConsumed;
            }

            itemStart = (int)reader.BytesConsumed;
            reader.Read();   // what follows the array is an error
        }
        catch (JsonException)
        {
            items.Add(Unreadable(body[itemStart..], items.Count, SyntaxCode(in reader)));
        }

        return true;
    }

    private DocumentItem ReadItem(ReadOnlyMemory<byte> raw, int index, JsonDefaults defaults)
    {
        if (raw.Length > limits.ItemBytesMax)
        {
            var error = new FieldError("", FieldCodes.ItemTooLarge, $"<= {limits.ItemBytesMax}", $"{raw.Length}");
            return new(index, raw, null, [error]);
        }

        if (!Utf8.IsValid(raw.Span))
        {
            return Unreadable(raw, index, FieldCodes.BadUtf8);
        }

        var errors = new ErrorList();
        var reader = new Utf8JsonReader(raw.Span, Options);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                reader.Read();
                return Unreadable(raw, index, FieldCodes.MustBeObject);
            }

            var document = new DocumentJsonPass(message, defaults, errors).Read(ref reader);
            reader.Read();   // what follows the object is an error
            return Checked(raw, index, document, errors);
        }
        catch (JsonException)
        {
            return Unreadable(raw, index, SyntaxCode(in reader));
        }
    }

    private DocumentItem Checked(ReadOnlyMemory<byte> raw, int index, CebDocument document, ErrorList errors)
    {
        validator.Check(document, errors);
        return new(index, raw, document, errors.Errors) { Warnings = errors.Warnings };
    }

    /// <summary>
    /// What made the reader stop: at the bound it was the nesting, which no good document comes near.
    /// </summary>
    private string SyntaxCode(in Utf8JsonReader reader)
    {
        var opened = reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject ? 1 : 0;
        return reader.CurrentDepth + opened >= limits.DepthMax ? FieldCodes.TooDeep : FieldCodes.BadJson;
    }

    private DocumentItem Unreadable(ReadOnlyMemory<byte> raw, int index, string code) =>
        new(index, raw, null, [new("", code, code == FieldCodes.TooDeep ? $"<= {limits.DepthMax}" : null)]);
}

/// <summary>
/// What stands in for fields that a JSON sender left out and that do not have the same default always.
/// </summary>
internal sealed class JsonDefaults(DateTimeOffset now)
{
    /// <summary>appTime: the time of receipt.</summary>
    public string Time { get; } = ShanghaiTime.Format14(now);

    /// <summary>guid: a new one, upper case as the specification asks.</summary>
    public string NewGuid() => Guid.CreateVersion7(now).ToString("D").ToUpperInvariant();
}
