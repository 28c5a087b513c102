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
    private sealed record Item(
        int Index, IntakeOutcome Outcome, Guid? Id, int? Version, IReadOnlyList<ExplainedError> Errors,
        IReadOnlyList<ExplainedError>? Warnings);

    private sealed record One(
        IntakeOutcome Outcome, Guid? Id, int? Version, IReadOnlyList<ExplainedError>? Warnings, string? TraceId);

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
                    result.Outcome, result.Id, result.Version, WarningsOf(result, Problems.LanguageOf(context.Request)),
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
        var body = new ArrayBufferWriter<byte>(results.Count * 100);
        if (ndjson)
        {
            foreach (var result in results)
            {
                using (var writer = new Utf8JsonWriter(body, new() { Encoder = Problems.Json.Encoder }))
                {
                    JsonSerializer.Serialize(writer, ItemOf(result, language), Problems.Json);
                }

                body.Write("\n"u8);
            }

            return new(StatusCodes.Status200OK, "application/x-ndjson; charset=utf-8", body.WrittenSpan.ToArray());
        }

        using (var writer = new Utf8JsonWriter(body, new() { Encoder = Problems.Json.Encoder }))
        {
            JsonSerializer.Serialize(writer, results.Select(result => ItemOf(result, language)), Problems.Json);
        }

        return new(StatusCodes.Status200OK, "application/json; charset=utf-8", body.WrittenSpan.ToArray());
    }

    private static Item ItemOf(IntakeResult result, Language language) => new(
        result.Index, result.Outcome, result.Id, result.Version, Problems.Explain(result.Errors, language),
        WarningsOf(result, language));

    /// <summary>Null, and so not written, where there are none.</summary>
    private static IReadOnlyList<ExplainedError>? WarningsOf(IntakeResult result, Language language) =>
        result.Warnings.Count == 0 ? null : Problems.Explain(result.Warnings, language);
}
