using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sandan.Customs.Feed;

/// <summary>Writes stored events as CloudEvents 1.0 in JSON.</summary>
/// <remarks>
/// Source: CloudEvents 1.0.2, JSON event format; extensions sequence and traceparent (distributed tracing).
/// </remarks>
internal sealed class CloudEvents(IBufferWriter<byte> output, string source) : IDisposable
{
    private const int PositionDigitsMax = 20;

    private static readonly JsonEncodedText[] Types = [.. FeedTypes.All.Select(type => JsonEncodedText.Encode(type))];

    private readonly JsonEncodedText source = JsonEncodedText.Encode(source, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
    private readonly Utf8JsonWriter json = new(
        output, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>Bytes that a page is likely to have.</summary>
    public static int SizeOf(FeedPage page)
    {
        const int envelope = 400;
        var size = envelope;
        foreach (var one in page.Events)
        {
            size += one.Data.Length + envelope;
        }

        return size;
    }

    /// <summary><c>{data:[…],next,hasMore}</c>.</summary>
    public void Write(FeedPage page)
    {
        json.WriteStartObject();
        json.WriteStartArray("data"u8);
        foreach (var one in page.Events)
        {
            WriteObject(one);
        }

        json.WriteEndArray();
        json.WriteString("next"u8, Cursor.Write(Cursor.Feed, page.Next));
        json.WriteBoolean("hasMore"u8, page.HasMore);
        json.WriteEndObject();
        Finish();
    }

    /// <summary>One event on one line.</summary>
    public void Write(StoredEvent one)
    {
        WriteObject(one);
        Finish();
    }

    public void Dispose() => json.Dispose();

    private void WriteObject(StoredEvent one)
    {
        Span<byte> digits = stackalloc byte[PositionDigitsMax];
        Utf8Formatter.TryFormat(one.Position, digits, out var length);
        json.WriteStartObject();
        json.WriteString("specversion"u8, "1.0"u8);
        json.WriteString("id"u8, one.Id);
        json.WriteString("source"u8, source);
        json.WriteString("type"u8, Types[one.TypeNumber]);
        json.WriteString("subject"u8, one.Subject.Span);
        json.WriteString("time"u8, one.Time.UtcDateTime);
        json.WriteString("datacontenttype"u8, "application/json"u8);
        json.WriteString("sequence"u8, digits[..length]);
        if (one.TraceParent is not null)
        {
            json.WriteString("traceparent"u8, one.TraceParent);
        }

        json.WritePropertyName("data"u8);
        json.WriteRawValue(one.Data.Span, skipInputValidation: true); // as FeedEvent.Make wrote it, always on one line
        json.WriteEndObject();
    }

    private void Finish()
    {
        json.Flush();
        json.Reset();
    }
}
