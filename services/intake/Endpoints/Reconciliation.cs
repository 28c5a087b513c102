using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Intake.Domain;
using Sandan.Intake.Storage;
using Sandan.Shared.Http;

namespace Sandan.Intake.Endpoints;

/// <summary>Compares a sender's own list with what is stored of one kind of document.</summary>
internal interface IReconciler
{
    /// <summary>Of its message: <c>CEB311</c>.</summary>
    string Type { get; }

    /// <summary>Answers <c>POST /v1/reconciliations</c>.</summary>
    Task<IResult> ReconcileAsync(HttpContext context, CancellationToken ct);
}

/// <summary>
/// A sender's list of a stretch of time against what it sent: what is missing here, what is here and not in the list, and what is here
/// in another version. One request for at most 100,000 numbers; nothing is written.
/// </summary>
internal sealed class Reconciliation<TAccepted>(IntakeKind<TAccepted> kind, NpgsqlDataSource database, Admission<TAccepted> admission)
    : IReconciler, IDisposable
{
    private const int BytesMax = 16 * 1024 * 1024;
    private const int ItemsMax = 100_000;
    private const int ExtraMax = 100_000;

    /// <summary>One at a time: a long list is work for the database.</summary>
    private readonly Turns turns = new(1, TimeSpan.FromSeconds(10));

    private static readonly TimeSpan WindowMax = TimeSpan.FromDays(31);
    private static readonly string[] TimeForms = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"];

    /// <summary>One number that the sender has.</summary>
    /// <param name="Key">As it is kept; null where only its hash is given.</param>
    /// <param name="Hash">SHA-256 of its fields, joined by <c>|</c>, in lower-case hexadecimal; null where the number itself is given.</param>
    /// <param name="AppTime">Of the version that the sender believes to be the last one; null where it does not say.</param>
    private sealed record Wanted(string? Key, string? Hash, DateTimeOffset? AppTime);

    /// <inheritdoc />
    public string Type => kind.Message.Type;

    /// <inheritdoc />
    public async Task<IResult> ReconcileAsync(HttpContext context, CancellationToken ct)
    {
        var caller = context.GetCaller();
        if (!kind.SenderRoles.Contains(caller.Role))
        {
            return Problems.Result(context, StatusCodes.Status403Forbidden, RequestCodes.RoleNotAllowed);
        }

        var faults = new List<FieldError>();
        var (from, to) = (TimeOf(context, "from", faults), TimeOf(context, "to", faults));
        if (faults.Count == 0 && (to <= from || to - from > WindowMax))
        {
            faults.Add(new("?to", RequestCodes.ParameterInvalid, $"from < to <= from + {WindowMax.Days} d"));
        }

        if (faults.Count > 0)
        {
            return Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.ParameterInvalid, faults);
        }

        using var room = admission.Rooms.Open(caller.Company);
        if (await RequestBody.ReadAsync(context.Request, BytesMax + 1, room) is not { } body)
        {
            return Problems.Busy(context);
        }

        if (body.Length > BytesMax)
        {
            return Problems.Result(
                context, StatusCodes.Status413PayloadTooLarge, RequestCodes.BodyTooLarge, [new("", RequestCodes.BodyTooLarge, $"<= {BytesMax}")]);
        }

        if (Read(body, caller.Company, faults) is not { } wanted)
        {
            return Problems.Result(context, StatusCodes.Status400BadRequest, RequestCodes.BodyUnreadable, faults);
        }

        using var turn = await turns.TakeAsync(ct);
        return turn is null
            ? Problems.Busy(context)
            : Results.Bytes(await CompareAsync(wanted, caller.Company, from, to, ct), "application/json; charset=utf-8");
    }

    /// <inheritdoc />
    public void Dispose() => turns.Dispose();

    /// <summary>Null, and why, where the list cannot be read.</summary>
    private List<Wanted>? Read(ReadOnlyMemory<byte> body, string company, List<FieldError> faults)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new() { MaxDepth = 4 });
            if (json.RootElement.ValueKind != JsonValueKind.Array || json.RootElement.GetArrayLength() > ItemsMax)
            {
                faults.Add(new("", RequestCodes.BodyUnreadable, $"[0..{ItemsMax}]"));
                return null;
            }

            var wanted = new List<Wanted>(json.RootElement.GetArrayLength());
            foreach (var item in json.RootElement.EnumerateArray())
            {
                if (Of(item, company) is not { } one)
                {
                    faults.Add(new($"/{wanted.Count}", RequestCodes.BodyUnreadable, Form));
                    return null;
                }

                wanted.Add(one);
            }

            return wanted;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException) // the latter: half a surrogate pair
        {
            faults.Add(new("", RequestCodes.BodyUnreadable, $"[ {Form}, … ]"));
            return null;
        }
    }

    private string Form => $"\"{kind.Key[^1]}\" | {{ {string.Join(", ", kind.Key)}, appTime? }} | {{ sha256, appTime? }}";

    private Wanted? Of(JsonElement item, string company)
    {
        if (item.ValueKind == JsonValueKind.String)
        {
            return kind.Key.Count == 2 ? new(kind.NumberOf(field => field == kind.Key[0] ? company : item.GetString()!), null, null) : null;
        }

        if (item.ValueKind != JsonValueKind.Object || item.EnumerateObject().Any(one => one.Value.ValueKind != JsonValueKind.String))
        {
            return null;
        }

        var members = item.EnumerateObject().DistinctBy(one => one.Name).ToDictionary(one => one.Name, one => one.Value.GetString()!);
        DateTimeOffset? appTime = null;
        if (members.Remove("appTime", out var told))
        {
            if (!ShanghaiTime.TryParse(told, out var time))
            {
                return null;
            }

            appTime = time;
        }

        if (members.Count == 1 && members.TryGetValue("sha256", out var hash))
        {
            return hash.Length == 64 && hash.All(char.IsAsciiHexDigit) ? new(null, hash.ToLowerInvariant(), appTime) : null;
        }

        members.TryAdd(kind.Key[0], company);
        return members.Count == kind.Key.Count && kind.Key.All(members.ContainsKey) ? new(kind.NumberOf(field => members[field]), null, appTime) : null;
    }

    private async Task<byte[]> CompareAsync(List<Wanted> wanted, string company, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        var listed = wanted.Where(one => one.Key is not null).Select(one => one.Key!).ToHashSet();
        var hashed = wanted.Where(one => one.Hash is not null).GroupBy(one => one.Hash!).ToDictionary(one => one.Key, one => one.First());
        var known = await DocumentStore.LastOfAsync(database, kind.Message.Type, company, [.. listed], ct);
        var byHash = new Dictionary<string, LastVersion>();
        var (extra, more) = (new List<LastVersion>(), 0);
        await foreach (var one in DocumentStore.LastInAsync(database, kind.Message.Type, company, VersionIds.First(from), VersionIds.First(to), ct))
        {
            var hash = hashed.Count == 0 ? null : HashOf(one.Key);
            if (hash is not null && hashed.ContainsKey(hash))
            {
                byHash[hash] = one;
            }
            else if (!listed.Contains(one.Key))
            {
                if (extra.Count < ExtraMax)
                {
                    extra.Add(one);
                }
                else
                {
                    more++;
                }
            }
        }

        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, new() { Encoder = Problems.Json.Encoder }))
        {
            Write(json, wanted, one => one.Key is { } key ? known.GetValueOrDefault(key) : byHash.GetValueOrDefault(one.Hash!), extra, more);
        }

        return output.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter json, List<Wanted> wanted, Func<Wanted, LastVersion?> find, List<LastVersion> extra, int more)
    {
        var found = wanted.ConvertAll(one => (Wanted: one, Known: find(one)));
        json.WriteStartObject();
        json.WriteString("type", kind.Message.Type);
        json.WriteNumber("asked", wanted.Count);
        json.WriteNumber("found", found.Count(one => one.Known is not null));
        json.WriteStartArray("missing");
        foreach (var (one, _) in found.Where(one => one.Known is null))
        {
            WriteNumber(json, one);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("different");
        foreach (var (one, last) in found)
        {
            if (last is not null && (last.Deleted || last.Draft || (one.AppTime is { } time && time != last.AppTime)))
            {
                WriteNumber(json, one);
                json.WriteString("why", last.Deleted ? "withdrawn" : last.Draft ? "draft" : "appTime");
                WriteVersion(json, last);
            }
        }

        json.WriteEndArray();
        json.WriteStartArray("extra");
        foreach (var one in extra)
        {
            WriteNumber(json, new(one.Key, null, null));
            WriteVersion(json, one);
        }

        json.WriteEndArray();
        json.WriteNumber("extraNotShown", more);
        json.WriteEndObject();
    }

    /// <summary>An object, still open.</summary>
    private void WriteNumber(Utf8JsonWriter json, Wanted one)
    {
        json.WriteStartObject();
        if (one.Key is null)
        {
            json.WriteString("sha256", one.Hash);
            return;
        }

        var values = one.Key.Split('\u001F');
        for (var at = 0; at < kind.Key.Count; at++)
        {
            json.WriteString(kind.Key[at], values[at]);
        }
    }

    private static void WriteVersion(Utf8JsonWriter json, LastVersion last)
    {
        json.WriteString("id", last.Id);
        json.WriteNumber("version", last.Version);
        json.WriteString("appTime", last.AppTime.ToOffset(ShanghaiTime.Offset).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.Replace('\u001F', '|'))));

    /// <summary>A Shanghai day, or a time of it.</summary>
    private static DateTimeOffset TimeOf(HttpContext context, string name, List<FieldError> faults)
    {
        if (DateTime.TryParseExact(context.Request.Query[name].ToString(), TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return new(time, ShanghaiTime.Offset);
        }

        faults.Add(new($"?{name}", RequestCodes.ParameterInvalid, string.Join(" | ", TimeForms)));
        return default;
    }
}

/// <summary><c>POST /v1/reconciliations?type=CEB311</c>: one door for all kinds of a service.</summary>
internal static class ReconciliationEndpoint
{
    /// <summary>All that are taken anywhere.</summary>
    private const string Types = "CEB213, CEB215, CEB303, CEB311, CEB403, CEB411, CEB505, CEB507, CEB509, CEB511, CEB513, CEB603, CEB605, CEB607, CEB621, CEB623, CEB625, CEB701, CEB711";

    public static Task<IResult> ReconcileAsync(HttpContext context, IEnumerable<IReconciler> kinds, CancellationToken ct)
    {
        var type = context.Request.Query["type"].ToString();
        return kinds.FirstOrDefault(one => one.Type == type) is { } kind
            ? kind.ReconcileAsync(context, ct)
            : Task.FromResult(Problems.Result(
                context, StatusCodes.Status400BadRequest, RequestCodes.ParameterInvalid, [new("?type", RequestCodes.ParameterInvalid, Types)]));
    }
}
