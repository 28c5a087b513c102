using System.Text.Json;
using Sandan.Contracts.Codes;
using Sandan.Shared.Http;

namespace Sandan.Registry.Endpoints;

/// <summary>How items stand in a body.</summary>
internal enum ItemFraming
{
    /// <summary>One object, answered by a status.</summary>
    Single,

    /// <summary>An array of objects, answered by an array of results.</summary>
    Array,

    /// <summary>One object per line, answered by one result per line.</summary>
    Ndjson,
}

/// <summary>A body of one item, an array of items, or one item per line (NDJSON).</summary>
/// <param name="Items">Null for a line that is not JSON; it does not spoil its neighbours.</param>
/// <param name="Framing">How the items stood in it; the answer comes in the same way.</param>
internal sealed record ItemBody(IReadOnlyList<JsonElement?> Items, ItemFraming Framing)
{
    /// <summary>Most items in a body, inclusive.</summary>
    public const int ItemsMax = 10_000;

    /// <summary>Longest body, bytes: 10,000 items of 1.6 KiB.</summary>
    public const long BytesMax = 16L * 1024 * 1024;

    private const string Json = "application/json";
    private const string Ndjson = "application/x-ndjson";
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8 };

    /// <summary>True for a body that is one object.</summary>
    public bool IsSingle => Framing == ItemFraming.Single;

    /// <summary>Reads the body; a problem where it cannot be taken as a whole.</summary>
    public static async Task<(ItemBody? Body, IResult? Problem)> ReadAsync(HttpContext context)
    {
        var type = context.Request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        if (type is not (null or "" or Json or Ndjson))
        {
            return (null, Problems.Result(
                context,
                StatusCodes.Status415UnsupportedMediaType,
                RequestCodes.ContentTypeUnsupported,
                [new("", RequestCodes.ContentTypeUnsupported, $"{Json}, {Ndjson}", type)]));
        }

        // Memory grows with what came, not with what was announced.
        using var buffer = new MemoryStream((int)Math.Clamp(context.Request.ContentLength ?? 0, 4 * 1024, 64 * 1024));
        await context.Request.Body.CopyToAsync(buffer, CancellationToken.None);
        var bytes = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        if (bytes.Span.StartsWith("\uFEFF"u8))
        {
            bytes = bytes[3..];
        }

        try
        {
            var body = type == Ndjson ? new(Lines(bytes), ItemFraming.Ndjson) : Whole(bytes);
            return body.Items.Count switch
            {
                0 => (null, Problems.Result(
                    context,
                    StatusCodes.Status400BadRequest,
                    RequestCodes.BodyUnreadable,
                    [new("", RegistryCodes.NotAnObject, "{…}")])),
                > ItemsMax => (null, Problems.Result(
                    context,
                    StatusCodes.Status413PayloadTooLarge,
                    RequestCodes.TooManyDocuments,
                    [new("", RequestCodes.TooManyDocuments, $"<= {ItemsMax}", $"{body.Items.Count}")])),
                _ => (body, null),
            };
        }
        catch (JsonException syntax)
        {
            return (null, Problems.Result(
                context,
                StatusCodes.Status400BadRequest,
                RequestCodes.BodyUnreadable,
                [new("", RequestCodes.BodyUnreadable, "JSON", $"line {syntax.LineNumber + 1}, byte {syntax.BytePositionInLine + 1}")]));
        }
    }

    /// <summary>Answers 200 with a result for each item, in the order sent.</summary>
    public IResult Answer<TResult>(List<TResult> results) => Framing == ItemFraming.Ndjson
        ? Results.Text(string.Concat(results.Select(result => JsonSerializer.Serialize(result, Problems.Json) + "\n")), Ndjson)
        : TypedResults.Ok(results);

    private static ItemBody Whole(ReadOnlyMemory<byte> bytes)
    {
        var root = JsonElement.Parse(bytes.Span, Strict);
        return root.ValueKind == JsonValueKind.Array
            ? new([.. root.EnumerateArray().Select(item => (JsonElement?)item)], ItemFraming.Array)
            : new([root], ItemFraming.Single);
    }

    private static List<JsonElement?> Lines(ReadOnlyMemory<byte> bytes)
    {
        var items = new List<JsonElement?>();
        var rest = bytes;
        while (!rest.IsEmpty && items.Count <= ItemsMax)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (line.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                items.Add(Line(line));
            }
        }

        return items;
    }

    private static JsonElement? Line(ReadOnlyMemory<byte> line)
    {
        try
        {
            return JsonElement.Parse(line.Span, Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
