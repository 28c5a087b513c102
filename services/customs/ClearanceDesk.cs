using Sandan.Contracts.Events;
using Sandan.Customs.Domain;
using Sandan.Customs.Feed;
using Sandan.Customs.Storage;
using Sandan.Shared.Messaging;
using Sandan.Shared.Sandbox;
using Sandan.Shared.Storage;

namespace Sandan.Customs;

/// <summary>
/// Works verdicts and assessments into the clearances, many at a time: decide in memory, write rows, history, the event
/// to publish and the feed, each with one statement.
/// </summary>
internal sealed class ClearanceDesk(ForcedOutcomes forced, TimeProvider time)
{
    /// <summary>
    /// Verdicts and assessments are one line: what is worked in together is decided once, and no two transactions of a
    /// process wait for each other's rows.
    /// </summary>
    public static readonly InboxLine Arrivals = new("arrivals");

    /// <summary>Verdicts and assessments. An older or a repeated one does nothing.</summary>
    /// <param name="items">Each a <see cref="ConsignmentJudged"/> or a <see cref="TaxAssessed"/>.</param>
    public async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<object> items, CancellationToken ct)
    {
        var changes = new List<ClearanceChange>(items.Count);
        var open = Arrival.Gather(items);

        // Most are seen for the first time, and are written without looking. Where one of them is not, all are looked up.
        if (open.FindAll(one => one.IsFirst) is { Count: > 0 } firsts && await TryAddAsync(unit, firsts, changes, ct))
        {
            open.RemoveAll(one => one.IsFirst);
        }

        while (open.Count > 0)
        {
            var known = await ClearanceStore.LockAsync(unit, open.ConvertAll(one => one.Key), ct);
            await UpdateAsync(unit, open, known, changes, ct);

            // Verdict and assessment may both be the first: who comes second reads again what the other wrote.
            open.RemoveAll(one => known.ContainsKey(one.Key));
            if (open.Count > 0 && await TryAddAsync(unit, open, changes, ct))
            {
                break;
            }
        }

        await RecordAsync(unit, changes, ct);
    }

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

    /// <summary>Writes the decision of an officer on a row that the transaction has locked, and tells of it.</summary>
    public static async Task WriteAsync(UnitOfWork unit, ClearanceChange change, CancellationToken ct)
    {
        await ClearanceStore.UpdateAsync(unit, [change], ct);
        await RecordAsync(unit, [change], ct);
    }

    /// <summary>Makes clearances. False where another transaction made one of them before: then none is made.</summary>
    private async Task<bool> TryAddAsync(
        UnitOfWork unit, List<Arrival> arrivals, List<ClearanceChange> changes, CancellationToken ct)
    {
        var numbers = await ClearanceNumbers.TakeAsync(unit, arrivals.Count, ct);
        var (added, now) = (new List<ClearanceChange>(arrivals.Count), time.GetUtcNow());
        for (var at = 0; at < arrivals.Count; at++)
        {
            if (ClearanceChange.Of(arrivals[at], null, numbers[at], forced.Of(arrivals[at].Key.OrderNo), now) is { } change)
            {
                added.Add(change);
            }
        }

        if (!await ClearanceStore.TryInsertAsync(unit, added, ct))
        {
            return false;
        }

        await PartyStore.AddAsync(unit, added, ct);
        changes.AddRange(added);
        return true;
    }

    private async Task UpdateAsync(
        UnitOfWork unit,
        List<Arrival> arrivals,
        Dictionary<ClearanceKey, Clearance> known,
        List<ClearanceChange> changes,
        CancellationToken ct)
    {
        var (updated, now) = (new List<ClearanceChange>(known.Count), time.GetUtcNow());
        foreach (var arrival in arrivals)
        {
            if (known.TryGetValue(arrival.Key, out var clearance)
                && ClearanceChange.Of(arrival, clearance, clearance.Number, forced.Of(arrival.Key.OrderNo), now) is { } change)
            {
                updated.Add(change);
            }
        }

        await ClearanceStore.UpdateAsync(unit, updated, ct);
        await PartyStore.ChangeAsync(unit, updated, ct);
        changes.AddRange(updated);
    }

    /// <summary>History, the event to publish, the feed.</summary>
    private static async Task RecordAsync(UnitOfWork unit, List<ClearanceChange> changes, CancellationToken ct)
    {
        await DecisionStore.AddAsync(unit, changes, ct);
        var (messages, events) = (new List<ClearanceDecided>(changes.Count), new List<FeedEvent>(changes.Count));

        // Seller by seller: the events of each are in few blocks of the feed.
        foreach (var (_, clearance, decision, notices) in changes.OrderBy(one => one.After.SellerCode, StringComparer.Ordinal))
        {
            events.AddRange(notices);
            if (decision is null)
            {
                continue;
            }

            CustomsMetrics.Decided(decision);

            // What the feed tells, the other services hear; 120 stored is neither.
            if (FeedEvents.Of(clearance, decision) is { } told)
            {
                events.Add(told);
                messages.Add(Message(clearance, decision));
            }
        }

        if (messages.Count > 0)
        {
            unit.Publish(new ClearancesDecided(messages));
        }

        Tell(unit, events);
    }

    private static void Tell(UnitOfWork unit, List<FeedEvent> events)
    {
        if (events.Count > 0)
        {
            unit.BeforeCommit(FeedStore.Write(events));
        }
    }

    internal static ClearanceDecided Message(Clearance clearance, Decision decision) => new()
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
