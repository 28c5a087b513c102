using System.Text.Json.Nodes;

namespace Sandan.Gateway.OpenApi;

/// <summary>Short words for the nodes of an OpenAPI document.</summary>
internal static class Json
{
    /// <summary>A reference to a schema of this document.</summary>
    public static JsonObject Schema(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    /// <summary>A reference to a shared response.</summary>
    public static JsonObject Response(string name) => new() { ["$ref"] = $"#/components/responses/{name}" };

    /// <summary>A schema of a simple type.</summary>
    public static JsonObject Type(string type, string? description = null, params ReadOnlySpan<string> codes)
    {
        var schema = new JsonObject { ["type"] = type };
        if (description is not null)
        {
            schema["description"] = description;
        }

        if (codes.Length > 0)
        {
            schema["enum"] = Strings(codes);
        }

        return schema;
    }

    /// <summary>A time with its offset, RFC 3339.</summary>
    public static JsonObject Time(string description) =>
        new() { ["type"] = "string", ["format"] = "date-time", ["description"] = description };

    /// <summary>An array of <paramref name="items"/>.</summary>
    public static JsonObject List(JsonObject items, string? description = null)
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = items };
        if (description is not null)
        {
            schema["description"] = description;
        }

        return schema;
    }

    /// <summary>An object that answers; readers must ignore members that they do not know.</summary>
    public static JsonObject Object(string description, params ReadOnlySpan<(string Name, JsonObject Schema)> members)
    {
        var properties = new JsonObject();
        foreach (var (name, schema) in members)
        {
            properties[name] = schema;
        }

        return new() { ["type"] = "object", ["description"] = description, ["properties"] = properties };
    }

    /// <summary>An array of strings as a node.</summary>
    public static JsonArray Strings(params ReadOnlySpan<string> texts)
    {
        var array = new JsonArray();
        foreach (var text in texts)
        {
            array.Add(text);
        }

        return array;
    }

    /// <summary>Marks members that are always there.</summary>
    public static JsonObject Required(this JsonObject schema, params ReadOnlySpan<string> names)
    {
        schema["required"] = Strings(names);
        return schema;
    }

    /// <summary>Refuses members that are not named: for what is sent to us.</summary>
    public static JsonObject Closed(this JsonObject schema)
    {
        schema["additionalProperties"] = false;
        return schema;
    }
}
