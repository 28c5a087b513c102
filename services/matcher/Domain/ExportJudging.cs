using Sandan.Contracts;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>What was last told of an export inventory, as far as the next comparison needs it.</summary>
/// <param name="Revision">Counts what was told, from 1.</param>
/// <param name="Basis">Documents and versions that it rests on.</param>
internal sealed record StoredExport(string Number, int Revision, string Basis);

/// <summary>Compares an export inventory with the documents that it names. Waybills name no order: the inventory joins them.</summary>
internal static class ExportJudging
{
    /// <summary>The name that foreign platforms without a code share (CEB specification §2.1, ebpCode).</summary>
    private const string NoPlatform = "无";

    /// <summary>What is to be told; null where it would say the same as before.</summary>
    /// <param name="inventory">Withdrawn or not.</param>
    /// <param name="documents">Orders and receipts of payment of its order number, and its waybill; those that are withdrawn among them.</param>
    public static (StoredExport Row, ExportInventoryJudged Told)? Judge(
        ExportDocument inventory, IEnumerable<ExportDocument> documents, StoredExport? before, ForcedOutcome forced, MatcherOptions options,
        DateTimeOffset now)
    {
        var declared = (ExportInventoryAccepted)inventory.Content;
        var standing = documents.Where(one => !one.Document.Deleted).ToArray();
        var order = OrderOf(declared, [.. standing.Where(one => one.Kind == DocumentKind.Order)]);
        var waybill = standing.FirstOrDefault(one => one.Kind == DocumentKind.Waybill);
        ExportDocument[] payments =
        [
            .. standing.Where(one => one.Content is ExportPaymentAccepted payment && payment.SellerCode == (order?.Content as ExportOrderAccepted)?.SellerCode)
                .OrderBy(one => one.Number, StringComparer.Ordinal),
        ];
        var basis = string.Join('|', new[] { inventory, order, waybill }.Concat(payments).Select(one => one?.Basis));
        if (before?.Basis == basis)
        {
            return null;
        }

        DocumentKind[] missing =
        [
            .. order is null ? new[] { DocumentKind.Order } : [],
            .. waybill is null ? new[] { DocumentKind.Waybill } : [],
        ];
        var (state, discrepancies) = inventory.Document.Deleted || missing.Length > 0
            ? (ConsignmentState.Waiting, [])
            : Compare(new(
                declared, (ExportOrderAccepted)order!.Content, (ExportWaybillAccepted)waybill!.Content,
                [.. payments.Select(one => (ExportPaymentAccepted)one.Content)]), forced, options);
        var row = new StoredExport(inventory.Number, (before?.Revision ?? 0) + 1, basis);
        return (row, new(declared, row.Revision, state, now, missing, discrepancies));
    }

    private static (ConsignmentState, IReadOnlyList<Discrepancy>) Compare(ExportDocuments documents, ForcedOutcome forced, MatcherOptions options)
    {
        var discrepancies = forced.Or(documents.Inventory.OrderNo, () => ExportRules.Compare(documents, options));
        return (
            discrepancies.Any(one => one.Severity == DiscrepancySeverity.Mismatch) ? ConsignmentState.Mismatched : ConsignmentState.Matched,
            discrepancies);
    }

    /// <summary>
    /// The order of the seller that declares; where that one has none of this number, the only one there is, so that it can be told that
    /// the sellers differ. Under the name that foreign platforms share, another seller's order is another order.
    /// </summary>
    private static ExportDocument? OrderOf(ExportInventoryAccepted declared, ExportDocument[] orders) =>
        orders.FirstOrDefault(one => ((ExportOrderAccepted)one.Content).SellerCode == declared.SellerCode)
        ?? (orders.Length == 1 && (declared.PlatformCode != NoPlatform || declared.SellerCode is null) ? orders[0] : null);
}
