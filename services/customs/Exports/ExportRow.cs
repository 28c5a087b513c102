using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Customs.Domain;

namespace Sandan.Customs.Exports;

/// <summary>An export inventory before customs.</summary>
/// <param name="Judged">The newest comparison; of what is released, that on which it was released. Revision 0 where there is none yet.</param>
/// <param name="Receipts">How many results this version has.</param>
/// <param name="Last">The last of them; null where there is none.</param>
internal sealed record ExportRow(ExportInventoryJudged Judged, int Receipts, DeclarationResult? Last, DateTimeOffset? DecidedAt)
{
    public ExportInventoryAccepted Inventory => Judged.Inventory;

    /// <summary>Names it, whatever its version.</summary>
    public ExportKey Key => ExportKey.Of(Judged);

    /// <summary>True where it has a result that lasts, unless it is changed: what waits for it need wait no longer.</summary>
    public bool IsSettled => ExportRules.IsReleased(Last) || Last?.Status is OfficialCodes.Rejected or OfficialCodes.Concluded;

    public Cancellable Cancellable => new(Inventory.DeclarantCode, Inventory.SellerCode, Last);

    public Parcel Parcel => new(Inventory.LogisticsCompanyCode, Inventory.WaybillNo);

    /// <summary>The companies that may see it.</summary>
    public IReadOnlyList<string> Parties =>
        Domain.Clearance.PartiesOf(Inventory.PlatformCode, Inventory.SellerCode, Inventory.DeclarantCode, Inventory.LogisticsCompanyCode);

    /// <summary>The next result of this version.</summary>
    /// <param name="at">Counts from 0 among those that are given now.</param>
    /// <param name="remark">An officer's reason; null where the rules decided.</param>
    public DeclarationReceipt Receipt(DeclarationResult result, int at, DateTimeOffset now, string? remark = null)
    {
        var cause = Judged.Discrepancies.FirstOrDefault(one => one.Severity == DiscrepancySeverity.Mismatch && one.Code == result.Code);
        return new(Inventory.Document.Id, Receipts + at + 1, result, ReturnInfo.Of(result.Code, remark, cause), Inventory.InventoryNo, now);
    }

    /// <summary>With results that were given now.</summary>
    public ExportRow With(IReadOnlyList<DeclarationResult> results, DateTimeOffset now) =>
        this with { Receipts = Receipts + results.Count, Last = results[^1], DecidedAt = now };
}

/// <summary>Names an export inventory: agentCode and copNo.</summary>
internal readonly record struct ExportKey(string DeclarantCode, string DeclarantNo)
{
    public static ExportKey Of(ExportInventoryJudged judged) => new(judged.Inventory.DeclarantCode, judged.Inventory.DeclarantNo);
}

/// <summary>Decides on an export inventory: pure, so that every replica and every repeat decides the same.</summary>
/// <remarks>
/// Order of the results as in receipts of inventories: 120 before 300, 500 and 800; a rejected one may be changed and come again (codes.md §2).
/// No rule holds an export: an officer does, or a sandbox that is asked to.
/// </remarks>
internal static class ExportRules
{
    private static readonly DeclarationResult Held = new(OfficialCodes.ManualReview, OfficialCodes.CustomsAwaitsReview);
    private static readonly DeclarationResult Inspection = new(OfficialCodes.Inspection, ClearanceCodes.InspectionOrdered);
    private static readonly DeclarationResult Released = new(OfficialCodes.Released, OfficialCodes.CustomsReleased);

    /// <summary>What follows, in order; empty where what stands, stands.</summary>
    /// <param name="last">The last result of this version; null where there is none.</param>
    /// <param name="before">The last result of the inventory, of whatever version: what an officer ordered stands until an officer ends it, whatever is changed meanwhile.</param>
    /// <param name="forced">What the order number asks of a sandbox.</param>
    public static IReadOnlyList<DeclarationResult> Decide(
        ExportInventoryJudged judged, DeclarationResult? last, DeclarationResult? before, ForcedDecision forced)
    {
        if (IsReleased(last) || last is { Status: OfficialCodes.Concluded } or { Code: OfficialCodes.CustomsRejectedByHand })
        {
            return [];
        }

        var isDeleted = judged.Inventory.Document.Deleted;
        var wanted = isDeleted ? new(OfficialCodes.Concluded, OfficialCodes.CustomsReviewPassed)
            : IsHeld(before) ? before
            : judged.State == ConsignmentState.Mismatched
                ? new(OfficialCodes.Rejected, judged.Discrepancies.First(one => one.Severity == DiscrepancySeverity.Mismatch).Code)
            : judged.State != ConsignmentState.Matched ? null // order or waybill is waited for
            : forced == ForcedDecision.Hold ? Held
            : forced == ForcedDecision.Inspect ? Inspection
            : Released;
        return wanted is null || wanted == last ? []
            : judged.State == ConsignmentState.Matched && !isDeleted ? [InventoryRules.CheckPassed, wanted]
            : [wanted];
    }

    private static bool IsHeld(DeclarationResult? result) => result?.Status is OfficialCodes.ManualReview or OfficialCodes.Inspection;

    /// <summary>What an officer's action leads to; null where the state does not allow it: nothing is released whose documents do not agree.</summary>
    public static DeclarationResult? Of(OfficerAction action, DeclarationResult? last, ConsignmentState state) => (action, last?.Status) switch
    {
        (OfficerAction.Hold, null) => Held,
        (OfficerAction.Inspect, null or OfficialCodes.ManualReview) => Inspection,
        (OfficerAction.Release, OfficialCodes.ManualReview or OfficialCodes.Inspection) when state == ConsignmentState.Matched => Released,
        (OfficerAction.Reject, null or OfficialCodes.ManualReview or OfficialCodes.Inspection) => new(OfficialCodes.Rejected, OfficialCodes.CustomsRejectedByHand),
        _ => null,
    };

    /// <summary>Where an action is possible, in words.</summary>
    public static string FromOf(OfficerAction action) => action switch
    {
        OfficerAction.Hold => "no returnStatus",
        OfficerAction.Inspect => "no returnStatus, returnStatus 300",
        OfficerAction.Release => "returnStatus 300, 500; state Matched",
        _ => "no returnStatus, returnStatus 300, 500",
    };

    /// <summary>Released, whether it has left or not: no later version replaces it.</summary>
    public static bool IsReleased(DeclarationResult? last) => last?.Status is OfficialCodes.Released or OfficialCodes.Closed;
}
