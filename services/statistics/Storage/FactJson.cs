using System.Text.Json;
using System.Text.Json.Serialization;
using Sandan.Statistics.Domain;

namespace Sandan.Statistics.Storage;

/// <summary>How the lines of a release are kept.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<LineSum>))]
internal sealed partial class FactJson : JsonSerializerContext;
