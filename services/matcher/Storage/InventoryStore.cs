using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Matcher.Storage;

/// <summary>What was told of inventories. Every method is one statement for a whole group.</summary>
internal static class InventoryStore
{
    /// <summary>The inventories of order numbers, which the transaction has locked.</summary>
    public static async Task<ILookup<(string SellerCode, string OrderNo), StoredInventory>> OfOrdersAsync(
        UnitOfWork unit, string[] orderNumbers, CancellationToken ct)
    {
        await using var command = unit.Command(
            "SELECT seller_code, order_no, revision, state, basis FROM inventory WHERE order_no = ANY($1)", [orderNumbers]);
        await using var row = await command.ExecuteReaderAsync(ct);
        var stored = new List<StoredInventory>();
        while (await row.ReadAsync(ct))
        {
            stored.Add(new(row.GetString(0), row.GetString(1), row.GetInt32(2), (ConsignmentState)row.GetInt16(3), row.GetString(4)));
        }

        return stored.ToLookup(one => (one.SellerCode, one.OrderNo));
    }

    /// <summary>Stores what is told now.</summary>
    public static Task PutAsync(UnitOfWork unit, IReadOnlyCollection<StoredInventory> told, CancellationToken ct) => unit.ExecuteAsync(
        """
        INSERT INTO inventory (seller_code, order_no, revision, state, basis) SELECT * FROM unnest($1, $2, $3, $4, $5)
        ON CONFLICT (order_no, seller_code) DO UPDATE SET revision = excluded.revision, state = excluded.state, basis = excluded.basis
        """,
        ct,
        told.Select(one => one.SellerCode).ToArray(),
        told.Select(one => one.OrderNo).ToArray(),
        told.Select(one => one.Revision).ToArray(),
        told.Select(one => (short)one.State).ToArray(),
        told.Select(one => one.Basis).ToArray());
}
