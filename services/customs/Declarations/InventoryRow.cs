using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Exports;

namespace Sandan.Customs.Declarations;

/// <summary>An inventory before customs.</summary>
/// <param name="Judged">The newest comparison; of what is released, that on which it was released. Revision 0 where there is none yet.</param>
/// <param name="Receipts">How many results this version has.</param>
/// <param name="Last">The last of them; null where there is none.</param>
internal sealed record InventoryRow(InventoryJudged Judged, int Receipts, DeclarationResult? Last, DateTimeOffset? DecidedAt)
{
    public InventoryAccepted Inventory => Judged.Inventory;

    public Parcel Parcel => new(Inventory.LogisticsCompanyCode, Inventory.WaybillNo);

    /// <summary>Names it, whatever its version.</summary>
    public (string OrderNo, string SellerCode) Key => (Inventory.OrderNo, Inventory.SellerCode);

    /// <summary>True where it has a result that lasts, unless it is changed: what waits for it need wait no longer.</summary>
    public bool IsSettled => Last?.Status is OfficialCodes.Released or OfficialCodes.Rejected or OfficialCodes.Concluded;

    public Cancellable Cancellable => new(Inventory.DeclarantCode, Inventory.SellerCode, Last);

    /// <summary>With results that were given now.</summary>
    public InventoryRow With(IReadOnlyList<DeclarationResult> results, DateTimeOffset now) =>
        this with { Receipts = Receipts + results.Count, Last = results[^1], DecidedAt = now };

    /// <summary>The companies that may see it.</summary>
    public IReadOnlyList<string> Parties =>
        Domain.Clearance.PartiesOf(Inventory.PlatformCode, Inventory.SellerCode, Inventory.DeclarantCode, Inventory.LogisticsCompanyCode);
}

/// <summary>A result of one version of a declaration, to be kept.</summary>
/// <param name="No">Counts the results of the version, from 1.</param>
/// <param name="Info">returnInfo.</param>
/// <param name="CustomsNo">The number that customs gave with it; null where none.</param>
internal sealed record DeclarationReceipt(Guid Document, int No, DeclarationResult Result, string Info, string? CustomsNo, DateTimeOffset At)
{
    /// <summary>Of an inventory; discrepancies show what differs.</summary>
    public static DeclarationReceipt Of(InventoryJudged judged, int no, DeclarationResult result, DateTimeOffset now)
    {
        var inventory = judged.Inventory;
        var cause = judged.Discrepancies.FirstOrDefault(one => one.Severity == DiscrepancySeverity.Mismatch && one.Code == result.Code);
        var info = result.Code == OfficialCodes.CustomsLineCountDiffers // which real receipts tell by the order's number
            ? $"{ReturnInfo.Of(result.Code)},[InventoryHead.orderNo:{inventory.OrderNo},OrderHead.orderNo:{inventory.OrderNo}]"
            : ReturnInfo.Of(result.Code, cause: cause);
        return new(inventory.Document.Id, no, result, info, inventory.InventoryNo, now);
    }
}

/// <summary>A result of an inventory, to be kept and told.</summary>
internal sealed record InventoryReceipt(InventoryAccepted Inventory, DeclarationReceipt Receipt);
