using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Intake.Domain;
using Sandan.Intake.Storage;
using Sandan.Shared.Audit;
using Sandan.Shared.Http;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Intake.Endpoints;

/// <summary>What was revealed.</summary>
/// <param name="Id">Of the version.</param>
/// <param name="Audit">The number of the entry in the audit trail that says so.</param>
internal sealed record Revealed(Guid Id, int Version, DateTimeOffset ReceivedAt, long Audit, IReadOnlyList<PersonalValue> Personal);

/// <summary>
/// Personal values in clear, to an officer who says why (PIPL art. 6, 51, 54). The audit entry is committed before anything is
/// opened.
/// </summary>
internal static class RevealEndpoint
{
    private const int ReasonLengthMax = 500;
    private const int NumberLengthMax = 200;

    /// <summary>Takes the official names of the document's number, a reason, and a version where it is not the last one.</summary>
    public static async Task<IResult> RevealAsync<TAccepted>(
        JsonElement request,
        HttpContext context,
        IntakeKind<TAccepted> kind,
        NpgsqlDataSource database,
        DataKeys keys,
        AuditTrail audit,
        OutboxSignal signal,
        CancellationToken ct)
    {
        var faults = new List<FieldError>();
        var number = kind.Key.ToDictionary(
            field => field, field => Text(request, field, NumberLengthMax, faults, lengthMin: kind.Message.Head[field].Mandatory ? 1 : 0));
        var reason = Text(request, "reason", ReasonLengthMax, faults);
        var version = Version(request, faults);
        if (faults.Count > 0)
        {
            return Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.ParameterInvalid, faults);
        }

        KeptVersion kept;
        DataKey key;
        long entry;
        await using (var unit = await UnitOfWork.BeginAsync(database, signal, ct))
        {
            if (await DocumentStore.FindAsync(unit, kind.Message.Type, kind.NumberOf(field => number[field]), version, ct) is not { } found)
            {
                return Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
            }

            if (found.Sealed is null || keys.Find(DataKey.IdOf(found.Sealed)) is not { } present)
            {
                return Problems.Result(context, StatusCodes.Status410Gone, RequestCodes.PersonalDataShredded);
            }

            (kept, key) = (found, present);
            var subject = $"{kind.Message.Type} {string.Join(' ', kind.Key.Select(field => number[field]))} version {kept.Version}";
            entry = await audit.AppendAsync(unit, context.GetCaller(), [new("reveal", subject, reason)], ct);
            await unit.CommitAsync(ct);
        }

        var block = key.Decrypt(kept.Sealed!, kept.Block);
        var personal = StoredDocument.PersonalOf(StoredDocument.Read(kind.Message, BodyBlocks.Find(block, kept.Id).ToArray(), kept.ReceivedAt));
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(new Revealed(kept.Id, kept.Version, kept.ReceivedAt, entry, personal), Problems.Json);
    }

    private static string Text(JsonElement request, string name, int lengthMax, List<FieldError> faults, int lengthMin = 1)
    {
        var text = request.ValueKind == JsonValueKind.Object && request.TryGetProperty(name, out var member)
            && member.ValueKind == JsonValueKind.String
                ? Decode(member).Trim()
                : "";
        if (text.Length < lengthMin || text.Length > lengthMax || text.Contains('\0'))
        {
            faults.Add(new($"/{name}", RequestCodes.ParameterInvalid, $"{lengthMin}..{lengthMax}", text.Length.ToString(CultureInfo.InvariantCulture)));
        }

        return text;
    }

    /// <summary>Empty where the text is not valid: half a surrogate pair.</summary>
    private static string Decode(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private static int? Version(JsonElement request, List<FieldError> faults)
    {
        if (request.ValueKind != JsonValueKind.Object || !request.TryGetProperty("version", out var member) || member.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (member.ValueKind == JsonValueKind.Number && member.TryGetInt32(out var version) && version >= 1)
        {
            return version;
        }

        faults.Add(new("/version", RequestCodes.ParameterInvalid, ">= 1", member.ValueKind.ToString()));
        return null;
    }
}
