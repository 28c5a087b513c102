using System.Globalization;
using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;

namespace Sandan.Gateway.OpenApi;

/// <summary>
/// JSON Schemas of the documents, made from the tables by which they are read: what the schema says and what the reader
/// does cannot differ.
/// </summary>
internal static class DocumentSchemas
{
    /// <summary>Taken from the request where a JSON sender leaves them out.</summary>
    private static readonly string[] FilledIn = ["guid", "appTime"];

    /// <summary>The schema of a message's document in JSON.</summary>
    public static JsonObject Of(CebMessage message)
    {
        var schema = Table(message.Head);
        schema["title"] = $"{message.Type} {message.Zh} {message.En}";
        if (message is { Lines: { } lines, LineMember: { } member })
        {
            var list = new JsonObject { ["type"] = "array", ["minItems"] = message.LinesMin, ["items"] = Table(lines) };
            if (message.LinesMax < int.MaxValue)
            {
                list["maxItems"] = message.LinesMax;
            }

            ((JsonObject)schema["properties"]!)[member] = list;
            if (message.LinesMin > 0)
            {
                ((JsonArray)schema["required"]!).Add(member);
            }
        }

        return schema;
    }

    private static JsonObject Table(CebFieldTable table)
    {
        var properties = new JsonObject();
        foreach (var field in table.Fields)
        {
            properties[field.Name] = Field(field);
        }

        return new JsonObject { ["type"] = "object", ["properties"] = properties }
            .Required([.. table.Fields
                .Where(field => field.Mandatory && field.Default is null && !FilledIn.Contains(field.Name))
                .Select(field => field.Name)])
            .Closed();
    }

    private static JsonObject Field(CebField field)
    {
        var schema = field.Kind switch
        {
            CebFormat.Decimal or CebFormat.Integer => Number(field),
            CebFormat.Time14 => new() { ["type"] = "string", ["pattern"] = "^[0-9]{14}$" },
            CebFormat.Time17 => new() { ["type"] = "string", ["pattern"] = "^[0-9]{17}$" },
            _ => Text(field),
        };
        schema["description"] = $"{field.Zh} {field.En} ({field.Format}{(field.IsExtension ? "; ours" : "")})";
        if (field.Codes.Count > 0)
        {
            schema["enum"] = Json.Strings([.. field.Codes]);
        }

        if (field.Default is { } value)
        {
            schema["default"] = value;
        }

        return schema;
    }

    private static JsonObject Text(CebField field)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (field.Length < int.MaxValue)
        {
            schema["maxLength"] = field.Length;
        }

        if (field.Kind == CebFormat.Fixed)
        {
            schema["minLength"] = field.Length;
        }
        else if (Math.Max(field.LengthMin, field is { Mandatory: true, MayBeEmpty: false } ? 1 : 0) is > 0 and var least)
        {
            schema["minLength"] = least;
        }

        return field.Form switch
        {
            CebForm.Digits => With(schema, "^[0-9]+$"),
            CebForm.DigitsOrLetters => With(schema, "^([0-9]+|[A-Z]+)$"),
            _ => schema,
        };
    }

    /// <summary>A JSON number, or the same digits as a string where a sender's software would round.</summary>
    private static JsonObject Number(CebField field)
    {
        var whole = field.Length - field.Decimals;
        var schema = new JsonObject
        {
            ["type"] = Json.Strings("number", "string"),
            [field.Positive ? "exclusiveMinimum" : "minimum"] = 0,
        };
        return With(schema, field.Decimals == 0
            ? string.Create(CultureInfo.InvariantCulture, $"^[0-9]{{1,{whole}}}$")
            : string.Create(CultureInfo.InvariantCulture, $"^[0-9]{{1,{whole}}}(\\.[0-9]{{1,{field.Decimals}}})?$"));
    }

    private static JsonObject With(JsonObject schema, string pattern)
    {
        schema["pattern"] = pattern;
        return schema;
    }
}
