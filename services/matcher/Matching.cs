using Microsoft.Extensions.Options;
using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Matcher.Storage;
using Sandan.Shared.Storage;

namespace Sandan.Matcher;

/// <summary>
/// Takes documents into the match and judges every consignment that they touch, in the transaction given: documents,
/// consignments, verdicts and the event that tells of them, or none of it.
/// </summary>
internal sealed class Matching(IOptions<MatcherOptions> options, TimeProvider time)
{
    /// <summary>Consignments in one event at most: a company may bring the mode of a hundred thousand at once.</summary>
    private const int ConsignmentsPerEventMax = 1_000;

    /// <summary>Works documents in. A version older than the stored one adds what it said first, nothing else.</summary>
    /// <param name="accepted">Orders, payments and waybills as their services told them.</param>
    public async Task TakeAsync(UnitOfWork unit, IReadOnlyList<object> accepted, CancellationToken ct)
    {
        // The newest of each number, sorted: one row is touched once, and always in the same order.
        var newest = IncomingDocument.Newest(accepted.Select(IncomingDocument.Of))
            .OrderBy(one => one.Kind).ThenBy(one => one.CompanyCode, StringComparer.Ordinal)
            .ThenBy(one => one.Number, StringComparer.Ordinal)
            .ToArray();
        var orderNumbers = newest.Select(one => one.OrderNo).ToHashSet();
        await MatchStore.LockAsync(unit, orderNumbers, newest, ct);

        // A change may move a document to another order number: then both consignments are judged. What brought nothing
        // new judges nothing.
        var touched = await MatchStore.PutDocumentsAsync(unit, newest, ct);
        var others = touched.Where(number => !orderNumbers.Contains(number)).ToArray();
        if (others.Length > 0)
        {
            await MatchStore.LockAsync(unit, others, [], ct);
        }

        foreach (var some in touched.Order(StringComparer.Ordinal).Chunk(ConsignmentsPerEventMax))
        {
            await JudgeAsync(unit, some, ct);
        }
    }

    /// <summary>Keeps what companies filed, and judges again what waited for a seller's mode.</summary>
    public async Task TakeAsync(UnitOfWork unit, IReadOnlyList<CompanyRegistered> companies, CancellationToken ct)
    {
        // Rare, so all order numbers are locked: a consignment that is being judged without the mode right now is either
        // committed before, and found here, or judged after, and finds the mode.
        await MatchStore.LockAllAsync(unit, ct);
        foreach (var some in (await MatchStore.PutCompaniesAsync(unit, companies, ct)).Chunk(ConsignmentsPerEventMax))
        {
            await JudgeAsync(unit, some, ct);
        }
    }

    private async Task JudgeAsync(UnitOfWork unit, string[] orderNumbers, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var documents = await MatchStore.DocumentsAsync(unit, orderNumbers, ct);
        var stored = await MatchStore.ConsignmentsAsync(unit, orderNumbers, ct);
        var joined = orderNumbers.SelectMany(number => Join(number, documents[number], stored[number])).ToArray();
        var modes = await ModesAsync(unit, joined, ct);
        var counts = await CountsAsync(unit, joined, now, ct);

        var judged = joined.Select(one => Judging.Judge(
            one,
            Stored(stored, one),
            modes(one),
            [.. Sightings(one).SelectMany(sighting => counts[Key(sighting.Rule, sighting.Subject)])],
            options.Value,
            now)).ToArray();
        var namelessGone = orderNumbers
            .Where(number => stored[number].Any(one => one.PlatformCode.Length == 0)
                && !judged.Any(one => one.Consignment.OrderNo == number && one.Consignment.PlatformCode.Length == 0))
            .ToArray();
        await MatchStore.PutConsignmentsAsync(unit, judged, namelessGone, now, ct);

        var verdicts = judged.Select(one => one.Verdict).OfType<ConsignmentJudged>().ToArray();
        if (verdicts.Length > 0)
        {
            unit.Publish(new ConsignmentsJudged(verdicts));
        }
    }

    /// <summary>The consignments that documents make, and those that lost their last document.</summary>
    private static IEnumerable<JoinedConsignment> Join(
        string orderNo, IEnumerable<HeldDocument> documents, IEnumerable<StoredConsignment> stored)
    {
        var joined = ConsignmentJoin.Join(orderNo, [.. documents]);
        var emptied = stored
            .Where(one => one.PlatformCode.Length > 0 && joined.All(other => other.PlatformCode != one.PlatformCode))
            .Select(one => new JoinedConsignment(one.PlatformCode, orderNo, null, null, null, false));
        return joined.Concat(emptied);
    }

    /// <summary>The mode of a consignment: as its order says, else as its seller filed, else unknown.</summary>
    private static async Task<Func<JoinedConsignment, SupervisionMode?>> ModesAsync(
        UnitOfWork unit, JoinedConsignment[] joined, CancellationToken ct)
    {
        var sellers = joined.Where(one => one.Order is { Order.Mode: null }).Select(one => one.Order!.Order.SellerCode)
            .Distinct().ToArray();
        var filed = sellers.Length == 0 ? [] : await MatchStore.ModesAsync(unit, sellers, ct);
        return one => one.Order?.Order.Mode
            ?? (one.Order is { } order && filed.TryGetValue(order.Order.SellerCode, out var mode) ? mode : null);
    }

    private async Task<ILookup<string, SightingCount>> CountsAsync(
        UnitOfWork unit, JoinedConsignment[] joined, DateTimeOffset now, CancellationToken ct)
    {
        var sightings = joined.SelectMany(Sightings).ToArray();
        var counts = sightings.Length == 0
            ? []
            : await MatchStore.SightAsync(unit, sightings, options.Value.Risk, now, ct);
        return counts.ToLookup(one => Key(one.Rule, one.Subject));
    }

    private static IEnumerable<Sighting> Sightings(JoinedConsignment joined) => Judging.IsComplete(joined)
        ? RiskRules.SightingsOf(new(joined.Order!.Order, joined.Payment!.Payment, joined.Waybill!.Waybill))
        : [];

    private static StoredConsignment? Stored(ILookup<string, StoredConsignment> stored, JoinedConsignment joined) =>
        stored[joined.OrderNo].FirstOrDefault(one => one.PlatformCode == joined.PlatformCode);

    private static string Key(int rule, byte[] subject) => $"{rule}/{Convert.ToHexString(subject)}";
}
