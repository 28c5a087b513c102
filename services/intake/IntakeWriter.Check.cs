using Sandan.Intake.Storage;
using Sandan.Shared.Storage;

namespace Sandan.Intake;

/// <summary>The same decisions without their consequences.</summary>
internal sealed partial class IntakeWriter<TAccepted>
{
    /// <summary>
    /// What would become of documents that came now, one after the other, and what others would be told of them. Nothing is written, no
    /// number is drawn: what would be stored has neither id, version nor preNo.
    /// </summary>
    public async Task<(IReadOnlyList<IntakeResult> Results, IReadOnlyList<TAccepted> Told)> CheckAsync(
        IReadOnlyList<IntakeItem> items, string sender, CancellationToken ct)
    {
        string[] keys = [.. items.Select(item => item.Prepared?.Key).OfType<string>().Distinct()];
        await using var unit = await UnitOfWork.LookAsync(database, signal, ct);
        var history = await DocumentStore.HistoryAsync(unit, kind.Message.Type, keys, ct);
        var stored = history.Values.SelectMany(versions => versions).Select(version => version.Id).ToHashSet();
        var now = time.GetUtcNow();
        var transaction = new Transaction(now, history, new(dataKeys.Of(now)))
        {
            Numbers = new(letter is null ? [] : new long[items.Count]),
        };
        IntakeResult[] results = [.. items.Select(item => Decide(item, sender, transaction))];
        return (
            [.. results.Select(one => one.Id is { } id && !stored.Contains(id) ? one with { Id = null, Version = null, PreNo = null } : one)],
            transaction.Accepted.ConvertAll(one => one.Accepted));
    }
}
