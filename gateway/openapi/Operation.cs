using System.Reflection;
using System.Text.Json.Nodes;
using static Sandan.Gateway.OpenApi.Json;

namespace Sandan.Gateway.OpenApi;

/// <summary>One operation of the document.</summary>
/// <param name="Method">Lower case: <c>get</c>.</param>
/// <param name="Tag">Under which it is shown.</param>
/// <param name="Id">operationId: the name of the method in generated clients.</param>
/// <param name="Summary">One line, Chinese and English.</param>
/// <param name="Roles">Who may call it; empty where everybody with a key may, null where no key is needed.</param>
internal sealed record Operation(string Method, string Path, string Tag, string Id, string Summary, string[]? Roles)
{
    private readonly List<JsonObject> parameters = [];
    private readonly JsonObject responses = [];
    private JsonObject? body;

    /// <summary>Adds a query parameter.</summary>
    public Operation Query(string name, JsonObject schema)
    {
        parameters.Add(new() { ["name"] = name, ["in"] = "query", ["schema"] = schema });
        return this;
    }

    /// <summary>Adds a header parameter.</summary>
    public Operation Header(string name, string description)
    {
        parameters.Add(new() { ["name"] = name, ["in"] = "header", ["schema"] = Type("string", description) });
        return this;
    }

    /// <summary>Adds the parameters of a paged list.</summary>
    public Operation Paged(int limitMax = 1000, int limit = 100) => Query("after", Type("string", "Cursor: next of the page before."))
        .Query("limit", new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = limitMax, ["default"] = limit });

    /// <summary>Takes JSON of a schema; the example is the golden file of that name.</summary>
    /// <param name="many">True: also an array of them, and one per line (NDJSON).</param>
    public Operation Takes(string schema, string example, bool many)
    {
        var single = Schema(schema);
        var content = new JsonObject
        {
            ["application/json"] = new JsonObject
            {
                ["schema"] = many ? new JsonObject { ["oneOf"] = new JsonArray(single, List(Schema(schema))) } : single,
                ["example"] = Examples.Read(example),
            },
        };
        if (many)
        {
            content["application/x-ndjson"] = new JsonObject { ["schema"] = Type("string", $"One {schema} per line.") };
        }

        body = new() { ["required"] = true, ["content"] = content };
        return this;
    }

    /// <summary>Takes the official XML, beside JSON where that is taken.</summary>
    public Operation TakesXml(string description)
    {
        body ??= new() { ["required"] = true, ["content"] = new JsonObject() };
        body["content"]!["application/xml"] = new JsonObject { ["schema"] = Type("string", description) };
        return this;
    }

    /// <summary>Takes a form of one field.</summary>
    public Operation TakesForm(string field, string description)
    {
        body = new()
        {
            ["required"] = true,
            ["content"] = new JsonObject
            {
                ["application/x-www-form-urlencoded"] = new JsonObject { ["schema"] = Object("One field.", (field, Type("string", description))).Required(field) },
            },
        };
        return this;
    }

    /// <summary>Answers JSON of a schema.</summary>
    public Operation Answers(int status, string description, JsonObject schema) =>
        Answers(status, description, "application/json", schema);

    /// <summary>Answers a media type.</summary>
    public Operation Answers(int status, string description, string mediaType, JsonObject schema)
    {
        responses[$"{status}"] = new JsonObject
        {
            ["description"] = description,
            ["headers"] = new JsonObject { [TraceHeader.Name] = new JsonObject { ["$ref"] = "#/components/headers/TraceId" } },
            ["content"] = new JsonObject { [mediaType] = new JsonObject { ["schema"] = schema } },
        };
        return this;
    }

    /// <summary>Answers without a body.</summary>
    public Operation AnswersNothing(int status, string description)
    {
        responses[$"{status}"] = new JsonObject { ["description"] = description };
        return this;
    }

    /// <summary>Answers problems with these status codes, beside those that every route may answer.</summary>
    public Operation Refuses(params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            responses.TryAdd($"{status}", Response($"Problem{status}")); // what was said of it before holds
        }

        return this;
    }

    /// <summary>The operation as a node.</summary>
    public JsonObject ToNode()
    {
        var operation = new JsonObject
        {
            ["tags"] = Strings(Tag),
            ["operationId"] = Id,
            ["summary"] = Summary,
        };
        if (Roles is { Length: > 0 })
        {
            operation["description"] = $"Roles: {string.Join(", ", Roles)}.";
        }

        if (Roles is null)
        {
            operation["security"] = new JsonArray();
        }
        else
        {
            Refuses(401, 429, 502, 503, 504);
            if (Roles.Length > 0)
            {
                Refuses(403);
            }
        }

        if (body is not null)
        {
            operation["requestBody"] = body;
            Refuses(400, 413, 415);
        }

        var named = Path.Split('/').Where(part => part.StartsWith('{')).Select(part => new JsonObject
        {
            ["name"] = part.Trim('{', '}'),
            ["in"] = "path",
            ["required"] = true,
            ["schema"] = Type("string"),
        });
        var all = new JsonArray([.. named, .. parameters]);
        if (all.Count > 0)
        {
            operation["parameters"] = all;
        }

        operation["responses"] = new JsonObject(
            responses.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        return operation;
    }
}

/// <summary>The golden request examples of <c>contracts/examples/v1</c>.</summary>
internal static class Examples
{
    /// <summary>The example of a name.</summary>
    public static JsonNode Read(string name)
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream($"examples.{name}.json")
            ?? throw new InvalidOperationException($"contracts/examples/v1/{name}.json is missing.");
        return JsonNode.Parse(file)!;
    }
}
