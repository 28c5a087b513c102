using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sandan.Deploy.Tests;

/// <summary>YAML as JSON nodes, which can be compared, copied and changed.</summary>
internal static class Yaml
{
    /// <summary>The documents of a text, anchors and merge keys resolved. Empty documents are left out.</summary>
    public static IReadOnlyList<JsonNode> Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => Convert(document.RootNode)).OfType<JsonNode>()];
    }

    /// <summary>The only document of a file.</summary>
    public static JsonObject File(string path) => Parse(System.IO.File.ReadAllText(path)).Single().AsObject();

    /// <summary>The node at a path of keys and indexes divided by slashes; null where there is none.</summary>
    public static JsonNode? At(this JsonNode? node, string path) => path.Split('/').Aggregate(node, (at, step) => at switch
    {
        JsonObject map => map[step],
        JsonArray list when int.TryParse(step, CultureInfo.InvariantCulture, out var index) && index < list.Count => list[index],
        _ => null,
    });

    /// <summary>The scalar at a path, as it would be written without quotes; null where there is none.</summary>
    public static string? Text(this JsonNode? node, string path) => node.At(path)?.ToString();

    /// <summary>The elements of the list at a path; none where there is no list.</summary>
    public static IEnumerable<JsonNode> Items(this JsonNode? node, string path) =>
        (node.At(path) as JsonArray)?.OfType<JsonNode>() ?? [];

    /// <summary>The map of scalars at a path; empty where there is none.</summary>
    public static Dictionary<string, string> Map(this JsonNode? node, string path) =>
        (node.At(path) as JsonObject)?.ToDictionary(one => one.Key, one => one.Value?.ToString() ?? "") ?? [];

    /// <summary>What is merged with <c>&lt;&lt;</c> comes first, and what the map says itself replaces it.</summary>
    private static JsonObject Convert(YamlMappingNode map)
    {
        var all = new JsonObject();
        foreach (var (key, value) in map.OrderByDescending(one => one.Key.ToString() == "<<"))
        {
            if (key.ToString() != "<<")
            {
                all[key.ToString()] = Convert(value);
                continue;
            }

            foreach (var (name, merged) in Convert((YamlMappingNode)value))
            {
                all[name] = merged?.DeepClone();
            }
        }

        return all;
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => Convert(map),
        YamlSequenceNode list => new JsonArray([.. list.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => plain.Value switch
        {
            null or "" or "~" or "null" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) =>
                JsonValue.Create(number),
            var text => JsonValue.Create(text),
        },
        YamlScalarNode quoted => JsonValue.Create(quoted.Value),
        _ => throw new NotSupportedException($"{node.NodeType} at {node.Start}"),
    };
}
