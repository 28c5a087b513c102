using System.Text.Json;
using System.Text.Json.Nodes;
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
    public void MapCheck(IEndpointRouteBuilder app, Foretell<TAccepted>? foretell) =>
        app.MapPost($"/internal/check/{kind.Message.Type}", (HttpContext context, CancellationToken ct) => CheckAsync(context, foretell, ct));

    private Task<IResult> CheckAsync(HttpContext context, Foretell<TAccepted>? foretell, CancellationToken ct) => context.Request.ContentType == "application/xml"
        ? AdmitAsync(context, XmlBounds.BytesMax, body => CheckXmlAsync(context, body, foretell, ct), ct)
        : AdmitAsync(context, JsonBytesMax, body => CheckJsonAsync(context, body, foretell, ct), ct);

    private Task<IResult> CheckJsonAsync(HttpContext context, ReadOnlyMemory<byte> body, Foretell<TAccepted>? foretell, CancellationToken ct)
    {
        var batch = ReadJson(body, JsonFraming.Json);
        return batch.Failure is { } failure
            ? Task.FromResult(Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.BodyUnreadable, [failure]))
            : AnswerCheckAsync(context, batch.Items, foretell, ct);
    }

    private async Task<IResult> CheckXmlAsync(HttpContext context, ReadOnlyMemory<byte> body, Foretell<TAccepted>? foretell, CancellationToken ct)
    {
        var (message, envelope) = ReadXml(body);
        return message.Failure is { } failure
            ? Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.BodyUnreadable, [new("", failure.Code)])
            : await AnswerCheckAsync(context, await SignedAsync(message, envelope, context, ct), foretell, ct);
    }

    /// <summary>
    /// Answers the results as they would be answered, each with the receipts that are foretold; where nothing is, the order numbers that the
    /// sender's own documents name and what would be told of them (<see cref="EventBytes"/>), for the matcher.
    /// </summary>
    private async Task<IResult> AnswerCheckAsync(
        HttpContext context, IReadOnlyList<DocumentItem> items, Foretell<TAccepted>? foretell, CancellationToken ct)
    {
        var caller = context.GetCaller();
        var prepared = kind.SenderRoles.Contains(caller.Role)
            ? await PrepareAsync(items, context, ct)
            : items.Select(item => new IntakeItem(
                item.Index, null, [new("", RequestCodes.RoleNotAllowed, string.Join(", ", kind.SenderRoles), caller.Role)], [])).ToArray();
        var (results, ids, told) = await writer.CheckAsync(prepared, caller.Company, ct);
        var accepted = results.All(one => one.Outcome is not (IntakeOutcome.Stale or IntakeOutcome.Conflict or IntakeOutcome.Rejected or IntakeOutcome.Drafted));
        var shown = JsonNode.Parse(JsonAnswers.Many(Problems.LanguageOf(context.Request), results, ndjson: false).Body)!.AsArray();
        var answer = new JsonObject { ["accepted"] = accepted, ["results"] = shown };
        if (foretell is null)
        {
            answer["orderNumbers"] = new JsonArray([.. prepared.Select(one => one.Prepared?.Document)
                .Select(document => document?.Table.Find("orderNo") is { } field ? document[field] : null).OfType<string>().Distinct().Select(one => JsonValue.Create(one))]);
            answer["told"] = told.Count > 0 ? Convert.ToBase64String(EventBytes.Write(told)) : null;
        }
        else if (told.Count > 0)
        {
            if (await foretell(told, [.. ids.OfType<Guid>().Distinct()], ct) is not { } receipts)
            {
                return Problems.Busy(context);
            }

            foreach (var (result, id) in shown.Zip(ids).Where(one => one.Second is not null))
            {
                result!["receipts"] = new JsonArray([.. receipts[id!.Value].Select(one => JsonSerializer.SerializeToNode(new ForetoldReceipt(one), Problems.Json))]);
            }

            answer["accepted"] = accepted && ids.OfType<Guid>().All(id => receipts[id].LastOrDefault() is { IsRefusal: false });
        }

        return Results.Json(answer, Problems.Json);
    }
}
