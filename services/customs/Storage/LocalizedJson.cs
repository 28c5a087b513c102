using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sandan.Contracts.Codes;

namespace Sandan.Customs.Storage;

/// <summary>Writes a text of the dictionary as it was rendered once: each event of the feed has one or two of them.</summary>
internal sealed class LocalizedJson : JsonConverter<Localized>
{
    private static readonly FrozenDictionary<Localized, byte[]> Rendered = CodeDictionary.All
        .SelectMany(entry => (Localized[])[entry.Text, entry.Fix])
        .ToFrozenDictionary<Localized, Localized, byte[]>(text => text, Render, ReferenceEqualityComparer.Instance);

    public override Localized Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Texts are only written.");

    public override void Write(Utf8JsonWriter writer, Localized value, JsonSerializerOptions options) =>
        writer.WriteRawValue(Rendered.TryGetValue(value, out var known) ? known : Render(value), skipInputValidation: true);

    private static byte[] Render(Localized text) => JsonSerializer.SerializeToUtf8Bytes(text, LocalizedContext.Plain.Localized);
}

/// <summary>A text by itself: both languages, Chinese as it is.</summary>
[JsonSerializable(typeof(Localized))]
internal sealed partial class LocalizedContext : JsonSerializerContext
{
    public static readonly LocalizedContext Plain = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
