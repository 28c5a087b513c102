using System.Globalization;
using Sandan.Contracts.Codes;
using Sandan.Customs.Domain;
using Sandan.Customs.Feed;

namespace Sandan.Customs.Declarations;

/// <summary>What the feed tells of inventories.</summary>
internal static class InventoryEvents
{
    /// <summary>A result; null for 120, which nobody waits for.</summary>
    public static FeedEvent? Of(InventoryReceipt told)
    {
        var (inventory, receipt) = (told.Inventory, told.Receipt);
        var type = receipt.Result.Status switch
        {
            OfficialCodes.Released => FeedTypes.InventoryReleased,
            OfficialCodes.Rejected => FeedTypes.InventoryRejected,
            OfficialCodes.ManualReview => FeedTypes.InventoryHeld,
            OfficialCodes.Inspection => FeedTypes.InventoryInspection,
            OfficialCodes.Concluded => FeedTypes.InventoryWithdrawn,
            _ => null,
        };
        return type is null ? null : Make(
            type, receipt, inventory.OrderNo, inventory.PreNo, inventory.InventoryNo,
            new(inventory.PlatformCode, inventory.SellerCode, null, inventory.LogisticsCompanyCode) { Declarant = inventory.DeclarantCode });
    }

    /// <summary>A result of a declaration, for its companies.</summary>
    public static FeedEvent Make(string type, DeclarationReceipt receipt, string orderNo, string preNo, string inventoryNo, FeedCompanies companies) =>
        FeedEvent.Make(
            type,
            receipt.At,
            Clearance.PartiesOf(companies.Platform, companies.Seller, companies.Declarant, companies.Logistics),
            DataOf(receipt, orderNo, preNo, inventoryNo, companies));

    /// <summary>What is told of a result, of whatever declaration.</summary>
    public static FeedData DataOf(DeclarationReceipt receipt, string orderNo, string preNo, string inventoryNo, FeedCompanies companies) => new()
    {
        EbpCode = companies.Platform!,
        OrderNo = orderNo,
        PreNo = preNo,
        InvtNo = inventoryNo,
        Document = receipt.Document,
        ReturnStatus = int.Parse(receipt.Result.Status, CultureInfo.InvariantCulture),
        Code = receipt.Result.Code,
        Text = Explained.TextOf(receipt.Result.Code),
        Fix = Explained.FixOf(receipt.Result.Code),
        ReturnInfo = receipt.Info,
        Companies = companies,
    };
}
