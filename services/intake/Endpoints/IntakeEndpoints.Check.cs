using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Intake.Domain;
using Sandan.Shared.Http;

namespace Sandan.Intake.Endpoints;

/// <summary>The third door, for the gateway: what would become of documents, and nothing of them is kept.</summary>
internal sealed partial class IntakeEndpoints<TAccepted>
{
    /// <summary>Maps <c>/internal/check/{type}</c>; a body of <c>application/xml</c> is the official message, any other a JSON array.</summary>
    public void MapCheck(IEndpointRouteBuilder app) => app.MapPost($"/internal/check/{kind.Message.Type}", CheckAsync);

    private Task<IResult> CheckAsync(HttpContext context, CancellationToken ct) => context.Request.ContentType == "application/xml"
        ? AdmitAsync(context, XmlBounds.BytesMax, body => CheckXmlAsync(context, body, ct), ct)
        : AdmitAsync(context, JsonBytesMax, body => CheckJsonAsync(context, body, ct), ct);

    private Task<IResult> CheckJsonAsync(HttpContext context, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var batch = ReadJson(body, JsonFraming.Json);
        return batch.Failure is { } failure
            ? Task.FromResult(Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.BodyUnreadable, [failure]))
            : AnswerCheckAsync(context, batch.Items, ct);
    }

    private async Task<IResult> CheckXmlAsync(HttpContext context, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        var (message, envelope) = ReadXml(body);
        return message.Failure is { } failure
            ? Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.BodyUnreadable, [new("", failure.Code)])
            : await AnswerCheckAsync(context, await SignedAsync(message, envelope, body, context, ct), ct);
    }

    /// <summary>
    /// Answers the results as they would be answered, the order numbers that the sender's own documents name, and what would be told of
    /// them (<see cref="EventBytes"/>), for the matcher.
    /// </summary>
    private async Task<IResult> AnswerCheckAsync(HttpContext context, IReadOnlyList<DocumentItem> items, CancellationToken ct)
    {
        var caller = context.GetCaller();
        var prepared = kind.SenderRoles.Contains(caller.Role)
            ? await PrepareAsync(items, context, ct)
            : items.Select(item => new IntakeItem(
                item.Index, null, [new("", RequestCodes.RoleNotAllowed, string.Join(", ", kind.SenderRoles), caller.Role)], [])).ToArray();
        var (results, told) = await writer.CheckAsync(prepared, caller.Company, ct);

        var answer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(answer, new() { Encoder = Problems.Json.Encoder }))
        {
            json.WriteStartObject();
            json.WriteBoolean("accepted"u8, results.All(one => one.Outcome is not (IntakeOutcome.Stale or IntakeOutcome.Conflict or IntakeOutcome.Rejected)));
            json.WritePropertyName("results"u8);
            json.WriteRawValue(JsonAnswers.Many(Problems.LanguageOf(context.Request), results, ndjson: false).Body);
            json.WritePropertyName("orderNumbers"u8);
            JsonSerializer.Serialize(
                json, prepared.Select(one => one.Prepared?.Document["orderNo"]).OfType<string>().Distinct(), Problems.Json);
            if (told.Count > 0)
            {
                json.WriteBase64String("told"u8, EventBytes.Write(told));
            }

            json.WriteEndObject();
        }

        return Results.Bytes(answer.WrittenMemory, "application/json; charset=utf-8");
    }
}
