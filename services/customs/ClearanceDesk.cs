using Sandan.Contracts.Events;
using Sandan.Customs.Domain;
using Sandan.Customs.Feed;
using Sandan.Customs.Storage;
using Sandan.Shared.Storage;

namespace Sandan.Customs;

/// <summary>What changed on one consignment, to be written and told.</summary>
/// <param name="Decision">Null where nothing was decided.</param>
/// <param name="Notices">Events beside the one of the decision.</param>
internal sealed record ClearanceChange(Clearance After, Decision? Decision, IReadOnlyList<FeedEvent> Notices)
{
    /// <summary>The change with what the rules decide on it.</summary>
    public static ClearanceChange Decide(Clearance clearance, DateTimeOffset now, IReadOnlyList<FeedEvent> notices) =>
        clearance.DecideByRules(now) is { } decision
            ? new(clearance.With(decision), decision, notices)
            : new(clearance, null, notices);
}

/// <summary>
/// Works verdicts and assessments into the clearances, a whole message at a time: lock what is there, decide in memory,
/// write rows, history, the event to publish and the feed, each with one statement.
/// </summary>
internal sealed class ClearanceDesk(TimeProvider time)
{
    /// <summary>Verdicts. An older or a repeated one does nothing.</summary>
    public Task JudgeAsync(
        UnitOfWork unit, IReadOnlyList<ConsignmentJudged> verdicts, CancellationToken ct) => ApplyAsync(
        unit,
        verdicts.GroupBy(one => new ClearanceKey(one.PlatformCode, one.OrderNo), one => one)
            .Select(same => (same.Key, Item: same.MaxBy(one => one.Revision)!)),
        (clearance, verdict) => clearance.Judge(verdict) is { } judged
            ? ClearanceChange.Decide(judged, time.GetUtcNow(), [.. FeedEvents.Of(judged)])
            : null,
        ct);

    /// <summary>Assessments. An older or a repeated one does nothing.</summary>
    public Task AssessAsync(
        UnitOfWork unit, IReadOnlyList<TaxAssessed> assessments, CancellationToken ct) => ApplyAsync(
        unit,
        assessments.GroupBy(one => new ClearanceKey(one.PlatformCode, one.OrderNo), one => one)
            .Select(same => (same.Key, Item: same.MaxBy(one => (one.Revision, one.Attempt))!)),
        (clearance, tax) => clearance.Assess(tax) is { } assessed
            ? ClearanceChange.Decide(assessed, time.GetUtcNow(), [])
            : null,
        ct);

    /// <summary>Consignments that wait too long: told in the feed, nothing to decide on.</summary>
    public static Task NoteAsync(UnitOfWork unit, IReadOnlyList<ConsignmentOverdue> overdue, CancellationToken ct)
    {
        Tell(unit, [.. overdue.Select(FeedEvents.Of)]);
        return Task.CompletedTask;
    }

    /// <summary>Parcels that were released and not delivered in time: told in the feed; the release stands.</summary>
    public static Task NoteAsync(UnitOfWork unit, IReadOnlyList<DeliveryOverdue> overdue, CancellationToken ct)
    {
        Tell(unit, [.. overdue.Select(FeedEvents.Of)]);
        return Task.CompletedTask;
    }

    /// <summary>Writes changes of rows that the transaction has locked, and what they have to tell.</summary>
    public static async Task WriteAsync(UnitOfWork unit, IReadOnlyList<ClearanceChange> changes, CancellationToken ct)
    {
        await ClearanceStore.UpdateAsync(unit, [.. changes.Select(one => one.After)], ct);
        await RecordAsync(unit, changes, ct);
    }

    private static async Task ApplyAsync<TItem>(
        UnitOfWork unit,
        IEnumerable<(ClearanceKey Key, TItem Item)> items,
        Func<Clearance, TItem, ClearanceChange?> apply,
        CancellationToken ct)
    {
        var open = items.OrderBy(one => one.Key).ToArray();
        while (open.Length > 0)
        {
            var present = await ClearanceStore.LockAsync(unit, Array.ConvertAll(open, one => one.Key), ct);
            var changes = open
                .Select(one => apply(
                    present.GetValueOrDefault(one.Key) ?? new Clearance { Key = one.Key }, one.Item))
                .OfType<ClearanceChange>().ToArray();
            await WriteAsync(unit, [.. changes.Where(one => one.After.Number > 0)], ct);

            // Verdict and assessment may both be the first: who comes second reads again what the other wrote.
            var firsts = changes.Where(one => one.After.Number == 0).ToArray();
            var numbers = await ClearanceStore.InsertAsync(unit, [.. firsts.Select(one => one.After)], ct);
            await RecordAsync(
                unit,
                [.. firsts.Where(one => numbers.ContainsKey(one.After.Key))
                    .Select(one => one with { After = one.After with { Number = numbers[one.After.Key] } })],
                ct);
            var lost = firsts.Select(one => one.After.Key).Where(key => !numbers.ContainsKey(key)).ToHashSet();
            open = Array.FindAll(open, one => lost.Contains(one.Key));
        }
    }

    /// <summary>History, who may see it, the event to publish, the feed.</summary>
    private static async Task RecordAsync(UnitOfWork unit, IReadOnlyList<ClearanceChange> changes, CancellationToken ct)
    {
        await ClearanceStore.AddPartiesAsync(
            unit,
            [.. changes.Where(one => one.After.Revision > 0)
                .SelectMany(one => one.After.Parties.Select(company => (company, one.After.Number)))],
            ct);
        var decided = changes.Where(one => one.Decision is not null).ToArray();
        await ClearanceStore.AddDecisionsAsync(unit, [.. decided.Select(one => (one.After.Key, one.Decision!))], ct);
        foreach (var one in decided)
        {
            CustomsMetrics.Decided(one.Decision!);
        }

        // What the feed tells, the other services hear; 120 stored is neither.
        var told = decided.Where(one => FeedTypes.Of(one.Decision!) is not null).ToArray();
        if (told.Length > 0)
        {
            unit.Publish(new ClearancesDecided([.. told.Select(one => Message(one.After, one.Decision!))]));
        }

        Tell(unit, [.. changes.SelectMany(one => FeedEvents.Of(one.After, one.Decision) is { } decision
            ? [.. one.Notices, decision]
            : one.Notices)]);
    }

    private static void Tell(UnitOfWork unit, IReadOnlyList<FeedEvent> events)
    {
        if (events.Count > 0)
        {
            unit.BeforeCommit(ct => FeedStore.WriteAsync(unit, events, ct));
        }
    }

    private static ClearanceDecided Message(Clearance clearance, Decision decision) => new()
    {
        PlatformCode = clearance.Key.PlatformCode,
        OrderNo = clearance.Key.OrderNo,
        Decision = decision.Number,
        Revision = decision.Revision,
        Status = (int)decision.Status,
        PreviousStatus = (int?)decision.PreviousStatus,
        Code = decision.Code,
        DecidedAt = decision.At,
        DecidedBy = decision.By,
        Mode = clearance.Mode,
        SellerCode = clearance.SellerCode!, // no decision without a verdict, no verdict without a seller
        PaymentCompanyCode = clearance.PaymentCompanyCode,
        LogisticsCompanyCode = clearance.LogisticsCompanyCode,
        Lines = FeedEvents.LinesOf(clearance),
    };
}
