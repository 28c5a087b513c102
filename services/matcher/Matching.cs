using Microsoft.Extensions.Options;
using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Matcher.Sandbox;
using Sandan.Matcher.Storage;
using Sandan.Shared.Sandbox;
using Sandan.Shared.Storage;

namespace Sandan.Matcher;

/// <summary>
/// Takes documents into the match and judges every consignment that they touch, in the transaction given: documents,
/// consignments, verdicts and the event that tells of them, or none of it.
/// </summary>
internal sealed class Matching(IOptions<MatcherOptions> options, ForcedOutcomes forced, HeldBack heldBack, TimeProvider time)
{
    /// <summary>Consignments in one event at most: few fat messages, and what follows can begin before all is said.</summary>
    private const int ConsignmentsPerEventMax = 500;

    /// <summary>Consignments judged at once: a company may bring the mode of a hundred thousand.</summary>
    private const int ConsignmentsAtOnceMax = 1_000;

    /// <summary>Works documents in, but for those that a sandbox holds back.</summary>
    /// <param name="accepted">Orders, payments, waybills and inventories as their services told them.</param>
    public async Task TakeAsync(UnitOfWork unit, IReadOnlyList<object> accepted, CancellationToken ct) =>
        await WorkInAsync(unit, await heldBack.KeepAsync(unit, accepted, ct), ct);

    /// <summary>Works documents in. What is not newer than what is known judges nothing.</summary>
    public async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<object> accepted, CancellationToken ct)
    {
        if (accepted.Count == 0)
        {
            return;
        }

        var documents = accepted.Select(HeldDocument.Of).ToArray();
        var numbers = documents.SelectMany(one => one.EarlierOrders.Append(one.OrderNo)).ToHashSet();
        await MatchLocks.LockAsync(unit, numbers, ct);
        var changed = (await OpenAsync(unit, documents, numbers, ct)).FindAll(one => one.HasNews);
        await DossierStore.AddAsync(unit, changed, ct);
        await JudgeAsync(unit, changed, ct);
    }

    /// <summary>The dossiers of order numbers, with documents put into them that are not stored yet.</summary>
    /// <param name="numbers">Also those that the documents name and named.</param>
    public static async Task<List<Dossier>> OpenAsync(
        UnitOfWork unit, IReadOnlyList<HeldDocument> documents, IReadOnlyCollection<string> numbers, CancellationToken ct)
    {
        var dossiers = await DossierStore.OpenAsync(unit, numbers, ct);
        var byNumber = dossiers.ToDictionary(one => one.OrderNo);
        foreach (var document in documents)
        {
            byNumber[document.OrderNo].Take(document);
            foreach (var earlier in document.EarlierOrders)
            {
                byNumber[earlier].Leave(document);
            }
        }

        return dossiers;
    }

    /// <summary>Keeps what companies filed, and judges again what waited for a seller's mode.</summary>
    public async Task TakeAsync(UnitOfWork unit, IReadOnlyList<CompanyRegistered> companies, CancellationToken ct)
    {
        // Rare, so all order numbers are locked: a consignment that is being judged without the mode right now is either
        // committed before, and found here, or judged after, and finds the mode.
        await MatchLocks.LockAllAsync(unit, ct);
        foreach (var some in (await ConsignmentStore.PutCompaniesAsync(unit, companies, ct)).Chunk(ConsignmentsAtOnceMax))
        {
            await JudgeAsync(unit, await DossierStore.OpenAsync(unit, some, ct), ct);
        }
    }

    /// <summary>The consignments of dossiers, judged, and as they are stored. Only what risk rules count is noted here.</summary>
    public async Task<(List<JudgedConsignment> Judged, ILookup<string, StoredConsignment> Stored)> CompareAsync(
        UnitOfWork unit, List<Dossier> dossiers, DateTimeOffset now, CancellationToken ct)
    {
        var stored = (await ConsignmentStore.OfOrdersAsync(unit, [.. dossiers.Select(one => one.OrderNo)], ct)).ToLookup(one => one.OrderNo);
        var joined = dossiers.SelectMany(one => ConsignmentJoin.Join(one, stored[one.OrderNo])).ToList();

        var modes = await ModesAsync(unit, joined, ct);
        var sightings = joined.ConvertAll(one => Judging.IsComplete(one)
            ? RiskRules.SightingOf(one.Order!.Order, one.Payment!.Payment)
            : null);
        var counts = await SightingStore.SightAsync(unit, sightings, dossiers, options.Value.Risk, now, ct);

        var judged = new List<JudgedConsignment>(joined.Count);
        for (var at = 0; at < joined.Count; at++)
        {
            var one = joined[at];
            judged.Add(Judging.Judge(
                one,
                stored[one.OrderNo].FirstOrDefault(other => other.PlatformCode == one.PlatformCode),
                modes(one),
                counts[at],
                forced.Of(one.OrderNo),
                options.Value,
                now));
        }

        return (judged, stored);
    }

    private async Task JudgeAsync(UnitOfWork unit, List<Dossier> dossiers, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var (judged, stored) = await CompareAsync(unit, dossiers, now, ct);
        await ConsignmentStore.PutAsync(unit, judged, ConsignmentJoin.Nameless(stored, judged), now, ct);
        await JudgeInventoriesAsync(unit, dossiers.FindAll(one => one.Inventories.Any()), judged, now, ct);
        foreach (var verdicts in judged.Select(one => one.Verdict).OfType<ConsignmentJudged>().Chunk(ConsignmentsPerEventMax))
        {
            unit.Publish(new ConsignmentsJudged(verdicts));
        }
    }

    private async Task JudgeInventoriesAsync(
        UnitOfWork unit, List<Dossier> declared, List<JudgedConsignment> judged, DateTimeOffset now, CancellationToken ct)
    {
        if (declared.Count == 0)
        {
            return;
        }

        var stored = await InventoryStore.OfOrdersAsync(unit, [.. declared.Select(one => one.OrderNo)], ct);
        var byNumber = judged.ToLookup(one => one.Consignment.OrderNo);
        var told = declared.SelectMany(one => InventoryJudging.Judge(
            one, byNumber[one.OrderNo], stored, forced.Of(one.OrderNo), options.Value, now)).ToArray();
        if (told.Length > 0)
        {
            await InventoryStore.PutAsync(unit, [.. told.Select(one => one.Row)], ct);
            foreach (var some in told.Select(one => one.Told).Chunk(ConsignmentsPerEventMax))
            {
                unit.Publish(new InventoriesJudged(some));
            }
        }
    }

    /// <summary>The mode of a consignment: as its order says, else as its seller filed, else unknown.</summary>
    private static async Task<Func<JoinedConsignment, SupervisionMode?>> ModesAsync(
        UnitOfWork unit, List<JoinedConsignment> joined, CancellationToken ct)
    {
        var sellers = joined.Where(one => one.Order is { Order.Mode: null }).Select(one => one.Order!.Order.SellerCode)
            .Distinct().ToArray();
        var filed = sellers.Length == 0 ? [] : await ConsignmentStore.ModesAsync(unit, sellers, ct);
        return one => one.Order?.Order.Mode
            ?? (one.Order is { } order && filed.TryGetValue(order.Order.SellerCode, out var mode) ? mode : null);
    }
}
