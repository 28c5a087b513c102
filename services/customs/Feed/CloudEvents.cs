using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sandan.Customs.Feed;

/// <summary>Writes stored events as CloudEvents 1.0 in JSON.</summary>
/// <remarks>
/// Source: CloudEvents 1.0.2, JSON event format; extensions sequence and traceparent (distributed tracing).
/// </remarks>
internal static class CloudEvents
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>{data:[…],next,hasMore}</c>.</summary>
    public static byte[] Page(FeedPage page, string source)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var one in page.Events)
            {
                Write(json, one, source);
            }

            json.WriteEndArray();
            json.WriteString("next", Cursor.Write(Cursor.Feed, page.Next));
            json.WriteBoolean("hasMore", page.HasMore);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>One event on one line.</summary>
    public static void Write(IBufferWriter<byte> buffer, StoredEvent one, string source)
    {
        using var json = new Utf8JsonWriter(buffer, Options);
        Write(json, one, source);
    }

    private static void Write(Utf8JsonWriter json, StoredEvent one, string source)
    {
        json.WriteStartObject();
        json.WriteString("specversion", "1.0");
        json.WriteString("id", one.Id);
        json.WriteString("source", source);
        json.WriteString("type", one.Type);
        json.WriteString("subject", one.Subject);
        json.WriteString("time", one.Time.UtcDateTime);
        json.WriteString("datacontenttype", "application/json");
        json.WriteString("sequence", one.Position.ToString(CultureInfo.InvariantCulture));
        if (one.TraceParent is not null)
        {
            json.WriteString("traceparent", one.TraceParent);
        }

        json.WritePropertyName("data");
        json.WriteRawValue(one.Data, skipInputValidation: true); // the database's own JSON, always on one line
        json.WriteEndObject();
    }
}
