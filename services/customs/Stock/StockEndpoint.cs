using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Customs.Declarations;
using Sandan.Customs.Endpoints;
using Sandan.Customs.Feed;
using Sandan.Customs.Storage;
using Sandan.Intake;
using Sandan.Intake.Domain;
using Sandan.Shared.Audit;
using Sandan.Shared.Http;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Stock;

/// <summary>An account that was opened.</summary>
internal sealed record OpenedAccount(string EmsNo, string AreaCode);

/// <summary>What became of one entry.</summary>
/// <param name="Index">Place in the request, from 0.</param>
/// <param name="Outcome">Created, exists, conflict or rejected.</param>
/// <param name="Balance">Of its article, behind it; absent where nothing was entered.</param>
internal sealed record StockEntryResult(int Index, string? EntryNo, IntakeOutcome Outcome, decimal? Balance, IReadOnlyList<ExplainedError> Errors);

/// <summary>An article of an account as shown, in its unit.</summary>
internal sealed record StockItemView(
    string ItemRecordNo, string Gcode, string Gname, string Unit, decimal Balance, decimal Entered, decimal Reserved, decimal Released, decimal Returned);

/// <summary>An account and a page of its articles, by itemRecordNo.</summary>
internal sealed record StockAccountView(
    string EmsNo, string AreaCode, DateTimeOffset OpenedAt, IReadOnlyList<StockItemView> Data, string Next, bool HasMore);

/// <summary>A movement as shown.</summary>
/// <param name="Qty">What moved.</param>
/// <param name="Change">What that adds to the balance: nothing where what was reserved is released.</param>
/// <param name="PreNo">Of the inventory; absent of an entry, which alone has the next two.</param>
internal sealed record StockMovementView(
    string ItemRecordNo, string Kind, decimal Qty, decimal Change, string DocumentNo, string? PreNo, string? SourceNo, string? Reason, DateTimeOffset At);

/// <summary>A page of movements, the newest first.</summary>
internal sealed record StockMovementPage(IReadOnlyList<StockMovementView> Data, string Next, bool HasMore);

/// <summary>Accounts (账册), what enters them, and what is left. An account is seen by its company, customs and operator; others do not learn that it exists.</summary>
internal static class StockEndpoint
{
    private const int EntriesMax = 500;
    private const int BytesMax = 1024 * 1024;
    private const int PageMax = 1000;
    private const int PageDefault = 100;
    private const int AccountLengthMax = 30;

    public static void MapStock(this IEndpointRouteBuilder app)
    {
        var account = app.MapGroup("/v1/stock-accounts/{emsNo}");
        account.MapPut("", OpenAsync).RequireRole(Roles.Customs, Roles.Operator).WithMetadata(new RequestSizeLimitAttribute(Shared.SandanService.SmallBodyBytesMax));
        account.MapPost("entries", EnterAsync).RequireRole(Roles.Warehouse, Roles.Customs, Roles.Operator).WithMetadata(new RequestSizeLimitAttribute(BytesMax));
        account.MapGet("", GetAsync);
        account.MapGet("movements", ListAsync);
    }

    /// <summary>
    /// Opens an account: from now on no inventory gets more of it than was entered. Customs and operator alone say who keeps it, so that
    /// nobody can claim the account of another.
    /// </summary>
    private static async Task<IResult> OpenAsync(
        string emsNo, HttpContext context, NpgsqlDataSource database, OutboxSignal signal, AuditTrail audit, TimeProvider time, CancellationToken ct)
    {
        if (await ReadAsync(context) is not { } body)
        {
            return Unreadable(context, "{ areaCode }");
        }

        var errors = new List<FieldError>();
        var (name, areaCode) = (NameOf(emsNo), new MemberReader(body, "", errors, "areaCode").Text("areaCode", 18)?.ToUpperInvariant());
        if (name.Length > AccountLengthMax || name.Any(char.IsControl))
        {
            errors.Add(new("/emsNo", FieldCodes.WrongForm, $"C..{AccountLengthMax}"));
        }

        if (errors.Count > 0)
        {
            return Problems.Result(context, StatusCodes.Status422UnprocessableEntity, RequestCodes.DocumentsInvalid, errors);
        }

        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        await StockStore.OpenAsync(unit, new(name, areaCode!, time.GetUtcNow()), ct);
        await audit.AppendAsync(unit, context.GetCaller(), [new("open", $"stock account {name}, kept by {areaCode}")], ct);
        await unit.CommitAsync(ct);
        return Results.Json(new OpenedAccount(name, areaCode!), CustomsJson.Plain.OpenedAccount);
    }

    /// <summary>Enters goods, each with a result of its own.</summary>
    private static async Task<IResult> EnterAsync(
        string emsNo, HttpContext context, StockReader reader, NpgsqlDataSource database, OutboxSignal signal, AuditTrail audit, TimeProvider time,
        CancellationToken ct)
    {
        if (await FindAsync(emsNo, context, reader, ct) is not { EmsNo: var account })
        {
            return NotFound(context);
        }

        if (await ReadAsync(context) is not { ValueKind: JsonValueKind.Array } body || body.GetArrayLength() is 0 or > EntriesMax)
        {
            return Unreadable(context, $"[ {{ entryNo, … }}, … ], 1..{EntriesMax}");
        }

        var read = body.EnumerateArray().Select(json =>
        {
            var errors = new List<FieldError>();
            return (Entry: StockEntry.Read(json, errors), Errors: errors);
        }).ToArray();
        var entries = read.Select(one => one.Entry).OfType<StockEntry>().ToArray();
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        var book = await StockStore.LockAsync(unit, account, entries, ct);
        var (language, now) = (Problems.LanguageOf(context.Request), time.GetUtcNow());
        var results = read.Select((one, index) => one.Entry is not { } entry
            ? new StockEntryResult(index, null, IntakeOutcome.Rejected, null, Problems.Explain(one.Errors, language))
            : Entered(index, entry, book.Enter(account, entry, now), book, account, language)).ToArray();
        await StockStore.WriteAsync(unit, book, ct);
        await audit.AppendAsync(
            unit, context.GetCaller(),
            [.. book.Movements.Select(one => new AuditAct(
                one.Kind, $"stock account {account}, article {one.Key.RecordNo}, entry {one.DocumentNo}: {ReasonedResult.Number(one.Change.Entered)}", one.Reason))],
            ct);
        await unit.CommitAsync(ct);
        return Results.Json(results, Problems.Json);
    }

    private static async Task<IResult> GetAsync(string emsNo, HttpContext context, StockReader reader, CancellationToken ct)
    {
        var parameters = new Parameters(context);
        var limit = parameters.Number("limit", 1, PageMax, PageDefault);
        var after = parameters.Text("after") ?? "";
        if (after.Contains('\0', StringComparison.Ordinal))
        {
            parameters.Refuse("after", RequestCodes.CursorInvalid, null, "");
        }

        if (parameters.Problem is { } problem)
        {
            return problem;
        }

        if (await FindAsync(emsNo, context, reader, ct) is not { } account)
        {
            return NotFound(context);
        }

        var items = await reader.ItemsAsync(account.EmsNo, after, limit + 1, ct);
        var page = items.Take(limit).ToArray();
        return Results.Json(
            new StockAccountView(
                account.EmsNo, account.AreaCode, account.OpenedAt,
                [.. page.Select(one => new StockItemView(
                    one.Key.RecordNo, one.HsCode, one.Name, one.Unit, one.Amounts.Balance, one.Amounts.Entered, one.Amounts.Reserved,
                    one.Amounts.Released, one.Amounts.Returned))],
                page.Length > 0 ? page[^1].Key.RecordNo : after,
                items.Count > limit),
            CustomsJson.Plain.StockAccountView);
    }

    private static async Task<IResult> ListAsync(string emsNo, HttpContext context, StockReader reader, CancellationToken ct)
    {
        var parameters = new Parameters(context);
        var limit = parameters.Number("limit", 1, PageMax, PageDefault);
        var before = parameters.Cursor("after", Cursor.Movements) ?? long.MaxValue;
        if (parameters.Problem is { } problem)
        {
            return problem;
        }

        if (await FindAsync(emsNo, context, reader, ct) is not { } account)
        {
            return NotFound(context);
        }

        var movements = await reader.MovementsAsync(account.EmsNo, before, limit + 1, ct);
        var page = movements.Take(limit).ToArray();
        return Results.Json(
            new StockMovementPage(
                [.. page.Select(one => ViewOf(one.Movement))],
                Cursor.Write(Cursor.Movements, page.Length > 0 ? page[^1].No : before),
                movements.Count > limit),
            CustomsJson.Plain.StockMovementPage);
    }

    private static StockEntryResult Entered(
        int index, StockEntry entry, (IntakeOutcome Outcome, FieldError? Error) entered, StockBook book, string account, Language language) => new(
        index, entry.EntryNo, entered.Outcome,
        entered.Error is null ? book.Items[new(account, entry.RecordNo)].Amounts.Balance : null,
        entered.Error is null ? [] : Problems.Explain([entered.Error], language));

    private static StockMovementView ViewOf(StockMovement one) => new(
        one.Key.RecordNo, one.Kind,
        Math.Abs(one.Kind switch
        {
            StockKinds.Reserved or StockKinds.GivenBack => one.Change.Reserved,
            StockKinds.Released => one.Change.Released,
            StockKinds.Returned => one.Change.Returned,
            _ => one.Change.Entered,
        }),
        one.Change.Balance, one.DocumentNo, one.PreNo, one.SourceNo, one.Reason, one.At);

    private static string NameOf(string emsNo) => emsNo.Unslash().ToUpperInvariant();

    /// <summary>Null where there is none, or the caller does not keep it.</summary>
    private static async Task<StockAccount?> FindAsync(string emsNo, HttpContext context, StockReader reader, CancellationToken ct)
    {
        var caller = context.GetCaller();
        return await reader.FindAsync(NameOf(emsNo), ct) is { } account && (caller.SeesEverything || account.AreaCode == caller.Company) ? account : null;
    }

    private static IResult NotFound(HttpContext context) => Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);

    private static IResult Unreadable(HttpContext context, string expected) => Problems.Result(
        context, StatusCodes.Status400BadRequest, RequestCodes.BodyUnreadable, [new("", RequestCodes.BodyUnreadable, expected)]);

    /// <summary>Null where the body is no JSON.</summary>
    private static async Task<JsonElement?> ReadAsync(HttpContext context)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, new JsonDocumentOptions { MaxDepth = 8 }, CancellationToken.None);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
