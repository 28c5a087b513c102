using Microsoft.Extensions.Options;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Matcher.Storage;
using Sandan.Shared.Sandbox;
using Sandan.Shared.Storage;

namespace Sandan.Matcher;

/// <summary>What would follow from documents of exports that were not sent.</summary>
/// <param name="Inventories">Those to which the company would be a party, as they would be told; withdrawn ones are left out.</param>
/// <param name="Unused">Orders, receipts of payment and waybills that no inventory declares.</param>
/// <param name="Fits">No document is unused, some inventory is shown, and all that are agree; true where nothing was asked.</param>
internal sealed record CheckedExports(IReadOnlyList<ExportInventoryJudged> Inventories, IReadOnlyList<ExportDocument> Unused, bool Fits);

/// <summary>Judges documents of exports as if they had come, by the same rules and against the same state as <see cref="ExportMatching"/>.</summary>
internal sealed class ExportChecking(ForcedOutcomes forced, IOptions<MatcherOptions> options, TimeProvider time)
{
    /// <summary>Looks only.</summary>
    /// <param name="accepted">As their services would tell them, or told them.</param>
    /// <param name="company">In upper case.</param>
    public async Task<CheckedExports> CheckAsync(UnitOfWork unit, IReadOnlyList<object> accepted, string company, CancellationToken ct)
    {
        if (accepted.Count == 0)
        {
            return new([], [], true);
        }

        var given = accepted.Select(ExportDocument.Of).ToArray();
        var inventories = Newest(await ExportStore.InventoriesOfAsync(unit, given, ct), given.Where(one => one.Kind == DocumentKind.Inventory));
        var others = given.Where(one => one.Kind != DocumentKind.Inventory).ToArray();
        var documents = Newest(await ExportStore.DeclaredByAsync(unit, inventories, ct), others);
        var (byOrder, byWaybill) = (documents.ToLookup(one => one.OrderRef), documents.ToLookup(one => one.WaybillRef));
        var now = time.GetUtcNow();
        ExportInventoryJudged[] judged =
        [
            .. inventories.Where(one => !one.Document.Deleted)
                .Select(one => ExportJudging.Judge(
                    one, byOrder[one.OrderRef].Concat(byWaybill[one.WaybillRef]), null,
                    forced.Of(((ExportInventoryAccepted)one.Content).OrderNo), options.Value, now)!.Value.Told with { Revision = Checking.Revision })
                .Where(one => IsParty(one.Inventory, company)),
        ];
        ExportDocument[] unused =
        [
            .. others.DistinctBy(one => (one.Kind, one.Number)).Where(one => !one.Document.Deleted && !inventories.Exists(inventory => !inventory.Document.Deleted
                && (one.Kind == DocumentKind.Waybill ? inventory.WaybillRef == one.WaybillRef : inventory.OrderRef == one.OrderRef))),
        ];
        var fits = unused.Length == 0 && judged.Length > 0 && Array.TrueForAll(judged, one => one.State == ConsignmentState.Matched);
        return new(judged, unused, fits);
    }

    /// <summary>Of each document the version that would stand.</summary>
    private static List<ExportDocument> Newest(IEnumerable<ExportDocument> stored, IEnumerable<ExportDocument> given) =>
        [.. stored.Concat(given).GroupBy(one => (one.Kind, one.Number)).Select(some => some.MaxBy(one => one.Document.Version)!)];

    private static bool IsParty(ExportInventoryAccepted one, string company) => one.PlatformCode == company
        || one.SellerCode == company || one.DeclarantCode == company || one.LogisticsCompanyCode == company;
}
