using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Intake.Domain;
using Sandan.Shared.Http;

namespace Sandan.Intake.Endpoints;

/// <summary>Renders results as JSON: one document, an array, or NDJSON where NDJSON came.</summary>
internal static class JsonAnswers
{
    private sealed record One(
        IntakeOutcome Outcome, Guid? Id, int? Version, string? PreNo, IReadOnlyList<ExplainedError>? Warnings, string? TraceId);

    /// <summary>The answer to one document: 201 stored, 200 was there, 409 stale or taken, 422 breaks rules.</summary>
    public static IntakeAnswer Single(HttpContext context, IntakeResult result)
    {
        var status = result.Outcome switch
        {
            IntakeOutcome.Created or IntakeOutcome.Changed or IntakeOutcome.Drafted => StatusCodes.Status201Created,
            IntakeOutcome.Exists or IntakeOutcome.Deleted => StatusCodes.Status200OK,
            IntakeOutcome.Stale or IntakeOutcome.Conflict => StatusCodes.Status409Conflict,
            _ => StatusCodes.Status422UnprocessableEntity,
        };
        if (status < 400)
        {
            return new(status, "application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(
                new One(
                    result.Outcome, result.Id, result.Version, result.PreNo, WarningsOf(result, Problems.LanguageOf(context.Request)),
                    Problems.TraceIdOf(context)),
                Problems.Json));
        }

        var code = status == StatusCodes.Status409Conflict ? result.Errors[0].Code : RequestCodes.DocumentsInvalid;
        return new(status, Problems.ContentType, JsonSerializer.SerializeToUtf8Bytes(
            Problems.Of(context, status, code, result.Errors), Problems.Json));
    }

    /// <summary>The answer to many: always 200, one result per item, in order.</summary>
    public static IntakeAnswer Many(Language language, IReadOnlyList<IntakeResult> results, bool ndjson)
    {
        var body = new ArrayBufferWriter<byte>(results.Count * 128);
        using var json = new Utf8JsonWriter(body, new() { Encoder = Problems.Json.Encoder, SkipValidation = true });
        if (!ndjson)
        {
            json.WriteStartArray();
        }

        foreach (var result in results)
        {
            Write(json, result, language);
            if (ndjson)
            {
                json.Flush();
                body.Write("\n"u8);
                json.Reset();
            }
        }

        if (!ndjson)
        {
            json.WriteEndArray();
            json.Flush();
        }

        return new(
            StatusCodes.Status200OK,
            ndjson ? "application/x-ndjson; charset=utf-8" : "application/json; charset=utf-8",
            body.WrittenSpan.ToArray());
    }

    /// <summary>By hand: there are hundreds of them in an answer, and nearly all say the same.</summary>
    private static void Write(Utf8JsonWriter json, IntakeResult result, Language language)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, result.Index);
        json.WriteString("outcome"u8, NameOf(result.Outcome));
        if (result is { Id: { } id, Version: { } version })
        {
            json.WriteString("id"u8, id);
            json.WriteNumber("version"u8, version);
        }

        if (result.PreNo is { } preNo)
        {
            json.WriteString("preNo"u8, preNo);
        }

        json.WritePropertyName("errors"u8);
        if (result.Errors.Count == 0)
        {
            json.WriteStartArray();
            json.WriteEndArray();
        }
        else
        {
            JsonSerializer.Serialize(json, Problems.Explain(result.Errors, language), Problems.Json);
        }

        if (WarningsOf(result, language) is { } warnings)
        {
            json.WritePropertyName("warnings"u8);
            JsonSerializer.Serialize(json, warnings, Problems.Json);
        }

        json.WriteEndObject();
    }

    private static readonly JsonEncodedText[] Names =
        [.. Enum.GetNames<IntakeOutcome>().Select(name => JsonEncodedText.Encode(JsonNamingPolicy.CamelCase.ConvertName(name)))];

    private static JsonEncodedText NameOf(IntakeOutcome outcome) => Names[(int)outcome];

    /// <summary>Null, and so not written, where there are none.</summary>
    private static IReadOnlyList<ExplainedError>? WarningsOf(IntakeResult result, Language language) =>
        result.Warnings.Count == 0 ? null : Problems.Explain(result.Warnings, language);
}
