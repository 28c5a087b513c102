using Sandan.Contracts.Events;

namespace Sandan.Customs.Declarations;

/// <summary>An inventory before customs.</summary>
/// <param name="Judged">The newest comparison; of what is released, that on which it was released.</param>
/// <param name="Receipts">How many results this version has.</param>
/// <param name="Last">The last of them; null where there is none.</param>
internal sealed record InventoryRow(InventoryJudged Judged, int Receipts, DeclarationResult? Last, DateTimeOffset? DecidedAt)
{
    public InventoryAccepted Inventory => Judged.Inventory;

    /// <summary>Names it, whatever its version.</summary>
    public (string OrderNo, string SellerCode) Key => (Inventory.OrderNo, Inventory.SellerCode);

    /// <summary>The companies that may see it.</summary>
    public IReadOnlyList<string> Parties =>
        Domain.Clearance.PartiesOf(Inventory.PlatformCode, Inventory.SellerCode, Inventory.DeclarantCode, Inventory.LogisticsCompanyCode);
}

/// <summary>A result of one version, to be kept and told.</summary>
internal sealed record InventoryReceipt(InventoryAccepted Inventory, int No, DeclarationResult Result, string Info, DateTimeOffset At);
