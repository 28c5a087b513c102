using Sandan.Intake.Domain;
using Sandan.Intake.Storage;
using Sandan.Shared.Storage;

namespace Sandan.Intake;

/// <summary>The same decisions without their consequences.</summary>
internal sealed partial class IntakeWriter<TAccepted>
{
    /// <summary>The last number that a day can give: those of documents that are not stored count down from here, so that they have one of their own.</summary>
    private const long LastNumber = 999_999_999;

    /// <summary>
    /// What would become of documents that came now, one after the other, and what others would be told of them; or were told, of those
    /// that are the last version already. Nothing is written, no number is drawn: what would be stored has neither id, version nor preNo.
    /// </summary>
    /// <returns>Of each result also the id under which <c>Told</c> has it; null where it was not taken.</returns>
    public async Task<(IReadOnlyList<IntakeResult> Results, IReadOnlyList<Guid?> Ids, IReadOnlyList<TAccepted> Told)> CheckAsync(
        IReadOnlyList<IntakeItem> items, string sender, CancellationToken ct)
    {
        string[] keys = [.. items.Select(item => item.Prepared?.Key).OfType<string>().Distinct()];
        await using var unit = await UnitOfWork.LookAsync(database, signal, ct);
        var history = await DocumentStore.HistoryAsync(unit, kind.Message.Type, keys, ct);
        var stored = history.Values.SelectMany(versions => versions).Select(version => version.Id).ToHashSet();
        var now = time.GetUtcNow();
        var transaction = new Transaction(now, history, new(dataKeys.Of(now)))
        {
            Numbers = new(letter is null ? [] : items.Select((_, at) => LastNumber - at)),
        };
        var (results, ids, told) = (new List<IntakeResult>(items.Count), new List<Guid?>(items.Count), new List<TAccepted>());
        foreach (var item in items)
        {
            var result = Decide(item, sender, transaction);
            ids.Add(result.Outcome is IntakeOutcome.Stale or IntakeOutcome.Conflict or IntakeOutcome.Rejected ? null : result.Id);
            results.Add(result.Id is { } id && !stored.Contains(id) ? result with { Id = null, Version = null, PreNo = null } : result);
            if (result.Outcome == IntakeOutcome.Exists && item.Prepared is { Document: var document, Key: var key }
                && history[key] is var versions && versions[^1].Id == result.Id && Telling.Of(versions) is { } last)
            {
                told.Add(kind.Describe(document, personal, last, NumbersOf(versions)));
            }
        }

        return (results, ids, [.. transaction.Accepted.Select(one => one.Accepted), .. told]);
    }
}
