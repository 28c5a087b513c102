using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Npgsql;
using Sandan.Intake.Storage;
using Sandan.Shared.Http;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Intake;

/// <summary>
/// Knows which documents may not be changed any more: those on which a verdict rests that customs hold fast to. Asked for changes and
/// deletions only. Where nobody can say, a change is taken: it then comes too late, and is told as that (S6003).
/// </summary>
internal sealed class Standing(
    Downstream downstream, NpgsqlDataSource database, OutboxSignal signal, IOptions<IntakeOptions> options)
{
    private const char New = '1';

    /// <param name="OrderNos">That its versions named.</param>
    private sealed record Question(string[] OrderNos, Guid[] Versions);

    /// <summary>The items, those marked that want to change what stands.</summary>
    public async Task<IReadOnlyList<IntakeItem>> MarkAsync(IReadOnlyList<IntakeItem> items, string type, HttpContext context, CancellationToken ct)
    {
        var changes = items.Where(one => one.Prepared is { Incoming: { AppType: not New, Draft: false } }).ToArray();
        if (changes.Length == 0 || options.Value.DeclaredMayChange)
        {
            return items;
        }

        await using var unit = await UnitOfWork.LookAsync(database, signal, ct);
        var history = await DocumentStore.HistoryAsync(unit, type, [.. changes.Select(one => one.Prepared!.Key).Distinct()], ct);
        changes = Array.FindAll(changes, one => history.ContainsKey(one.Prepared!.Key));
        if (changes.Length == 0)
        {
            return items;
        }

        var questions = Array.ConvertAll(changes, one =>
        {
            var versions = history[one.Prepared!.Key];
            var named = versions.Select(version => version.OrderNo).OfType<string>().Distinct().ToArray();
            return new Question(named.Length > 0 ? named : [one.Prepared.Document["orderNo"]!], [.. versions.Select(version => version.Id)]);
        });
        var (answer, available) = await downstream.AskAsync("matcher", "/internal/standing", questions, context, ct);
        if (!available)
        {
            return items;
        }

        var standing = changes.Zip(answer.Deserialize<bool[]>()!).Where(one => one.Second).Select(one => one.First).ToHashSet();
        return [.. items.Select(one => standing.Contains(one) ? one with { Prepared = one.Prepared! with { Stands = true } } : one)];
    }
}
