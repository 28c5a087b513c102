using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Net.Http.Headers;
using Sandan.Shared.Http;
using static Sandan.Gateway.OpenApi.Json;

namespace Sandan.Gateway.OpenApi;

/// <summary>One OpenAPI 3.1 document for all public routes, whichever service answers them.</summary>
internal sealed class OpenApiDocument
{
    private static readonly (int Status, string Text)[] ProblemStatuses =
    [
        (400, "The body or a parameter cannot be read."),
        (401, "No key, or none that is valid."),
        (403, "The key's role may not do this."),
        (404, "It does not exist, or is not the caller's."),
        (409, "The state does not allow it."),
        (413, "The body is too large, or holds too many documents."),
        (410, "The personal data are gone: their time is over."),
        (415, "The content type is not taken here."),
        (422, "The document breaks rules; errors names each."),
        (429, "Too many requests; wait as Retry-After says."),
        (502, "A service is away; send the same again."),
        (503, "Busy or away; wait as Retry-After says and send the same again."),
        (504, "A service did not answer in time; send the same again."),
    ];

    private readonly byte[] bytes;
    private readonly EntityTagHeaderValue etag;

    /// <summary>Makes the document, once.</summary>
    public OpenApiDocument()
    {
        bytes = System.Text.Encoding.UTF8.GetBytes(Build().ToJsonString(Problems.Json));
        etag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");
    }

    /// <summary>Answers it.</summary>
    public IResult Answer() => Results.Bytes(bytes, "application/json; charset=utf-8", entityTag: etag);

    /// <summary>The document as nodes.</summary>
    public static JsonObject Build()
    {
        var paths = new JsonObject();
        foreach (var operation in Operations.All())
        {
            if (paths[operation.Path] is not JsonObject path)
            {
                paths[operation.Path] = path = [];
            }

            path[operation.Method] = operation.ToNode();
        }

        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Sandan 三单",
                ["version"] = "1.0.0",
                ["description"] = "订单、支付单、运单三单比对与通关。Matches order, payment and waybill, and carries the result to customs, tax, credit and statistics.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(new JsonObject { ["key"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["key"] = new JsonObject
                    {
                        ["type"] = "http",
                        ["scheme"] = "bearer",
                        ["bearerFormat"] = "sdn_<environment>_<id>_<secret>",
                        ["description"] = "Made by POST /v1/companies/{code}/keys. It says which company calls, and in which role.",
                    },
                },
                ["headers"] = new JsonObject
                {
                    ["TraceId"] = new JsonObject
                    {
                        ["description"] = "W3C trace id of the request, 32 hexadecimal digits. A traceparent that is sent is continued.",
                        ["schema"] = Type("string"),
                    },
                },
                ["responses"] = new JsonObject(ProblemStatuses.Select(one => KeyValuePair.Create(
                    $"Problem{one.Status}",
                    (JsonNode?)new JsonObject
                    {
                        ["description"] = one.Text,
                        ["content"] = new JsonObject
                        {
                            [Problems.ContentType] = new JsonObject { ["schema"] = Schema("Problem") },
                        },
                    }))),
                ["schemas"] = SandboxOperations.AddSchemas(StockOperations.AddSchemas(OriginalDataOperations.AddSchemas(Schemas.All()))),
            },
        };
    }
}
