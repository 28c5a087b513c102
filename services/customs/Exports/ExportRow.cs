using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;

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
    public DeclarationReceipt Receipt(DeclarationResult result, int at, DateTimeOffset now)
    {
        var cause = Judged.Discrepancies.FirstOrDefault(one => one.Severity == DiscrepancySeverity.Mismatch && one.Code == result.Code);
        return new(Inventory.Document.Id, Receipts + at + 1, result, ReturnInfo.Of(result.Code, cause: cause), Inventory.InventoryNo, now);
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
/// <remarks>Order of the results as in receipts of inventories: 120 before 800; a rejected one may be changed and come again (codes.md §2).</remarks>
internal static class ExportRules
{
    /// <summary>What follows, in order; empty where what stands, stands.</summary>
    /// <param name="last">The last result of this version; null where there is none.</param>
    public static IReadOnlyList<DeclarationResult> Decide(ExportInventoryJudged judged, DeclarationResult? last)
    {
        DeclarationResult? wanted = judged switch
        {
            { Inventory.Document.Deleted: true } => new(OfficialCodes.Concluded, OfficialCodes.CustomsReviewPassed),
            { State: ConsignmentState.Mismatched } => new(
                OfficialCodes.Rejected, judged.Discrepancies.First(one => one.Severity == DiscrepancySeverity.Mismatch).Code),
            { State: ConsignmentState.Matched } => new(OfficialCodes.Released, OfficialCodes.CustomsReleased),
            _ => null, // order or waybill is waited for
        };
        return wanted is null || wanted == last || IsReleased(last) || last?.Status == OfficialCodes.Concluded ? []
            : wanted.Status == OfficialCodes.Released ? [InventoryRules.CheckPassed, wanted]
            : [wanted];
    }

    /// <summary>Released, whether it has left or not: no later version replaces it.</summary>
    public static bool IsReleased(DeclarationResult? last) => last?.Status is OfficialCodes.Released or OfficialCodes.Closed;
}
