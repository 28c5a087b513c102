using Sandan.Contracts.Codes;
using Sandan.Customs.Declarations;
using Sandan.Customs.Feed;

namespace Sandan.Customs.Exports;

/// <summary>What the feed tells of export inventories.</summary>
internal static class ExportEvents
{
    /// <summary>A result; null for 120, which nobody waits for.</summary>
    public static FeedEvent? Of(ExportRow row, DeclarationReceipt receipt)
    {
        var inventory = row.Inventory;
        var type = receipt.Result.Status switch
        {
            OfficialCodes.Released => FeedTypes.ExportReleased,
            OfficialCodes.Rejected => FeedTypes.ExportRejected,
            OfficialCodes.ManualReview => FeedTypes.ExportHeld,
            OfficialCodes.Inspection => FeedTypes.ExportInspection,
            OfficialCodes.Concluded => FeedTypes.ExportWithdrawn,
            OfficialCodes.Closed => FeedTypes.ExportDeparted,
            _ => null,
        };
        return type is null ? null : InventoryEvents.Make(
            type, receipt, inventory.OrderNo, inventory.PreNo, inventory.InventoryNo,
            new(inventory.PlatformCode, inventory.SellerCode, null, inventory.LogisticsCompanyCode) { Declarant = inventory.DeclarantCode });
    }
}
