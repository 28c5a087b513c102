using Sandan.Contracts.Ceb;
using Sandan.Intake;

namespace Sandan.Customs.Declarations;

/// <summary>The results of a declaration lie here.</summary>
internal sealed class InventoryReceipts(InventoryStore store) : ILaterReceipts
{
    public async Task<IReadOnlyList<LaterReceipt>?> OfAsync(CebDocument document, Guid id, HttpContext context, CancellationToken ct) =>
        await store.ReceiptsAsync(id, ct);
}
